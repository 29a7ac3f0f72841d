"""The queue on disk: messages, jobs and recipients in SQLite, large contents as files beside it.

Rules for this file: one connection, used by one thread at a time; everything that must be true together is written in
one transaction; a file is on disk, and its name too, before the row that speaks of it. No name is made of network data.
"""

import errno
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from maillab import durable
from maillab.database import TROUBLE, Damaged, Database, is_damage, renewed, transaction
from maillab.mail.content import Content
from maillab.mail.message import Message
from maillab.sender import rows
from maillab.sender.waiting import Job
from maillab.system import HERE

IN_ROW = 131_072  # octets; larger contents are files
T = TypeVar("T")

_UNCLAIMED = re.compile(r"L\d+\.unclaimed(-\d+)?\Z")  # contents of which no row speaks
_KEPT = 36 * 3600.0  # seconds in which a person may look at them

_ROWS = 50  # per statement: SQLite takes at least 999 parameters

_VERSION = 1
_SCHEMA = """
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, born REAL, sender_local TEXT, sender_domain TEXT, eight_bit INTEGER,
    smtputf8 INTEGER, ret TEXT, envid TEXT, start BLOB, file_offset INTEGER, file_octets INTEGER);
CREATE TABLE jobs (
    letter INTEGER, number INTEGER, domain TEXT, attempts INTEGER, due REAL, warned INTEGER,
    PRIMARY KEY (letter, number)) WITHOUT ROWID;
CREATE TABLE recipients (
    letter INTEGER, number INTEGER, place INTEGER, local TEXT, domain TEXT, notify TEXT, orcpt TEXT,
    PRIMARY KEY (letter, number, place)) WITHOUT ROWID;
"""
_LAST = """
SELECT coalesce(max(number), 0) FROM (
    SELECT seq AS number FROM sqlite_sequence WHERE name = 'letters' UNION ALL SELECT id FROM letters
    UNION ALL SELECT letter FROM jobs UNION ALL SELECT letter FROM recipients)
WHERE typeof(number) = 'integer' AND number < 1 << 48
"""  # a row that lost its message has a number, too; a number that no queue could reach is damage


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new message with its jobs; a content in a file must be in the spool already (`Store.file_away`)."""

    ident: str
    message: Message
    born: float
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a job: `after` is the job as it waits on, without recipients when it is over; and its reports."""

    after: Job
    reports: tuple[Fresh, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was on disk at the start: the jobs, the last number given to a message, and what was wrong, in sentences."""

    jobs: tuple[Job, ...]
    last: int
    problems: tuple[str, ...]


class QueueStore:
    """The folder of one queue: `queue.db` and `spool/`; what could not be read is beside it, as `NAME.bad`.

    `initial` begins the names of its messages, so that those of several queues can be told apart; files are always L1,
    L2... Raises `OSError` or `sqlite3.Error` when the folder cannot be written.
    """

    def __init__(self, folder: Path, initial: str = "L") -> None:
        self._initial = initial
        self._spool = folder / "spool"
        self._problems: list[str] = []
        self._lost_rows = False  # contents without a row may belong to a message that could not be read
        for path in (folder, self._spool):
            if (aside := durable.own_folder(path)) is not None:
                self._problems.append(f"{path} was no folder; it is now {aside}")
        self._path = folder / "queue.db"
        try:
            self._database = Database(self._path, _SCHEMA, _VERSION, whole_journal=True)
        except Damaged as error:
            self._lost_rows = True
            self._problems.append(self._renew(error))

    def close(self) -> None:
        """Close the database; its journal is folded in."""
        self._database.close()

    @property
    def _db(self) -> sqlite3.Connection:
        return self._database.connection

    def _renew(self, error: Exception) -> str:
        """Go on with what can still be read; gives what happened, in a sentence for a person."""
        self._database, aside = renewed(self._path, _SCHEMA, _VERSION)
        (saved,) = self._db.execute("SELECT count(*) FROM letters").fetchone()
        return f"the queue could not be read ({error}); it is now {aside}; {saved} of its messages could still be read"

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """A database that turns out to be damaged is renewed: what is asked now fails with a sentence that says so,
        what is asked next does not.
        """
        try:
            yield
        except TROUBLE as error:
            if not is_damage(error):
                raise
            self._database.close()
            raise sqlite3.DatabaseError(self._renew(error)) from error

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def load(self, now: float = 0.0) -> Loaded:
        """Every job that waits; `now` is in seconds since 1970. A message that cannot be read or has lost its content
        stays where it is, unsent, and is reported; so do rows that belong to no message.
        """
        lost = self._check_spool(now)
        envelopes = rows.MESSAGES.replace("start", "typeof(start)")
        read = rows.read_jobs(
            self._db.execute(f"SELECT {envelopes} FROM letters"),  # noqa: S608 - our own words
            self._db.execute(f"SELECT {rows.JOBS} FROM jobs ORDER BY 1, 2"),  # noqa: S608 - our own words
            self._db.execute(f"SELECT {rows.RECIPIENTS} FROM recipients ORDER BY 1, 2, 3"),  # noqa: S608 - our own words
            self._initial,
        )
        self._problems += [
            f"message {self._initial}{number} of the queue cannot be read: {why}; it waits unsent"
            for number, why in read.broken
        ]
        jobs = tuple(job for job in read.jobs if rows.number_of(job.message) not in lost)
        (last,) = self._db.execute(_LAST).fetchone()
        return Loaded(jobs, last, tuple(self._problems))

    def _check_spool(self, now: float) -> set[int]:
        """Numbers of messages whose file is missing or short. Our files without one are put aside; what is not ours
        stays.
        """
        expected = {
            number: offset + octets if octets else None
            for number, offset, octets in self._db.execute("SELECT id, file_offset, file_octets FROM letters")
            if isinstance(offset, int) and isinstance(octets, int)
        }
        sizes: dict[int, int] = {}
        strangers: list[str] = []
        for entry in sorted(os.scandir(self._spool), key=lambda entry: entry.name):
            number = entry.name.removeprefix("L")
            is_ours = entry.is_file(follow_symlinks=False)
            if is_ours and _UNCLAIMED.match(entry.name):
                if entry.stat(follow_symlinks=False).st_mtime < now - _KEPT:
                    Path(entry.path).unlink()
            elif not is_ours or not number.isdecimal() or entry.name != f"L{number}":
                strangers.append(entry.name)
            elif int(number) in expected:  # a row that says nothing of it was damaged: nothing of it may go
                sizes[int(number)] = entry.stat(follow_symlinks=False).st_size
            else:
                self._put_aside(Path(entry.path), now)
        if strangers:
            self._problems.append(f"not ours, ignored in {self._spool}: {', '.join(map(repr, strangers[:5]))}")
        lost = {number for number, octets in expected.items() if octets is not None and sizes.get(number, 0) < octets}
        self._problems += [
            f"the content of message {self._initial}{number} is missing in {self._spool}; it waits unsent"
            for number in lost
        ]
        unknown = {number for number in sizes if expected[number] is None}
        self._problems += [
            f"message {self._initial}{number} does not know of its content in {self._spool}; it waits unsent"
            for number in unknown
        ]
        return lost | unknown

    def _put_aside(self, path: Path, now: float) -> None:
        """A content of which no row speaks. Mostly a crash came between the file and its row, or between the row and
        its file, and nobody misses it; but the row may be what a damaged disk has lost.
        """
        aside = durable.set_aside(path, "bad" if self._lost_rows else "unclaimed")
        os.utime(aside, (now, now))  # how long it is kept is counted from here, however long the message had waited
        until = "" if self._lost_rows else "; it goes after 36 hours"
        self._problems.append(f"no message is known any more whose content this is: {aside}{until}")

    def read(self, ident: str) -> Message:
        """A message without its recipients: the job has those that are open. Raises `KeyError` when it is gone, and
        `RowError` when it was spoilt after `load`.
        """
        sql = f"SELECT {rows.MESSAGES} FROM letters WHERE id = ?"  # noqa: S608 - our own words
        with self._mending():
            row = self._db.execute(sql, (rows.number_of(ident),)).fetchone()
        if row is None:
            raise KeyError(ident)
        *_, start, offset, octets = row
        return Message(rows.read_envelope(row), Content(start, self._file(ident) if octets else None, offset, octets))

    def _file(self, ident: str) -> Path:
        return self._spool / f"L{rows.number_of(ident)}"

    # ── writing ───────────────────────────────────────────────────────────────────────────────

    def file_away(self, ident: str, content: Content) -> Content:
        """Make the content ready for its row: small in memory, large as a file of the spool, file and name on disk.

        A file that was lent is linked where the file system allows it, else copied. Any thread. Raises `OSError`.
        """
        if len(content) <= IN_ROW:
            return Content(content.whole()) if content.octets else content
        path = self._file(ident)
        try:
            filed = self._link(path, content) or self._copy(path, content)
            durable.sync_folder(self._spool)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return filed

    def _link(self, path: Path, content: Content) -> Content | None:
        if content.path is None or len(content.start) > IN_ROW:
            return None
        try:
            os.link(content.path, path, follow_symlinks=False)
        except OSError as error:
            if error.errno in (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK):
                return None
            raise
        with path.open("rb+") as file:
            HERE.keep_private(file.fileno())
            if os.fstat(file.fileno()).st_size < content.offset + content.octets:
                raise OSError(errno.EIO, "the content is shorter than it was")
            durable.sync(file.fileno())
        return replace(content, path=path)

    def _copy(self, path: Path, content: Content) -> Content:
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb", buffering=0) as file:
            for block in content.blocks():
                while block:
                    block = block[file.write(block) :]
            durable.sync(file.fileno())
        return Content(b"", path, 0, len(content))

    def commit(self, news: Sequence[Fresh], settled: Sequence[Settled]) -> None:
        """Write all of it durably, in one transaction. Raises `sqlite3.Error`, with nothing written, and
        `FileNotFoundError` when the folder was removed meanwhile.
        """
        news = [*news, *(report for job in settled for report in job.reports)]
        over = [job.after for job in settled if not job.after.recipients]
        waiting = [job.after for job in settled if job.after.recipients]
        self._database.check_there()
        with self._mending(), transaction(self._db):
            self._insert(news)
            self._update(waiting)
            files = self._delete(over)
        self._database.check_there()  # else it was written into a file without a name
        for file in files:
            with suppress(OSError):  # what is left is swept at the next start; the message itself is done
                (self._spool / file).unlink(missing_ok=True)

    def forget_file(self, ident: str) -> None:
        """Remove the file of a message that could not be committed."""
        self._file(ident).unlink(missing_ok=True)

    def _insert(self, news: Sequence[Fresh]) -> None:
        # many rows go in one statement: after each, the thread must win the interpreter back from the loop
        self._insert_rows("letters", [rows.message_row(new.ident, new.message, new.born) for new in news])
        self._insert_rows("jobs", [rows.job_row(job) for new in news for job in new.jobs])
        self._insert_rows("recipients", [row for new in news for job in new.jobs for row in rows.recipient_rows(job)])

    def _insert_rows(self, table: str, values: list[tuple[object, ...]]) -> None:
        for chunk in _chunks(values):
            marks = ",".join(["(" + ",".join("?" * len(chunk[0])) + ")"] * len(chunk))
            sql = f"INSERT INTO {table} VALUES {marks}"  # noqa: S608 - our own words
            self._db.execute(sql, [value for row in chunk for value in row])

    def _update(self, waiting: Iterable[Job]) -> None:
        for job in waiting:
            message, number = rows.key_of(job)
            self._db.execute(
                "UPDATE jobs SET attempts = ?, due = ?, warned = ? WHERE letter = ? AND number = ?",
                (job.attempts, job.due, job.warned, message, number),
            )
            (left,) = self._db.execute(
                "SELECT count(*) FROM recipients WHERE letter = ? AND number = ?", (message, number)
            ).fetchone()
            if left != len(job.recipients):
                self._db.execute("DELETE FROM recipients WHERE letter = ? AND number = ?", (message, number))
                self._insert_rows("recipients", rows.recipient_rows(job))

    def _delete(self, over: Sequence[Job]) -> list[str]:
        """Remove jobs, and the messages that have none left; gives the names of files that are not needed any more."""
        files: list[str] = []
        for chunk in _chunks([rows.key_of(job) for job in over]):
            keys = [value for key in chunk for value in key]
            pairs = ",".join(["(?,?)"] * len(chunk))
            messages = [message for message, _ in chunk]
            marks = ",".join("?" * len(chunk))
            for table in ("recipients", "jobs"):
                # by the letter, too: for pairs alone SQLite walks through the whole table
                sql = f"DELETE FROM {table} WHERE letter IN ({marks}) AND (letter, number) IN (VALUES {pairs})"  # noqa: S608 - our own words
                self._db.execute(sql, [*messages, *keys])
            gone: list[Any] = self._db.execute(
                f"DELETE FROM letters WHERE id IN ({marks})"  # noqa: S608 - question marks only
                " AND NOT EXISTS (SELECT 1 FROM jobs WHERE letter = id) RETURNING id, file_octets",
                messages,
            ).fetchall()
            files += [f"L{number}" for number, octets in gone if octets]
        return files


def _chunks(values: list[T]) -> Iterable[list[T]]:
    return (values[cut : cut + _ROWS] for cut in range(0, len(values), _ROWS))
