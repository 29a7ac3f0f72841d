"""One person's folders, and one session's view of one of them: what IMAP asks of the store.

Blocking; any thread may call, one at a time for each view.
"""

import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TypeVar

from maillab import durable
from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient.cabinet import TROUBLE, Cabinet
from maillab.recipient.folder_names import above, checked, is_below, read_subscriptions, write_subscriptions
from maillab.recipient.folder_state import FolderState
from maillab.recipient.folders import (
    NO_NEWS,
    SPECIAL,
    Appended,
    Appending,
    BadName,
    BadUse,
    Change,
    Copied,
    FolderExists,
    FolderInfo,
    FolderStatus,
    FolderStays,
    HasChildren,
    MessageRow,
    News,
    NoFolder,
    NoTarget,
    Stored,
    TooManyFolders,
    Usage,
)
from maillab.recipient.index import FolderKey
from maillab.recipient.reading import Replaced, content_of
from maillab.recipient.view_list import ViewList

MOST = 1000  # folders of one person
_FLAGGED_AT_ONCE = 500  # messages whose flags are changed while everybody else waits: about 30 ms
_LIST = "subscriptions"  # in the Maildir, as Dovecot has it; where there is none, nobody has looked at the folders yet
_DELETED = "\\Deleted"

Append = Callable[[FolderKey, Sequence[tuple[Content, frozenset[str], float | None]]], list[int]]
T = TypeVar("T")


class StoredAccount:
    """The folders of `owner`. `append` stores durably; `watch` says that somebody looks at a folder from now on."""

    def __init__(self, cabinet: Cabinet, owner: str, append: Append, watch: Callable[[], None]) -> None:
        self._cabinet = cabinet
        self._owner = owner
        self._append = append
        self._watch = watch
        self._root = cabinet.maildir(FolderKey(owner)).folder

    def furnish(self) -> None:
        """Make the folders that everybody has, once: who deletes one later has deleted it. Raises `OSError`."""
        with self._cabinet.changing():
            self._cabinet.read_by_imap(self._owner)
            for left in self._root.glob("..gone-*"):
                shutil.rmtree(left, ignore_errors=True)
            if not (self._root / _LIST).exists():
                names = self._cabinet.names_of(self._owner)
                for name in SPECIAL.keys() - names:
                    self._cabinet.make(self._key(name))
                self._subscribe([INBOX, *sorted((names | {*SPECIAL}) - {INBOX})])

    # ── folders ──

    def folders(self) -> list[FolderInfo]:
        """All there are, levels above them that are none, and names that are subscribed to; sorted, INBOX first."""
        with self._cabinet.changing():
            there = self._cabinet.names_of(self._owner)
            special = {record.key.name: record.special for record in self._cabinet.index.folders(self._owner)}
            subscribed = {*self._subscribed()}
        told = there | subscribed | {parent for name in there for parent in above(name)}
        return [
            FolderInfo(
                name,
                (special.get(name) or SPECIAL.get(name)) if name in there else None,
                name in subscribed,
                name in there,
            )
            for name in sorted(told, key=lambda name: (name != INBOX, name))
        ]

    def create(self, name: str, special: str | None = None) -> str:
        """Make a folder, and those above it; gives its mailbox id."""
        name = checked(name)
        if special is not None and special not in SPECIAL.values():
            raise BadUse(special)
        with self._cabinet.changing():
            there = self._cabinet.names_of(self._owner)
            if name in there:
                raise FolderExists(name)
            missing = [parent for parent in above(name) if parent not in there]
            if len(there) + len(missing) >= MOST:
                raise TooManyFolders(str(MOST))
            self._make_above(name, there)
            return f"F{self._cabinet.make(self._key(name), special or '').validity}"

    def delete(self, name: str) -> None:
        """Remove a folder with its messages; those below it stay."""
        name = checked(name)
        if name == INBOX:
            raise FolderStays(INBOX)
        with self._cabinet.changing():
            there = self._cabinet.names_of(self._owner)
            if name not in there:
                raise HasChildren(name) if any(is_below(other, name) for other in there) else NoFolder(name)
            left = self._cabinet.drop(self._key(name))
        shutil.rmtree(left, ignore_errors=True)  # what stays is swept when the account is opened again

    def rename(self, old: str, new: str) -> None:
        """With all that is below it. Of INBOX the messages go, and it stays."""
        old, new = checked(old), checked(new)
        if new == old or is_below(new, old):
            raise FolderExists(new) if new == old else BadName("a folder cannot be moved into itself")
        with self._cabinet.changing():
            there = self._cabinet.names_of(self._owner)
            if new in there:
                raise FolderExists(new)
            if old == INBOX:
                self._make_above(new, there)
                self._cabinet.make(self._key(new))
                source, target = self._cabinet.state(self._key(INBOX)), self._cabinet.state(self._key(new))
                self._cabinet.copy(source, [*source.messages], target)
                self._cabinet.remove(source, [*source.messages])
                return
            names = {name: new + name[len(old) :] for name in there if name == old or is_below(name, old)}
            if not names:
                raise NoFolder(old)
            if taken := {checked(name) for name in names.values()} & there:
                raise FolderExists(min(taken))
            self._make_above(new, there)
            self._cabinet.rename(self._owner, names)

    def subscribe(self, name: str, wanted: bool) -> None:
        """Remember, or forget, that its owner wants to see it; it need not be there."""
        name = checked(name)
        with self._cabinet.changing():
            subscribed = self._subscribed()
            if wanted and name not in subscribed:
                self._subscribe([*subscribed, name])
            elif not wanted and name in subscribed:
                self._subscribe([other for other in subscribed if other != name])

    def status(self, name: str) -> FolderStatus:
        """The numbers of a folder."""
        with self._cabinet.changing():
            return self._cabinet.state(self._key(checked(name))).status

    def usage(self) -> Usage:
        """What all messages of this person take; the limit is the disk."""
        with self._cabinet.changing():
            messages, octets = self._cabinet.index.usage(self._owner)
        return Usage(octets, messages, octets + self._cabinet.free())

    # ── messages ──

    def select(self, name: str, bell: Callable[[], None]) -> "StoredView":
        """Look into a folder until `close`."""
        with self._cabinet.changing():
            state = self._cabinet.state(self._key(checked(name)))
            view = StoredView(self._cabinet, state)
            self._cabinet.watch(state, view, bell)
            self._cabinet.will_summarise_all(state)
        self._watch()
        return view

    def check_target(self, name: str) -> None:
        """Is there a folder to put messages into?"""
        with self._cabinet.changing():
            _target(self._cabinet, self._key(checked(name)))

    def append(self, name: str, messages: Sequence[Appending]) -> Appended:
        """All of them, or none."""
        with self._cabinet.changing():
            state = _target(self._cabinet, self._key(checked(name)))
            rows = [(message.content, state.spelled(message.flags), message.internal) for message in messages]
        try:
            return Appended(state.validity, tuple(self._append(state.key, rows)))
        except FileNotFoundError:
            raise NoTarget(name) from None

    # ── details ──

    def _key(self, name: str) -> FolderKey:
        return FolderKey(self._owner, name)

    def _make_above(self, name: str, there: Collection[str]) -> None:
        for parent in above(name):
            if parent not in there:
                self._cabinet.make(self._key(parent))

    def _subscribed(self) -> list[str]:
        try:
            return read_subscriptions((self._root / _LIST).read_text("utf-8", "replace"))
        except FileNotFoundError:
            return []

    def _subscribe(self, names: Collection[str]) -> None:
        durable.replace(self._root / _LIST, write_subscriptions(names).encode("ascii"))


