"""A text to read before everything: help for the lit pane, what a word means; a page of the manual may follow."""

from typing import Any

from textual.app import ComposeResult

from maillab.tui.dialogs.frame import SHARE, BoxDialog, DialogBox, Hint, KeysAtOnce
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.questions import HelpText
from maillab.tui.texts import Texts
from maillab.tui.widgets.text import TextRows

_WIDTH = 98  # columns at most: window.tcss
_FRAME = 8  # columns of frame, padding, scroll bar and the gap before it
LEAVE = ("escape", "f1", "q", "enter", "question_mark")


def room(window: int) -> int:
    """How many columns a text has in a window that is so wide.

    >>> room(80), room(200)
    (68, 90)
    """
    return max(20, min(_WIDTH, int(window * SHARE)) - _FRAME)


class Help(BoxDialog[None]):
    """Lines, then those of a page; m goes to the page and back, and any of the usual keys leaves."""

    def __init__(self, text: HelpText, texts: Texts) -> None:
        super().__init__(texts)
        self._text = text
        self._page = len(text.lines) if text.page else None  # the line at which it begins

    def compose(self) -> ComposeResult:
        with DialogBox(classes="dialog help") as box:
            self.framed(box, self._text.title, self._hints)
            yield _Page([*self._text.lines, *self._text.page])

    @property
    def _hints(self) -> list[Hint]:
        here, there = self._text.title, self.texts("dialog.page", topic=self._text.topic)
        page = [("m", here if self._is_in_page else there)] if self._page is not None else []
        return [("↑↓", self.texts("dialog.scroll")), *page, self.closing]

    def on_mount(self) -> None:
        rows = self.query_one(_Page)
        self.set_focus(rows)
        self.watch(rows, "scroll_y", self._entitle, init=False)

    @property
    def _is_in_page(self) -> bool:
        """Is the page of the manual at the upper edge?"""
        rows = self.query_one(_Page) if self.is_mounted else None
        return rows is not None and self._page is not None and rows.scroll_y >= rows.line_of(self._page)

    def _entitle(self) -> None:
        """What is read now, and what m leads to."""
        page = self.texts("palette.page", topic=self._text.topic)
        self.query_one(DialogBox).entitle(sink.content(page if self._is_in_page else self._text.title))
        self.hint(self._hints)

    def pressed(self, key: str, character: str | None) -> bool:
        """The usual keys leave; those that scroll are the text's own."""
        if key in LEAVE:
            self.action_leave()
        elif character == "m" and self._page is not None:
            rows = self.query_one(_Page)
            rows.scroll_to(y=0 if self._is_in_page else rows.line_of(self._page), animate=False)
        else:
            return False
        return True


def help_before(dialog: BoxDialog[Any], title: str, text: str) -> None:
    """Paragraphs to read before another dialog, which stays."""
    lines: list[Line] = [(("plain", line),) for line in text.split("\n")]
    dialog.app.push_screen(Help(HelpText(title, lines), dialog.texts))


class _Page(TextRows, KeysAtOnce):
    """The text."""
