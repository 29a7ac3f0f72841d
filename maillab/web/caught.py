"""The mail of the whole lab as one list: what lies in the inboxes, and one entry for a message to several people.

Blocking; from any thread, one call at a time. It looks as one more session on each inbox (recipient/folders.py): every
other session is told what is changed here.
"""

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from maillab.mail.content import Content
from maillab.recipient.folders import Change, FolderView, MessageRow, NoFolder
from maillab.recipient.maildir_flags import LETTERS
from maillab.web.head import Origin, origin, recipient_of, tags_in
from maillab.web.tags import known_keywords

SEEN, DELETED = "\\Seen", "\\Deleted"
TAGGED = "$Tagged"  # the tags that its sender gave a message were put on it, and may have been taken off since
MOST_KEYWORDS = 1_000  # of an inbox, to which senders add: mail programs read all of them in one line
LATEST = "latest"  # the name of the newest message, whichever it is

OpenInbox = Callable[[str, Callable[[], None]], FolderView]


class NoSuchMessage(LookupError):  # noqa: N818 - said of the message
    """There is no such message, or no longer."""


class Copy(NamedTuple):
    """A message in one inbox: whose it is, its row there, and whom the envelope named ("": nobody wrote it down)."""

    account: str
    row: MessageRow
    recipient: str


