"""The index of all folders: UIDs, sizes, flags and MODSEQs, in SQLite. The Maildirs are the truth; what is lost here is
found there, but for keywords, what a folder is for, when a message came into it, and what can be worked out again.

Blocking, and for one thread at a time. Durable: a UID that was told is never given to another message.
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from maillab import durable
from maillab.database import TROUBLE, Damaged, Database, has_damaged_journal, is_damage, set_aside, transaction
from maillab.protocols.imap.names import INBOX
from maillab.recipient.summaries import Made

_VERSION = 4
_FOLDERS = """
CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, validity INTEGER NOT NULL,
    next INTEGER NOT NULL, modseq INTEGER NOT NULL, forgotten INTEGER NOT NULL, special TEXT NOT NULL,
    UNIQUE (owner, name));
CREATE TABLE message (
    folder INTEGER NOT NULL, uid INTEGER NOT NULL, file BLOB NOT NULL, octets INTEGER NOT NULL,
    stored INTEGER NOT NULL, size INTEGER NOT NULL, modseq INTEGER NOT NULL, flags TEXT NOT NULL,
    internal REAL NOT NULL, saved REAL NOT NULL, email TEXT NOT NULL,
    PRIMARY KEY (folder, uid), UNIQUE (folder, file)) WITHOUT ROWID;
CREATE INDEX message_by_email ON message (email);
CREATE TABLE vanished (
    folder INTEGER NOT NULL, modseq INTEGER NOT NULL, uid INTEGER NOT NULL,
    PRIMARY KEY (folder, modseq, uid)) WITHOUT ROWID;
"""
_SECOND = f"""{_FOLDERS}
CREATE TABLE summary (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, packed BLOB NOT NULL);
"""
_WORDS = "CREATE TABLE words (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, packed BLOB NOT NULL);"
_SUMMARY = """
CREATE TABLE summary (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, fields BLOB NOT NULL, packed BLOB NOT NULL);
"""
_SCHEMA = f"{_FOLDERS}{_WORDS}{_SUMMARY}"
_STEPS = {
    1: f"""{_SECOND}
INSERT INTO folder (owner, name, validity, next, modseq, forgotten, special)
    SELECT name, '{INBOX}', validity, next, 1, 1, '' FROM mailbox;
INSERT INTO message
    SELECT id, uid, file, octets, stored, stored, 1, '', 0, 0, ''
    FROM letter JOIN folder ON folder.owner = letter.mailbox;
DROP TABLE letter;
DROP TABLE mailbox""",  # noqa: S608 - a name of our own
    2: _WORDS + "DELETE FROM summary",  # noqa: S608 - no name but our own; summaries are made anew with the words
    3: f"DROP TABLE summary; {_SUMMARY} DELETE FROM words",  # noqa: S608 - as above, with the fields that are searched
}  # messages without `email` are measured when their folder is opened
_LARGEST = 0xFFFF_FFFF  # of a UID and of a validity (RFC 3501 §2.3.1.1)
_MODSEQS = 1 << 62  # below 2^63, as RFC 7162 §3.1 asks
_IMPOSSIBLE = f"""
SELECT 1 FROM folder WHERE typeof(owner) <> 'text' OR typeof(name) <> 'text' OR typeof(validity) <> 'integer'
    OR typeof(next) <> 'integer' OR typeof(modseq) <> 'integer' OR typeof(forgotten) <> 'integer'
    OR typeof(special) <> 'text' OR validity NOT BETWEEN 1 AND {_LARGEST} OR next NOT BETWEEN 1 AND {_LARGEST}
    OR modseq NOT BETWEEN 1 AND {_MODSEQS} OR forgotten NOT BETWEEN 1 AND modseq
    OR next <= (SELECT coalesce(max(uid), 0) FROM message WHERE folder = id)
