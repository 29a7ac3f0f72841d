"""The mail of the whole lab as one list: what lies in the inboxes, and one entry for a message to several people.

Blocking; from any thread, one call at a time. It looks as one more session on each inbox (recipient/folders.py): every
other session is told what is changed here.
"""

import hashlib
import threading
from bisect import insort
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class CaughtMessage:
    """A message with its copies. `id` stays as long as one of them is there, also when the lab is started anew.

    What every list asks of every message is worked out once.
    """

    id: str
    copies: tuple[Copy, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom the envelopes name."""
        return tuple(copy.recipient for copy in self.copies if copy.recipient)

    @cached_property
    def created(self) -> float:
        """When the first copy was stored, in seconds since 1970."""
        return min(copy.row.saved or copy.row.internal for copy in self.copies)

    @property
    def size(self) -> int:
        """Octets of the first copy, as a client fetches it."""
        return self.copies[0].row.octets

    @cached_property
    def is_read(self) -> bool:
        """Has every recipient read it?"""
        return all(SEEN in copy.row.flags for copy in self.copies)

    @cached_property
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
        self._touched: set[str] = set()  # ids of what may not be any more as the list has it

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
            for inbox, uids in self._where(messages):
                inbox.view.store(uids, change, flags)

    def remove(self, messages: Iterable[CaughtMessage]) -> None:
        """Take every copy out of its inbox. Raises `OSError`, `NotRemoved`."""
        with self._lock:
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
        """Where messages lie that are about to be changed here: that is no news to the views."""
        uids: dict[str, list[int]] = {}
        for message in messages:
            self._touched.add(message.id)
            for copy in message.copies:
                uids.setdefault(copy.account, []).append(copy.row.uid)
        return [(self._inboxes[account], found) for account, found in uids.items() if account in self._inboxes]

    def _look(self) -> Sequence[CaughtMessage]:
        for account in self._accounts():
            inbox = self._inboxes.get(account)
            if inbox is None:
                inbox = self._inboxes[account] = _Inbox(account, self._open(account, self._bell), self._senders)
            self._touched |= inbox.take_in()
            self._touched |= inbox.tag_new()
        if self._touched:
            self._list = tuple(self._renewed(self._touched))
            self._touched = set()
        return self._list

    def _renewed(self, touched: set[str]) -> list[CaughtMessage]:
        """The list, in which only what was touched is looked at: ten thousand are listed as soon as one."""
        listed = [message for message in self._list if message.id not in touched]
        new = [message for message in map(self._message, touched) if message is not None]
        if len(new) >= len(listed):  # a few are put in one by one; with many, sorting all is faster
            return sorted([*listed, *new], key=_age)
        for message in new:
            insort(listed, message, key=_age)
        return listed

    def _message(self, name: str) -> CaughtMessage | None:
        """A message as it is now, `None` where no copy is left."""
        copies = tuple(copy for inbox in self._inboxes.values() for copy in inbox.copies(name))
        known = self._by_id.pop(name, None)
        if not copies:
            return None
        # the same as before where nothing has changed: who compares two lists compares who is who
        message = known if known is not None and known.copies == copies else CaughtMessage(name, copies)
        self._by_id[name] = message
        return message


def _age(message: CaughtMessage) -> tuple[float, int, str]:
    """The newest is the least."""
    return -message.created, -message.copies[-1].row.uid, message.id


class _Inbox:
    """One inbox, and what the heads of its messages say: what they are called here, and for whom they were."""

    def __init__(self, account: str, view: FolderView, senders: Collection[str]) -> None:
        self.view = view
        self._account = account
        self._senders = senders
        self._known: dict[int, tuple[str, str]] = {}
        self._uids: dict[str, list[int]] = {}  # by what the messages are called
        self._untagged: list[tuple[int, list[str]]] = []
        self._touched: set[str] = set()
        self._read_all(view.rows)

    def take_in(self) -> set[str]:
        """Ask what happened; gives what is new, changed or gone."""
        news = self.view.news()
        uids = (*(row.uid for row in news.changed), *news.gone)
        self._touched |= {self._known[uid][0] for uid in uids if uid in self._known}
        self._read_all(news.added)
        touched, self._touched = self._touched, set()
        return touched

    def tag_new(self) -> set[str]:
        """Put tags of their senders on messages that were not looked at before; gives those messages."""
        tagged, self._untagged = self._untagged, []
        known = {flag.lower() for row in self.view.rows for flag in row.flags} if tagged else set()
        for uid, keywords in tagged:
            borne = [TAGGED]
            for keyword in keywords:
                if keyword.lower() in known or len(known) < MOST_KEYWORDS:
                    known.add(keyword.lower())
                    borne.append(keyword)
            self.view.store([uid], Change.ADD, borne)
        return {self._known[uid][0] for uid, _ in tagged}

    def copies(self, name: str) -> list[Copy]:
        """The copies of a message that lie here now; what is gone is forgotten."""
        found = []
        for uid in self._uids.pop(name, ()):
            if (row := self.view.row(uid)) is not None:
                found.append(Copy(self._account, row, self._known[uid][1]))
                self._uids.setdefault(name, []).append(uid)
            else:
                del self._known[uid]
        return found

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
            called = hashlib.sha256(name).hexdigest()[:22]
            self._touched.add(called)
            self._known[row.uid] = called, recipient_of(head)
            self._uids.setdefault(called, []).append(row.uid)
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
