"""A machine on the desk: its services, mailboxes, what waits in it; and the name server with its zones."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from maillab.tui.actions import bindings
from maillab.tui.looks.sink import Line
from maillab.tui.machines.machine_rows import PortsRow, StateRow
from maillab.tui.machines.machine_state import ZONE
from maillab.tui.subjects import Machine, MachineJob, MachineMailbox, Subject, ZoneText
from maillab.tui.widgets.rows import Rows


class StatePane(Rows):
    """Shows how something stands. The cursor goes from thing to thing, and is seen only where the focus is."""

    LEFT: ClassVar[str] = "base"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="pane", has_cursor=False)
        self._rows: Sequence[StateRow] = ()
        self._unfolded: set[str] = set()  # what rows stand for that are seen whole

    def show_rows(self, rows: Sequence[StateRow]) -> None:
        """How it stands now; the cursor stays on the thing that it was on."""
        if list(rows) == list(self._rows):
            return
        about = self.about
        self._rows = rows
        self.changed()
        things = self._things
        same = next((place for place in things if rows[place].about == about), None)
        if same is None and self.cursor not in things and things:
            same = min(things, key=lambda place: abs(place - self.cursor))
        self.cursor = self.cursor if same is None else same
        self._show_cursor()

    @property
    def about(self) -> str:
        """What the row under the cursor stands for."""
        return self._rows[self.cursor].about if self.cursor < len(self._rows) else ""

    @property
    def _things(self) -> list[int]:
        """The rows that stand for something."""
        return [place for place, row in enumerate(self._rows) if row.about]

    def _show_cursor(self) -> None:
        self.has_cursor = self.has_focus and bool(self.about)
        self.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:
        """It has the focus, or no longer."""
        super().watch_has_focus(has_focus)
        self._show_cursor()

    def person_moved(self) -> None:
        """The cursor is seen where somebody has put it."""
        self._show_cursor()

    def action_move(self, by: int) -> None:
        """To the next thing; where there is none in that direction, the text is moved."""
        further = [place for place in self._things if (place > self.cursor if by > 0 else place < self.cursor)]
        if further:
            self.show(further[min(by, len(further)) - 1] if by > 0 else further[max(by, -len(further))])
        else:
            self.scroll_relative(y=by, animate=False)
        self._show_cursor()

    def count(self) -> int:
        """As many rows as there are."""
        return len(self._rows)

    @property
    def uneven(self) -> bool:
        """A row goes on below where it has no room."""
        return True

    def height(self, index: int, cells: int) -> int:
        """As many lines as it takes."""
        return len(self.item(index, cells))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A row, laid out for so many cells."""
        row = self._rows[index]
        if isinstance(row, PortsRow) and row.about in self._unfolded:
            return row.unfolded(cells)
        return row.lines(cells)

    def action_open(self) -> None:
        """Ports have no more to them than what unfolds."""
        self.fold()

    def fold(self) -> None:
        """All ports of a machine, or the first of them."""
        if (about := self.about) and isinstance(self._rows[self.cursor], PortsRow):
            self._unfolded ^= {about}
            self.changed()
            self._see_cursor()


class MachinePane(StatePane):
    """A site, with all its parts; hands out what is under the cursor."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("machine", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("machine")

    class SiteStepped(Message):
        """The machine of another site is to be seen."""

        def __init__(self, pane: "MachinePane", by: int) -> None:
            super().__init__()
            self.pane, self.by = pane, by

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.machine: Machine | None = None

    def subject(self) -> Subject | None:
        """What is under the cursor: a job, a mailbox, else the machine. Where only one job waits, that one is meant."""
        if self.machine is None:
            return None
        jobs = [row.about for row in self._rows if "." in row.about and "@" not in row.about]
        about = self.about
        if "@" in about and not jobs:
            return MachineMailbox(self.machine, about)
        job = about if about in jobs else jobs[0] if len(jobs) == 1 else ""
        if not job and "@" in about:
            return MachineMailbox(self.machine, about)
        return MachineJob(self.machine, job) if job else self.machine

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ports fold only where they have no room."""
        if action != "ports":
            return super().check_action(action, parameters)
        return any(isinstance(row, PortsRow) and row.folds(self.cells) for row in self._rows)

    def action_ports(self) -> None:
        """All ports, or the first of them, wherever the cursor is."""
        self.show(next(place for place, row in enumerate(self._rows) if isinstance(row, PortsRow)))
        self.fold()
        self._show_cursor()

    def action_move_aside(self, by: int) -> None:
        """Another site."""
        self.post_message(self.SiteStepped(self, by))


class NameServerPane(StatePane):
    """The name server; hands out the zone under the cursor."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("names", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("names")

    def subject(self) -> Subject | None:
        """The zone; nothing in a session, of which only the questions are known."""
        zone = self.about.removeprefix(ZONE) if self.about.startswith(ZONE) else ""
        return ZoneText(zone) if zone else None