@dataclass(frozen=True, slots=True)
class CaughtMessage:
    """A message with its copies. `id` stays as long as one of them is there, also when the lab is started anew."""

    id: str
    copies: tuple[Copy, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom the envelopes name."""
        return tuple(copy.recipient for copy in self.copies if copy.recipient)

    @property
    def created(self) -> float:
        """When the first copy was stored, in seconds since 1970."""
        return min(copy.row.saved or copy.row.internal for copy in self.copies)

    @property
    def size(self) -> int:
        """Octets of the first copy, as a client fetches it."""
        return self.copies[0].row.octets

    @property
    def is_read(self) -> bool:
        """Has every recipient read it?"""
        return all(SEEN in copy.row.flags for copy in self.copies)

    @property
    def keywords(self) -> frozenset[str]:
        """The IMAP keywords of all copies."""
        return frozenset(flag for copy in self.copies for flag in copy.row.flags if flag not in LETTERS)


class CaughtMail:
    """`accounts` says who has an inbox now, `open_inbox` looks into one, `senders` are the lab's sending machines.

    `bell` rings, from any thread, when there may be news.
    """

    def __init__(
        self,
        accounts: Callable[[], Iterable[str]],
        open_inbox: OpenInbox,
        senders: Collection[str],
        bell: Callable[[], None] = lambda: None,
    ) -> None:
        self._accounts = accounts
        self._open = open_inbox
        self._senders = senders
        self._bell = bell
        self._lock = threading.Lock()
        self._inboxes: dict[str, _Inbox] = {}
        self._list: tuple[CaughtMessage, ...] = ()
        self._by_id: dict[str, CaughtMessage] = {}
        self._is_stale = True  # what is changed here is no news to the views

    def messages(self) -> Sequence[CaughtMessage]:
        """Every message that is there now, the newest first. Raises `OSError`."""
        with self._lock:
            return self._look()

    def find(self, name: str) -> CaughtMessage:
        """The message with this id, or the newest (`LATEST`). Raises `NoSuchMessage`, `OSError`."""
        with self._lock:
            newest = self._look()
            found = newest[0] if name == LATEST and newest else self._by_id.get(name)
        if found is None:
            raise NoSuchMessage(name)
        return found

    def octets(self, message: CaughtMessage) -> bytes:
        """The first copy that is there, as a client fetches it. Raises `NoSuchMessage`, `OSError`."""
        try:
            return self.content(message).whole()
        except FileNotFoundError:
            raise NoSuchMessage(message.id) from None

    def content(self, message: CaughtMessage) -> Content:
        """The same, a large one still in its file. Raises `NoSuchMessage`, `OSError`."""
        for copy in message.copies:
            with suppress(NoSuchMessage):
                return self.content_of(copy)
        raise NoSuchMessage(message.id)

    def content_of(self, copy: Copy) -> Content:
        """One copy, as its owner fetches it. Raises `NoSuchMessage`, `OSError`."""
        with self._lock:
            inbox = self._inboxes.get(copy.account)
        if inbox is None:
            raise NoSuchMessage(copy.account)
        try:
            return inbox.view.content(copy.row.uid)
        except (FileNotFoundError, NoFolder):
            raise NoSuchMessage(copy.account) from None

    def flag(self, messages: Iterable[CaughtMessage], change: Change, flags: Collection[str]) -> None:
        """Change the flags of every copy. Raises `OSError`."""
        with self._lock:
            self._is_stale = True
            for inbox, uids in self._where(messages):
                inbox.view.store(uids, change, flags)

    def remove(self, messages: Iterable[CaughtMessage]) -> None:
        """Take every copy out of its inbox. Raises `OSError`, `NotRemoved`."""
        with self._lock:
            self._is_stale = True
            for inbox, uids in self._where(messages):
                inbox.view.store(uids, Change.ADD, [DELETED])
                inbox.view.expunge(uids)

    def close(self) -> None:
        """No bell rings any more."""
        with self._lock:
            for inbox in self._inboxes.values():
                inbox.view.close()
            self._inboxes.clear()

    def _where(self, messages: Iterable[CaughtMessage]) -> list[tuple["_Inbox", list[int]]]:
        uids: dict[str, list[int]] = {}
        for message in messages:
            for copy in message.copies:
                uids.setdefault(copy.account, []).append(copy.row.uid)
        return [(self._inboxes[account], found) for account, found in uids.items() if account in self._inboxes]

    def _look(self) -> Sequence[CaughtMessage]:
        for account in self._accounts():
            inbox = self._inboxes.get(account)
            if inbox is None:
                inbox = self._inboxes[account] = _Inbox(account, self._open(account, self._bell), self._senders)
                self._is_stale = True
            self._is_stale |= inbox.take_in()
            self._is_stale |= inbox.tag_new()
        if self._is_stale:
            self._list_anew()
        return self._list

    def _list_anew(self) -> None:
        self._is_stale = False
        copies: dict[str, list[Copy]] = {}
        for account, inbox in self._inboxes.items():
            for row in inbox.view.rows:
                name, recipient = inbox.known(row)
                copies.setdefault(name, []).append(Copy(account, row, recipient))
        messages = [self._message(name, tuple(found)) for name, found in copies.items()]
        messages.sort(key=lambda message: (message.created, message.copies[-1].row.uid), reverse=True)
        self._list = tuple(messages)
        self._by_id = {message.id: message for message in messages}

    def _message(self, name: str, copies: tuple[Copy, ...]) -> CaughtMessage:
        """The same as before where nothing has changed: who compares two lists compares who is who."""
        known = self._by_id.get(name)
        return known if known is not None and known.copies == copies else CaughtMessage(name, copies)


class _Inbox:
    """One inbox, and what the heads of its messages say: what they are called here, and for whom they were."""

    def __init__(self, account: str, view: FolderView, senders: Collection[str]) -> None:
        self.view = view
        self._account = account
        self._senders = senders
        self._known: dict[int, tuple[str, str]] = {}
        self._untagged: list[tuple[int, list[str]]] = []
        self._read_all(view.rows)

    def take_in(self) -> bool:
        """Ask what happened; is anything new?"""
        news = self.view.news()
        for uid in news.gone:
            self._known.pop(uid, None)
        self._read_all(news.added)
        return bool(news)

    def tag_new(self) -> bool:
        """Put tags of their senders on messages that were not looked at before; were there any?"""
        tagged, self._untagged = self._untagged, []
        known = {flag.lower() for row in self.view.rows for flag in row.flags} if tagged else set()
        for uid, keywords in tagged:
            borne = [TAGGED]
            for keyword in keywords:
                if keyword.lower() in known or len(known) < MOST_KEYWORDS:
                    known.add(keyword.lower())
                    borne.append(keyword)
            self.view.store([uid], Change.ADD, borne)
        return bool(tagged)

    def known(self, row: MessageRow) -> tuple[str, str]:
        """What a message is called, and whom its envelope names."""
        return self._known[row.uid]

    def _read_all(self, rows: Iterable[MessageRow]) -> None:
        """Read the head of each message once."""
        for row in rows:
            try:
                content = self.view.content(row.uid)
                head = content.head()
                name = _name_of(content, origin(head, self._senders))
            except FileNotFoundError:  # just gone: the next look takes it off the list
                head, name = b"", b""
            name = name or f"{self._account} {self.view.status.validity} {row.uid}".encode()
            self._known[row.uid] = hashlib.sha256(name).hexdigest()[:22], recipient_of(head)
            if TAGGED not in row.flags and (keywords := known_keywords(tags_in(head))):
                self._untagged.append((row.uid, keywords))


def _name_of(content: Content, where: Origin) -> bytes:
    """What is the same in every copy of a message, and in no other; b"" where nothing says whence it came."""
    if not where.key:
        return b""
    handed_over = hashlib.sha256()
    for block in content.after(where.end).blocks():
        handed_over.update(block)
    return where.key + handed_over.digest()
