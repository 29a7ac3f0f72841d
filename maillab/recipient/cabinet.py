"""All folders of all people of one site: the Maildirs, the index and what is in memory, kept in step under one lock.

Blocking. Every change goes to the Maildir first and is synced (the names of new mail while the index is written), then
into the index, then into memory: whatever fails in between is found, and mended, by the next look at the Maildir.
"""

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from maillab import durable
from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient import folder_names
from maillab.recipient.folder_state import Filed, FolderState, filed
from maillab.recipient.folders import MessageRow, NoFolder
from maillab.recipient.index import FolderKey, FolderRecord, Index, IndexRow, New
from maillab.recipient.maildir import Maildir, by_age, measure, place_of
from maillab.recipient.maildir_flags import flags_of, has_letters, joined
from maillab.recipient.maildrop import NotRemoved
from maillab.recipient.reading import content_of
from maillab.recipient.summaries import NO_SUMMARIES, Made, Summarising

_SOME = 16  # messages that are worked out between two looks whether anybody waits
_COARSE = 2_500_000_000  # nanoseconds: file systems date no coarser than that
_BREATH = 0.001  # seconds in which others can work
KEPT = 200_000  # messages of folders that nobody looks at, which stay in memory
_MARK = "maildirfolder"  # the empty file by which programs know a folder of a Maildir++
TROUBLE = (OSError, sqlite3.Error)  # with the disk

T = TypeVar("T")


