"""The messages that people have at home: fetched, sent, read, thrown away. One SQLite file for all of them.

Rules for this file: what was put here survives a crash before anybody says so to a server; octets stay as they came.
It may be used from any thread, one call at a time.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from maillab.client.message_summary import digest
from maillab.database import Damaged, Database, renewed, transaction

_SCHEMA = """
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, folder TEXT, uidl TEXT, seen INTEGER, doomed INTEGER,
    octets INTEGER, stored REAL, sender TEXT, recipient TEXT, subject TEXT, at REAL, mixed INTEGER,
    delivered_to TEXT NOT NULL DEFAULT '');
CREATE INDEX by_folder ON letters (account, folder, id);
CREATE TABLE contents (id INTEGER PRIMARY KEY, octets BLOB);
"""
_STEPS = {1: "ALTER TABLE letters ADD COLUMN delivered_to TEXT NOT NULL DEFAULT ''"}  # version: the way to the next
_VERSION = 2
# The column `mixed` holds the number of files; before it did it was 1 for messages in which there might be some.
_COLUMNS = (
    "id, account, folder, uidl, seen, doomed, octets, stored, sender, recipient, subject, at, mixed, delivered_to"
)
_INSERT = f"INSERT INTO letters ({_COLUMNS.removeprefix('id, ')}) VALUES ({', '.join('?' * 13)})"  # noqa: S608 - ours
MOST = 100_000  # messages of one folder that are listed


class MailFolder(StrEnum):
    """Where a message lies."""

    INBOX = "inbox"
    SENT = "sent"
    TRASH = "trash"
    ERASED = "erased"  # gone here; its name is kept until the server has forgotten it, too


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One message of a list. `uidl` is its name on the server, "" where it is only here; moments in seconds since 1970.

    `doomed`: the server is to delete it at the next fetch. `stored` is when it came here, `at` its own date, else when
    the last server took it. `files` are attached to it. `delivered_to` is the recipient in the envelope, "" where
    no server wrote it down.
    """

    id: int
    account: str
    folder: MailFolder
    uidl: str
    seen: bool
    doomed: bool
    octets: int
    stored: float
    sender: str
    recipient: str
    subject: str
    at: float | None
    files: int
    delivered_to: str = ""

    @property
    def is_sent(self) -> bool:
        """Did the owner of the mailbox write it? Then it is told by whom it goes to."""
        return self.folder is MailFolder.SENT


