"""A machine on the desk: its doors, what it offers, what waits in it, and what may be done to it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from maillab.tui import bindings
from maillab.tui.machine_rows import StateRow
from maillab.tui.sink import Line
from maillab.tui.widgets.rows import Rows


class MachinePane(Rows):
    """Shows the rows of one machine. `about` is what the line under the cursor stands for."""

    class Asked(Message):
        """Something is to be done to the machine: `what` is the verb of an action."""

        def __init__(self, pane: "MachinePane", what: str) -> None:
            super().__init__()
            self.pane, self.what = pane, what

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="pane", has_cursor=True)
        self._rows: Sequence[StateRow] = ()

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

    @property
    def about(self) -> str:
        """The job, the address, the door under the cursor; "" for none."""
        return self._rows[self.cursor].about if self.cursor < len(self._rows) else ""

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A row, laid out for so many cells."""
        return self._rows[index].lines(cells)

    def action_ask(self, what: str) -> None:
        self.post_message(self.Asked(self, what))

    def action_move_aside(self, by: int) -> None:
        """Another site."""
        self.action_ask("site_on" if by > 0 else "site_back")


class SenderPane(MachinePane):
    """The machine that sends: submission, queue, relay."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("sender", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("sender")

    @property
    def about(self) -> str:
        """The job under the cursor; where only one waits, that one."""
        about = super().about
        jobs = [row.about for row in self._rows if "." in row.about]
        return jobs[0] if "." not in about and len(jobs) == 1 else about


class RecipientPane(MachinePane):
    """The machine that receives: port 25, mailboxes, POP3."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("recipient", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("recipient")