UNION ALL
SELECT 1 FROM message WHERE typeof(folder) <> 'integer' OR typeof(uid) <> 'integer' OR uid NOT BETWEEN 1 AND {_LARGEST}
    OR typeof(file) <> 'blob' OR typeof(octets) <> 'integer' OR typeof(stored) <> 'integer' OR stored < 0
    OR typeof(size) <> 'integer' OR typeof(modseq) <> 'integer' OR typeof(flags) <> 'text'
    OR typeof(internal) <> 'real' OR typeof(saved) <> 'real' OR typeof(email) <> 'text'
    OR octets NOT BETWEEN stored AND 2 * stored + 2 OR size NOT BETWEEN stored AND 2 * stored
    OR modseq NOT BETWEEN 1 AND {_MODSEQS} OR folder NOT IN (SELECT id FROM folder)
UNION ALL
SELECT 1 FROM vanished WHERE typeof(modseq) <> 'integer' OR typeof(uid) <> 'integer'
UNION ALL
SELECT 1 FROM summary WHERE typeof(email) <> 'text' OR typeof(fields) <> 'blob' OR typeof(packed) <> 'blob'
UNION ALL
SELECT 1 FROM words WHERE typeof(email) <> 'text' OR typeof(packed) <> 'blob'
LIMIT 1
"""  # noqa: S608 - numbers of our own
_REMEMBERED = 20_000  # messages of one folder that are gone and still known by their MODSEQ
_AT_ONCE = 500  # values in one statement

T = TypeVar("T")


class FolderKey(NamedTuple):
    """Which folder: whose, and its name."""

    owner: str
    name: str = INBOX


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """What the index knows of a folder. `next` is the UID that comes next."""

    key: FolderKey
    validity: int
    next: int
    modseq: int
    special: str


class IndexRow(NamedTuple):
    """One message: `octets` as POP3 has it, `size` as IMAP has it, `stored` as it is in its file, whose base name is
    `file`. `flags` are joined by spaces, in order. Without `email` it was not measured yet.
    """

    uid: int
    file: str
    octets: int
    stored: int
    size: int = 0
    modseq: int = 1
    flags: str = ""
    internal: float = 0.0
    saved: float = 0.0
    email: str = ""


class New(NamedTuple):
    """A message that has no UID yet; the rest as in `IndexRow`."""

    folder: FolderKey
    file: str
    octets: int
    stored: int
    size: int
    flags: str = ""
    internal: float = 0.0
    saved: float = 0.0
    email: str = ""


class Index:
    """Opens the database; one that is damaged, now or later, is set aside and begun anew, which `tell` hears of.

    `now` is in seconds since 1970. Raises `sqlite3.Error` and `OSError` for trouble that may pass. `generation` counts
    how often it was begun anew: what was known of folders before is not true any more.
    """

    def __init__(self, path: Path, now: float, tell: Callable[[str], None] = lambda _: None) -> None:
        self._path = path
        self._now = int(now)
        self._tell = tell
        self._opened: Database | None = None
        self.generation = 0
        try:
            self._opened = self._open()
        except Damaged as error:
            self._begin_anew(error)

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    # ── folders ──

    def folder(self, key: FolderKey) -> FolderRecord:
        """One folder; it gets a validity if it has none (RFC 3501 §2.3.1.1): higher than all that were ever given."""
        return self._do(lambda database: self._folder(database, key))

    def folders(self, owner: str) -> list[FolderRecord]:
        """All folders of a person that the index knows."""
        query = "SELECT name, validity, next, modseq, special FROM folder WHERE owner = ?"
        return self._do(
            lambda database: [
                FolderRecord(FolderKey(owner, name), *more) for name, *more in database.execute(query, (owner,))
            ]
        )

    def designate(self, key: FolderKey, special: str) -> None:
        """Say what a folder is for."""
        self.folder(key)
        self._do(
            lambda database: database.execute(
                "UPDATE folder SET special = ? WHERE owner = ? AND name = ?", (special, *key)
            )
        )

    def drop(self, key: FolderKey) -> None:
        """A folder is gone, with all its messages. One of the same name has another validity."""
        self._do(lambda database: _drop(database, key))

    def rename(self, owner: str, names: Mapping[str, str]) -> None:
        """Folders have new names, all in one moment; their UIDs stay."""
        self._do(lambda database: _rename(database, owner, names))

    # ── messages ──

    def add(self, messages: Sequence[New]) -> list[int]:
        """Give each message the next UID of its folder; all in one durable transaction, or nothing.

        Those of one folder have the same MODSEQ, which is the folder's then.
        """
        uids = self._do(lambda database: self._add(database, messages))
        assert self._opened is not None
        self._opened.check_there()
        return uids

    def messages(self, key: FolderKey) -> list[IndexRow]:
        """What is known of a folder, in the order of UIDs."""
        return self._do(lambda database: _messages(database, key))

    def measured(self, key: FolderKey, rows: Iterable[IndexRow]) -> None:
        """What was found out of messages that the index did not know well: all but their UIDs and files."""
        known = [*rows]
        self._do(lambda database: _measured(database, key, known))

    def flag(self, key: FolderKey, flags: Iterable[tuple[int, str]]) -> int:
        """These messages have these flags now; gives the MODSEQ of all of them."""
        changes = [*flags]
        return self._do(lambda database: _flag(database, key, changes))

    def forget(self, key: FolderKey, uids: Iterable[int]) -> int:
        """These messages are gone; their UIDs never come back. Gives the MODSEQ of it."""
        gone = [*uids]
        return self._do(lambda database: _forget(database, key, gone))

    def vanished(self, key: FolderKey, modseq: int) -> list[int] | None:
        """What is gone since then, in the order of UIDs; None when that is not remembered so far back."""
        return self._do(lambda database: _vanished(database, key, modseq))

    def usage(self, owner: str) -> tuple[int, int]:
        """Messages of a person in all folders, and their octets on the disk."""
        query = "SELECT count(*), coalesce(sum(stored), 0) FROM message JOIN folder ON id = folder WHERE owner = ?"
        messages, octets = self._do(lambda database: database.execute(query, (owner,)).fetchone())
        return messages, octets

    # ── summaries ──

    def summaries(self, emails: Iterable[str]) -> dict[str, bytes]:
        """What messages are told by, by their `email`."""
        query = "SELECT email, packed FROM summary WHERE email IN ({})"
        return self._do(lambda database: _packed(database, query, [*emails]))

    def words(self, emails: Iterable[str]) -> dict[str, bytes]:
        """What is searched in messages, by their `email`."""
        query = "SELECT email, packed FROM words WHERE email IN ({})"
        return self._do(lambda database: _packed(database, query, [*emails]))

    def beginnings(self, emails: Iterable[str]) -> dict[str, bytes]:
        """How the summaries of messages begin: enough to see whether they were made in the way of today."""
        query = "SELECT email, substr(packed, 1, 8) FROM summary WHERE email IN ({})"
        return self._do(lambda database: _packed(database, query, [*emails]))

    def mentioning(self, key: FolderKey, octets: bytes, mark: bytes) -> list[int]:
        """The messages of a folder in whose fields these octets stand, and those whose fields are not known as `mark`
        says that they are made today; by UIDs, in their order.
        """
        query = (
            "SELECT uid FROM message LEFT JOIN summary USING (email) WHERE folder = ?"
            " AND coalesce(instr(fields, ?) OR substr(fields, 1, ?) <> ?, 1) ORDER BY uid"
        )
        return self._do(
            lambda database: [
                uid for (uid,) in database.execute(query, (_id(database, key), octets, len(mark), mark)).fetchall()
            ]
        )

    def summarise(self, made: Mapping[str, Made]) -> None:
        """Keep this of these messages, in the place of what was known. What was not looked for stays as it is; but
        words are not known then: they may have been made in the way of another day.
        """
        self._do(lambda database: _summarise(database, made))

    def unsummarised(self, key: FolderKey) -> list[int]:
        """The messages of a folder of which not all is known yet."""
        query = (
            "SELECT uid FROM message WHERE folder = ? AND NOT EXISTS"
            " (SELECT 1 FROM words WHERE words.email = message.email)"
        )
        return self._do(lambda database: [uid for (uid,) in database.execute(query, (_id(database, key),))])

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
        self.generation += 1
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        aside = set_aside(self._path)
        self._tell(f"the index could not be used ({error}); it is now {aside}, and a new one is made from the Maildirs")
        self._opened = self._open()
        return self._opened

    def _open(self) -> Database:
        is_damaged = has_damaged_journal(self._path)
        opened = Database(self._path, _SCHEMA, _VERSION, steps=_STEPS, impossible=_IMPOSSIBLE)
        if is_damaged:
            try:
                self._renew_validities(opened.connection)
            except BaseException:
                opened.close()
                raise
        return opened

    def _renew_validities(self, database: sqlite3.Connection) -> None:
        """UIDs were told that nobody remembers. They will be given again, to other messages, so all of them are void
        (RFC 3501 §2.3.1.1).
        """
        with transaction(database):
            for (folder,) in database.execute("SELECT id FROM folder").fetchall():
                database.execute("UPDATE folder SET validity = ? WHERE id = ?", (self._new_validity(), folder))
        self._tell("the index's journal was damaged; what it knew last is found in the Maildirs, and UIDs begin anew")

    def _folder(self, database: sqlite3.Connection, key: FolderKey) -> FolderRecord:
        query = "SELECT validity, next, modseq, special FROM folder WHERE owner = ? AND name = ?"
        row = database.execute(query, key).fetchone()
        if row is not None:
            return FolderRecord(key, *row)
        database.execute(
            "INSERT INTO folder (owner, name, validity, next, modseq, forgotten, special)"
            " VALUES (?, ?, ?, 1, 1, 1, '')",
            (*key, self._new_validity()),
        )
        return self._folder(database, key)

    def _add(self, database: sqlite3.Connection, messages: Sequence[New]) -> list[int]:
        counts: dict[FolderKey, int] = {}
        for message in messages:
            counts[message.folder] = counts.get(message.folder, 0) + 1
        for key in counts:
            self._folder(database, key)
        uids: list[int] = []
        taken = (
            "UPDATE folder SET next = next + ?, modseq = modseq + 1 WHERE owner = ? AND name = ?"
            " RETURNING id, next - ?, modseq"
        )
        with transaction(database):
            begun = {key: database.execute(taken, (count, *key, count)).fetchone() for key, count in counts.items()}
            rows = []
            for key, file, octets, stored, size, flags, internal, saved, email in messages:
                folder, uid, modseq = begun[key]
                begun[key] = (folder, uid + 1, modseq)
                uids.append(uid)
                rows.append(
                    (folder, uid, os.fsencode(file), octets, stored, size, modseq, flags, internal, saved, email)
                )
            database.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
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


def _id(database: sqlite3.Connection, key: FolderKey) -> int:
    """The folder's number in this database; 0 in one that was begun anew."""
    row = database.execute("SELECT id FROM folder WHERE owner = ? AND name = ?", key).fetchone()
    return int(row[0]) if row is not None else 0


