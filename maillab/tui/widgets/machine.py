"""A machine on the desk: its doors, what it offers, and what waits in it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from maillab.tui.actions import bindings
from maillab.tui.machine_rows import StateRow
from maillab.tui.sink import Line
from maillab.tui.subjects import Machine, MachineJob, MachineMailbox, Subject
from maillab.tui.widgets.rows import Rows


class MachinePane(Rows):
    """Shows the rows of one machine, and hands out what is under the cursor."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("machine", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("machine")
    LEFT: ClassVar[str] = "base"

    class SiteStepped(Message):
        """The machine of another site is to be seen."""

        def __init__(self, pane: "MachinePane", by: int) -> None:
            super().__init__()
            self.pane, self.by = pane, by

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="pane", has_cursor=True)
        self._rows: Sequence[StateRow] = ()
        self.machine: Machine | None = None

    def show_rows(self, rows: Sequence[StateRow]) -> None:
        """How the machine stands now."""
        if list(rows) != list(self._rows):
            self._rows = rows
            self.changed()

    def count(self) -> int:
        """As many rows as there are."""
        return len(self._rows)

    @property
    def uneven(self) -> bool:
        """A row goes on below where it has no room."""
        return True

    def height(self, index: int, cells: int) -> int:
        """As many lines as it takes."""
        return len(self._rows[index].lines(cells))

    def subject(self) -> Subject | None:
        """What is under the cursor: a job, a mailbox, else the machine. Where only one job waits, that one is meant."""
        if self.machine is None:
            return None
        about = self._rows[self.cursor].about if self.cursor < len(self._rows) else ""
        jobs = [row.about for row in self._rows if "." in row.about and "@" not in row.about]
        if "@" in about:
            return MachineMailbox(self.machine, about)
        job = about if about in jobs else jobs[0] if len(jobs) == 1 else ""
        return MachineJob(self.machine, job) if job else self.machine

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A row, laid out for so many cells."""
        return self._rows[index].lines(cells)

    def action_move_aside(self, by: int) -> None:
        """Another site."""
        self.post_message(self.SiteStepped(self, by))