class Cabinet:
    """`roots` says where each person's Maildir is; no other path is ever made, but for folders inside it.

    `names` gives a new base name for a file; `now` is in seconds since 1970; `tell` hears, from any thread, of what was
    found damaged.
    """

    def __init__(
        self,
        roots: Mapping[str, Path],
        index: Path,
        *,
        names: Callable[[], str],
        now: Callable[[], float],
        tell: Callable[[str], None],
        summarising: Summarising = NO_SUMMARIES,
    ) -> None:
        self.now = now
        self._roots = dict(roots)
        self._path = index
        self._names = names
        self._tell = tell
        self._summarising = summarising
        self._unsummarised: dict[str, tuple[FolderState, int]] = {}  # by what is in the messages
        self._coming: set[str] = set()  # copies that have their names already, and no UID yet: no strangers
        self._asking = 0  # how many wait for summaries
        self._asked = False  # did anybody lately?
        self._read_by_imap: set[str] = set()  # people whose messages are worth it
        self._lock = Lock()
        self._others_wait = False  # did anybody, lately?
        self._maildirs = {FolderKey(user): Maildir(folder, names) for user, folder in roots.items()}
        self._index: Index | None = None
        self._generation = 0
        self._states: dict[FolderKey, FolderState] = {}
        self._bells: dict[object, tuple[FolderState, Callable[[], None]]] = {}  # by whoever looks
        self._rung: dict[FolderState, int] = {}  # how often each folder that is looked at was touched when it was told

    # ── life ──

    def open(self) -> None:
        """Make what is missing, and open the index. Raises `OSError`, `sqlite3.Error`."""
        for user in self._roots:
            self._prepare(self._maildirs[FolderKey(user)])
        self._index = Index(self._path, self.now(), self._tell)
        self._generation = self._index.generation

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None

    def knows(self, user: str) -> bool:
        """Has this person a mailbox?"""
        return user in self._roots

    def furnish(self, user: str, folder: Path) -> None:
        """One more person. Raises `OSError`."""
        maildir = Maildir(folder, self._names)
        self._prepare(maildir)
        self._maildirs[FolderKey(user)] = maildir
        self._roots[user] = folder

    def inboxes(self) -> dict[str, Maildir]:
        """Everybody's INBOX."""
        return {user: self._maildirs[FolderKey(user)] for user in self._roots.copy()}

    def free(self) -> int:
        """Octets that still fit on the disk."""
        return shutil.disk_usage(self._path.parent).free

    def _prepare(self, maildir: Maildir) -> None:
        for problem in maildir.prepare(self.now()):
            self._tell(problem)

    @property
    def index(self) -> Index:
        """The index, while it is open."""
        if self._index is None:
            raise RuntimeError("the mailboxes are closed")
        return self._index

    # ── one at a time, and who is told ──

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Alone with everything; whoever looks at a folder that was touched hears the bell afterwards."""
        self._come_in()
        with self._leaving():
            yield

    @contextmanager
    def changing_if_free(self) -> Iterator[bool]:
        """The same for who cannot wait; false where somebody else is at it."""
        if not self._lock.acquire(blocking=False):
            yield False
            return
        with self._leaving():
            yield True

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        bells: list[Callable[[], None]] = []
        try:
            yield
        finally:
            try:
                bells = self._due()
            finally:
                self._lock.release()
            for bell in bells:
                bell()

    def _come_in(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._others_wait = True
            self._lock.acquire()

    def let_others(self) -> None:
        """Whoever goes on with much work lets those who wait to be `changing` go first."""
        if self._others_wait:
            self._others_wait = False
            time.sleep(_BREATH)

    def watch(self, state: FolderState, viewer: object, bell: Callable[[], None]) -> None:
        """From now on this bell rings when the folder is touched."""
        self._bells[viewer] = state, bell
        self._rung.setdefault(state, state.touches)

    def unwatch(self, viewer: object) -> None:
        """It rings no more."""
        state, _ = self._bells.pop(viewer, (None, None))
        if state is not None and all(state is not other for other, _ in self._bells.values()):
            self._rung.pop(state, None)
            state.is_settled = False

    def watched(self) -> list[FolderState]:
        """The folders that somebody looks at."""
        return [state for state in self._rung if not state.deleted]

    def _due(self) -> list[Callable[[], None]]:
        touched = {state for state, touches in self._rung.items() if state.touches != touches}
        for state in touched:
            self._rung[state] = state.touches
        return [bell for state, bell in self._bells.values() if state in touched] if touched else []

    # ── folders: all that follows is for whoever is `changing` ──

    def maildir(self, key: FolderKey) -> Maildir:
        """Where a folder lies, there or not."""
        maildir = self._maildirs.get(key)
        if maildir is None:
            folder = self._roots[key.owner] / folder_names.place(key.name)
            maildir = self._maildirs[key] = Maildir(folder, self._names)
        return maildir

    def names_of(self, owner: str) -> set[str]:
        """The names of all folders that a person has."""
        names = {INBOX}
        with os.scandir(self._roots[owner]) as entries:
            for entry in entries:
                name = folder_names.name_of(entry.name)
                if name is not None and _is_folder(f"{entry.path}/cur") and not entry.is_symlink():
                    names.add(name)
        return names

    def make(self, key: FolderKey, special: str = "") -> FolderRecord:
        """A new folder, durably. Raises `OSError`."""
        maildir = self.maildir(key)
        is_new = not maildir.folder.exists()
        try:
            self._prepare(maildir)
            with suppress(FileExistsError):
                os.close(durable.create_new(maildir.folder / _MARK))
            durable.sync_folder(maildir.folder)
            self.index.drop(key)  # what another program took away under this name
            self._end(key)
            if special:
                self.index.designate(key, special)
            return self.index.folder(key)
        except BaseException:
            if is_new:
                _take_back(maildir.folder)
            raise

    def drop(self, key: FolderKey) -> Path:
        """A folder is no more; gives what is left of it, to be thrown away. Raises `OSError`."""
        folder = self.maildir(key).folder
        left = folder.with_name(f"..gone-{self._names()}")
        folder.rename(left)
        durable.sync_folder(folder.parent)
        self.index.drop(key)
        self._end(key)
        return left

    def rename(self, owner: str, names: Mapping[str, str]) -> None:
        """Folders have new names; who looks at one goes on looking. Raises `OSError`."""
        for old, new in names.items():
            self.maildir(FolderKey(owner, old)).folder.rename(self.maildir(FolderKey(owner, new)).folder)
        durable.sync_folder(self._roots[owner])
        for name in names.values():
            self.index.drop(FolderKey(owner, name))  # what another program took away under this name
            self._end(FolderKey(owner, name))
        self.index.rename(owner, names)
        for old, new in names.items():
            self._maildirs.pop(FolderKey(owner, old), None)
            state = self._states.pop(FolderKey(owner, old), None)
            if state is not None:
                state.key = FolderKey(owner, new)
                self._states[state.key] = state

    def known(self, key: FolderKey) -> FolderState:
        """A folder as it was at the last look: enough to put something in. Raises `NoFolder`, `OSError`."""
        self._check_generation()
        state = self._states.get(key)
        return state if state is not None and (self.maildir(key).folder / "cur").is_dir() else self.state(key)

    def state(self, key: FolderKey) -> FolderState:
        """A folder as it is now, whoever has changed it. Raises `NoFolder`, `OSError`."""
        if key.owner not in self._roots:
            raise NoFolder(key.owner)
        while True:
            self._check_generation()
            state = self._states.get(key) or self._load(key)
            self.look(state)
            self._check_generation()
            if not state.deleted:
                return state

    def _load(self, key: FolderKey) -> FolderState:
        maildir = self.maildir(key)
        if key.name != INBOX:
            if not (maildir.folder / "cur").is_dir():
                self.index.drop(key)
                del self._maildirs[key]
                raise NoFolder(key.name)
            if not all((maildir.folder / part).is_dir() for part in ("tmp", "new")):
                self._prepare(maildir)
        record, rows = self.index.folder(key), self.index.messages(key)
        if any(not row.email for row in rows):
            rows = self._measured(key, rows)
        state = FolderState(record, rows)
        kept = sum(len(other.messages) for other in self._states.values())
        for other in [*self._states.values()]:
            if kept > KEPT and other not in self._rung:
                kept -= len(self._states.pop(other.key).messages)
        self._states[key] = state
        return state

    def _measured(self, key: FolderKey, rows: Sequence[IndexRow]) -> list[IndexRow]:
        """Rows of an index of the first version, in which much is not known."""
        maildir, known = self.maildir(key), list[IndexRow]()
        places = maildir.places()
        for row in rows:
            if not row.email and row.file in places:
                with suppress(OSError):
                    found, dated = measure(maildir.path(places[row.file]))
                    if found.stored == row.stored:
                        known.append(
                            row._replace(
                                octets=found.octets, size=found.size, internal=dated, saved=dated, email=found.email
                            )
                        )
        self.index.measured(key, known)
        rows = self.index.messages(key)
        if lost := [row.uid for row in rows if not row.email]:
            self.index.forget(key, lost)
        return [row for row in rows if row.email]

    def _check_generation(self) -> None:
        """An index that was begun anew knows nothing of what is in memory."""
        if self.index.generation != self._generation:
            self._generation = self.index.generation
            for key in [*self._states]:
                self._end(key)

    def _end(self, key: FolderKey) -> None:
        state = self._states.pop(key, None)
        if state is not None:
            state.end()
        if key.name != INBOX:
            self._maildirs.pop(key, None)

    # ── what others do in the Maildirs ──

    def look(self, state: FolderState) -> None:
        """Take in what other programs did. Raises `OSError`; of a folder that they took away, nothing is left.

        It is not listed again before its stamp changes, if the stamp was old when it was listed: whatever comes after
        that leaves another one.
        """
        maildir = self.maildir(state.key)
        try:
            stamp = maildir.stamp()
            if stamp == state.stamp and state.is_settled:
                return
            is_old = time.time_ns() - max(stamp) > _COARSE
            places = maildir.places()
        except FileNotFoundError:
            if state.key.name == INBOX:
                raise
            self.index.drop(state.key)
            self._end(state.key)
            raise NoFolder(state.key.name) from None
        self._take_in(state, places)
        state.is_settled, state.stamp, state.is_in_doubt = is_old, stamp, False

    def _take_in(self, state: FolderState, places: Mapping[str, str]) -> None:
        found = state.differences(places)
        if found.gone:  # a name that changes while a folder is listed may be in no list: what is gone is gone twice
            places = {**places, **self.maildir(state.key).places()}
            found = state.differences(places)
        if found.gone:
            state.remove(found.gone, self.index.forget(state.key, found.gone))
        if found.flags:
            modseq = self.index.flag(state.key, ((uid, joined(flags)) for uid, flags in found.flags.items()))
            state.change(found.flags, modseq)
        for uid, place in found.places.items():
            state.messages[uid].place = place
        new, maildir, now = list[tuple[New, str]](), self.maildir(state.key), self.now()
        for file in sorted({*found.strangers} - self._coming, key=by_age):
            with suppress(OSError):  # gone again, or not for us to read
                size, dated = measure(maildir.path(places[file]))
                flags = joined(flags_of(places[file]))
                row = New(state.key, file, size.octets, size.stored, size.size, flags, dated, now, size.email)
                new.append((row, places[file]))
        self.add(new)

    # ── messages ──

    def add(self, new: Sequence[tuple[New, str]]) -> list[int]:
        """Messages that lie in their places: they get UIDs. Raises `sqlite3.Error`, `OSError`."""
        if not new:
            return []
        uids = self.index.add([row for row, _ in new])
        self._check_generation()
        modseqs: dict[FolderKey, int] = {}
        for uid, (row, place) in zip(uids, new, strict=True):
            if (state := self._states.get(row.folder)) is not None:
                modseq = modseqs.get(row.folder) or self.index.folder(row.folder).modseq
                modseqs[row.folder] = modseq
                kept = IndexRow(
                    uid,
                    row.file,
                    row.octets,
                    row.stored,
                    row.size,
                    modseq,
                    row.flags,
                    row.internal,
                    row.saved,
                    row.email,
                )
                state.add([filed(kept, place)])
                self._will_summarise(state, uid)
        return uids

    def flag(self, state: FolderState, flags: Mapping[int, frozenset[str]]) -> None:
        """These messages have these flags now; one that is gone is passed over. Raises `OSError`, `sqlite3.Error`."""
        state.is_settled = False
        try:
            self._flag(state, flags)
        except TROUBLE:
            state.is_settled, state.is_in_doubt = False, True
            raise

    def _flag(self, state: FolderState, flags: Mapping[int, frozenset[str]]) -> None:
        maildir, moved = self.maildir(state.key), dict[int, str]()
        try:
            for uid, now in flags.items():
                message = state.messages.get(uid)
                if message is not None and not has_letters(now ^ message.row.flags):
                    moved[uid] = message.place  # keywords alone do not show in the name
                    continue
                place = self._at_its_place(
                    state, uid, lambda message: maildir.flag(message.place, flags[message.row.uid])
                )
                if place is not None:
                    moved[uid] = place
        finally:
            if moved:
                maildir.sync_removed()
                self._flagged(state, {uid: flags[uid] for uid in moved if uid in state.messages}, moved)

    def _flagged(self, state: FolderState, flags: Mapping[int, frozenset[str]], places: Mapping[int, str]) -> None:
        modseq = self.index.flag(state.key, ((uid, joined(now)) for uid, now in flags.items()))
        self._check_generation()
        if not state.deleted:
            state.change(flags, modseq)
            for uid in flags:
                state.messages[uid].place = places[uid]

    def _at_its_place(self, state: FolderState, uid: int, act: Callable[[Filed], T]) -> T | None:
        """Do something to a file, wherever another program may just have put it; None when it is gone."""
        for attempt in range(2):
            message = state.messages.get(uid)
            if message is None:
                return None
            try:
                return act(message)
            except FileNotFoundError:
                if attempt == 0:
                    state.is_settled = False
                    self.look(state)
        return None

    def remove(self, state: FolderState, uids: Collection[int]) -> tuple[int, ...]:
        """Remove messages; it is no fault that somebody else was faster (T183).

        Raises `NotRemoved`, `sqlite3.Error`.
        """
        maildir, gone, trouble = self.maildir(state.key), list[int](), None
        state.is_settled = False
        for uid in uids:
            try:
                self._at_its_place(state, uid, lambda message: maildir.unlink(message.place))
                gone.append(uid)
            except OSError as error:
                trouble = error
        try:
            maildir.sync_removed()
        except OSError as error:
            trouble = error
        there = [uid for uid in gone if uid in state.messages]
        if there:
            with suppress(*TROUBLE):  # the Maildir is the truth: the next look finds out
                self.forget(state, there)
        if trouble is not None:
            raise NotRemoved(tuple(gone), f"{type(trouble).__name__}: {trouble}") from trouble
        return tuple(gone)

    def forget(self, state: FolderState, uids: Collection[int]) -> None:
        """These messages are gone, or not what they were. Raises `sqlite3.Error`."""
        modseq = self.index.forget(state.key, uids)
        self._check_generation()
        state.remove(uids, modseq)
        state.is_settled = False

    def copy(self, state: FolderState, uids: Iterable[int], target: FolderState) -> tuple[list[int], list[int]]:
        """Copy messages, all that are there or none; gives their UIDs here and there. Raises `OSError`."""
        source, there, now = self.maildir(state.key), self.maildir(target.key), self.now()
        copies: list[tuple[int, New, str]] = []
        target.is_settled = False

        def link(message: Filed) -> tuple[int, New, str]:
            row = message.row
            file = source.link(message.place, there, row.flags)
            self._coming.add(file)
            flags = joined(target.spelled(row.flags))
            sizes = message.octets, message.stored, row.octets
            new = New(target.key, file, *sizes, flags, row.internal, now, row.email_id)
            return row.uid, new, place_of(file, row.flags)

        try:
            for uid in uids:
                if (copy := self._at_its_place(state, uid, link)) is not None:
                    copies.append(copy)
            there.sync_removed()
            targets = self.add([(new, place) for _, new, place in copies])
        except BaseException:
            for _, _, place in copies:
                with suppress(OSError):
                    there.unlink(place)
            raise
        finally:
            self._coming.clear()
        return [uid for uid, _, _ in copies], targets

    def path(self, state: FolderState, uid: int) -> Path:
        """Where a message lies now. Raises `FileNotFoundError`."""
        maildir = self.maildir(state.key)
        place = self._at_its_place(state, uid, lambda message: maildir.stat(message.place) and message.place)
        if place is None:
            raise FileNotFoundError(f"message {uid} is gone")
        return maildir.folder / place

    def rows(self, state: FolderState, uids: Iterable[int]) -> list[MessageRow]:
        """The rows of those that are there."""
        return [state.messages[uid].row for uid in uids if uid in state.messages]

    # ── what is worked out of messages ──

    def give_way(self) -> None:
        """Somebody reads messages: what nobody asked for is worked out later."""
        self._asked = True

    def read_by_imap(self, user: str) -> None:
        """This person's messages are summarised from now on when they are stored."""
        self._read_by_imap.add(user)

    def will_summarise_all(self, state: FolderState) -> None:
        """Somebody will list this folder: what comes later is thought of when it comes."""
        if not state.is_summarised:
            state.is_summarised = True
            for uid in self.index.unsummarised(state.key):
                if uid in state.messages:
                    self._will_summarise(state, uid)

    def _will_summarise(self, state: FolderState, uid: int) -> None:
        if (
            state.key.owner in self._read_by_imap
            and self._summarising is not NO_SUMMARIES
            and len(self._unsummarised) < KEPT
        ):
            self._unsummarised[state.messages[uid].row.email_id] = state, uid

    @property
    def has_unsummarised(self) -> bool:
        """Is there anything to work out while nobody waits?"""
        return bool(self._unsummarised)

    def summarise_some(self) -> bool:
        """Work out a few of the messages that have no summary yet; False while others do so and wait for it.

        Not for whoever is `changing`.
        """
        if self._asking or self._asked:
            self._asked = False
            return False
        with self.changing():
            some = [(email, *self._unsummarised.pop(email)) for email in [*islice(self._unsummarised, _SOME)]]
            known = self.index.beginnings(email for email, _, _ in some)
        made: dict[str, Made] = {}
        for email, state, uid in some:
            if not self._is_fresh(known.get(email)):
                made |= self._of_contents([(state, state.messages.get(uid))], self._summarising.make)
                time.sleep(_BREATH)
        if made:
            with suppress(*TROUBLE, RuntimeError), self.changing():
                self.index.summarise(made)
        return True

    def summaries(self, state: FolderState, uids: Sequence[int]) -> list[bytes | None]:
        """What messages are told by, worked out now where it is missing. Not for whoever is `changing`."""
        messages = [state.messages.get(uid) for uid in uids]
        with self.changing():
            emails = [message.row.email_id for message in messages if message is not None]
            known = self.index.summaries(emails)
            for email in emails:
                self._unsummarised.pop(email, None)  # it is done here, if at all
        known = {email: packed for email, packed in known.items() if self._is_fresh(packed)}
        made = self._made_now(state, messages, known, self._summarising.make)
        known |= {email: one.summary for email, one in made.items() if one.summary is not None}
        return [known.get(message.row.email_id) if message is not None else None for message in messages]

    def headings(self, state: FolderState, uids: Sequence[int]) -> list[bytes | None]:
        """The same, as far as their headers say it: the rest is worked out when nobody waits."""
        messages, has = [state.messages.get(uid) for uid in uids], self._summarising.has_heading
        with self.changing():
            known = self.index.summaries(message.row.email_id for message in messages if message is not None)
        known = {email: packed for email, packed in known.items() if has(packed)}
        made = self._made_now(state, messages, known, self._summarising.make_heading)
        known |= {email: one.summary for email, one in made.items() if one.summary is not None}
        return [known.get(message.row.email_id) if message is not None else None for message in messages]

    def mentioning(self, state: FolderState, octets: bytes) -> list[int]:
        """The messages in whose fields these octets stand, and those whose fields nobody has worked out."""
        with self.changing():
            return self.index.mentioning(state.key, octets, self._summarising.mark)

    def words(self, state: FolderState, uids: Sequence[int]) -> list[bytes | None]:
        """What is searched in messages, worked out now where it is missing. Not for whoever is `changing`."""
        messages, has = [state.messages.get(uid) for uid in uids], self._summarising.has_heading
        with self.changing():
            emails = [message.row.email_id for message in messages if message is not None]
            known, beginnings = self.index.words(emails), self.index.beginnings(emails)
        told = {email for email, beginning in beginnings.items() if has(beginning)}
        known = {email: packed for email, packed in known.items() if email in told}
        some = [one if one is not None and one.row.email_id in told else None for one in messages]
        made = self._made_now(state, some, known, self._summarising.make_words)
        made |= self._made_now(state, messages, known.keys() | made.keys(), self._summarising.make)
        known |= {email: one.words for email, one in made.items() if one.words is not None}
        return [known.get(message.row.email_id) if message is not None else None for message in messages]

    def _made_now(
        self,
        state: FolderState,
        messages: Iterable[Filed | None],
        known: Collection[str],
        make: Callable[[Content], Made],
    ) -> dict[str, Made]:
        """What `make` makes of the messages that are not known, kept; whoever works out what nobody asked for gives
        way meanwhile.
        """
        self._asked = True
        missing = [(state, one) for one in messages if one is not None and one.row.email_id not in known]
        if not missing:
            return {}
        with self.changing():
            self._asking += 1
        try:
            made = self._of_contents(missing, make)
        finally:
            with self.changing():
                self._asking -= 1
        if made:
            with suppress(*TROUBLE), self.changing():
                self.index.summarise(made)
        return made

    def _is_fresh(self, packed: bytes | None) -> bool:
        return packed is not None and self._summarising.is_fresh(packed)

    def _of_contents(
        self, messages: Iterable[tuple[FolderState, Filed | None]], make: Callable[[Content], Made]
    ) -> dict[str, Made]:
        """The same; a message that cannot be read is left out."""
        made: dict[str, Made] = {}
        for state, message in messages:
            if message is not None:
                with suppress(OSError):
                    made[message.row.email_id] = make(content_of(self.maildir(state.key), message))
        return made


def _is_folder(path: str) -> bool:
    """Raises `OSError` where that cannot be told: a folder that a disk does not show now is not gone."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - of a thousand, Paths would cost more than the calls
    except (FileNotFoundError, NotADirectoryError):
        return False


def _take_back(folder: Path) -> None:
    """Remove a folder that could not be made whole, as far as nobody has put anything into it."""
    with suppress(OSError):
        (folder / _MARK).unlink(missing_ok=True)
    for path in (folder / "cur", folder / "new", folder / "tmp", folder):
        with suppress(OSError):
            path.rmdir()
