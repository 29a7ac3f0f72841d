"""One message, opened, in several ways to look at it."""

from collections.abc import Collection, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from maillab.tui.looks.card import Card, FindKey
from maillab.tui.looks.sink import Line
from maillab.tui.mail.message_card import message_card
from maillab.tui.mail.messageview import TABS
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.text import TextRows
from maillab.tui.widgets.titled import Titled

NUMBERED = ("html_source", "raw")  # tabs whose lines are those of the message, and are counted
COUNTED = ("html_source", "headers", "raw")  # tabs of which it is said at which line one is
PARTS = "parts"  # the tab in which one of its lines is chosen


class MessagePane(Vertical, Titled):
    """Shows lines that somebody else made; tells when others are wanted: another tab, a part, another width."""

    class TabChanged(Message):
        """Something else of the message is to be seen; `again`: the same, for another width."""

        def __init__(self, *, again: bool = False) -> None:
            super().__init__()
            self.again = again

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="message", classes="pane")
        self._texts = texts
        self._width = 0
        self.part: int | None = None  # the number of the part that is opened

    def compose(self) -> ComposeResult:
        yield TabBar(self._texts, "message", TABS)
        yield TextRows(id="messagetext")

    def advise(
        self, key: FindKey, *, there_are: bool, is_soon: bool, live: bool, search: str = "", is_inbox: bool = True
    ) -> None:
        """What to do is said where no message is open: choose one, unless it opens soon; or send one; where none is
        listed because of a `search`, show all.
        """
        rows = self.query_one(TextRows)
        rows.card = None if there_are else Card(message_card, (self._texts, key, live, search, is_inbox))
        rows.nothing = "" if is_soon else self._texts("message.select")

    @property
    def tab(self) -> str:
        """The one that is shown."""
        return self.query_one(TabBar).current

    @property
    def cells(self) -> int:
        """How many columns there are for its lines."""
        rows = self.query_one(TextRows)
        return rows.cells if rows.size.width else 80

    @property
    def part_here(self) -> int | None:
        """The number of the part that is opened, or under the cursor in the tree; `None` elsewhere."""
        if self.tab != PARTS:
            return None
        rows = self.query_one(TextRows)
        return self.part if self.part is not None else rows.cursor if rows.count() else None

    def turn_to(self, tab: str) -> None:
        """This one from now on; its lines come with `show`."""
        self.part = None
        self.query_one(TabBar).current = tab

    def step_tab(self, by: int) -> None:
        """The next one, or the one before."""
        self.ask_for(self.query_one(TabBar).step(by))

    def close_part(self) -> bool:
        """Back to the tree of parts; False where none is opened."""
        if self.part is None:
            return False
        self.ask_for(self.tab)
        return True

    def show(self, lines: Sequence[Line], filled: Collection[str] = (), *, again: bool = False) -> None:
        """Another message, or something else of it; `again`: the same, and what is seen of it stays where it is."""
        rows = self.query_one(TextRows)
        rows.numbered = self.tab in NUMBERED
        rows.has_cursor = self.tab == PARTS and self.part is None
        self.query_one(TabBar).filled = filled
        if again:
            rows.show_lines(lines)
        else:
            rows.cursor = 0
            rows.show_from_top(lines)
        self._tell_place()

    def on_mount(self) -> None:
        self.watch(self.query_one(TextRows), "scroll_y", self._tell_place, init=False)

    @on(Rows.Moved)
    def _tell_place(self) -> None:
        """Which part or which line one is at, where they are counted."""
        rows, place = self.query_one(TextRows), ""
        if count := rows.count():
            if self.tab == PARTS and self.part is None:
                place = self._texts("message.part_place", part=rows.cursor + 1, count=count)
            elif self.tab in COUNTED:
                place = self._texts("message.line_place", line=rows.item_at(rows.scroll_offset.y) + 1, count=count)
        self.show_where(place)

    def on_resize(self, event: events.Resize) -> None:
        """Tables are made for a width."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.post_message(self.TabChanged(again=True))

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self.part = message.item
        self.post_message(self.TabChanged())

    @on(Bar.Pressed)
    def _pressed(self, message: Bar.Pressed) -> None:
        if isinstance(message.bar, TabBar):
            message.stop()
            self.ask_for(message.says)

    def ask_for(self, tab: str) -> None:
        """This tab is wanted."""
        self.turn_to(tab)
        self.post_message(self.TabChanged())