def _messages(database: sqlite3.Connection, key: FolderKey) -> list[IndexRow]:
    rows = []
    for uid, file, octets, stored, *more in database.execute(
        "SELECT uid, file, octets, stored, size, modseq, flags, internal, saved, email FROM message WHERE folder = ?"
        " ORDER BY uid",
        (_id(database, key),),
    ):
        if (type(uid), type(file), type(octets), type(stored)) != (int, bytes, int, int):
            raise Damaged("a row that cannot be read")
        rows.append(IndexRow(uid, os.fsdecode(file), octets, stored, *more))
    return rows


def _many(database: sqlite3.Connection, query: str, values: Sequence[tuple[object, ...]]) -> None:
    with transaction(database):
        database.executemany(query, values)


def _measured(database: sqlite3.Connection, key: FolderKey, rows: Sequence[IndexRow]) -> None:
    folder = _id(database, key)
    query = (
        "UPDATE message SET octets = ?, stored = ?, size = ?, internal = ?, saved = ?, email = ?"
        " WHERE folder = ? AND uid = ?"
    )
    _many(database, query, [(*row[2:5], *row[7:], folder, row.uid) for row in rows])


def _next_modseq(database: sqlite3.Connection, key: FolderKey) -> tuple[int, int]:
    """The folder's number, and its next MODSEQ."""
    row = database.execute(
        "UPDATE folder SET modseq = modseq + 1 WHERE owner = ? AND name = ? RETURNING id, modseq", key
    ).fetchone()
    return (int(row[0]), int(row[1])) if row is not None else (0, 1)  # in an index that was begun anew


