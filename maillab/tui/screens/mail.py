"""The Mail mode: what people of the lab have received, fetched by their own mail client."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

from maillab.client.local_store import MailFolder
from maillab.tui.actions import bindings
from maillab.tui.commands import mail
from maillab.tui.commands.everywhere import OnceMore
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.card import Card
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.machines.start_card import no_lab_card
from maillab.tui.mail import mailboxes, maillist
from maillab.tui.mail.mailboxes import MailboxCounts, Place
from maillab.tui.mail.mailboxes_now import mailboxes_now
from maillab.tui.mail.mailsearch import found
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.reader import MessageReader
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.state.server_mail import AnyMessage, ServerFolder, ServerMessage
from maillab.tui.subjects import (
    HeldMessage,
    MessagePage,
    MessagePart,
    MessageTab,
    PersonsMail,
    ServerHeld,
    Subject,
)
from maillab.tui.terminal.typeahead import Behind
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.message import MessagePane
from maillab.tui.widgets.messages import Folders, Messages
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar

OFTEN = 10.0  # seconds between two fetches
PAUSE = 0.2  # seconds between two looks at what is there, while more comes


STACKED_FROM = 20  # lines of a window too narrow for panes beside one another, in which two of them stand in a column


def is_stacked(cells: int, lines: int) -> bool:
    """Does the message stand below the list, where the mailboxes have no room?

    >>> is_stacked(80, 24), is_stacked(60, 15), is_stacked(120, 40)
    (True, False, False)
    """
    return 60 <= cells < 100 and lines >= STACKED_FROM


class MailScreen(ModeScreen):
    """Mailboxes, messages, and the one under the cursor opened."""

    MODE: ClassVar[str] = "mail"
    PANES: ClassVar[tuple[str, ...]] = ("messages", "message", "folders")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("messages", "panes", "grid_rows", "# 1fr"),
        "-wide": PaneSplit("messages", "panes", "grid_columns", "27 # 6fr"),
    }
    CONTEXTS: ClassVar[tuple[str, ...]] = ("mail",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("mail")

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._place: Place | None = None
        self.reader = MessageReader(self, at, lambda: self._in_list)
        self._looked_at: tuple[object, ...] = ()  # see `_now`
        self._looking = False
        self._listed: object = None  # the home whose messages are in the list
        self._listed_of: Place | None = None  # whose messages, and of which folder
        self._title: list[tuple[str, str]] = []
        self._counts: Sequence[MailboxCounts] = ()
        self._items_here: Sequence[AnyMessage] = ()  # of the folder that is looked at, whatever is searched for
        self._has_arrived = False  # and not looked yet
        self._on_server = False  # is mail read there, as far as was seen?
        self._wanted: Place | None = None  # the folder that is to be watched
        self._is_chosen = False  # stays the cursor on its message, whatever comes?
        self._is_found = False  # was the mailbox found for somebody who chose none?
        self._is_beginning = False  # has somebody just come, and waits for what is new?

    def panes(self) -> Iterable[Widget]:
        """Mailboxes at the left, messages above the one that is open."""
        yield Folders()
        yield Messages(self.texts)
        yield MessagePane(self.texts)

    def below(self) -> Iterable[Widget]:
        """The status, or the field of a search."""
        yield StatusBar()
        yield FilterBar("messages")

    def on_mount(self) -> None:
        self.set_interval(OFTEN, self._fetch_again)

    def arrived(self) -> None:
        """Go to the mailbox that has something new, and fetch it."""
        super().arrived()
        self._has_arrived = True
        self.at.ui.attempt(self.begin(), group="mail")

    async def begin(self) -> None:
        """Look at what is there, first at the mailbox that has something new, and fetch it."""
        self._is_beginning = True
        try:
            await self.look()
            await self.fetch()
            if self._looked_at != self._now:
                await self.look()
        finally:
            self._is_beginning = False
        self._is_chosen = True

    def visit(self, pane: str, about: object) -> None:
        """To one of the ways to look at a message; to new mail, for whoever is here already."""
        super().visit(pane, about)
        if pane or isinstance(about, OnceMore):
            self.reader.notice()
        if isinstance(about, OnceMore):
            self._has_arrived, self._is_chosen = True, False
            self.at.ui.attempt(self.begin(), group="mail")
        if isinstance(about, MessageTab):
            self.query_one(MessagePane).ask_for(about.name)

    def subject(self) -> Subject | None:
        """The message that is open, or the one under the cursor, or a part of it; else the mail of the account."""
        if (item := self._here()) is not None:
            held = ServerHeld(item) if isinstance(item, ServerMessage) else HeldMessage(item)
            part = self.reader.part_here if self.here == "message" else None
            if part is not None:
                return MessagePart(held, part)
            return MessagePage(held) if self.reader.has_page_of(item) else held
        return self._persons_mail

    @property
    def _persons_mail(self) -> PersonsMail | None:
        """The mail that is looked at."""
        if self._place is None:
            return None
        account, folder = self._place
        return PersonsMail(account, folder if isinstance(folder, ServerFolder) else None)

    def news(self) -> None:
        """The state; messages that came, went or were marked meanwhile."""
        super().news()
        at, bar = self.at, self.query_one(StatusBar)
        bar.facts = self._facts()
        bar.news = self.texts("mail.watching" if at.home.watching else "mail.often") if at.home.often else ""
        is_without = self._is_without
        card = Card(no_lab_card, (machines_now(at), self.texts, self.key)) if is_without else None
        self.query_one(Messages).card = card
        now = self._now
        if self.reader.item is not None and self._looked_at and self._looked_at[0] is not now[0]:
            self._close()
        if self._looked_at != now and not self._looking:
            at.ui.attempt(self._look_again(), group="look")
        self._watch()

    @property
    def _is_without(self) -> bool:
        """Is there no lab, and no session, that has any mail?"""
        return self.at.playback is None and self.at.host.lab is None

    def _facts(self) -> str:
        """Whose mail it is, and where it lies."""
        lies = self._where_it_lies()
        if self._place is None:
            return "" if self._is_without else lies if self.at.playback is not None else self.texts("mail.no_account")
        account = self._place[0]
        waiting = next((box.waiting for box in self._counts if box.address == account), 0)
        is_bare = self.has_class("-short")  # there is no border in which the title stands
        title = sink.chips(self._title).plain if is_bare else account
        facts = [title, self.texts("mail.waiting", count=waiting) if waiting else "", lies]
        return " · ".join(fact for fact in facts if fact)

    def _where_it_lies(self) -> str:
        """Where the messages are that can be read here."""
        home = self.at.home
        if self.at.playback is not None:
            return self.texts("mail.in_replay")
        if self.at.reads_on_server:
            return "" if home.often else self.texts("mail.stays")  # who watches is told so at the right
        return self.texts("mail.keeps" if home.leave else "mail.takes")

    @property
    def _now(self) -> tuple[object, ...]:
        """Whose messages there are, which version they are, and what the servers have had."""
        at, boxes = self.at, self.at.model.boxes.values()
        held = len(at.model.held) if at.playback is not None else 0
        on_servers = sum(box.stored for box in boxes), sum(box.removed for box in boxes)
        whose = at.messages, at.reads_on_server
        return *whose, held, at.home.version, at.host.alive, on_servers, sum(len(box.unread) for box in boxes)

    # ── what there is ──

    async def _look_again(self) -> None:
        """Until what is shown is what there is."""
        self._looking = True
        try:
            while self.is_mounted and self._looked_at != self._now:
                place = self._place
                await self.look()
                is_other = place != self._place and self.at.reads_on_server  # somebody switched from POP3 to IMAP
                if is_other and not self._is_beginning:  # whoever has just come fetches anyway
                    await self.fetch(asked=False)
                if self._looked_at != self._now:  # mail comes in all the time
                    await asyncio.sleep(PAUSE)
        finally:
            self._looking = False

    async def look(self) -> None:
        """Read the mailboxes and the messages that are here."""
        at, home, now = self.at, self.at.messages, self._now
        if self._looked_at and home is not self._looked_at[0]:  # other messages, whose numbers mean other ones
            self._close()
        self._looked_at, has_arrived = now, self._has_arrived
        if home is None or not self.is_mounted:
            return
        counts = await mailboxes_now(at)
        place = self._where(counts)
        if place != self._place:
            self._place, self._is_chosen, at.home.search = place, False, ""
            self._close()
        items = await self._items(place) if place is not None else []
        if (at.messages, self._place) != (home, place) or not self.is_attached:
            return  # somebody went elsewhere meanwhile, or to another language, and is looked after
        if self._listed is not home:
            self.query_one(Messages).forget()
            self._listed = home
        self._counts, listed_of, self._listed_of = counts, self._listed_of, place
        if has_arrived and mailboxes.something_came(items, self.query_one(Messages).items, counts, place):
            self._is_chosen = False  # whoever comes because of it wants to see it
        self.query_one(Folders).show_tree(mailboxes.tree(counts, place, self.texts), place)
        if at.home.often and not self._is_beginning and listed_of == place:
            known = {item.id for item in self.query_one(Messages).items}
            self.reader.leave_unread(item.id for item in items if item.id not in known)
        self._items_here = items
        self._show_matching()
        self.news()

    def _show_matching(self) -> None:
        """Of the messages that are here those that were searched for."""
        at, place = self.at, self._place
        matching = found(self._items_here, at.home.search)
        self.query_one(Messages).show_items(matching, self._why_empty(), at.now, newest=not self._is_chosen)
        self.query_one(MessagePane).advise(
            self.key,
            there_are=bool(matching),
            is_soon=self._is_beside,
            live=at.playback is None,
            search=at.home.search,
            is_inbox=place is not None and mailboxes.is_inbox(place[1]),
        )
        self._entitle(len(matching), len(self._items_here))
        self._follow()
        self.keys_changed()

    async def _items(self, place: Place) -> Sequence[AnyMessage]:
        """The messages of a folder, the newest first; of one on the server, as far as it was asked."""
        account, folder = place
        if isinstance(folder, ServerFolder):
            return self.at.home.on_server(account).items(folder)
        home = self.at.messages
        return await asyncio.to_thread(home.items, account, folder) if home is not None else []

    def _entitle(self, count: int, total: int) -> None:
        """What stands in the border of the list."""
        self._title = [(self.texts("pane.messages"), "")]
        if self._place is not None:
            self._title = maillist.title(*self._place, (count, total), self.at.home.search, self.texts)
        self.query_one(Messages).entitle(sink.chips(self._title))

    def _where(self, counts: Sequence[MailboxCounts]) -> Place | None:
        """What is looked at: what was before, or who has just come, where the newest message lies and waits."""
        has_arrived, self._has_arrived = self._has_arrived, False
        known = {box.address: box for box in counts}
        boxes = self.at.model.boxes
        newest = [box for box in sorted(boxes, key=lambda box: -boxes[box].newest) if box in known]
        on_server = any(box.inbox is not None for box in counts)
        is_elsewhere, self._on_server = on_server != self._on_server, on_server  # since somebody switched
        if self._place is not None and self._place[0] in known and not self._is_empty_yet(known[self._place[0]]):
            newest = [box for box in newest if known[box].waiting or (known[box].inbox and known[box].new)]
            if not has_arrived or not newest:
                box = known[self._place[0]]
                is_there = not is_elsewhere and mailboxes.has_folder(box, self._place[1])
                return self._place if is_there else (box.address, mailboxes.inbox_of(box))
        account, self._is_found = mailboxes.likely(counts, newest), True
        return (account, mailboxes.inbox_of(known[account])) if account else None

    def _is_empty_yet(self, box: MailboxCounts) -> bool:
        """In a session people appear one after the other: is this one looked at only because they came first?"""
        is_empty = not box.folders.get(MailFolder.INBOX, (0, 0))[0]
        return self._is_found and is_empty and self.at.playback is not None

    def _why_empty(self) -> str:
        if self.at.home.search:  # also where there was nothing to search: that was the question
            return self.texts("messages.no_match", text=self.at.home.search)
        account, folder = self._place or ("", MailFolder.INBOX)
        if self.at.playback is not None:
            return self.texts("messages.empty" if self.at.readers else "messages.before")
        who, _, site = account.partition("@")
        if isinstance(folder, ServerFolder):
            return self._why_none_there(account, folder)
        if folder is not MailFolder.INBOX:
            return mailboxes.how_filled(folder, who, self.texts)
        waits = any(box.waiting for box in self._counts if box.address == account)
        if emptied := mailboxes.emptied(self._counts, account, self.texts):
            return emptied
        lab = self.at.host.lab
        if waits and lab is not None and not lab.is_open(site, lab.config.fetch):
            return self.texts("say.door_stopped", who=who, site=site, service=lab.config.fetch.upper())
        return self.texts("messages.not_fetched", who=who) if waits else self._none_yet(account)

    def _why_none_there(self, account: str, folder: ServerFolder) -> str:
        """Why a folder of the server shows no message."""
        (who, _, site), lab = account.partition("@"), self.at.host.lab
        if lab is not None and not lab.is_open(site, lab.config.fetch):
            return self.texts("say.door_stopped", who=who, site=site, service=lab.config.fetch.upper())
        if folder.name not in self.at.home.on_server(account).lists:
            return self.texts("messages.not_listed")
        if not folder.is_inbox:
            return mailboxes.how_filled(folder, who, self.texts)
        return mailboxes.emptied(self._counts, account, self.texts) or self._none_yet(account)

    def _none_yet(self, account: str) -> str:
        """Nobody has written to them: the draft is sent to them, or to somebody else. Or all of it has gone again."""
        box = self.at.model.boxes.get(account)
        if box is not None and (box.stored or box.removed) and not box.unread:
            return self.texts("messages.empty.inbox")
        is_for_them = bool(account) and account in self.at.drafting.form.to
        return self.texts("messages.none" if is_for_them else "messages.none_else", who=account.partition("@")[0])

    @on(Folders.Gone)
    def _gone(self, message: Folders.Gone) -> None:
        message.stop()
        if message.place != self._place:
            is_asked = self._place is None or message.place[0] != self._place[0]
            is_asked = is_asked or isinstance(message.place[1], ServerFolder)
            self._place, self.at.home.search = message.place, ""
            self._is_chosen = self._is_found = False
            self._close()
            self.at.ui.attempt(self.begin() if is_asked else self.look(), group="mail")

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, Messages):
            self.at.ui.attempt(self.go_into(), group="mail")
        elif isinstance(message.rows, Folders):
            self.front("messages")

    # ── one message ──

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        message.stop()
        if isinstance(message.rows, Messages):
            self._is_chosen = True
            self.reader.notice()
            self._follow()

    def _follow(self) -> None:
        """The message under the cursor is opened."""
        if not self.reader.follow():
            self._close()

    async def go_into(self) -> None:
        """Read the message under the cursor."""
        self._is_chosen = True
        if await self.reader.read():
            self.front("message")

    def _close(self) -> None:
        """No message is open."""
        self.reader.close()
        if self.fronted == "message":
            self.front("messages")

    @on(MessagePane.TabChanged)
    def _tab_changed(self, message: MessagePane.TabChanged) -> None:
        message.stop()
        self.at.ui.attempt(self._show_tab(again=message.again), group="tab", alone=True)

    async def _show_tab(self, *, again: bool) -> None:
        """Its lines; where they are counted the keys leave room for that."""
        await self.reader.show(again=again)
        self.keys_changed()

    def action_step_tab(self, by: int) -> None:
        self.query_one(MessagePane).step_tab(by)

    def back(self) -> bool:
        """Out of a part; from the message to the list; out of a search."""
        if self.here == "message" and self.query_one(MessagePane).close_part():
            return True
        if self.here == "message":
            self.front("messages")
        elif self.at.home.search:
            self._search_for("")
        else:
            return False
        return True

    # ── searching ──

    def action_search(self) -> None:
        """The list shows what matches while it is typed, where it can be seen."""
        if not self.layout_now:
            self.front("messages", focus=False)
        self.at.ui.expect()
        (self.focused or self).post_message(Behind())
        name, hint = self.texts("mail.search"), self.texts("mail.search_hint")
        self.query_one(FilterBar).ask("find", name, self.at.home.search, hint, lambda: self.front("messages"))

    @on(FilterBar.Sought)
    def _sought(self, message: FilterBar.Sought) -> None:
        message.stop()
        self._search_for(message.text)
        count = len(self.query_one(Messages).items)
        words = self.texts("messages.found", found=str(count), total=str(len(self._items_here)))
        self.query_one(FilterBar).report(words if message.text.strip() else self.texts("mail.search_hint"))

    @on(Rows.Cleared)
    def _cleared(self) -> None:
        self._search_for("")

    def _search_for(self, text: str) -> None:
        self.at.home.search = text.strip()
        self._show_matching()
        self.news()

    def on_screen_suspend(self) -> None:
        """Nobody types here any more; before a dialog they do."""
        if not isinstance(self.app.screen, ModalScreen):
            self.query_one(FilterBar).hide()

    # ── fetching ──

    def _fetch_again(self) -> None:
        """Every few seconds, unless the server tells by itself of what is new; who watched in vain tries again."""
        if self.at.home.watching is None:
            self._wanted = None
        self._watch()
        if self.at.home.often and self._wanted is None:
            self.at.ui.attempt(self.fetch(asked=False), group="mail")

    def _watch(self) -> None:
        """The folder that is looked at is watched, if that is wanted, and no other."""
        account, folder = self._place or ("", None)
        is_wanted = isinstance(folder, ServerFolder) and mail.watched(self.at, account)
        if (wanted := self._place if is_wanted else None) != self._wanted:
            self._wanted = wanted
            work = mail.watch(self.at, account, folder) if wanted and isinstance(folder, ServerFolder) else _nothing()
            self.at.ui.attempt(work, group="watching", alone=True)  # whoever watched until now does no longer

    async def fetch(self, *, asked: bool = True) -> None:
        """What is new on the server comes into the list."""
        if self._persons_mail is not None:
            await mail.fetch(self.at, self._persons_mail, asked=asked)

    def on_resize(self) -> None:
        """There may be room for the message now, or none for the border in which the search stands."""
        self.set_class(is_stacked(*self.app.size), "-stacked")
        self.call_after_refresh(self._follow)
        self.call_after_refresh(self.news)

    @property
    def _is_beside(self) -> bool:
        """Is the message under the cursor opened beside its list?"""
        return bool(self.layout_now) or self.has_class("-stacked")

    # ── what is done with a message ──

    def _here(self) -> AnyMessage | None:
        """The message that is open, else the one under the cursor; none of a session that was left meanwhile."""
        is_open = self.here == "message" and self.reader.item is not None
        return self.reader.item if is_open else self._in_list

    @property
    def _in_list(self) -> AnyMessage | None:
        is_here = self._listed is self.at.messages and self.is_attached
        return self.query_one(Messages).item_here if is_here else None


async def _nothing() -> None:
    """Nobody watches."""
