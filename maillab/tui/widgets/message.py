"""One message, opened, in several ways to look at it."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from maillab.tui.messageview import TABS
from maillab.tui.sink import Line
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.text import TextRows


class MessagePane(Vertical):
    """Shows lines that somebody else made; tells when another tab is wanted."""

    class TabChanged(Message):
        """Another way to look at it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="message", classes="pane")
        self._texts = texts

    def compose(self) -> ComposeResult:
        yield TabBar(self._texts, "message", TABS)
        yield TextRows(id="messagetext")

    @property
    def tab(self) -> str:
        """The one that is shown."""
        return self.query_one(TabBar).current

    def turn_to(self, tab: str) -> None:
        """This one from now on; its lines come with `show`."""
        self.query_one(TabBar).current = tab

    def step_tab(self, by: int) -> None:
        """The next one, or the one before."""
        self.query_one(TabBar).current = self.query_one(TabBar).step(by)
        self.post_message(self.TabChanged())

    def show(self, lines: Sequence[Line]) -> None:
        """Another message, or another tab of it."""
        self.query_one(TextRows).show_from_top(lines)

    @on(Bar.Pressed)
    def _pressed(self, message: Bar.Pressed) -> None:
        if isinstance(message.bar, TabBar):
            message.stop()
            message.bar.current = message.says
            self.post_message(self.TabChanged())
