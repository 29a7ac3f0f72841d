"""A machine on the desk: its doors, what it offers, what waits in it, and what may be done to it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from maillab.tui import bindings
from maillab.tui.machine_state import StateLine
from maillab.tui.sink import Line
from maillab.tui.widgets.text import TextRows

LONGEST = 4  # lines of one row


class MachinePane(TextRows):
    """Shows the rows of one machine. `about` is what the line under the cursor stands for."""

    class Asked(Message):
        """Something is to be done to the machine: `what` is the verb of an action."""

        def __init__(self, pane: "MachinePane", what: str) -> None:
            super().__init__()
            self.pane, self.what = pane, what

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="pane", has_cursor=True)
        self._rows: Sequence[StateLine] = ()

    def show_rows(self, rows: Sequence[StateLine]) -> None:
        """How the machine stands now."""
        if list(rows) != list(self._rows):
            self._rows = rows
            self.show_lines([row.line for row in rows])

    @property
    def about(self) -> str:
        """The job, the address, the door under the cursor; "" for none."""
        return self._rows[self.cursor].about if self.cursor < len(self._rows) else ""

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A row, broken at the edge; reasons can be long."""
        return super().item(index, cells)[:LONGEST]

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
