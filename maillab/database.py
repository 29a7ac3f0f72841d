"""SQLite files that hold promises: opened so that a commit is on the disk, and checked before anybody relies on them.

Blocking. Files: 0600, with a write-ahead log beside them. What cannot be used is moved by `set_aside`,
and never thrown away.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from maillab import durable
from maillab.journal import has_lost_transactions

_JOURNALS = ("-wal", "-shm")
_MAY_PASS = {  # about the disk, the memory or another process, not about what is in the file
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
}

TROUBLE = (sqlite3.Error, UnicodeDecodeError)  # the last: Python could not read SQLite's own words about a wrong octet


class Damaged(sqlite3.DatabaseError):
    """The file is no database of ours, or no longer; the text says why."""


def is_damage(error: Exception) -> bool:
    """Does this error mean that the file itself is wrong, so that trying again will not help?

    >>> is_damage(Damaged("no file")), is_damage(sqlite3.IntegrityError("UNIQUE constraint failed"))
    (True, False)
    """
    if isinstance(error, UnicodeDecodeError):
        return True
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # it has none where Python could not read a value
    return isinstance(error, sqlite3.Error) and code & 0xFF not in _MAY_PASS


class Database:
    """The file `path` with the tables of `schema`, whose number is `version`; made anew where there is none.

    `steps` leads from each older version to the next. `impossible` is a query that finds something only in a database
    that was tampered with. With `whole_journal` it is damage, too, when the journal that a killed process left has
    lost transactions, which SQLite does not tell. One connection, which commits by itself, for one thread at a time.
    Raises `Damaged`; `OSError` for trouble that may pass.
    """

    def __init__(
        self,
        path: Path,
        schema: str,
        version: int,
        *,
        steps: Mapping[int, str] = {},
        impossible: str = "SELECT 1 WHERE 0",
        whole_journal: bool = False,
    ) -> None:
        self._files = (path, path.with_name(f"{path.name}-wal")) if durable.waits_for_disk() else (path,)
        if whole_journal and has_damaged_journal(path):
            raise Damaged("its journal is damaged, and not all that was written last can be found")
        with _trouble_of(path):
            self.connection = _connected(path)
            try:
                _furnish(self.connection, schema, version, steps)
                _check(self.connection, schema, path)
                if self.connection.execute(impossible).fetchone():
                    raise Damaged("values that cannot be")
            except BaseException:
                self.connection.close()
                raise
        durable.sync_folder(path.parent)
        self._identities = self._identify()

    def close(self) -> None:
        """Let go of the file; its journal is folded in."""
        self.connection.close()

    def check_there(self) -> None:
        """Raises `FileNotFoundError` when what was committed last went to a file that has no name any more."""
        with suppress(FileNotFoundError):
            if self._identify() == self._identities:
                return
        raise FileNotFoundError(f"{self._files[0]} was removed while it was in use")

    def _identify(self) -> list[tuple[int, int]]:
        stats = [file.stat() for file in self._files]
        return [(stat.st_dev, stat.st_ino) for stat in stats]


def has_damaged_journal(path: Path) -> bool:
    """Has the journal that a killed process left lost transactions? To be asked before SQLite opens the database: it
    folds in what it finds, and forgets the rest. Raises `OSError`.
    """
    journal = path.with_name(f"{path.name}-wal")
    return path.is_file() and journal.is_file() and has_lost_transactions(journal.read_bytes())


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it is written durably when the block ends, or nothing when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def set_aside(path: Path) -> Path:
    """Move a database and its journals where a person may look at them, over nothing; gives the place."""
    aside = durable.free_name(path)
    for suffix in (*_JOURNALS, ""):  # the journals first: beside a new database they would be taken for its own
        part = path.with_name(path.name + suffix)
        if os.path.lexists(part):
            part.rename(aside.with_name(aside.name + suffix))
    durable.sync_folder(path.parent)
    return aside


def renewed(path: Path, schema: str, version: int, *, steps: Mapping[int, str] = {}) -> tuple[Database, Path]:
    """A database in the place of a damaged one, with all of it that can still be read; and where that one is now.

    Killed at any moment, it has not begun or is complete at the next opening. Raises `OSError`.
    """
    fresh = _unfinished(path)
    for suffix in ("", *_JOURNALS):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    new = Database(fresh, schema, version, steps=steps)
    try:
        with _trouble_of(fresh):
            _salvage(path, new.connection)
    finally:
        new.close()
    aside = set_aside(path)
    return Database(path, schema, version, steps=steps), aside


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


@contextmanager
def _trouble_of(path: Path) -> Iterator[None]:
    """SQLite's errors in the two kinds that there are: `Damaged`, or an `OSError`, which may pass."""
    try:
        yield
    except Damaged:
        raise
    except TROUBLE as error:
        if is_damage(error):
            raise Damaged(str(error)) from error
        raise OSError(f"cannot use {path}: {error}; the disk may be full, or the file busy") from error