class LocalStore:
    """Raises `OSError` or `sqlite3.Error` when the file cannot be read or written; nothing is changed then.

    A file that is damaged is set aside, and what can still be read of it is kept; `problems` says so.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self.problems: tuple[str, ...] = ()
        try:
            self._database = Database(path, _SCHEMA, _VERSION, steps=_STEPS)
        except Damaged as error:
            self._database, aside = renewed(path, _SCHEMA, _VERSION, steps=_STEPS)
            self.problems = (f"the messages at home could not all be read ({error}); what was there is now {aside}",)
        self._db = self._database.connection

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    # ── in ──

    def put(
        self,
        account: str,
        octets: bytes,
        stored: float,
        *,
        folder: MailFolder = MailFolder.INBOX,
        uidl: str = "",
        seen: bool = False,
    ) -> int:
        """Keep a message, durably; gives its number."""
        summary = digest(octets)
        row = (account, folder, uidl, seen, False, len(octets), stored)
        head = (summary.sender, summary.to, summary.subject, summary.at, summary.files, summary.delivered_to)
        with self._lock, transaction(self._db):
            number = self._db.execute(_INSERT, (*row, *head)).lastrowid
            assert number is not None
            self._db.execute("INSERT INTO contents VALUES (?, ?)", (number, octets))
        return number

    # ── out ──

    def items(self, account: str, folder: MailFolder) -> list[LocalMessage]:
        """The messages of a folder, the newest first."""
        return self._rows("WHERE account = ? AND folder = ? ORDER BY id DESC LIMIT ?", (account, folder, MOST))

    def item(self, number: int) -> LocalMessage | None:
        """One message; `None` when it is gone."""
        return next(iter(self._rows("WHERE id = ?", (number,))), None)

    def octets(self, number: int) -> bytes:
        """A message as it came. Raises `KeyError` when it is gone."""
        with self._lock:
            row = self._db.execute("SELECT octets FROM contents WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise KeyError(number)
        return bytes(row[0])

    def counts(self, account: str) -> dict[MailFolder, tuple[int, int]]:
        """For each folder how many messages there are, and how many of them nobody has read."""
        with self._lock:
            rows = self._db.execute(
                "SELECT folder, count(*), sum(NOT seen) FROM letters WHERE account = ? GROUP BY folder", (account,)
            ).fetchall()
        counted = {MailFolder(folder): (total, unseen) for folder, total, unseen in rows if folder in list(MailFolder)}
        return {folder: counted.get(folder, (0, 0)) for folder in MailFolder if folder is not MailFolder.ERASED}

    # ── what the server knows ──

    def known(self, account: str) -> frozenset[str]:
        """The names, on the server, of all messages that are here already."""
        return self._names("SELECT uidl FROM letters WHERE account = ? AND uidl != ''", account)

    def doomed(self, account: str) -> frozenset[str]:
        """The names of those that the server is to delete."""
        return self._names("SELECT uidl FROM letters WHERE account = ? AND doomed", account)

    def removed(self, account: str, names: Iterable[str]) -> None:
        """The server has deleted these; what is here stays here."""
        rows = [(account, name) for name in names]
        with self._lock, transaction(self._db):
            self._db.executemany("UPDATE letters SET uidl = '', doomed = 0 WHERE account = ? AND uidl = ?", rows)
            self._db.execute("DELETE FROM letters WHERE folder = ? AND uidl = ''", (MailFolder.ERASED,))

    # ── changes ──

    def mark(self, numbers: Sequence[int], *, seen: bool) -> None:
        """Read, or not."""
        self._each("UPDATE letters SET seen = ? WHERE id = ?", [(seen, number) for number in numbers])

    def throw_away(self, numbers: Sequence[int]) -> None:
        """Into the trash; the server is to delete them at the next fetch."""
        rows = [(MailFolder.TRASH, number) for number in numbers]
        self._each("UPDATE letters SET folder = ?, doomed = uidl != '' WHERE id = ?", rows)

    def take_back(self, numbers: Sequence[int]) -> None:
        """Out of the trash, into the inbox; the server is to keep them, if it has them still."""
        self._each("UPDATE letters SET folder = ?, doomed = 0 WHERE id = ?", [(MailFolder.INBOX, n) for n in numbers])

    def erase(self, numbers: Sequence[int]) -> None:
        """For good; of those that the server still has, the name is kept, so that they are not fetched again."""
        rows = [(number,) for number in numbers]
        with self._lock, transaction(self._db):
            self._db.executemany("DELETE FROM contents WHERE id = ?", rows)
            self._db.executemany("DELETE FROM letters WHERE id = ? AND uidl = ''", rows)
            self._db.executemany(
                "UPDATE letters SET folder = ?, doomed = 1 WHERE id = ?",
                [(MailFolder.ERASED, number) for number in numbers],
            )

    # ── within ──

    def _rows(self, where: str, values: tuple[object, ...]) -> list[LocalMessage]:
        with self._lock:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM letters {where}", values).fetchall()  # noqa: S608 - ours
        return [_item(row) for row in rows]

    def _names(self, sql: str, account: str) -> frozenset[str]:
        with self._lock:
            return frozenset(row[0] for row in self._db.execute(sql, (account,)).fetchall())

    def _each(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._lock, transaction(self._db):
            self._db.executemany(sql, rows)


def _item(row: tuple[Any, ...]) -> LocalMessage:
    number, account, folder, uidl, seen, doomed, octets, stored, sender, to, subject, at, files, delivered_to = row
    return LocalMessage(
        number, account, MailFolder(folder), uidl, bool(seen), bool(doomed),
        octets, stored, sender, to, subject, at, files, delivered_to,
    )  # fmt: skip
