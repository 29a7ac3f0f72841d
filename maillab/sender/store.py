"""The queue on disk: letters, jobs and recipients in SQLite, large contents as files beside it.

Rules for this file: one connection, used by one thread at a time; everything that must be true together is written in
one transaction; a file is on disk, and its name too, before the row that speaks of it. No name is made of network data.
"""

import errno
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from maillab.durable import sync_folder
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.letter import Letter
from maillab.sender.waiting import Job
from maillab.system import HERE

IN_ROW = 131_072  # octets; larger contents are files
T = TypeVar("T")

_ROWS = 50  # per statement: SQLite takes at least 999 parameters

_SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, born REAL, sender_local TEXT, sender_domain TEXT, eight_bit INTEGER,
    smtputf8 INTEGER, ret TEXT, envid TEXT, start BLOB, file_offset INTEGER, file_octets INTEGER);
CREATE TABLE IF NOT EXISTS jobs (
    letter INTEGER, number INTEGER, domain TEXT, attempts INTEGER, due REAL, warned INTEGER,
    PRIMARY KEY (letter, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recipients (
    letter INTEGER, number INTEGER, place INTEGER, local TEXT, domain TEXT, notify TEXT, orcpt TEXT,
    PRIMARY KEY (letter, number, place)) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new letter with its jobs; a content in a file must be in the spool already (`Store.file_away`)."""

    ident: str
    letter: Letter
    born: float
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a job: `after` is the job as it waits on, without recipients when it is over; and its reports."""

    after: Job
    reports: tuple[Fresh, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was on disk at the start: the jobs, the last number given to a letter, and what was wrong, in sentences."""

    jobs: tuple[Job, ...]
    last: int
    problems: tuple[str, ...]


class Store:
    """The folder of one queue: `queue.db`, `spool/`, and `corrupt/` for what could not be read.

    `initial` begins the names of its letters, so that those of several queues can be told apart; files are always L1,
    L2... Raises `OSError` or `sqlite3.Error` when the folder cannot be written.
    """

    def __init__(self, folder: Path, initial: str = "L") -> None:
        self._folder = folder
        self._initial = initial
        self._spool = folder / "spool"
        self._problems: list[str] = []
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                raise
            self._set_aside(str(error))
            self._db = self._open()
        sync_folder(folder)

    def _open(self) -> sqlite3.Connection:
        path = self._folder / "queue.db"
        path.touch(mode=0o600)  # SQLite gives its other files the same mode
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # NORMAL would say "committed" before the disk has it
            damage = [row[0] for row in db.execute("PRAGMA quick_check(1)")]
            if damage != ["ok"]:
                raise sqlite3.DatabaseError(damage[0])
            db.executescript(_SCHEMA)
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self, why: str) -> None:
        """Move a database that cannot be read, and its journal, where a person may look at it; start a new one."""
        corrupt = self._folder / "corrupt"
        corrupt.mkdir(mode=0o700, exist_ok=True)
        number = 1 + sum(1 for _ in corrupt.glob("*.db"))
        for suffix in ("", "-wal", "-shm"):
            path = self._folder / f"queue.db{suffix}"
            if path.exists():
                path.replace(corrupt / f"{number}.db{suffix}")
        self._problems.append(f"the queue could not be read ({why}); it was moved to {corrupt / f'{number}.db'}")

    def close(self) -> None:
        """Close the database; its journal is folded in."""
        self._db.close()

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def load(self) -> Loaded:
        """Every job that waits. A letter whose content is gone stays where it is, unsent, and is reported."""
        lost = self._check_spool()
        recipients: dict[tuple[int, int], list[Recipient]] = {}
        rows = self._db.execute(
            "SELECT letter, number, local, domain, notify, orcpt FROM recipients ORDER BY 1, 2, place"
        )
        for letter, number, local, domain, notify, orcpt in rows:
            recipient = Recipient(Address(local, domain), tuple(notify.split(",")) if notify else (), orcpt)
            recipients.setdefault((letter, number), []).append(recipient)
        jobs = tuple(
            Job(
                f"{self._initial}{letter}.{number}",
                f"{self._initial}{letter}",
                domain,
                tuple(recipients.get((letter, number), ())),
                born,
                attempts,
                due,
                bool(warned),
            )
            for letter, number, domain, born, attempts, due, warned in self._db.execute(
                "SELECT letter, number, domain, born, attempts, due, warned"
                " FROM jobs JOIN letters ON id = letter ORDER BY 1, 2"
            )
            if letter not in lost
        )
        last = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'letters'").fetchone()
        return Loaded(jobs, last[0] if last else 0, tuple(self._problems))

    def _check_spool(self) -> set[int]:
        """Numbers of letters whose file is missing or short. Our files without a letter go; what is not ours stays."""
        expected = dict(self._db.execute("SELECT id, file_offset + file_octets FROM letters WHERE file_octets > 0"))
        sizes: dict[int, int] = {}
        strangers: list[str] = []
        for entry in sorted(os.scandir(self._spool), key=lambda entry: entry.name):
            number = entry.name.removeprefix("L")
            if not entry.is_file(follow_symlinks=False) or not number.isdecimal() or entry.name != f"L{number}":
                strangers.append(entry.name)
            elif int(number) in expected:
                sizes[int(number)] = entry.stat(follow_symlinks=False).st_size
            else:
                Path(entry.path).unlink()  # a crash came between the file and its row, or between the row and its file
        if strangers:
            self._problems.append(f"not ours, ignored in {self._spool}: {', '.join(map(repr, strangers[:5]))}")
        lost = {number for number, octets in expected.items() if sizes.get(number, 0) < octets}
        self._problems += [
            f"the content of letter {self._initial}{number} is missing in {self._spool}; it waits unsent"
            for number in lost
        ]
        return lost

    def read(self, ident: str) -> Letter:
        """A letter without its recipients: the job has those that are open. Raises `KeyError` when it is gone."""
        row = self._db.execute(
            "SELECT sender_local, sender_domain, eight_bit, smtputf8, ret, envid, start, file_offset, file_octets"
            " FROM letters WHERE id = ?",
            (_number(ident),),
        ).fetchone()
        if row is None:
            raise KeyError(ident)
        local, domain, eight_bit, smtputf8, ret, envid, start, offset, octets = row
        sender = None if domain is None else Address(local, domain)
        path = self._file(ident) if octets else None
        return Letter(
            Envelope(sender, (), bool(eight_bit), bool(smtputf8), ret, envid), Content(start, path, offset, octets)
        )

    def _file(self, ident: str) -> Path:
        return self._spool / f"L{_number(ident)}"

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
            sync_folder(self._spool)
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
            os.fsync(file.fileno())
        return replace(content, path=path)

    def _copy(self, path: Path, content: Content) -> Content:
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb", buffering=0) as file:
            for block in content.blocks():
                while block:
                    block = block[file.write(block) :]
            os.fsync(file.fileno())
        return Content(b"", path, 0, len(content))

    def commit(self, news: Sequence[Fresh], settled: Sequence[Settled]) -> None:
        """Write all of it durably, in one transaction. Raises `sqlite3.Error`, with nothing written."""
        news = [*news, *(report for one in settled for report in one.reports)]
        over = [one.after for one in settled if not one.after.recipients]
        waiting = [one.after for one in settled if one.after.recipients]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._insert(news)
            self._update(waiting)
            files = self._delete(over)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        for file in files:
            with suppress(OSError):  # what is left is swept at the next start; the letter itself is done
                (self._spool / file).unlink(missing_ok=True)

    def forget_file(self, ident: str) -> None:
        """Remove the file of a letter that could not be committed."""
        self._file(ident).unlink(missing_ok=True)

    def _insert(self, news: Sequence[Fresh]) -> None:
        # many rows go in one statement: after each, the thread must win the interpreter back from the loop
        self._insert_rows("letters", 11, [_letter_row(new) for new in news])
        self._insert_rows("jobs", 6, [_job_row(job) for new in news for job in new.jobs])
        self._insert_rows("recipients", 7, [row for new in news for job in new.jobs for row in _recipient_rows(job)])

    def _insert_rows(self, table: str, width: int, rows: list[tuple[object, ...]]) -> None:
        one = "(" + ",".join("?" * width) + ")"
        for chunk in _chunks(rows):
            sql = f"INSERT INTO {table} VALUES {','.join([one] * len(chunk))}"  # noqa: S608 - our own words
            self._db.execute(sql, [value for row in chunk for value in row])

    def _update(self, waiting: Iterable[Job]) -> None:
        for job in waiting:
            letter, number = _key(job)
            self._db.execute(
                "UPDATE jobs SET attempts = ?, due = ?, warned = ? WHERE letter = ? AND number = ?",
                (job.attempts, job.due, job.warned, letter, number),
            )
            (left,) = self._db.execute(
                "SELECT count(*) FROM recipients WHERE letter = ? AND number = ?", (letter, number)
            ).fetchone()
            if left != len(job.recipients):
                self._db.execute("DELETE FROM recipients WHERE letter = ? AND number = ?", (letter, number))
                self._insert_rows("recipients", 7, _recipient_rows(job))

    def _delete(self, over: Sequence[Job]) -> list[str]:
        """Remove jobs, and the letters that have none left; gives the names of files that are not needed any more."""
        files: list[str] = []
        for chunk in _chunks([_key(job) for job in over]):
            keys = [value for key in chunk for value in key]
            pairs = ",".join(["(?,?)"] * len(chunk))
            letters = [letter for letter, _ in chunk]
            marks = ",".join("?" * len(chunk))
            for table in ("recipients", "jobs"):
                sql = f"DELETE FROM {table} WHERE (letter, number) IN (VALUES {pairs})"  # noqa: S608 - our own words
                self._db.execute(sql, keys)
            gone: list[Any] = self._db.execute(
                f"DELETE FROM letters WHERE id IN ({marks})"  # noqa: S608 - question marks only
                " AND NOT EXISTS (SELECT 1 FROM jobs WHERE letter = id) RETURNING id, file_octets",
                letters,
            ).fetchall()
            files += [f"L{number}" for number, octets in gone if octets]
        return files


def is_full(error: BaseException) -> bool:
    """Does this error say that the disk has no room?"""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def _is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _number(ident: str) -> int:
    return int(ident[1:])


def _key(job: Job) -> tuple[int, int]:
    letter, _, number = job.ident.partition(".")
    return _number(letter), int(number)


def _letter_row(new: Fresh) -> tuple[object, ...]:
    envelope, content = new.letter.envelope, new.letter.content
    sender = (envelope.sender.local, envelope.sender.domain) if envelope.sender else (None, None)
    flags = (envelope.eight_bit, envelope.smtputf8, envelope.ret, envelope.envid)
    return _number(new.ident), new.born, *sender, *flags, content.start, content.offset, content.octets


def _job_row(job: Job) -> tuple[object, ...]:
    return *_key(job), job.domain, job.attempts, job.due, job.warned


def _recipient_rows(job: Job) -> list[tuple[object, ...]]:
    return [
        (*_key(job), place, who.address.local, who.address.domain, ",".join(who.notify), who.orcpt)
        for place, who in enumerate(job.recipients)
    ]


def _chunks(rows: list[T]) -> Iterable[list[T]]:
    return (rows[cut : cut + _ROWS] for cut in range(0, len(rows), _ROWS))
