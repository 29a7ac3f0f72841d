"""The message under the cursor, opened: as soon as the cursor rests on it, in a thread, and read after a while.

Rules for this file: it holds one message and its pane, and knows nothing of lists, mailboxes and fetching.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from textual.screen import Screen
from textual.timer import Timer

from maillab.tui.commands import mail
from maillab.tui.commands.server_mail import NotAnswered
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.sink import piece
from maillab.tui.mail import messageview
from maillab.tui.state.server_mail import AnyMessage, ServerMessage
from maillab.tui.widgets.message import MessagePane

OPENING = 5.0  # seconds that opening a message may take before its bytes are shown instead
REST = 0.08  # seconds that the cursor rests on a message before it is opened
WAITED = 0.3  # seconds that a message may take to come before it is said that it is on its way
READ = 2.0  # seconds that a message is in sight before it counts as read; Enter does at once


class MessageReader:
    """`under_cursor` is the message that is to be opened; `item` is the one that is, `opened` what was made of it."""

    def __init__(self, screen: Screen[None], at: WindowContext, under_cursor: Callable[[], AnyMessage | None]) -> None:
        self._screen = screen
        self._at = at
        self._under_cursor = under_cursor
        self._resting: Timer | None = None
        self._reading: Timer | None = None
        self.opened: messageview.OpenedMessage | None = None
        self.item: AnyMessage | None = None
        self._unnoticed: set[object] = set()  # messages that came by themselves, to which nobody has gone yet

    @property
    def pane(self) -> MessagePane:
        """Where it is shown."""
        return self._screen.query_one(MessagePane)

    @property
    def part_here(self) -> int | None:
        """The number of the part that is meant; the first is the message itself."""
        part = self.pane.part_here if self.opened is not None else None
        return part or None

    def has_page_of(self, item: AnyMessage) -> bool:
        """Is this the open message, and has it any HTML?"""
        is_open = self.item is not None and self.item.id == item.id
        return is_open and self.opened is not None and bool(self.opened.message.pages)

    def follow(self) -> bool:
        """Open the message under the cursor as soon as the cursor rests, where there is room; is there one?"""
        item = self._under_cursor()
        _stop(self._resting)
        if item is None:
            return False
        if self.item is None or item.id != self.item.id:
            self._resting = self._screen.set_timer(REST, self._preview)
        else:
            self.item = item  # as it is now: read, or not
        return True

    def _preview(self) -> None:
        if self.pane.display:
            self._at.ui.attempt(self._open(self._under_cursor()), group="preview", alone=True)

    async def read(self) -> bool:
        """Open the message under the cursor, if it is not; it is read from now on. Is it open?"""
        item = self._under_cursor()
        if item is not None and (self.item is None or self.item.id != item.id):
            await self._open(item)
        if item is None or self.item is None or self.item.id != item.id:  # gone, or somebody went elsewhere meanwhile
            return False
        self.notice()
        await self._mark_read(self.item)
        return True

    async def _open(self, item: AnyMessage | None) -> None:
        """In a thread: it may be large, and made to take long."""
        home = self._at.messages
        if item is None or home is None:
            return
        try:
            octets = await self._octets(item)
        except KeyError:
            return  # it is gone
        try:
            async with asyncio.timeout(OPENING):
                opened = await asyncio.to_thread(messageview.opened, octets)
        except TimeoutError:
            opened = messageview.unread(octets)
            self.pane.turn_to("raw")
            self._at.ui.say(self._at.texts("say.too_long"), bad=True)
        now = self._under_cursor()
        if self._at.messages is not home or (now is not None and now.id != item.id) or not self._screen.is_attached:
            return  # somebody went elsewhere meanwhile
        self.opened, self.item = opened, item
        self.pane.turn_to(self.pane.tab)
        self._entitle(opened)
        await self.show()
        self._at.ui.refresh()  # keys may do something to this one that they did not do to the one before
        self._begin_to_read()

    async def _octets(self, item: AnyMessage) -> bytes:
        """Those of a message; while a server lets somebody wait for it, no other message stands in its place."""
        waiting = self._screen.set_timer(WAITED, partial(self._say_it_comes, item))
        try:
            return await mail.octets_of(self._at, item)
        except NotAnswered as error:
            if isinstance(item, ServerMessage) and not self._at.home.on_server(item.account).has(item):
                raise KeyError(item.id) from error  # somebody moved it meanwhile
            self._say_instead(item, "bad", str(error))
            raise
        finally:
            waiting.stop()

    def _say_it_comes(self, item: AnyMessage) -> None:
        self._say_instead(item, "dim", self._at.texts("message.coming"))

    def _say_instead(self, item: AnyMessage, style: str, words: str) -> None:
        """This, in the place of a message; not in that of another one, to which somebody went meanwhile."""
        here = self._under_cursor()
        if here is not None and here.id == item.id:
            self.close()
            self.pane.show([[piece(style, words)]])

    def leave_unread(self, came: Iterable[object]) -> None:
        """Messages came that nobody has asked for: in sight of a person who is elsewhere they are not read."""
        self._unnoticed |= {*came}

    def notice(self) -> None:
        """Somebody has gone to the message under the cursor."""
        if (item := self._under_cursor()) is not None and item.id in self._unnoticed:
            self._unnoticed.discard(item.id)
            self._begin_to_read()

    def _begin_to_read(self) -> None:
        """The open message counts as read in a while."""
        _stop(self._reading)
        if self.item is not None and not self.item.seen and self.item.id not in self._unnoticed:
            self._reading = self._screen.set_timer(READ, self._have_read)

    def _have_read(self) -> None:
        """It has been in sight for a while."""
        item = self.item
        if item is not None and self._screen.is_current and self.pane.display:
            self._at.ui.attempt(self._mark_read(item), group="mail")

    async def _mark_read(self, item: AnyMessage) -> None:
        if not item.seen and self._at.playback is None:
            await mail.mark_read(self._at, item)

    async def show(self, *, again: bool = False) -> None:
        """The lines of the tab are made in a thread: megabytes of HTML are no reason for the window to stand still."""
        opened, pane = self.opened, self.pane
        if opened is not None:
            wanted = (pane.tab, pane.part, pane.cells)
            lines = await asyncio.to_thread(messageview.lines, opened, *wanted, self._at.texts)
            if (self.opened, pane.tab, pane.part) == (opened, *wanted[:2]):
                pane.show(lines, messageview.filled(opened), again=again)

    def close(self) -> None:
        """No message is open."""
        _stop(self._resting)
        _stop(self._reading)
        self.opened = self.item = None
        self.pane.turn_to(self.pane.tab)
        self.pane.show([])
        self._entitle(None)

    def _entitle(self, opened: messageview.OpenedMessage | None) -> None:
        """How large it is, and of how many parts, in the upper border."""
        texts = self._at.texts
        words = [texts("pane.message"), *(messageview.facts(opened, texts) if opened is not None else ())]
        self.pane.entitle(sink.content(" · ".join(words)))


def _stop(timer: Timer | None) -> None:
    if timer is not None:
        timer.stop()
