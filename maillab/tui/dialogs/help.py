"""Help for the place where the focus is: what it is for, and its keys."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from maillab.tui.dialogs.frame import Dialog
from maillab.tui.sink import Line
from maillab.tui.widgets.text import TextRows

_WIDTH, _SHARE = 96, 0.96  # columns at most, share of the window: window.tcss
_FRAME = 5  # columns of frame and scroll bar


def room(window: int) -> int:
    """How many columns a text has in a window that is so wide.

    >>> room(80), room(200)
    (71, 91)
    """
    return max(20, min(_WIDTH, int(window * _SHARE)) - _FRAME)


class Help(Dialog[None]):
    """A text to read; any of the usual keys leaves it."""

    BINDINGS = [Binding("f1,q,enter,question_mark", "leave", show=False)]  # noqa: RUF012 - Textual's own form

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The text."""
        with Vertical(classes="dialog help"):
            yield TextRows(self._lines)

    def on_mount(self) -> None:
        """It can be scrolled."""
        self.set_focus(self.query_one(TextRows))
