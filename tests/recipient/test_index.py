"""The index: UIDs that never come back, sizes, and a beginning anew that nobody mistakes for the old."""

import sqlite3
import stat

import pytest

from maillab.recipient.index import Index, IndexRow, New

BOB = "bob@recipient.test"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index.db"


def messages(*files, mailbox=BOB):
    return [New(mailbox, file, 11, 10) for file in files]


def test_uids_count_from_one(path):
    """Each mailbox counts for itself, in the order in which messages are added."""
    index = Index(path, 100.0)

    assert index.add([*messages("a", "b"), *messages("a", mailbox="carol"), *messages("c")]) == [1, 2, 1, 3]
    assert index.messages(BOB) == [IndexRow(1, "a", 11, 10), IndexRow(2, "b", 11, 10), IndexRow(3, "c", 11, 10)]
    index.close()


def test_uids_are_never_given_twice(path):
    """A UID whose message is gone, even the highest, is not given again, also not after a restart."""  # T186, T209
    index = Index(path, 100.0)
    index.add(messages("a", "b"))
    index.forget(BOB, ["a", "b"])
    index.close()
    index = Index(path, 200.0)

    assert index.add(messages("a")) == [3]
    assert index.validity(BOB) == 100
    index.close()


def test_all_or_nothing(path):
    """A transaction that fails in the middle leaves nothing, and takes no UIDs."""
    index = Index(path, 100.0)
    index.add(messages("a"))
    with pytest.raises(sqlite3.IntegrityError):
        index.add(messages("b", "a"))

    assert [row.file for row in index.messages(BOB)] == ["a"]
    assert index.add(messages("c")) == [2]
    index.close()


def test_it_is_durable(path):
    """Every commit is synced, and only the owner may read."""  # T028
    index = Index(path, 100.0)
    database = index._opened.connection

    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    index.close()


@pytest.mark.parametrize("rubbish", [b"this is no database at all, not even a small one", None])
def test_beginning_anew(path, rubbish):
    """An index that is lost or unreadable begins anew under a higher validity, even if the clock stands still."""
    index = Index(path, 100.0)
    index.add(messages("a"))
    assert index.validity(BOB) == 100
    index.close()
    for file in path.parent.glob("index.db*"):
        if "validity" not in file.name:
            file.unlink()
    if rubbish:
        path.write_bytes(rubbish)
    index = Index(path, 100.0)

    assert index.messages(BOB) == []
    assert index.validity(BOB) == 101
    assert index.validity("carol") == 102
    assert path.with_name("index.db.bad").exists() is bool(rubbish)
    index.close()


def test_a_foreign_version_is_set_aside(path):
    """An index of a later version is not touched by an earlier one."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    index = Index(path, 100.0)

    assert index.add(messages("a")) == [1]
    assert path.with_name("index.db.bad").exists()
    index.close()


def test_trouble_that_may_pass(path, monkeypatch):
    """A disk that cannot be read now is an error, no reason to throw the index away."""
    index = Index(path, 100.0)
    index.add(messages("a"))
    index.close()

    def refuse(*_, **__):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", refuse)
        with pytest.raises(OSError, match="disk I/O error"):
            Index(path, 100.0)
    index = Index(path, 100.0)

    assert [row.file for row in index.messages(BOB)] == ["a"]
    assert not path.with_name("index.db.bad").exists()
    index.close()


def test_a_folder_instead_of_a_file(path):
    """Folders where the index, its journal or its highest validity belong are set aside, and said."""
    for name in ("index.db", "index.db-wal", "index.db.validity"):
        path.with_name(name).mkdir()
    said = []
    index = Index(path, 100.0, said.append)

    assert index.add(messages("a")) == [1]
    assert index.validity(BOB) == 100
    assert len(said) == 1
    assert "is no file" in said[0]
    assert {place.name for place in path.parent.iterdir() if place.is_dir()} == {
        "index.db.bad", "index.db.bad-wal", "index.db.validity.bad"
    }  # fmt: skip
    index.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE mailbox SET next = 1",
        "UPDATE mailbox SET next = 'x'",
        "UPDATE mailbox SET validity = -5",
        "UPDATE letter SET octets = 'x' WHERE uid = 1",
        "UPDATE letter SET stored = -1",
        "UPDATE letter SET octets = 9999",
        "UPDATE letter SET file = 'text' WHERE uid = 1",
        "INSERT INTO letter VALUES ('nobody', 1, x'61', 11, 10)",
        "DROP TABLE letter",
        "ALTER TABLE letter RENAME COLUMN octets TO size",
        "CREATE TRIGGER theirs AFTER INSERT ON letter BEGIN DELETE FROM letter; END",
    ],
)
def test_values_that_cannot_be(path, change):
    """An index with a foreign schema, foreign rows or impossible numbers is set aside: what it says would be believed."""
    index = Index(path, 100.0)
    index.add(messages("a", "b"))
    index.close()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(change)
    database.close()
    said = []
    index = Index(path, 100.0, said.append)

    assert (index.messages(BOB), len(said)) == ([], 1)
    assert index.add(messages("a")) == [1]
    index.close()


def test_damaged_while_it_is_open(path):
    """An index that is spoilt behind our back is begun anew in the middle of the work, which then succeeds."""
    said = []
    index = Index(path, 100.0, said.append)
    index.add(messages("a", "b"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("DROP TABLE letter")
    other.close()

    assert index.add(messages("c")) == [1]
    assert [row.file for row in index.messages(BOB)] == ["c"]
    assert len(said) == 1
    index.close()


def test_removed_while_it_is_open(path):
    """Nothing is promised by a file that has no name any more."""
    index = Index(path, 100.0)
    index.add(messages("a"))
    path.unlink()
    with pytest.raises(FileNotFoundError, match="removed while it was in use"):
        index.add(messages("b"))
    index.close()


def test_names_are_octets(path):
    """A file name that is no text is kept as it is."""
    index = Index(path, 100.0)
    index.add(messages("caf\udce9"))

    assert index.messages(BOB)[0].file == "caf\udce9"
    index.close()
