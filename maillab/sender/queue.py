"""The durable queue: what it has taken survives a crash, and everything it has not settled comes back after one.

One thread writes; while it waits for the disk, all that is asked meanwhile gathers, and goes to the disk together
(group commit). That a job is over waits a moment for company: mostly the next message comes meanwhile. In memory is an
index of the jobs, and the contents of messages that just came.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from maillab.durable import waits_for_disk
from maillab.mail.message import Message
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome
from maillab.sender.store import Fresh, QueueStore, Settled
from maillab.sender.waiting import Job, WaitingJobs, jobs_of
from maillab.wire.storage import as_refused

_PATIENCE = 0.02  # seconds that the end of a job waits for others, so that they go to the disk together
_REMEMBERED = 33_554_432  # octets of contents held in memory, so that a message that leaves at once is not read again

T = TypeVar("T")
OnJobs = Callable[[tuple[Job, ...]], None]


@dataclass(slots=True)
class _Write:
    """Something to be written, who waits for it, and what is done in the loop once it is durable. `patient`: nobody is
    harmed if it waits for others, for what a crash would lose of it is done twice at worst.
    """

    what: Fresh | Settled
    done: asyncio.Future[None]
    told: Callable[[], None]
    patient: bool


def _nothing(_: tuple[Job, ...]) -> None:
    return None


class Queue:
    """Messages that wait. Make it, `await open()`, then use it from the loop only.

    `clock` gives seconds since 1970; `initial` begins the names of messages. Raises `Refused` 452 where the disk is
    full, `sqlite3.Error` and `OSError` for other trouble with it; what was asked is not done then.
    """

    def __init__(self, folder: Path, clock: Callable[[], float], initial: str = "L") -> None:
        self._folder = folder
        self._initial = initial
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="queue")
        self._waiting = WaitingJobs()
        self._store: QueueStore | None = None
        self._last = 0
        self._writes: list[_Write] = []
        self._busy = False
        self._alarm: asyncio.TimerHandle | None = None  # ends the patience of what waits for company
        self._idle = asyncio.Event()
        self._idle.set()
        self._taken: set[str] = set()  # jobs that somebody works on
        self._urgent: set[str] = set()  # of those, which are to be tried again at once, should they come back
        self._contents: dict[str, Message] = {}
        self._remembered = 0
        self._watcher: Callable[[str], None] = lambda _: None

    # ── life ──────────────────────────────────────────────────────────────────────────────────

    async def open(self, longest_wait: float = 4000.0) -> tuple[str, ...]:
        """Read what is on disk; every job there waits again. Gives what was wrong, in sentences for a person.

        A moment beyond `longest_wait` from now, or a birth in the future, means that the computer's date was set back
        since: such a job is tried now (T044).
        """
        store = self._store = await self._in_thread(lambda: QueueStore(self._folder, self._initial))
        now = self._clock()
        loaded = await self._in_thread(lambda: store.load(now))
        self._last = loaded.last
        for job in loaded.jobs:
            if job.born > now or job.due > now + longest_wait:
                job = replace(job, born=min(job.born, now), due=now)
            self._waiting.add(job, now)
        return loaded.problems

    async def close(self) -> None:
        """Write what is still to be written, then close the database."""
        await self._idle.wait()
        if self._store is not None:
            await self._in_thread(self._store.close)
            self._store = None
        self._thread.shutdown(wait=False)

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call `watcher(domain)` in the loop whenever a job for this domain becomes ready, or sleeps ("" then)."""
        self._watcher = watcher

    def free(self) -> int:
        """Octets that still fit on its disk. Raises `OSError`."""
        return shutil.disk_usage(self._folder).free

    # ── messages come ──────────────────────────────────────────────────────────────────────────

    def reserve(self) -> str:
        """The name of the next message: L1, L2... never used twice, also after a restart, once it was `put`."""
        self._last += 1
        return f"{self._initial}{self._last}"

    async def put(self, message: Message, born: float, *, ident: str = "", told: OnJobs = _nothing) -> tuple[Job, ...]:
        """Take a message durably; gives its jobs, one for each domain. On return it survives a crash.

        `told` is called in the loop when it is durable and before any of its jobs can be taken, even if whoever waits
        here has been cancelled by then.
        """
        ident = ident or self.reserve()
        content = message.content
        if content.octets or len(content) > 131_072:
            try:
                content = await asyncio.to_thread(self._open_store.file_away, ident, content)
            except OSError as error:
                raise as_refused(error) from error
            message = replace(message, content=content)
        fresh = Fresh(ident, message, born, jobs_of(ident, message.envelope.recipients, born))
        try:
            await self._write(fresh, lambda: self._admit([fresh], told), patient=False)
        except Exception:
            if content.octets:
                await asyncio.to_thread(self._open_store.forget_file, ident)
            raise
        return fresh.jobs

    def _admit(self, news: Sequence[Fresh], told: OnJobs) -> None:
        """New messages are durable: say so, then let their jobs be taken."""
        jobs = tuple(job for new in news for job in new.jobs)
        for new in news:
            self._remember(new.ident, new.message)
        try:
            told(jobs)
        finally:
            for job in jobs:
                self._wait(job)

    def _wait(self, job: Job) -> None:
        now = self._clock()
        if job.ident in self._urgent:
            self._urgent.remove(job.ident)
            job = replace(job, due=min(job.due, now))
        self._waiting.add(job, now)
        self._watcher(job.domain if job.due <= now else "")

    # ── messages go ────────────────────────────────────────────────────────────────────────────

    def take(self, domain: str) -> Job | None:
        """The next ready job for this domain, to be ended by `settle` or `give_back`."""
        return self._noted(self._waiting.take(domain))

    def pull(self, ident: str) -> Job | None:
        """A certain job, ready or not, to be ended as one that was taken; `None` when it does not wait."""
        return self._noted(self._waiting.pull(ident))

    def _noted(self, job: Job | None) -> Job | None:
        if job is not None:
            self._taken.add(job.ident)
        return job

    def give_back(self, job: Job) -> None:
        """Nothing was done about a job after all; it waits until its `due`, in memory only."""
        self._taken.discard(job.ident)
        self._wait(job)

    def wake_due(self) -> list[str]:
        """Wake the jobs whose moment has come; gives their domains."""
        return self._waiting.wake_due(self._clock())

    def wake_all(self) -> None:
        """Wake every job; who is worked on does not sleep either when nothing comes of it."""
        self._waiting.wake_all()
        self._urgent |= self._taken

    def is_urgent(self, job: Job) -> bool:
        """Was every job woken since somebody took this one?"""
        return job.ident in self._urgent

    def has_ready(self, domain: str) -> bool:
        """Is there a ready job for this domain?"""
        return self._waiting.has_ready(domain)

    @property
    def ready_domains(self) -> list[str]:
        """Domains with ready jobs."""
        return self._waiting.ready_domains

    @property
    def next_due(self) -> float | None:
        """The moment at which the next sleeping job wakes."""
        return self._waiting.next_due

    @property
    def at_work(self) -> bool:
        """Is somebody working on a job?"""
        return bool(self._taken)

    @property
    def jobs(self) -> list[Job]:
        """Every job that nobody is working on."""
        return list(self._waiting)

    async def message(self, job: Job) -> Message:
        """The message of a job, its envelope naming the recipients that are open. Raises `KeyError` when it is gone."""
        message = self._contents.get(job.message)
        if message is None:
            message = await self._in_thread(lambda: self._open_store.read(job.message))
        return message.to(job.recipients)

    async def settle(
        self,
        job: Job,
        outcomes: Sequence[RecipientOutcome],
        next_attempt: float | None,
        *,
        attempts: int | None = None,
        warned: bool = False,
        reports: Sequence[Message] = (),
        told: OnJobs = _nothing,
    ) -> Job | None:
        """Write down what became of a job, and queue `reports` about it, in one transaction (T011).

        Recipients whose outcome is later wait until `next_attempt`; with `None` nobody waits. `told` is called with the
        reports' jobs as by `put`. Gives the job as it waits on, or `None`: it is over. When the disk refuses, the job
        waits in memory without those who were delivered, and the error is raised.
        """
        open_still = {outcome.recipient for outcome in outcomes if outcome.verdict is DeliveryVerdict.LATER}
        left = tuple(who for who in job.recipients if who in open_still) if next_attempt is not None else ()
        tries = job.attempts + 1 if attempts is None else attempts
        after = replace(job, recipients=left, attempts=tries, due=next_attempt or 0.0, warned=job.warned or warned)
        now = self._clock()
        named = [(self.reserve(), report) for report in reports]
        news = [Fresh(ident, report, now, jobs_of(ident, report.envelope.recipients, now)) for ident, report in named]

        def durable() -> None:
            self._taken.discard(job.ident)
            self._forget(job.message)
            try:
                self._admit(news, told)
            finally:
                if after.recipients:
                    self._wait(after)
                self._urgent.discard(job.ident)

        # alone, too: else the next message, which comes just now, would wait for this; but not with a report to be sent
        company = self._in_company or (waits_for_disk() and not news)
        try:
            await self._write(Settled(after, tuple(news)), durable, patient=company and not after.recipients)
        except Exception:
            done = {outcome.recipient for outcome in outcomes if outcome.verdict is DeliveryVerdict.DELIVERED}
            again = tuple(who for who in job.recipients if who not in done)
            self._taken.discard(job.ident)
            self._wait(replace(job, recipients=again, attempts=tries, due=now + 60.0))
            raise
        return after if after.recipients else None

    async def aside(self, work: Callable[[], T]) -> T:
        """Run blocking work on a message in a thread, so that the loop need not wait for the disk."""
        return await asyncio.to_thread(work)

    # ── contents in memory ────────────────────────────────────────────────────────────────────

    def _remember(self, ident: str, message: Message) -> None:
        octets = len(message.content.start)
        if self._remembered + octets <= _REMEMBERED:
            self._contents[ident] = message
            self._remembered += octets

    def _forget(self, ident: str) -> None:
        message = self._contents.pop(ident, None)  # another job of the same message reads it again: that is rare
        if message is not None:
            self._remembered -= len(message.content.start)

    # ── group commit ──────────────────────────────────────────────────────────────────────────

    @property
    def _open_store(self) -> QueueStore:
        assert self._store is not None, "the queue is not open"
        return self._store

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    @property
    def _in_company(self) -> bool:
        """Are there other jobs, of which more is to be written soon?"""
        return len(self._taken) > 1

    def _write(self, what: Fresh | Settled, told: Callable[[], None], *, patient: bool) -> asyncio.Future[None]:
        """Have something written with the next group; the future ends when it is durable."""
        loop = asyncio.get_running_loop()
        write = _Write(what, loop.create_future(), told, patient)
        self._writes.append(write)
        self._idle.clear()
        if self._busy:
            return write.done
        if patient:
            self._alarm = self._alarm or loop.call_later(_PATIENCE, self._lose_patience)
        else:
            self._busy = True
            loop.call_soon(self._flush)  # not at once: those who come in this turn of the loop go along
        return write.done

    def _lose_patience(self) -> None:
        self._alarm = None
        if not self._busy:
            self._flush()

    def _flush(self) -> None:
        """Send what waits to the disk."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        group, self._writes = self._writes, []
        self._busy = bool(group)
        if not group:
            self._idle.set()
            return
        loop = asyncio.get_running_loop()
        what = [write.what for write in group]
        written = loop.run_in_executor(self._thread, _commit, self._open_store, what)
        written.add_done_callback(lambda future: self._flushed(group, future))

    def _go_on(self) -> None:
        """The disk has time; but what is patient and alone goes on waiting."""
        if self._writes and all(write.patient for write in self._writes):
            self._busy = False
            self._alarm = asyncio.get_running_loop().call_later(_PATIENCE, self._lose_patience)
        else:
            self._flush()

    def _flushed(self, group: list[_Write], written: "asyncio.Future[list[Exception | None]]") -> None:
        self._go_on()  # the next group goes to the disk while this one is told
        errors = [error] * len(group) if (error := written.exception()) else written.result()
        for write, fault in zip(group, errors, strict=True):
            if fault is None:
                _told(write)
            if write.done.done():
                continue  # whoever waited was cancelled
            if fault is None:
                write.done.set_result(None)
            else:
                write.done.set_exception(as_refused(fault))


def _commit(store: QueueStore, group: Sequence[Fresh | Settled]) -> list[Exception | None]:
    """In the thread: write a group; where that fails, each by itself, so that one bad message harms no other."""
    try:
        store.commit([w for w in group if isinstance(w, Fresh)], [w for w in group if isinstance(w, Settled)])
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:  # the last two: what SQLite cannot hold
        if len(group) == 1:
            return [error]
        return [result for write in group for result in _commit(store, [write])]
    return [None] * len(group)


def _told(write: _Write) -> None:
    """Say that it is durable. A listener that fails changes nothing about that, and stops nobody else."""
    try:
        write.told()
    except Exception as error:  # noqa: BLE001 - shown by the loop as every unexpected fault is
        context = {"message": "a listener of the queue failed", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
