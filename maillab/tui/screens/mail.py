"""The Mail mode: what people of the lab have received, fetched by their own mail client."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui import messageview, sink
from maillab.tui.actions import bindings
from maillab.tui.commands import mail
from maillab.tui.context import WindowContext
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.subjects import HeldMessage, PersonsMail, Subject
from maillab.tui.widgets.message import MessagePane
from maillab.tui.widgets.messages import FOLDERS, FolderCounts, Folders, Messages
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar

OFTEN = 10.0  # seconds between two fetches
OPENING = 5.0  # seconds that opening a message may take before its source is shown instead


class MailScreen(ModeScreen):
    """Folders, messages, one of them opened."""

    MODE: ClassVar[str] = "mail"
    PANES: ClassVar[tuple[str, ...]] = ("messages", "message", "folders")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("messages", "panes", "grid_rows", "# 1fr"),
        "-wide": PaneSplit("messages", "panes", "grid_columns", "2fr # 6fr"),
    }
    CONTEXTS: ClassVar[tuple[str, ...]] = ("mail",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("mail")

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._place: tuple[str, MailFolder] | None = None
        self._opened: messageview.OpenedMessage | None = None
        self._item: LocalMessage | None = None
        self._looked_at: tuple[object, int, int] = (None, 0, 0)  # see `_now`
        self._listed: object = None  # the home whose messages are in the list

    def panes(self) -> Iterable[Widget]:
        """Folders at the left, messages above the one that is open."""
        yield Folders(self.texts)
        yield Messages(self.texts)
        yield MessagePane(self.texts)

    def on_mount(self) -> None:
        self.set_interval(OFTEN, self._fetch_again)
        super().on_mount()

    def arrived(self) -> None:
        """Go to the mailbox that has something new, and fetch it."""
        super().arrived()
        self.at.ui.attempt(self.begin(), group="mail")

    async def begin(self) -> None:
        """The account that messages were sent to last is looked at first, and what is new is fetched."""
        await self.look()
        await self.fetch()

    def subject(self) -> Subject | None:
        """The message that is open, or the one under the cursor; without one, the mail of the account."""
        if (item := self._here()) is not None:
            return HeldMessage(item)
        return PersonsMail(self._place[0]) if self._place is not None else None

    def news(self) -> None:
        """The state; messages that came, went or were marked meanwhile."""
        super().news()
        at, bar = self.at, self.query_one(StatusBar)
        account = self._place[0] if self._place is not None else ""
        keeping = self.texts("mail.keeps" if at.home.leave else "mail.takes")
        bar.facts = f"{account} · POP3 · {keeping}" if account else self.texts("mail.no_account")
        bar.news = self.texts("mail.often") if at.home.often else ""
        bar.meaning = self.texts("mail.in_replay") if at.playback is not None else ""
        now = self._now
        if self._item is not None and self._looked_at[0] is not now[0]:
            self._close()
        if self._looked_at != now:
            at.ui.attempt(self.look(), group="mail")

    @property
    def _now(self) -> tuple[object, int, int]:
        """Whose messages there are, how many a session has brought, and which version they are."""
        at = self.at
        return at.messages, len(at.model.held) if at.playback is not None else 0, at.home.version

    # ── what there is ──

    async def look(self) -> None:
        """Read the folders and the messages that are here."""
        at, home, now = self.at, self.at.messages, self._now
        accounts = at.readers
        if home is not self._looked_at[0]:  # other messages, whose numbers mean other ones
            self._close()
        self._looked_at = now
        if home is None or not self.is_mounted:
            return
        if self._place is None or self._place[0] not in accounts:
            self._place, self._opened, self._item = self._likely(accounts), None, None
        place = self._place

        def read() -> tuple[list[FolderCounts], list[LocalMessage]]:
            places = []
            for account in accounts:
                counts = home.counts(account)
                places += [FolderCounts(account, folder, *counts[folder]) for folder in FOLDERS]
            return places, home.items(*place) if place is not None else []

        places, items = await asyncio.to_thread(read)
        if (at.messages, self._place) != (home, place):
            return  # somebody went elsewhere meanwhile, and is looked after
        if self._listed is not home:
            self.query_one(Messages).forget()
            self._listed = home
        self.query_one(Folders).show_places(places, place)
        matching = [item for item in items if matches(item, at.home.search)]
        self.query_one(Messages).show_items(matching, self._why_empty(bool(items)), at.now)
        title = self.texts("pane.messages")
        if place is not None:
            title = f"{place[0]} · {self.texts(f'folder.{place[1]}')} · {len(matching)}"
        self.query_one(Messages).border_title = sink.content(title)
        self.news()

    def _close(self) -> None:
        """No message is open."""
        self._opened = self._item = None
        self.query_one(MessagePane).show([])
        if self.fronted == "message":
            self.front("messages")

    def _likely(self, accounts: list[str]) -> tuple[str, MailFolder] | None:
        """Whom the newest message was for; else whoever comes after the first, who writes."""
        trip = self.at.model.journeys.newest
        boxes = [box for box, _ in trip.boxes] if trip is not None else []
        account = next((box for box in [*boxes, *accounts[1:], *accounts] if box in accounts), None)
        return (account, MailFolder.INBOX) if account is not None else None

    def _why_empty(self, there: bool) -> str:
        if there:
            return self.texts("messages.no_match", text=self.at.home.search)
        if self.at.playback is not None:
            return self.texts("messages.before")
        account, folder = self._place or ("", MailFolder.INBOX)
        if folder is not MailFolder.INBOX:
            return self.texts("messages.empty")
        box = self.at.model.boxes.get(account)
        waits = box is not None and box.unread
        return self.texts("messages.not_fetched" if waits else "messages.none", who=account.partition("@")[0])

    @on(Folders.Gone)
    def _gone(self, message: Folders.Gone) -> None:
        message.stop()
        place = (message.place.account, message.place.folder)
        if place != self._place:
            another = self._place is None or place[0] != self._place[0]
            self._place, self.at.home.search = place, ""
            self.at.ui.attempt(self.begin() if another else self.look(), group="mail")

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, Messages):
            self.at.ui.attempt(self.open_message(), group="mail")
        elif isinstance(message.rows, Folders):
            self.front("messages")

    # ── one message ──

    async def open_message(self) -> None:
        """Open the message under the cursor: it is read now."""
        item, home = self._in_list, self.at.messages
        if item is None or home is None:
            return
        octets = await asyncio.to_thread(home.octets, item.id)
        try:
            async with asyncio.timeout(OPENING):
                opened = await asyncio.to_thread(messageview.opened, octets)
        except TimeoutError:
            opened = messageview.unread(octets)
            self.query_one(MessagePane).turn_to("source")
            self.at.ui.say(self.texts("say.too_long"), bad=True)
        if self.at.messages is not home:
            return
        self._opened, self._item = opened, item
        await self._show_tab()
        self.front("message")
        if not item.seen:
            await mail.change_mail(self.at, lambda shelf: shelf.mark([item.id], seen=True))

    async def _show_tab(self) -> None:
        """The lines of a tab are made in a thread: megabytes of HTML are no reason for the window to stand still."""
        opened, pane = self._opened, self.query_one(MessagePane)
        if opened is not None:
            name = pane.tab
            lines = await asyncio.to_thread(messageview.tab, opened, name, self.texts)
            if (self._opened, pane.tab) == (opened, name):
                pane.show(lines)

    @on(MessagePane.TabChanged)
    def _tab_changed(self, message: MessagePane.TabChanged) -> None:
        message.stop()
        self.at.ui.attempt(self._show_tab(), group="tab")

    def action_step_tab(self, by: int) -> None:
        self.query_one(MessagePane).step_tab(by)

    def back(self) -> bool:
        """From the message to the list; out of a search."""
        if self.at.home.search:
            self.at.home.search = ""
            self.at.ui.attempt(self.look(), group="mail")
        elif self.fronted == "message":
            self.front("messages")
        else:
            return False
        return True

    # ── fetching ──

    def _fetch_again(self) -> None:
        if self.at.home.often:
            self.at.ui.attempt(self.fetch(), group="mail")

    async def fetch(self) -> None:
        """What is new on the server comes into the list."""
        if self._place is not None:
            await mail.fetch(self.at, PersonsMail(self._place[0]))

    # ── what is done with a message ──

    def _here(self) -> LocalMessage | None:
        """The message that is open, else the one under the cursor; none of a session that was left meanwhile."""
        return self._item if self.fronted == "message" and self._item is not None else self._in_list

    @property
    def _in_list(self) -> LocalMessage | None:
        return self.query_one(Messages).item_here if self._listed is self.at.messages else None


def matches(item: LocalMessage, text: str) -> bool:
    """Has a message these words? from:WORD and subject:WORD ask one field, words alone both.

    >>> place = (1, "b@x", MailFolder.INBOX, "", True, False, 9, 0.0)
    >>> message = LocalMessage(*place, "Alice <alice@x>", "b@x", "Lunch?", None, False)
    >>> matches(message, "from:alice lunch"), matches(message, "subject:alice")
    (True, False)
    """
    from maillab.views.searched import fold

    for word in text.split():
        name, colon, value = word.partition(":")
        fields = {"from": item.sender, "to": item.recipient, "subject": item.subject}
        if colon and name in fields:
            if fold(value) not in fold(fields[name]):
                return False
        elif fold(word) not in fold(" ".join(fields.values())):
            return False
    return True
