"""Help for the place where the focus is: what it is for, its keys, and below them a page of the manual."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from maillab.tui import sink
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import HelpText
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
    """A text to read, then a page; m goes to the page, any of the usual keys leaves."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("f1,q,enter,question_mark", "leave", show=False),
        Binding("m", "page", show=False),
    ]

    def __init__(self, text: HelpText) -> None:
        super().__init__()
        self._lines = [*text.lines, *text.page]
        self._page = len(text.lines)
        self._hint = text.hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help") as box:
            box.border_subtitle = sink.content(self._hint)
            yield TextRows(self._lines)

    def action_page(self) -> None:
        rows = self.query_one(TextRows)
        rows.scroll_to(y=rows.line_of(self._page), animate=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(TextRows))
