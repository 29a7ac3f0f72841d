"""The index of all mailboxes: UIDs and sizes, in SQLite. The Maildirs are the truth; what is lost here is found there.

Blocking, and for one thread at a time. Durable: a UID that was told is never given to another message.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from maillab import durable
from maillab.database import TROUBLE, Damaged, Database, is_damage, set_aside, transaction

_VERSION = 1
_SCHEMA = """
CREATE TABLE mailbox (name TEXT PRIMARY KEY, validity INTEGER NOT NULL, next INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letter (
    mailbox TEXT NOT NULL, uid INTEGER NOT NULL, file BLOB NOT NULL, octets INTEGER NOT NULL, stored INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid), UNIQUE (mailbox, file)) WITHOUT ROWID;
"""
_LARGEST = 0xFFFF_FFFF  # of a UID and of a validity (RFC 3501 §2.3.1.1)
_IMPOSSIBLE = f"""
SELECT 1 FROM mailbox WHERE typeof(name) <> 'text' OR typeof(validity) <> 'integer' OR typeof(next) <> 'integer'
    OR validity NOT BETWEEN 1 AND {_LARGEST} OR next NOT BETWEEN 1 AND {_LARGEST}
    OR next <= (SELECT coalesce(max(uid), 0) FROM letter WHERE mailbox = name)
UNION ALL
SELECT 1 FROM letter WHERE typeof(mailbox) <> 'text' OR typeof(uid) <> 'integer' OR uid NOT BETWEEN 1 AND {_LARGEST}
    OR typeof(file) <> 'blob' OR typeof(octets) <> 'integer' OR typeof(stored) <> 'integer' OR stored < 0
    OR octets NOT BETWEEN stored AND 2 * stored + 2
    OR mailbox NOT IN (SELECT name FROM mailbox)
LIMIT 1
"""  # noqa: S608 - a number of our own

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One message: `octets` as a reader will have it, `stored` as it is in its file, whose base name is `file`."""

    uid: int
    file: str
    octets: int
    stored: int


@dataclass(frozen=True, slots=True)
class New:
    """A message that has no UID yet."""

    mailbox: str
    file: str
    octets: int
    stored: int


class Index:
    """Opens the database; one that is damaged, now or later, is set aside and begun anew, which `tell` hears of.

    `now` is in seconds since 1970. Raises `sqlite3.Error` and `OSError` for trouble that may pass.
    """

    def __init__(self, path: Path, now: float, tell: Callable[[str], None] = lambda _: None) -> None:
        self._path = path
        self._now = int(now)
        self._tell = tell
        self._opened: Database | None = None
        try:
            self._opened = self._open()
        except Damaged as error:
            self._begin_anew(error)

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    def validity(self, mailbox: str) -> int:
        """The number under which the mailbox's UIDs are valid (RFC 3501 §2.3.1.1): higher in an index begun anew."""
        return self._do(lambda database: self._validity(database, mailbox))

    def add(self, messages: Sequence[New]) -> list[int]:
        """Give each message the next UID of its mailbox; all in one durable transaction, or nothing."""
        uids = self._do(lambda database: self._add(database, messages))
        assert self._opened is not None
        self._opened.check_there()
        return uids

    def messages(self, mailbox: str) -> list[IndexRow]:
        """What is known of a mailbox, in the order of UIDs."""
        return self._do(lambda database: _messages(database, mailbox))

    def forget(self, mailbox: str, files: Iterable[str]) -> None:
        """These messages are gone; their UIDs never come back."""
        gone = [(mailbox, os.fsencode(file)) for file in files]
        self._do(lambda database: _delete(database, gone))

    # ── one database, and the next ──

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Work on the database; if it turns out to be damaged, once more on the one that takes its place."""
        if self._opened is None:  # it could not be begun anew the last time
            self._opened = self._open()
        try:
            return work(self._opened.connection)
        except TROUBLE as error:
            if not is_damage(error):
                raise
            return work(self._begin_anew(error).connection)

    def _begin_anew(self, error: Exception) -> Database:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        aside = set_aside(self._path)
        self._tell(f"the index could not be used ({error}); it is now {aside}, and a new one is made from the Maildirs")
        self._opened = self._open()
        return self._opened

    def _open(self) -> Database:
        return Database(self._path, _SCHEMA, _VERSION, impossible=_IMPOSSIBLE)

    def _validity(self, database: sqlite3.Connection, mailbox: str) -> int:
        row = database.execute("SELECT validity FROM mailbox WHERE name = ?", (mailbox,)).fetchone()
        if row is not None:
            return int(row[0])
        database.execute("INSERT INTO mailbox VALUES (?, ?, 1)", (mailbox, self._new_validity()))
        return self._validity(database, mailbox)

    def _add(self, database: sqlite3.Connection, messages: Sequence[New]) -> list[int]:
        for mailbox in {message.mailbox for message in messages}:
            self._validity(database, mailbox)
        uids: list[int] = []
        with transaction(database):
            for message in messages:
                (uid,) = database.execute(
                    "UPDATE mailbox SET next = next + 1 WHERE name = ? RETURNING next - 1", (message.mailbox,)
                ).fetchone()
                row = (message.mailbox, uid, os.fsencode(message.file), message.octets, message.stored)
                database.execute("INSERT INTO letter VALUES (?, ?, ?, ?, ?)", row)
                uids.append(uid)
        return uids

    def _new_validity(self) -> int:
        """Above all that were ever given: the highest is kept beside the database, whose loss it must survive."""
        kept = self._path.with_name(self._path.name + ".validity")
        try:
            last = int(kept.read_text("ascii"))
        except (OSError, ValueError):
            last = 0
        value = max(self._now, last + 1 if 0 < last < _LARGEST else 1)
        if kept.is_dir():
            durable.set_aside(kept)
        durable.replace(kept, str(value).encode("ascii"))
        return value


def _messages(database: sqlite3.Connection, mailbox: str) -> list[IndexRow]:
    rows = database.execute(
        "SELECT uid, file, octets, stored FROM letter WHERE mailbox = ? ORDER BY uid", (mailbox,)
    ).fetchall()
    if any(
        (type(uid), type(file), type(octets), type(stored)) != (int, bytes, int, int)
        for uid, file, octets, stored in rows
    ):
        raise Damaged("a row that cannot be read")
    return [IndexRow(uid, os.fsdecode(file), octets, stored) for uid, file, octets, stored in rows]


def _delete(database: sqlite3.Connection, gone: list[tuple[str, bytes]]) -> None:
    with transaction(database):
        database.executemany("DELETE FROM letter WHERE mailbox = ? AND file = ?", gone)
