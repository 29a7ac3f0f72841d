"""The Mail mode: what people of the lab have received, fetched by their own mail client."""

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from maillab.client.compose import Draft as Letter
from maillab.client.fields import ComposeError, Mailbox
from maillab.client.shelf import Folder, Item
from maillab.events import Delivered
from maillab.tui import actions, letterview, sink
from maillab.tui.drafts import draft_of
from maillab.tui.screens.base import ModeScreen
from maillab.tui.widgets.letters import FOLDERS, Folders, Letters, Place
from maillab.tui.widgets.message import MessagePane
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar

OFTEN = 10.0  # seconds between two fetches
OPENING = 5.0  # seconds that opening a letter may take before its source is shown instead


class MailScreen(ModeScreen):
    """Folders, letters, one of them opened."""

    MODE: ClassVar[str] = "mail"
    PANES: ClassVar[tuple[str, ...]] = ("letters", "message", "folders")
    CONTEXTS: ClassVar[tuple[str, ...]] = ("mail",)
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("mail")

    def __init__(self) -> None:
        super().__init__()
        self._place: tuple[str, Folder] | None = None
        self._opened: letterview.Opened | None = None
        self._item: Item | None = None
        self._keep = True  # leave letters on the server
        self._often: Timer | None = None
        self._search = ""
        self._fetching = False
        self._delivered = 0

    def panes(self) -> Iterable[Widget]:
        """Folders at the left, letters above the one that is open."""
        yield Folders(self.texts)
        yield Letters(self.texts)
        yield MessagePane(self.texts)

    def below(self) -> Iterable[Widget]:
        """The status."""
        yield StatusBar()

    def on_mount(self) -> None:
        """Name the panes, and go to the mailbox that has something new."""
        for name in self.PANES:
            self.pane(name).border_title = sink.content(self.texts(f"pane.{name}"))
        super().on_mount()
        self.window.attempt(self.begin(), group="mail")

    async def begin(self) -> None:
        """The account that letters were sent to last is looked at first, and what is new is fetched."""
        if self._place is None and (account := self._likely()) is not None:
            self._place = (account, Folder.INBOX)
        await self.look()
        await self.fetch()

    def _likely(self) -> str | None:
        lab = self.window.host.lab
        if lab is None or not lab.accounts:
            return None
        known = [account.address for account in lab.accounts]
        trip = self.window.live.journeys.newest
        wanted = [box for box, _ in trip.boxes] if trip is not None else []
        return next((address for address in [*wanted, *known[1:], *known] if address in known), None)

    def news(self) -> None:
        """Something was delivered: fetch it, if it is for the account that is looked at."""
        super().news()
        bar = self.query_one(StatusBar)
        account = self._place[0] if self._place is not None else ""
        keeping = self.texts("mail.keeps" if self._keep else "mail.takes")
        bar.facts = f"{account} · POP3 · {keeping}" if account else self.texts("mail.no_account")
        bar.news = self.texts("mail.often") if self._often is not None else ""
        if self.window.playback is not None:
            bar.meaning = self.texts("mail.in_replay")

    # ── what there is ──

    async def look(self) -> None:
        """Read the folders and the letters that are here."""
        shelf, lab = self.window.shelf, self.window.host.lab
        if shelf is None or lab is None or not self.is_mounted:
            return
        accounts = [account.address for account in lab.accounts]

        def read() -> tuple[list[Place], list[Item]]:
            places = []
            for account in accounts:
                counts = shelf.counts(account)
                places += [Place(account, folder, *counts[folder]) for folder in FOLDERS]
            items = shelf.items(*self._place) if self._place is not None else []
            return places, items

        places, items = await asyncio.to_thread(read)
        self.query_one(Folders).show_places(places, self._place)
        found = [item for item in items if matches(item, self._search)]
        self.query_one(Letters).show_items(found, self._why_empty(bool(items)))
        title = self.texts("pane.letters")
        if self._place is not None:
            title = f"{self._place[0]} · {self.texts(f'folder.{self._place[1]}')} · {len(found)}"
        self.query_one(Letters).border_title = sink.content(title)
        self.news()

    def _why_empty(self, there: bool) -> str:
        if there:
            return self.texts("letters.no_match", text=self._search)
        account = self._place[0] if self._place is not None else ""
        if self._place is not None and self._place[1] is not Folder.INBOX:
            return self.texts("letters.empty")
        return self.texts("letters.none", who=account.partition("@")[0])

    @on(Folders.Gone)
    def _gone(self, message: Folders.Gone) -> None:
        message.stop()
        place = (message.place.account, message.place.folder)
        if place != self._place:
            self._place, self._search = place, ""
            self.window.attempt(self.look(), group="mail")

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, Letters):
            self.window.attempt(self.open_letter(), group="mail")
        elif isinstance(message.rows, Folders):
            self.front("letters")

    # ── one letter ──

    async def open_letter(self) -> None:
        """Open the letter under the cursor: it is read now."""
        item, shelf = self.query_one(Letters).item_here, self.window.shelf
        if item is None or shelf is None:
            return
        octets = await asyncio.to_thread(shelf.octets, item.id)
        try:
            async with asyncio.timeout(OPENING):
                self._opened = await asyncio.to_thread(letterview.opened, octets)
        except TimeoutError:
            self._opened = letterview.Opened(octets, letterview.opened(b"").letter)
            self.window.say(self.texts("say.too_long"), bad=True)
        self._item = item
        self._show_tab()
        self.front("message")
        if not item.seen:
            await asyncio.to_thread(lambda: shelf.mark([item.id], seen=True))
            await self.look()

    def _show_tab(self) -> None:
        if self._opened is not None:
            pane = self.query_one(MessagePane)
            pane.show(letterview.tab(self._opened, pane.tab, self.texts))

    @on(MessagePane.TabChanged)
    def _tab_changed(self, message: MessagePane.TabChanged) -> None:
        message.stop()
        self._show_tab()

    def action_tab_on(self) -> None:
        """The next way to look at it."""
        self.query_one(MessagePane).step_tab(1)

    def action_tab_back(self) -> None:
        """The way before."""
        self.query_one(MessagePane).step_tab(-1)

    def back(self) -> bool:
        """From the letter to the list; out of a search."""
        if self._search:
            self._search = ""
            self.window.attempt(self.look(), group="mail")
        elif self.fronted == "message":
            self.front("letters")
        else:
            return False
        return True

    # ── fetching ──

    def action_fetch(self) -> None:
        """Fetch what is new."""
        if self.window.living():
            self.window.attempt(self.fetch(), group="mail")

    def action_fetch_often(self) -> None:
        """Fetch every few seconds, or no longer."""
        if self._often is not None:
            self._often.stop()
            self._often = None
        else:
            self._often = self.set_interval(OFTEN, lambda: self.window.attempt(self.fetch(), group="mail"))
        self.news()

    async def fetch(self) -> None:
        """A real talk by POP3, seen in the wire."""
        from maillab.tui import errands

        shelf, place = self.window.shelf, self._place
        if shelf is None or place is None or self.window.playback is not None or self._fetching:
            return
        self._fetching = True
        try:
            before = await asyncio.to_thread(shelf.counts, place[0])
            account, keep = place[0], self._keep
            fetched = await self.window.host.ask(lambda lab: errands.retrieve(lab, shelf, account, keep=keep))
            after = await asyncio.to_thread(shelf.counts, place[0])
        finally:
            self._fetching = False
        new = after[Folder.INBOX][0] - before[Folder.INBOX][0]
        if fetched.removed:
            self.window.say(self.texts("say.removed", count=len(fetched.removed)))
        elif new:
            self.window.say(self.texts("say.fetched", count=new))
        await self.look()

    def action_keep(self) -> None:
        """Leave letters on the server, or delete there what was fetched."""
        self._keep = not self._keep
        self.news()

    # ── what is done with a letter ──

    def _here(self) -> Item | None:
        return self._item if self.fronted == "message" and self._item is not None else self.query_one(Letters).item_here

    def action_unread(self) -> None:
        """Read, or not."""
        item, shelf = self._here(), self.window.shelf
        if item is not None and shelf is not None:
            self.window.attempt(self._change(lambda: shelf.mark([item.id], seen=not item.seen)), group="mail")

    def action_delete(self) -> None:
        """Into the trash; out of the trash for good."""
        item, shelf = self._here(), self.window.shelf
        if item is None or shelf is None:
            return
        if item.folder is Folder.TRASH:
            self.window.attempt(self._change(lambda: shelf.erase([item.id])), group="mail")
        else:
            self.window.attempt(self._change(lambda: shelf.throw_away([item.id])), group="mail")
            told = "say.doomed" if item.uidl else "say.in_trash"
            self.window.say(self.texts(told))
        self.front("letters")

    def action_restore(self) -> None:
        """Out of the trash."""
        item, shelf = self._here(), self.window.shelf
        if item is not None and shelf is not None and item.folder is Folder.TRASH:
            self.window.attempt(self._change(lambda: shelf.take_back([item.id])), group="mail")

    async def _change(self, work: Callable[[], None]) -> None:
        await asyncio.to_thread(work)
        await self.look()

    def action_reply(self) -> None:
        """Answer the sender."""
        self._answer("reply")

    def action_reply_all(self) -> None:
        """Answer everybody."""
        self._answer("reply_all")

    def action_forward(self) -> None:
        """Send it on, in the text."""
        self._answer("forward")

    def action_forward_attached(self) -> None:
        """Send it on as it is."""
        self._answer("forward_attached")

    def _answer(self, how: str) -> None:
        item = self._here()
        if item is not None and self.window.living():
            self.window.attempt(self._write_answer(item, how), group="mail")

    async def _write_answer(self, item: Item, how: str) -> None:
        from maillab.client import answer

        shelf = self.window.shelf
        assert shelf is not None
        octets = await asyncio.to_thread(shelf.octets, item.id)
        me = Mailbox.parse(item.account)

        def write() -> Letter:
            match how:
                case "forward":
                    return answer.forward_inline(octets, me, (), "")
                case "forward_attached":
                    return answer.forward_attached(octets, me, (), "")
                case _:
                    return answer.reply(octets, me, "", everyone=how == "reply_all")

        try:
            letter = await asyncio.to_thread(write)
        except ComposeError as error:
            self.window.say(str(error), bad=True)
            return
        self.window.go_on_with(draft_of(letter))

    def action_search(self) -> None:
        """Only letters that have these words."""
        self.window.attempt(self._ask_search(), group="mail")

    async def _ask_search(self) -> None:
        from maillab.tui.dialogs.prompt import Prompt

        question = Prompt(self.texts("mail.search"), value=self._search, hint=self.texts("mail.search_hint"))
        text = await self.window.ask_for(question)
        if text is not None:
            self._search = text
            await self.look()

    def action_save(self) -> None:
        """The letter, or one of its files."""
        item = self._here()
        if item is not None:
            self.window.attempt(self._save(item), group="mail")

    async def _save(self, item: Item) -> None:
        from maillab.tui.dialogs.picker import Choice
        from maillab.tui.dialogs.prompt import Prompt
        from maillab.tui.saving import proposed, save

        shelf = self.window.shelf
        assert shelf is not None
        octets = await asyncio.to_thread(shelf.octets, item.id)
        letter = (await asyncio.to_thread(letterview.opened, octets)).letter
        choices = [Choice("letter", self.texts("save.letter"), f"{len(octets)} B")]
        choices += [Choice(str(n), file.name, file.type) for n, file in enumerate(letter.attachments)]
        picked = choices[0].value if len(choices) == 1 else await self.window.pick(self.texts("save.title"), choices)
        if picked is None:
            return
        name, what = f"{letter.header('Subject') or 'letter'}.eml", octets
        if picked != "letter":
            file = letter.attachments[int(picked)]
            name, what = file.name, file.octets
        where = await self.window.ask_for(Prompt(self.texts("save.where"), value=proposed(name)))
        if where:
            path = await asyncio.to_thread(save, where, what)
            self.window.say(self.texts("say.exported", path=path))

    def action_in_wire(self) -> None:
        """The talk that brought this letter."""
        item = self._here()
        if item is None:
            return
        for entry in reversed(self.window.live.entries):
            event = entry.event
            if isinstance(event, Delivered) and event.mailbox == item.account:
                self.window.show_in_wire(entry.seq)
                return
        self.window.say(self.texts("say.not_in_wire"), bad=True)


def matches(item: Item, text: str) -> bool:
    """Has a letter these words? from:WORD and subject:WORD ask one field, words alone both.

    >>> letter = Item(1, "b@x", Folder.INBOX, "", True, False, 9, 0.0, "Alice <alice@x>", "b@x", "Lunch?", None, False)
    >>> matches(letter, "from:alice lunch"), matches(letter, "subject:alice")
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
