"""Everybody's mailboxes: messages go in through one writer thread, and come out through locked snapshots.

The writer takes all messages that are waiting: writes and syncs each, publishes them, syncs every folder once, commits
the index once; then all are acknowledged. Twenty clients share one sync, and each still gets its own promise.
"""

import asyncio
import os
import queue
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from maillab.durable import is_full
from maillab.mail.content import Content
from maillab.mail.reply import refused
from maillab.recipient.index import Index, IndexRow, New
from maillab.recipient.maildir import Maildir, TmpFile, by_age, measure, uidl
from maillab.recipient.maildrop import InUse, Kept, NotRemoved

SMALL = 65_536  # octets: a message of this size is read in one piece
_BATCH = 32  # deliveries that share one sync, each with an open file


@dataclass(slots=True)
class _Delivery:
    """One message for one or several mailboxes: all of it is stored, or nothing."""

    copies: Sequence[tuple[str, Content]]
    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[tuple[int, ...]]"
    drafts: list[TmpFile] = field(default_factory=list)
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
    ) -> None:
        self._maildirs = {user: Maildir(folder, names) for user, folder in folders.items()}
        self._names = names
        self._path = index
        self._now = now
        self._tell = tell
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()  # held by whoever reads or changes the index
        self._waiting: queue.SimpleQueue[_Delivery | None] = queue.SimpleQueue()
        self._index: Index | None = None
        self._writer: threading.Thread | None = None

    async def start(self) -> None:
        """Make folders, open the index, start the writer. Raises `OSError`, `sqlite3.Error`."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._prepare)
        self._writer = threading.Thread(target=self._write_for_ever, name="mailboxes", daemon=True)
        self._writer.start()

    async def close(self) -> None:
        """Store what is waiting, then stop."""
        if self._writer is not None:
            self._waiting.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None
        if self._index is not None:
            with self._lock:
                self._index.close()
            self._index = None

    async def admit(self, user: str, folder: Path) -> None:
        """One more person with a mailbox; of those who are here already nothing changes. Raises `OSError`."""
        if not self.knows(user):
            await asyncio.to_thread(self.furnish, user, folder)

    def knows(self, user: str) -> bool:
        """Has this user a mailbox?"""
        return user in self._maildirs

    def furnish(self, user: str, folder: Path) -> None:
        """Make a mailbox for one more person; blocks. Raises `OSError`."""
        maildir = Maildir(folder, self._names)
        self._furnish(maildir)
        self._maildirs[user] = maildir

    async def count(self) -> dict[str, int]:
        """How many messages lie in each mailbox; whoever put them there."""
        maildirs = dict(self._maildirs)
        return await asyncio.to_thread(lambda: {user: len(maildir.scan()) for user, maildir in maildirs.items()})

    async def names(self) -> dict[str, frozenset[str]]:
        """How the messages in each mailbox are called by UIDL; nothing is locked, and no client notices."""
        maildirs = dict(self._maildirs)
        return await asyncio.to_thread(
            lambda: {user: frozenset(map(uidl, maildir.scan())) for user, maildir in maildirs.items()}
        )

    def free(self) -> int:
        """Octets that still fit on the disk."""
        return shutil.disk_usage(self._path.parent).free

    async def deliver(self, user: str, content: Content) -> int:
        """Store a message durably; gives its UID. Raises `Refused` (452) when there is no room, or `OSError`."""
        (uid,) = await self.deliver_all([(user, content)])
        return uid

    async def deliver_all(self, copies: Sequence[tuple[str, Content]]) -> tuple[int, ...]:
        """Store all copies, or none; gives a UID for each. Goes on to the end even if nobody waits any more."""
        loop = asyncio.get_running_loop()
        delivery = _Delivery(copies, loop, loop.create_future())
        self._waiting.put(delivery)
        return await asyncio.shield(delivery.done)

    def open(self, user: str) -> "Snapshot":
        """Lock and list a mailbox; messages that others put there get their UIDs now. Raises `InUse`, `OSError`."""
        maildir = self._maildirs[user]
        try:
            lock = maildir.lock()
        except BlockingIOError:
            raise InUse(user) from None
        try:
            with self._lock:
                listed = self._reconcile(user, maildir)
        except BaseException:
            os.close(lock)
            raise
        return Snapshot(self, user, maildir, lock, listed)

    def forget(self, user: str, files: Iterable[str]) -> None:
        """Messages with these base names are gone. Should the index fail now, the next `open` finds out."""
        with self._lock, suppress(sqlite3.Error, OSError):  # the Maildir is the truth
            if self._index is not None:
                self._index.forget(user, files)

    # ── the index and the truth ──

    def _opened(self) -> Index:
        if self._index is None:
            raise RuntimeError("the mailboxes are closed")
        return self._index

    def _prepare(self) -> None:
        for maildir in self._maildirs.values():
            self._furnish(maildir)
        self._index = Index(self._path, self._now(), self._say)

    def _furnish(self, maildir: Maildir) -> None:
        for problem in maildir.prepare(self._now()):
            self._say(problem)

    def _say(self, problem: str) -> None:
        """From whatever thread found it."""
        assert self._loop is not None, "the mailboxes have not started"
        self._loop.call_soon_threadsafe(self._tell, problem)

    def _reconcile(self, user: str, maildir: Maildir) -> list[tuple[IndexRow, Path]]:
        """Bring the index up to what lies in the Maildir; gives every message in the order of UIDs."""
        index, paths = self._opened(), maildir.scan()
        rows = index.messages(user)
        index.forget(user, [row.file for row in rows if row.file not in paths])
        strangers = paths.keys() - {row.file for row in rows}
        new = []
        for file in sorted(strangers, key=by_age):
            try:
                new.append(New(user, file, *measure(paths[file])))
            except OSError:
                continue  # gone again, or not for us to read
        if new:
            index.add(new)
            rows = index.messages(user)
        return [(row, paths[row.file]) for row in rows if row.file in paths]

    # ── the writer ──

    def _write_for_ever(self) -> None:
        going = True
        while going:
            batch: list[_Delivery] = []
            try:
                delivery = self._waiting.get()
                while delivery is not None:
                    batch.append(delivery)
                    if len(batch) == _BATCH:
                        break
                    delivery = self._waiting.get_nowait()
                going = delivery is not None
            except queue.Empty:
                pass
            if batch:
                self._store(batch)
                try:
                    batch[0].loop.call_soon_threadsafe(_settle, batch)
                except RuntimeError:
                    pass  # the loop is closed: nobody waits any more, and the messages are safe

    def _store(self, batch: list[_Delivery]) -> None:
        """Every delivery ends with UIDs or an error; one that fails takes no other along."""
        for delivery in batch:
            self._attempt(self._write, [delivery])
        for delivery in batch:
            self._attempt(self._seal, [delivery])
        with self._lock:
            for delivery in batch:
                self._attempt(self._publish, [delivery])
            for user in {user for delivery in batch for user, _ in delivery.copies}:
                touched = [delivery for delivery in batch if any(user == other for other, _ in delivery.copies)]
                self._attempt(partial(self._sync, user), touched)
            self._attempt(self._number, batch)

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
            for user, content in delivery.copies:
                delivery.drafts.append(self._maildirs[user].write(content))

    def _seal(self, deliveries: list[_Delivery]) -> None:
        for delivery in deliveries:
            for (user, _), draft in zip(delivery.copies, delivery.drafts, strict=True):
                delivery.sealed += 1
                self._maildirs[user].seal(draft)

    def _publish(self, deliveries: list[_Delivery]) -> None:
        for delivery in deliveries:
            for (user, _), draft in zip(delivery.copies, delivery.drafts, strict=True):
                delivery.files.append(self._maildirs[user].publish(draft))

    def _sync(self, user: str, deliveries: list[_Delivery]) -> None:
        self._maildirs[user].sync()

    def _number(self, deliveries: list[_Delivery]) -> None:
        rows = [
            New(user, file, draft.octets, draft.stored)
            for delivery in deliveries
            for (user, _), file, draft in zip(delivery.copies, delivery.files, delivery.drafts, strict=True)
        ]
        uids = iter(self._opened().add(rows))
        for delivery in deliveries:
            delivery.uids = tuple(next(uids) for _ in delivery.copies)

    def _undo(self, delivery: _Delivery) -> None:
        """Best effort: what cannot be taken back now is a message too many, never one too few."""
        for number, ((user, _), draft) in enumerate(zip(delivery.copies, delivery.drafts, strict=False)):
            try:
                if number >= delivery.sealed:
                    os.close(draft.descriptor)
                self._maildirs[user].discard(draft)
            except OSError:
                pass  # swept later
        for (user, _), file in zip(delivery.copies, delivery.files, strict=False):
            with suppress(OSError):
                self._maildirs[user].remove(file, self._maildirs[user].folder / "new" / file)


class Snapshot:
    """A mailbox as it was when it was opened: the `Maildrop` of POP3."""

    def __init__(
        self, store: Mailboxes, user: str, maildir: Maildir, lock: int, listed: list[tuple[IndexRow, Path]]
    ) -> None:
        self.messages = tuple(Kept(row.uid, row.octets, uidl(row.file)) for row, _ in listed)
        self._store, self._user, self._maildir = store, user, maildir
        self._found = listed
        self._lock: int | None = lock

    def content(self, index: int) -> Content:
        """The message; a small one is read, a large one stays a file. Raises `FileNotFoundError` when it is not
        what it was, `OSError` for other trouble.
        """
        row, last = self._found[index]
        path = self._maildir.find(row.file, last)
        if path.stat().st_size != row.stored:
            self._store.forget(self._user, [row.file])  # whoever opens it next has it measured again
            raise FileNotFoundError(f"{path.name} was replaced")
        return Content(path.read_bytes()) if row.stored <= SMALL else Content(b"", path, 0, row.stored)

    def close(self, remove: Sequence[int] = ()) -> tuple[int, ...]:
        """Remove messages, then unlock; gives their UIDs. Raises `NotRemoved` when the disk refuses some of it."""
        lock, self._lock = self._lock, None
        if lock is None:
            return ()
        try:
            return self._remove([self._found[index] for index in remove]) if remove else ()
        finally:
            os.close(lock)

    def _remove(self, chosen: list[tuple[IndexRow, Path]]) -> tuple[int, ...]:
        gone, trouble = [], None
        for row, path in chosen:
            try:
                self._maildir.remove(row.file, path)
                gone.append(row)
            except OSError as error:
                trouble = error
        self._store.forget(self._user, [row.file for row in gone])
        try:
            self._maildir.sync_removed()
        except OSError as error:
            trouble = error
        uids = tuple(row.uid for row in gone)
        if trouble is not None:
            raise NotRemoved(uids, f"{type(trouble).__name__}: {trouble}") from trouble
        return uids


def _settle(batch: list[_Delivery]) -> None:
    """In the loop: tell everybody who still waits."""
    for delivery in batch:
        if delivery.done.done():
            continue
        if delivery.error is None:
            delivery.done.set_result(delivery.uids)
        else:
            delivery.done.set_exception(_no_room(delivery.error))


def _no_room(error: Exception) -> Exception:
    """452 for a full disk and for too many open files; other errors stay what they are."""
    return refused(452, "4.3.1", "Insufficient system storage") if is_full(error) else error
