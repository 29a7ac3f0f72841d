"""The kind: a database file that is damaged, foreign, or gone."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from maillab import durable
from maillab.database import Damaged, Database, is_damage, renewed, set_aside, transaction
from tests.disk import full_after

SCHEMA = "CREATE TABLE word (text TEXT PRIMARY KEY) WITHOUT ROWID;"


def opened(path: Path) -> Database:
    return Database(path, SCHEMA, 3, impossible="SELECT 1 FROM word WHERE text = 'impossible'")


def words(database: Database) -> list[str]:
    return [text for (text,) in database.connection.execute("SELECT text FROM word")]


@pytest.fixture(autouse=True)
def no_other_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labs of other tests may still live in this process; here none does."""
    monkeypatch.setattr(durable, "_labs", {True: 0, False: 0})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.db"
    database = opened(path)
    database.connection.execute("INSERT INTO word VALUES ('hi')")
    database.close()
    return path


def test_it_keeps_what_was_committed(path: Path) -> None:
    """Every commit waits for the disk, and only the owner may read, whatever the umask."""  # T028, T029
    path.chmod(0o666)
    database = opened(path)

    assert words(database) == ["hi"]
    assert database.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert {stat.S_IMODE(place.stat().st_mode) for place in path.parent.iterdir()} == {0o600}
    database.close()


def test_a_lab_of_a_test_does_not_wait(path: Path) -> None:
    """A commit is on the disk when it is told, but for labs that need not keep their promises."""
    for keep, synchronous, journal in ((True, 2, "wal"), (False, 0, "memory")):
        with durable.promising(keep):
            database = opened(path)
            assert database.connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
            assert database.connection.execute("PRAGMA journal_mode").fetchone() == (journal,)
            database.check_there()
            database.close()


def test_all_or_nothing(path: Path) -> None:
    """What fails in the middle of a transaction leaves nothing of it."""
    database = opened(path)

    def work() -> None:
        with transaction(database.connection):
            database.connection.execute("INSERT INTO word VALUES ('new')")
            database.connection.execute("INSERT INTO word VALUES ('hi')")

    with pytest.raises(sqlite3.IntegrityError):
        work()
    assert words(database) == ["hi"]
    database.close()


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 99",
        "DROP TABLE word",
        "ALTER TABLE word ADD COLUMN more",
        "CREATE VIEW theirs AS SELECT 1",
        "UPDATE word SET text = 'impossible'",
    ],
)
def test_foreign_tables(path: Path, change: str) -> None:
    """Another version, other tables and impossible values are damage: what is written there would not be found again."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(change)
    other.close()
    with pytest.raises(Damaged):
        opened(path)


@pytest.mark.parametrize("place", [17, 18, 19, 21, 27, 35, 47, 55, 59, 63, 100])
def test_one_wrong_octet_of_the_header(path: Path, place: int) -> None:
    """With a wrong octet in its header a database is found damaged at once, or keeps what it had and takes more."""
    octets = bytearray(path.read_bytes())
    octets[place] ^= 0x57
    path.write_bytes(octets)
    try:
        database = opened(path)
    except Damaged:
        return
    database.connection.execute("INSERT INTO word VALUES ('new')")
    database.close()
    database = opened(path)
    assert words(database) == ["hi", "new"]
    database.close()


def test_trouble_that_may_pass(path: Path) -> None:
    """A database that somebody else holds is busy, and not damaged."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    error = None
    third = sqlite3.connect(path, timeout=0)
    try:
        third.execute("SELECT * FROM word")
    except sqlite3.Error as caught:
        error = caught
    third.close()
    other.close()

    assert error is not None
    assert not is_damage(error)


def test_set_aside(path: Path) -> None:
    """A database goes with its journals, over nothing that is there, and a new one takes its place."""
    database = opened(path)
    path.with_name("x.db.bad").write_text("of another day")
    aside = set_aside(path)

    assert aside.name == "x.db.bad-2"
    assert aside.with_name("x.db.bad-2-wal").exists()
    assert path.with_name("x.db.bad").read_text() == "of another day"
    database.close()
    database = opened(path)
    assert words(database) == []
    database.close()


@pytest.mark.parametrize("name", ["x.db", "x.db-wal"])
def test_removed_while_open(path: Path, name: str) -> None:
    """A file, or a journal, that lost its name while it was in use is noticed: what it took would be gone."""
    database = opened(path)
    database.check_there()
    path.with_name(name).unlink()
    with pytest.raises(FileNotFoundError, match="while it was in use"):
        database.check_there()
    os.close(os.open(path.with_name(name), os.O_CREAT, 0o600))  # nor is another file of that name the same one
    with pytest.raises(FileNotFoundError, match="while it was in use"):
        database.check_there()
    database.close()


def test_what_can_be_read_is_kept(path: Path) -> None:
    """In the place of a damaged database comes one with the rows that can be read; the damaged one stays beside it."""
    octets = path.read_bytes()
    path.write_bytes(octets[:24] + b"\xff" * 4 + octets[28:36] + b"\xff" * 4 + octets[40:])  # its list of free pages
    with pytest.raises(Damaged):
        opened(path)
    database, aside = renewed(path, SCHEMA, 3)

    assert words(database) == ["hi"]
    assert aside.name == "x.db.bad"
    assert {place.name for place in path.parent.iterdir()} <= {
        "x.db", "x.db-wal", "x.db-shm", "x.db.bad", "x.db.bad-wal", "x.db.bad-shm"
    }  # fmt: skip
    database.close()


def test_killed_before_it_had_its_name(path: Path) -> None:
    """A database that was complete and had not taken its place yet takes it at the next opening."""
    path.rename(path.with_name("x.db.new"))
    database = opened(path)

    assert words(database) == ["hi"]
    database.close()


def test_a_disk_that_is_full_while_rows_are_kept(path: Path) -> None:
    """Where the rows cannot be copied the damaged database stays where it is, and another start tries again."""
    path.write_bytes(path.read_bytes()[:96] + b"\xff" * 4 + path.read_bytes()[100:])
    damaged = path.read_bytes()
    with full_after(0) as refused, pytest.raises(OSError, match="No space"):
        renewed(path, SCHEMA, 3)

    assert refused
    assert path.read_bytes() == damaged
