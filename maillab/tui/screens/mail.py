"""The Mail mode: what people of the lab have received, fetched by their own mail client."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui import bindings, messageview, sink
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.split import PaneSplit, Splits
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

    def __init__(self) -> None:
        super().__init__()
        self._place: tuple[str, MailFolder] | None = None
        self._opened: messageview.OpenedMessage | None = None
        self._item: LocalMessage | None = None
        self._search = ""
        self._fetching = False
        self._looked_at: tuple[object, int] = (None, 0)  # home, and how many messages a session had brought
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
        self.window.attempt(self.begin(), group="mail")

    async def begin(self) -> None:
        """The account that messages were sent to last is looked at first, and what is new is fetched."""
        await self.look()
        await self.fetch()

    def news(self) -> None:
        """The state; in a session, messages that came meanwhile."""
        super().news()
        window, bar = self.window, self.query_one(StatusBar)
        account = self._place[0] if self._place is not None else ""
        keeping = self.texts("mail.keeps" if self.window.leave_mail else "mail.takes")
        bar.facts = f"{account} · POP3 · {keeping}" if account else self.texts("mail.no_account")
        bar.news = self.texts("mail.often") if self.window.often else ""
        bar.meaning = self.texts("mail.in_replay") if window.playback is not None else ""
        fetched = len(window.replayed.held) if window.replayed is not None else 0
        if self._item is not None and self._looked_at[0] is not window.home:
            self._close()
        if self._looked_at != (window.home, fetched):
            window.attempt(self.look(), group="mail")

    # ── what there is ──

    async def look(self) -> None:
        """Read the folders and the messages that are here."""
        window, home = self.window, self.window.home
        accounts = window.readers
        if home is not self._looked_at[0]:  # other messages, whose numbers mean other ones
            self._close()
        self._looked_at = (home, len(window.replayed.held) if window.replayed is not None else 0)
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
        if (window.home, self._place) != (home, place):
            return  # somebody went elsewhere meanwhile, and is looked after
        if self._listed is not home:
            self.query_one(Messages).forget()
            self._listed = home
        self.query_one(Folders).show_places(places, place)
        matching = [item for item in items if matches(item, self._search)]
        self.query_one(Messages).show_items(matching, self._why_empty(bool(items)), window.now())
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
        trip = self.window.model.journeys.newest
        boxes = [box for box, _ in trip.boxes] if trip is not None else []
        account = next((box for box in [*boxes, *accounts[1:], *accounts] if box in accounts), None)
        return (account, MailFolder.INBOX) if account is not None else None

    def _why_empty(self, there: bool) -> str:
        if there:
            return self.texts("messages.no_match", text=self._search)
        if self.window.playback is not None:
            return self.texts("messages.before")
        account, folder = self._place or ("", MailFolder.INBOX)
        if folder is not MailFolder.INBOX:
            return self.texts("messages.empty")
        box = self.window.model.boxes.get(account)
        waits = box is not None and box.unread
        return self.texts("messages.not_fetched" if waits else "messages.none", who=account.partition("@")[0])

    @on(Folders.Gone)
    def _gone(self, message: Folders.Gone) -> None:
        message.stop()
        place = (message.place.account, message.place.folder)
        if place != self._place:
            another = self._place is None or place[0] != self._place[0]
            self._place, self._search = place, ""
            self.window.attempt(self.begin() if another else self.look(), group="mail")

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, Messages):
            self.window.attempt(self.open_message(), group="mail")
        elif isinstance(message.rows, Folders):
            self.front("messages")

    # ── one message ──

    async def open_message(self) -> None:
        """Open the message under the cursor: it is read now."""
        item, home = self._in_list, self.window.home
        if item is None or home is None:
            return
        octets = await asyncio.to_thread(home.octets, item.id)
        try:
            async with asyncio.timeout(OPENING):
                opened = await asyncio.to_thread(messageview.opened, octets)
        except TimeoutError:
            opened = messageview.unread(octets)
            self.query_one(MessagePane).turn_to("source")
            self.window.say(self.texts("say.too_long"), bad=True)
        if self.window.home is not home:
            return
        self._opened, self._item = opened, item
        await self._show_tab()
        self.front("message")
        if not item.seen:
            await self.window.change_mail(lambda shelf: shelf.mark([item.id], seen=True))
            await self.look()

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
        self.window.attempt(self._show_tab(), group="tab")

    def action_step_tab(self, by: int) -> None:
        self.query_one(MessagePane).step_tab(by)

    def back(self) -> bool:
        """From the message to the list; out of a search."""
        if self._search:
            self._search = ""
            self.window.attempt(self.look(), group="mail")
        elif self.fronted == "message":
            self.front("messages")
        else:
            return False
        return True

    # ── fetching ──

    def action_fetch(self) -> None:
        if self.window.living():
            self.window.attempt(self.fetch(), group="mail")

    def action_fetch_often(self) -> None:
        self.window.often = not self.window.often
        self.news()

    def _fetch_again(self) -> None:
        if self.window.often:
            self.window.attempt(self.fetch(), group="mail")

    async def fetch(self) -> None:
        """What is new on the server comes into the list."""
        if self._place is None or self._fetching or self.window.playback is not None or not self.window.host.alive:
            return
        self._fetching = True
        try:
            await self.window.fetch_mail(self._place[0], keep=self.window.leave_mail)
        finally:
            self._fetching = False
        await self.look()

    def action_keep(self) -> None:
        """Leave messages on the server, or delete there what was fetched."""
        self.window.leave_mail = not self.window.leave_mail
        self.window.say(self.texts("mail.keeps" if self.window.leave_mail else "mail.takes"))
        self.news()

    # ── what is done with a message ──

    def _here(self) -> LocalMessage | None:
        """The message that is open, else the one under the cursor; none of a session that was left meanwhile."""
        return self._item if self.fronted == "message" and self._item is not None else self._in_list

    @property
    def _in_list(self) -> LocalMessage | None:
        return self.query_one(Messages).item_here if self._listed is self.window.home else None

    def action_unread(self) -> None:
        if (item := self._here()) is not None:
            self.window.attempt(self._mark(item), group="mail")

    async def _mark(self, item: LocalMessage) -> None:
        await self.window.change_mail(lambda shelf: shelf.mark([item.id], seen=not item.seen))
        await self.look()

    def action_delete(self) -> None:
        """Into the trash; out of the trash for good."""
        if (item := self._here()) is not None:
            self.window.attempt(self._delete(item), group="mail")

    async def _delete(self, item: LocalMessage) -> None:
        window = self.window
        if item.folder is MailFolder.TRASH:
            await window.change_mail(lambda shelf: shelf.erase([item.id]))
        else:
            await window.change_mail(lambda shelf: shelf.throw_away([item.id]))
            if window.playback is None:
                window.say(self.texts("say.doomed" if item.uidl else "say.in_trash"))
        await self.look()
        self.front("messages")

    def action_restore(self) -> None:
        item = self._here()
        if item is not None and item.folder is MailFolder.TRASH:
            self.window.attempt(self._restore(item), group="mail")

    async def _restore(self, item: LocalMessage) -> None:
        await self.window.change_mail(lambda shelf: shelf.take_back([item.id]))
        await self.look()

    def action_answer(self, how: str) -> None:
        item = self._here()
        if item is not None and self.window.living():
            self.window.attempt(self.window.answer_mail(item, how), group="mail")

    def action_search(self) -> None:
        self.window.attempt(self._ask_search(), group="mail")

    async def _ask_search(self) -> None:
        from maillab.tui.dialogs.prompt import Prompt

        question = Prompt(self.texts("mail.search"), value=self._search, hint=self.texts("mail.search_hint"))
        text = await self.window.ask_for(question)
        if text is not None:
            self._search = text
            await self.look()

    def action_save(self) -> None:
        if (item := self._here()) is not None:
            self.window.attempt(self.window.save_mail(item), group="mail")

    def action_in_wire(self) -> None:
        if (item := self._here()) is not None:
            self.window.attempt(self.window.trace_mail(item), group="mail")


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