class StoredView:
    """One session's view of a folder."""

    def __init__(self, cabinet: Cabinet, state: FolderState) -> None:
        self._cabinet = cabinet
        self._state = state
        self._list = ViewList(state)
        self.rows: Sequence[MessageRow] = self._list.rows

    @property
    def status(self) -> FolderStatus:
        """The folder as it is now."""
        return self._state.status

    def row(self, uid: int) -> MessageRow | None:
        """One of `rows`."""
        return self._list.row(uid)

    def news(self) -> News:
        """What others have done since the last call."""
        if self._list.is_up_to_date:
            return NO_NEWS
        with self._cabinet.changing():
            return self._list.news()

    def news_at_once(self) -> News | None:
        """The same, where nobody has to be waited for, and it is not much."""
        if self._list.is_up_to_date:
            return NO_NEWS
        if not self._list.is_nearly_up_to_date:
            return None
        with self._cabinet.changing_if_free() as is_free:
            return self._list.news() if is_free else None

    def content(self, uid: int) -> Content:
        """The octets as a reader has them."""
        message = self._state.messages.get(uid)
        if message is None:
            raise FileNotFoundError(f"message {uid} is gone")
        self._cabinet.give_way()
        maildir = self._cabinet.maildir(self._state.key)
        try:
            return content_of(maildir, message)
        except Replaced:
            with suppress(*TROUBLE), self._cabinet.changing():
                self._cabinet.forget(self._state, [uid])  # whoever looks next has it measured again
            raise
        except FileNotFoundError:
            with self._cabinet.changing():
                self._cabinet.path(self._alive(), uid)
            return content_of(maildir, message)

    def summaries(self, uids: Sequence[int]) -> list[bytes | None]:
        """What the messages are told by."""
        return self._cabinet.summaries(self._state, uids)

    def headings(self, uids: Sequence[int]) -> list[bytes | None]:
        """What their headers say."""
        return self._cabinet.headings(self._state, uids)

    def mentioning(self, octets: bytes) -> list[int]:
        """In whose fields these octets may stand."""
        return self._cabinet.mentioning(self._state, octets)

    def words(self, uids: Sequence[int]) -> list[bytes | None]:
        """What is searched in them."""
        return self._cabinet.words(self._state, uids)

    def store(
        self, uids: Collection[int], change: Change, flags: Collection[str], unchanged_since: int | None = None
    ) -> Stored:
        """Change flags. So many at a time: a message that comes meanwhile is stored in between."""
        wanted, rows, refused = sorted(uids), list[MessageRow](), list[int]()
        for start in range(0, max(1, len(wanted)), _FLAGGED_AT_ONCE):
            self._cabinet.give_way()
            if start:
                self._cabinet.let_others()
            done = self._store(wanted[start : start + _FLAGGED_AT_ONCE], change, flags, unchanged_since)
            rows += done.rows
            refused += done.refused
        self._list.know(rows)  # all that is answered; after an error what was changed is news
        return Stored(rows, refused)

    def _store(
        self, uids: Sequence[int], change: Change, flags: Collection[str], unchanged_since: int | None
    ) -> Stored:
        with self._cabinet.changing():
            state = self._alive()
            named = state.spelled(flags)
            changes: dict[int, frozenset[str]] = {}
            refused = []
            for uid in uids:
                message = state.messages.get(uid)
                if message is None:
                    continue
                if unchanged_since is not None and message.row.modseq > unchanged_since:
                    refused.append(uid)
                    continue
                before = message.row.flags
                now = _changed(before, change, named)
                if now != before:
                    changes[uid] = now
            if changes:
                self._cabinet.flag(state, changes)
                self._alive()
            out = {*refused}
            rows = self._cabinet.rows(state, (uid for uid in uids if uid not in out))
        return Stored(rows, refused)

    def expunge(self, uids: Collection[int] | None = None) -> tuple[int, ...]:
        """Remove the messages that are \\Deleted (of these)."""
        with self._cabinet.changing():
            state = self._alive()
            wanted = [
                uid
                for uid, message in state.messages.items()
                if _DELETED in message.row.flags and (uids is None or uid in uids)
            ]
            if not wanted:
                return ()
            gone = self._cabinet.remove(state, wanted)
            self._alive()
            self._list.remove(gone)
        return gone

    def copy(self, uids: Collection[int], name: str) -> Copied:
        """All of those that are there, or none."""
        with self._cabinet.changing():
            return self._copy(sorted(uids), name)

    def move(self, uids: Collection[int], name: str) -> Copied:
        """As `copy`; they are gone from here then."""
        with self._cabinet.changing():
            copied = self._copy(sorted(uids), name)
            self._list.remove(self._cabinet.remove(self._state, copied.sources))
            return copied

    def vanished_since(self, modseq: int) -> tuple[int, ...]:
        """UIDs that are gone since then."""
        with self._cabinet.changing():
            state = self._alive()
            gone = self._cabinet.index.vanished(state.key, modseq)
            if gone is None:  # so long ago that nobody remembers
                gone = [uid for uid in range(1, state.uid_next) if uid not in state.messages]
        return tuple(gone)

    def close(self) -> None:
        """No bell rings any more."""
        with self._cabinet.changing():
            self._cabinet.unwatch(self)

    def _alive(self) -> FolderState:
        if self._state.deleted:
            raise NoFolder(self._state.key.name)
        if self._state.is_in_doubt:
            self._cabinet.look(self._state)
        return self._state

    def _copy(self, uids: Sequence[int], name: str) -> Copied:
        state = self._alive()
        target = _target(self._cabinet, FolderKey(state.key.owner, checked(name)))
        sources, targets = self._cabinet.copy(self._alive(), uids, target)
        self._alive()
        return Copied(target.validity, tuple(sources), tuple(targets))


def _target(cabinet: Cabinet, key: FolderKey) -> FolderState:
    try:
        return cabinet.known(key)
    except NoFolder as error:
        raise NoTarget(str(error)) from None


@lru_cache(4096)
def _changed(before: frozenset[str], change: Change, named: frozenset[str]) -> frozenset[str]:
    """One object for many messages: thousands are changed alike."""
    match change:
        case Change.ADD:
            return before | named
        case Change.REMOVE:
            return before - named
        case Change.REPLACE:
            return named