def _flag(database: sqlite3.Connection, key: FolderKey, changes: Sequence[tuple[int, str]]) -> int:
    with transaction(database):
        folder, modseq = _next_modseq(database, key)
        database.executemany(
            "UPDATE message SET flags = ?, modseq = ? WHERE folder = ? AND uid = ?",
            [(flags, modseq, folder, uid) for uid, flags in changes],
        )
    return modseq


def _forget(database: sqlite3.Connection, key: FolderKey, gone: Sequence[int]) -> int:
    with transaction(database):
        folder, modseq = _next_modseq(database, key)
        emails: set[tuple[str]] = set()
        for uid in gone:
            emails.update(
                database.execute("DELETE FROM message WHERE folder = ? AND uid = ? RETURNING email", (folder, uid))
            )
        database.executemany("INSERT INTO vanished VALUES (?, ?, ?)", [(folder, modseq, uid) for uid in gone])
        _sweep(database, emails)
        (count,) = database.execute("SELECT count(*) FROM vanished WHERE folder = ?", (folder,)).fetchone()
        if count > _REMEMBERED:
            database.execute(
                "UPDATE folder SET forgotten = (SELECT modseq FROM vanished WHERE folder = id ORDER BY modseq DESC"
                " LIMIT 1 OFFSET ?) WHERE id = ?",
                (_REMEMBERED // 2, folder),
            )
            database.execute(
                "DELETE FROM vanished WHERE folder = ?1 AND modseq <= (SELECT forgotten FROM folder WHERE id = ?1)",
                (folder,),
            )
    return modseq


def _sweep(database: sqlite3.Connection, emails: Collection[tuple[str]]) -> None:
    """What was worked out of messages of which no copy is left."""
    for table in ("summary", "words"):
        query = f"DELETE FROM {table} WHERE email = ?1 AND NOT EXISTS (SELECT 1 FROM message WHERE email = ?1)"  # noqa: S608
        database.executemany(query, emails)


def _drop(database: sqlite3.Connection, key: FolderKey) -> None:
    with transaction(database):
        folder = (_id(database, key),)
        emails = database.execute("DELETE FROM message WHERE folder = ? RETURNING email", folder).fetchall()
        database.execute("DELETE FROM vanished WHERE folder = ?", folder)
        database.execute("DELETE FROM folder WHERE id = ?", folder)
        _sweep(database, {*emails})


def _rename(database: sqlite3.Connection, owner: str, names: Mapping[str, str]) -> None:
    with transaction(database):
        for old, new in names.items():
            database.execute("UPDATE folder SET name = ? WHERE owner = ? AND name = ?", (new, owner, old))


def _vanished(database: sqlite3.Connection, key: FolderKey, modseq: int) -> list[int] | None:
    row = database.execute("SELECT id, forgotten FROM folder WHERE owner = ? AND name = ?", key).fetchone()
    if row is None or modseq < row[1]:
        return None
    query = "SELECT uid FROM vanished WHERE folder = ? AND modseq > ? ORDER BY uid"
    return [uid for (uid,) in database.execute(query, (row[0], modseq))]


def _packed(database: sqlite3.Connection, query: str, emails: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for start in range(0, len(emails), _AT_ONCE):
        some = emails[start : start + _AT_ONCE]
        found.update(database.execute(query.format(",".join("?" * len(some))), some).fetchall())
    return found


def _summarise(database: sqlite3.Connection, made: Mapping[str, Made]) -> None:
    """What a crash takes of it is worked out again: the disk is not waited for."""
    summaries = [(email, one.fields, one.summary) for email, one in made.items() if one.summary is not None]
    words = [(email, one.words) for email, one in made.items() if one.words is not None]
    wordless = [(email,) for email, one in made.items() if one.words is None]
    (synchronous,) = database.execute("PRAGMA synchronous").fetchone()
    database.execute(f"PRAGMA synchronous = {min(1, synchronous)}")
    try:
        with transaction(database):
            database.executemany(
                "INSERT INTO summary (email, fields, packed) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET fields = excluded.fields, packed = excluded.packed",
                summaries,
            )
            database.executemany(
                "INSERT INTO words (email, packed) VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed",
                words,
            )
            database.executemany("DELETE FROM words WHERE email = ?", wordless)
    finally:
        database.execute(f"PRAGMA synchronous = {synchronous}")
