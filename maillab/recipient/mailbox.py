"""Everybody's mailboxes: messages go in through one writer thread; POP3 gets locked snapshots, IMAP views of folders.

The writer takes all messages that are waiting: writes and syncs each, publishes them, syncs every folder once and,
meanwhile, commits the index once; when both are on the disk, all are acknowledged. Twenty clients share one sync, and
each still gets its own promise. While anybody looks at a folder, another thread looks once a second whether other
programs changed its Maildir.
"""

import asyncio
import errno
import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient.account import StoredAccount, StoredView
from maillab.recipient.cabinet import TROUBLE, Cabinet
from maillab.recipient.folder_state import FolderState
from maillab.recipient.folders import NoFolder
from maillab.recipient.index import FolderKey, New
from maillab.recipient.maildir import Maildir, TmpFile, place_of, uidl
from maillab.recipient.maildir_flags import NONE, flags_of, joined
from maillab.recipient.maildrop import InUse, Kept, NotRemoved
from maillab.recipient.reading import SMALL
from maillab.recipient.summaries import NO_SUMMARIES, Summarising
from maillab.wire.limits import FLOOR
from maillab.wire.storage import as_refused

_BATCH = 32  # deliveries that share one sync, each with an open file
_RESTS = 0.05  # seconds without messages after which messages are worked out for IMAP
_LOOKS = 1.0  # seconds between two looks at a Maildir that somebody watches


@dataclass(frozen=True, slots=True)
class _Copy:
    """One message for one folder."""

    folder: FolderKey
    content: Content
    flags: frozenset[str] = NONE
    internal: float | None = None


@dataclass(slots=True)
class _Delivery:
    """Messages for one or several folders: all of it is stored, or nothing."""

    copies: Sequence[_Copy]
    done: "asyncio.Future[tuple[int, ...]] | Future[tuple[int, ...]]"
    loop: asyncio.AbstractEventLoop | None = None  # of who waits; None for one who waits in a thread
    drafts: list[TmpFile] = field(default_factory=list)
    dated: list[float] = field(default_factory=list)  # INTERNALDATE of each draft, which its file has, too
    sealed: int = 0  # so many of the drafts are synced and closed, or have failed in it
    files: list[str] = field(default_factory=list)  # base names, once published
    uids: tuple[int, ...] = ()
    error: Exception | None = None