def _salvage(damaged: Path, into: sqlite3.Connection) -> None:
    """Copy the rows that can still be read; numbers that were given stay given."""
    try:
        old = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return  # nothing of it can be read
    old.text_factory = into.text_factory
    try:
        with transaction(into):
            for kind, table, _ in _tables(into):
                if kind == "table" and table != "sqlite_sequence":
                    _copy(old, into, str(table))
            for table, last in _readable(old, "SELECT name, seq FROM sqlite_sequence", ["name"]):
                if isinstance(last, int):
                    _count_on(into, table, last)
    finally:
        old.close()


def _count_on(into: sqlite3.Connection, table: str, last: int) -> None:
    """AUTOINCREMENT goes on after `last`, or after what it has given since."""
    known = "SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)"
    into.execute(f"INSERT INTO sqlite_sequence {known}", (table, table))
    into.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, table))


def _copy(old: sqlite3.Connection, into: sqlite3.Connection, table: str) -> None:
    """The columns that both have."""
    about = f'PRAGMA table_info("{table}")'  # gives number, name, type, not null, default, place in the key
    info = into.execute(about).fetchall()
    keys = [row[1] for row in sorted(info, key=lambda row: int(row[5])) if row[5]]
    readable = {row[1] for row in _readable(old, about, [])}
    columns = [row[1] for row in info if row[1] in readable]
    if not columns:
        return
    names = ",".join(columns)
    for row in _readable(old, f"SELECT {names} FROM {table}", keys):  # noqa: S608 - names from our schema
        marks = ",".join("CAST(? AS TEXT)" if isinstance(value, str) else "?" for value in row)
        octets = [value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value for value in row]
        into.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", octets)  # noqa: S608 - as above


def _readable(old: sqlite3.Connection, query: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows before the first one that cannot be read, and those after the last."""
    rows: dict[tuple[Any, ...], None] = {}
    for direction in ("", " DESC") if keys else ("",):
        order = " ORDER BY " + ", ".join(f"{key}{direction}" for key in keys) if keys else ""
        with suppress(*TROUBLE):
            for row in old.execute(query + order):
                rows[row] = None
    return list(rows)


def _connected(path: Path) -> sqlite3.Connection:
    for suffix in ("", *_JOURNALS):
        part = path.with_name(path.name + suffix)
        if os.path.lexists(part) and not part.is_file():
            raise Damaged(f"{part.name} is no file")
    if not path.exists() and _unfinished(path).exists():  # `renewed` was killed between its last two steps
        _unfinished(path).rename(path)
    if not path.exists():
        os.close(durable.create_new(path))
    path.chmod(0o600)  # SQLite gives its journals the same mode
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.text_factory = _text
    return connection


def _text(octets: bytes) -> str:
    """What is no UTF-8 is told from text by whoever reads the row, and harms no other row."""
    return octets.decode("utf-8", "surrogateescape")


def _furnish(connection: sqlite3.Connection, schema: str, version: int, steps: Mapping[int, str]) -> None:
    if durable.waits_for_disk():
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # NORMAL may say "committed" before the disk has it (T028)
    else:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found == 0 and not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        connection.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {version}; COMMIT;")
        return
    while found < version and found in steps:
        connection.executescript(f"BEGIN IMMEDIATE; {steps[found]}; PRAGMA user_version = {found + 1}; COMMIT;")
        found += 1
    if found != version:
        raise Damaged(f"version {found} of its tables, expected {version}")


def _check(connection: sqlite3.Connection, schema: str, path: Path) -> None:
    """Is it whole, are the tables those that we know, and can it be written to?"""
    [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise Damaged(verdict.splitlines()[-1])
    model = sqlite3.connect(":memory:")
    try:
        model.executescript(schema)
        if _tables(connection) != _tables(model):
            raise Damaged("other tables than expected")
    finally:
        model.close()
    try:
        for kind, table, _ in _tables(connection):
            if kind == "table":
                connection.execute(f'DELETE FROM "{table}" WHERE 0')  # noqa: S608 - a name from our schema
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK):
            raise Damaged("its header forbids to write to it") from error
        raise


def _tables(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Of each table: its name and columns, as text that is the same however the schema was typed."""
    names = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite_stat%'"
        " ORDER BY type, name"
    ).fetchall()
    return [(kind, name, " ".join(sql.split())) for kind, name, sql in names]
