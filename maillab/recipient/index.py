"""The index of all mailboxes: UIDs and sizes, in SQLite. The Maildirs are the truth; what is lost here is found there.

Blocking, and for one thread at a time. Durable: a UID that was told is never given to another letter (WAL with
synchronous=FULL: one fsync for each commit).
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillab.system import HERE

_VERSION = 1
_UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}  # a busy or full disk is no reason to begin anew
_SCHEMA = f"""
CREATE TABLE mailbox (name TEXT PRIMARY KEY, validity INTEGER NOT NULL, next INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letter (
    mailbox TEXT NOT NULL, uid INTEGER NOT NULL, file BLOB NOT NULL, octets INTEGER NOT NULL, stored INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid), UNIQUE (mailbox, file)) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One letter: `octets` as a reader will have it, `stored` as it is in its file, whose base name is `file`."""

    uid: int
    file: str
    octets: int
    stored: int


@dataclass(frozen=True, slots=True)
class New:
    """A letter that has no UID yet."""

    mailbox: str
    file: str
    octets: int
    stored: int


class Index:
    """Opens the database; one that cannot be read is set aside and begun anew. `now` is in seconds since 1970."""

    def __init__(self, path: Path, now: float) -> None:
        self._path = path
        self._now = int(now)
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) & 0xFF not in _UNREADABLE:
                raise
            path.replace(path.with_name(f"{path.name}.bad"))
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._database = self._open()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def validity(self, mailbox: str) -> int:
        """The number under which the mailbox's UIDs are valid (RFC 3501 §2.3.1.1): higher in an index begun anew."""
        with self._database:
            found = self._database.execute("SELECT validity FROM mailbox WHERE name = ?", (mailbox,)).fetchone()
            if found is None:
                self._database.execute("INSERT INTO mailbox VALUES (?, ?, 1)", (mailbox, self._new_validity()))
                return self.validity(mailbox)
        return int(found[0])

    def add(self, letters: Sequence[New]) -> list[int]:
        """Give each letter the next UID of its mailbox; all in one durable transaction, or nothing."""
        for mailbox in {letter.mailbox for letter in letters}:
            self.validity(mailbox)
        uids: list[int] = []
        with self._database:
            for letter in letters:
                (uid,) = self._database.execute(
                    "UPDATE mailbox SET next = next + 1 WHERE name = ? RETURNING next - 1", (letter.mailbox,)
                ).fetchone()
                row = (letter.mailbox, uid, os.fsencode(letter.file), letter.octets, letter.stored)
                self._database.execute("INSERT INTO letter VALUES (?, ?, ?, ?, ?)", row)
                uids.append(uid)
        return uids

    def letters(self, mailbox: str) -> list[Row]:
        """What is known of a mailbox, in the order of UIDs."""
        found = self._database.execute(
            "SELECT uid, file, octets, stored FROM letter WHERE mailbox = ? ORDER BY uid", (mailbox,)
        )
        return [Row(uid, os.fsdecode(file), octets, stored) for uid, file, octets, stored in found]

    def forget(self, mailbox: str, uids: Iterable[int]) -> None:
        """These letters are gone; their UIDs never come back."""
        with self._database:
            self._database.executemany(
                "DELETE FROM letter WHERE mailbox = ? AND uid = ?", ((mailbox, uid) for uid in uids)
            )

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            self._path.touch(mode=0o600)
        self._path.chmod(0o600)
        database = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")  # T028
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version == 0:
                database.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            elif version != _VERSION:
                raise sqlite3.DatabaseError(f"index of version {version}")
            database.execute("SELECT count(*) FROM mailbox").fetchone()
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _new_validity(self) -> int:
        """Above all that were ever given: the highest is kept beside the database, whose loss it must survive."""
        kept = self._path.with_name(self._path.name + ".validity")
        try:
            last = int(kept.read_text("ascii"))
        except (OSError, ValueError):
            last = 0
        value = max(self._now, last + 1)
        draft = kept.with_name(kept.name + ".new")
        with draft.open("w", encoding="ascii") as file:
            HERE.keep_private(file.fileno())
            file.write(str(value))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(kept)
        return value