class Mailboxes:
    """The store. `folders` says where each person's Maildir is: nothing else ever becomes a path.

    `names` gives a new base name for a file (`maildir.base_name`); `now` is in seconds since 1970. `tell` hears in the
    loop, in sentences for a person, of what was found damaged and how it was mended. `start` before use.
    """

    def __init__(
        self,
        folders: Mapping[str, Path],
        index: Path,
        *,
        names: Callable[[], str],
        now: Callable[[], float],
        tell: Callable[[str], None] = lambda _: None,
        summarising: Summarising = NO_SUMMARIES,
    ) -> None:
        self._cabinet = Cabinet(folders, index, names=names, now=now, tell=self._say, summarising=summarising)
        self._tell = tell
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: queue.SimpleQueue[_Delivery | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._looker: threading.Thread | None = None
        self._closing = threading.Event()
        self._syncer = ThreadPoolExecutor(1, thread_name_prefix="mailboxes-syncing")

    async def start(self) -> None:
        """Make folders, open the index, start the writer. Raises `OSError`, `sqlite3.Error`."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._cabinet.open)
        self._writer = threading.Thread(target=self._write_for_ever, name="mailboxes", daemon=True)
        self._writer.start()

    async def close(self) -> None:
        """Store what is waiting, then stop."""
        self._closing.set()
        if self._writer is not None:
            self._waiting.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None
        if self._looker is not None:
            await asyncio.to_thread(self._looker.join)
            self._looker = None
        self._syncer.shutdown(wait=False)
        self._cabinet.close()

    async def admit(self, user: str, folder: Path) -> None:
        """One more person with a mailbox; of those who are here already nothing changes. Raises `OSError`."""
        if not self.knows(user):
            await asyncio.to_thread(self.furnish, user, folder)

    def knows(self, user: str) -> bool:
        """Has this user a mailbox?"""
        return self._cabinet.knows(user)

    def furnish(self, user: str, folder: Path) -> None:
        """Make a mailbox for one more person; blocks. Raises `OSError`."""
        self._cabinet.furnish(user, folder)

    async def names(self) -> dict[str, frozenset[str]]:
        """How the messages in each INBOX are called by UIDL; nothing is locked, and no client notices."""
        inboxes = self._cabinet.inboxes()
        return await asyncio.to_thread(
            lambda: {user: frozenset(map(uidl, maildir.scan())) for user, maildir in inboxes.items()}
        )

    async def unseen(self) -> dict[str, frozenset[str]]:
        """Which of these nobody has marked as read; no session notices."""
        inboxes = self._cabinet.inboxes()
        return await asyncio.to_thread(lambda: {user: _unseen(maildir) for user, maildir in inboxes.items()})

    async def uids(self) -> dict[str, dict[str, int]]:
        """The UIDs of the same, where they have one: what others put there gets it when somebody looks."""
        return await asyncio.to_thread(self._uids)

    def _uids(self) -> dict[str, dict[str, int]]:
        cabinet = self._cabinet
        with cabinet.changing():
            rows = {user: cabinet.index.messages(FolderKey(user)) for user in cabinet.inboxes()}
        return {user: {uidl(row.file): row.uid for row in found} for user, found in rows.items()}

    def free(self) -> int:
        """Octets that still fit on the disk."""
        return self._cabinet.free()

    async def deliver(self, user: str, content: Content) -> int:
        """Store a message durably; gives its UID. Raises `Refused` (452) when there is no room, or `OSError`."""
        (uid,) = await self.deliver_all([(user, content)])
        return uid

    async def deliver_all(self, copies: Sequence[tuple[str, Content]]) -> tuple[int, ...]:
        """Store all copies, or none; gives a UID for each. Goes on to the end even if nobody waits any more."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[tuple[int, ...]] = loop.create_future()
        self._waiting.put(_Delivery([_Copy(FolderKey(user), content) for user, content in copies], done, loop))
        return await asyncio.shield(done)

    # ── the two doors ──

    def open(self, user: str) -> "Snapshot":
        """Lock and list an INBOX; messages that others put there get their UIDs now. Raises `InUse`, `OSError`."""
        key, cabinet = FolderKey(user), self._cabinet
        try:
            lock = cabinet.maildir(key).lock()
        except BlockingIOError:
            raise InUse(user) from None
        try:
            with cabinet.changing():
                return Snapshot(cabinet, cabinet.state(key), lock)
        except BaseException:
            os.close(lock)
            raise

    def account(self, user: str) -> StoredAccount:
        """The folders of a person. Raises `OSError`."""
        account = StoredAccount(self._cabinet, user, self._append, self._watch)
        account.furnish()
        return account

    def inbox(self, user: str, bell: Callable[[], None]) -> StoredView:
        """A look into an INBOX, as `StoredAccount.select`; it makes no other folders. Raises `OSError`."""
        return StoredAccount(self._cabinet, user, self._append, self._watch).select(INBOX, bell)

    def look(self) -> None:
        """Take in what other programs did in folders that somebody looks at; the bells ring. Blocks."""
        for state in self._cabinet.watched():
            with suppress(*TROUBLE, NoFolder, RuntimeError), self._cabinet.changing():
                self._cabinet.look(state)

    def _append(self, folder: FolderKey, messages: Sequence[tuple[Content, frozenset[str], float | None]]) -> list[int]:
        """Store messages in a folder, for one who waits in a thread. Raises `OSError`, `sqlite3.Error`."""
        if self.free() < FLOOR + sum(len(content) for content, *_ in messages):
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        done: Future[tuple[int, ...]] = Future()
        self._waiting.put(_Delivery([_Copy(folder, *message) for message in messages], done))
        return [*done.result()]

    def _watch(self) -> None:
        """Somebody looks at a folder: begin to look what others do there, and to work out what will be asked for."""
        if self._cabinet.has_unsummarised:
            self._waiting.put(_Delivery((), Future()))  # wakes the writer
        with self._cabinet.changing():
            if self._looker is None and not self._closing.is_set():
                self._looker = threading.Thread(target=self._look_for_ever, name="mailboxes-looking", daemon=True)
                self._looker.start()

    def _look_for_ever(self) -> None:
        while not self._closing.wait(_LOOKS):
            self.look()

    def _say(self, problem: str) -> None:
        """From whatever thread found it."""
        assert self._loop is not None, "the mailboxes have not started"
        self._loop.call_soon_threadsafe(self._tell, problem)

    # ── the writer ──

    def _write_for_ever(self) -> None:
        going, is_idle = True, False
        while going:
            batch: list[_Delivery] = []
            try:
                delivery = self._waiting.get(timeout=self._patience(is_idle))
                while delivery is not None:
                    batch.append(delivery)
                    if len(batch) == _BATCH:
                        break
                    delivery = self._waiting.get_nowait()
                going = delivery is not None
            except queue.Empty:
                is_idle = not batch
            if batch:
                self._store(batch)
                _settle([delivery for delivery in batch if delivery.loop is None])
                self._tell_the_loop([delivery for delivery in batch if delivery.loop is not None])
            elif going:
                is_idle = self._work_out()  # nobody has waited for a while

    def _work_out(self) -> bool:
        """Work out what IMAP will be asked for. Mail goes on coming in, whatever that meets; False: it has to wait."""
        try:
            return self._cabinet.summarise_some()
        except Exception as error:  # noqa: BLE001 - it is worked out again when somebody asks
            self._say(f"what IMAP tells of some messages could not be prepared: {type(error).__name__}: {error}")
            return False

    def _patience(self, is_idle: bool) -> float | None:
        """How long to wait for messages before something else is done, if there is anything."""
        if not self._cabinet.has_unsummarised:
            return None
        return 0.0 if is_idle else _RESTS

    def _tell_the_loop(self, settled: list[_Delivery]) -> None:
        if settled and settled[0].loop is not None:
            try:
                settled[0].loop.call_soon_threadsafe(_settle, settled)
            except RuntimeError:
                pass  # the loop is closed: nobody waits any more, and the messages are safe

    def _store(self, batch: list[_Delivery]) -> None:
        """Every delivery ends with UIDs or an error; one that fails takes no other along."""
        for delivery in batch:
            self._attempt(self._write, [delivery])
        for delivery in batch:
            self._attempt(self._seal, [delivery])
        with self._cabinet.changing():
            for delivery in batch:
                self._attempt(self._publish, [delivery])
            # the names and the index go to the disk together: a row without a name is forgotten at the next look
            folders = {copy.folder for delivery in batch if delivery.error is None for copy in delivery.copies}
            syncing = [(folder, self._begin_sync(folder, batch)) for folder in folders]
            self._attempt(self._number, batch)
            for folder, names in syncing:
                touched = [one for one in batch if any(folder == copy.folder for copy in one.copies)]
                self._attempt(partial(_wait_for, names), touched)

    def _attempt(self, step: Callable[[list[_Delivery]], None], deliveries: list[_Delivery]) -> None:
        """Take one step with those that have not failed; if it fails, nothing of them is left behind."""
        sound = [delivery for delivery in deliveries if delivery.error is None]
        if not sound:
            return
        try:
            step(sound)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait for it
            for delivery in sound:
                delivery.error = error
                self._undo(delivery)

    def _write(self, deliveries: list[_Delivery]) -> None:
        for delivery in deliveries:
            for copy in delivery.copies:
                dated = float(int(self._cabinet.now() if copy.internal is None else copy.internal))
                delivery.drafts.append(self._cabinet.maildir(copy.folder).write(copy.content, dated))
                delivery.dated.append(dated)
                if len(delivery.drafts) - delivery.sealed == _BATCH:
                    self._seal([delivery])  # many messages of one client: so many files are open, and no more

    def _seal(self, deliveries: list[_Delivery]) -> None:
        for delivery in deliveries:
            for copy, draft in [*zip(delivery.copies, delivery.drafts, strict=False)][delivery.sealed :]:
                delivery.sealed += 1
                self._cabinet.maildir(copy.folder).seal(draft)

    def _publish(self, deliveries: list[_Delivery]) -> None:
        for delivery in deliveries:
            for copy, draft in zip(delivery.copies, delivery.drafts, strict=True):
                delivery.files.append(self._cabinet.maildir(copy.folder).publish(draft, copy.flags))

    def _begin_sync(self, folder: FolderKey, batch: list[_Delivery]) -> Future[None]:
        sound = [delivery for delivery in batch if delivery.error is None]
        flags = [copy.flags for delivery in sound for copy in delivery.copies if copy.folder == folder]
        return self._syncer.submit(self._cabinet.maildir(folder).sync, new=not all(flags), cur=any(flags))

    def _number(self, deliveries: list[_Delivery]) -> None:
        now = self._cabinet.now()
        new = [
            (_new(copy, file, draft, dated, now), place_of(file, copy.flags))
            for delivery in deliveries
            for copy, file, draft, dated in zip(
                delivery.copies, delivery.files, delivery.drafts, delivery.dated, strict=True
            )
        ]
        uids = iter(self._cabinet.add(new))
        for delivery in deliveries:
            delivery.uids = tuple(next(uids) for _ in delivery.copies)

    def _undo(self, delivery: _Delivery) -> None:
        """Best effort: what cannot be taken back now is a message too many, never one too few."""
        for number, (copy, draft) in enumerate(zip(delivery.copies, delivery.drafts, strict=False)):
            try:
                if number >= delivery.sealed:
                    os.close(draft.descriptor)
                self._cabinet.maildir(copy.folder).discard(draft)
            except OSError:
                pass  # swept later
        for copy, file in zip(delivery.copies, delivery.files, strict=False):
            maildir = self._cabinet.maildir(copy.folder)
            with suppress(OSError):
                maildir.remove(file, maildir.folder / place_of(file, copy.flags))


def _wait_for(step: Future[None], _: object) -> None:
    """Raises what it met."""
    step.result()


def _new(copy: _Copy, file: str, draft: TmpFile, dated: float, now: float) -> New:
    size, flags = draft.measured, joined(copy.flags)
    return New(copy.folder, file, size.octets, size.stored, size.size, flags, dated, now, size.email)


class Snapshot:
    """An INBOX as it was when it was opened: the `Maildrop` of POP3."""

    def __init__(self, cabinet: Cabinet, state: FolderState, lock: int) -> None:
        self._found = [*state.messages.values()]
        self.messages = tuple(Kept(message.row.uid, message.octets, uidl(message.file)) for message in self._found)
        self._cabinet, self._state, self._key = cabinet, state, state.key
        self._root = cabinet.maildir(state.key).folder
        self._lock: int | None = lock

    def content(self, index: int) -> Content:
        """The message; a small one is read, a large one stays a file. Raises `FileNotFoundError` when it is not
        what it was, `OSError` for other trouble.
        """
        message = self._found[index]
        path = self._root / message.place
        if not path.is_file():
            with self._cabinet.changing():
                state = self._cabinet.state(self._key)
                path = self._cabinet.path(state, self._uid_now(state, index))
        if path.stat().st_size != message.stored:
            with suppress(*TROUBLE), self._cabinet.changing():  # whoever opens it next has it measured again
                state = self._cabinet.state(self._key)
                self._cabinet.forget(state, [self._uid_now(state, index)])
            raise FileNotFoundError(f"{path.name} was replaced")
        return Content(path.read_bytes()) if message.stored <= SMALL else Content(b"", path, 0, message.stored)

    def close(self, remove: Sequence[int] = ()) -> tuple[int, ...]:
        """Remove messages, then unlock; gives their UIDs. Raises `NotRemoved` when the disk refuses some of it."""
        lock, self._lock = self._lock, None
        if lock is None:
            return ()
        try:
            return self._remove(remove) if remove else ()
        finally:
            os.close(lock)

    def _remove(self, chosen: Sequence[int]) -> tuple[int, ...]:
        told = {}  # by the UIDs of now, which are others only if the index was lost meanwhile
        with self._cabinet.changing():
            state = self._cabinet.state(self._key)
            for index in chosen:
                told[self._uid_now(state, index)] = self.messages[index].uid
            try:
                return tuple(told[uid] for uid in self._cabinet.remove(state, [*told]))
            except NotRemoved as error:
                raise NotRemoved(tuple(told[uid] for uid in error.gone), str(error)) from error.__cause__

    def _uid_now(self, state: FolderState, index: int) -> int:
        message = self._found[index]
        if state is self._state:
            return message.row.uid
        return next((uid for uid, other in state.messages.items() if other.file == message.file), -1 - index)


def _settle(batch: list[_Delivery]) -> None:
    """Tell everybody who still waits: in their loop, or from the writer those who wait in a thread."""
    for delivery in batch:
        if delivery.done.done():
            continue
        if delivery.error is None:
            delivery.done.set_result(delivery.uids)
        else:
            delivery.done.set_exception(as_refused(delivery.error) if delivery.loop is not None else delivery.error)


def _unseen(maildir: Maildir) -> frozenset[str]:
    """The messages of a Maildir that do not have the flag \\Seen, by UIDL."""
    return frozenset(uidl(name) for name, path in maildir.scan().items() if "\\Seen" not in flags_of(path.name))
