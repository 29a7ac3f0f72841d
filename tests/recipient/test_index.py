"""The index: UIDs that never come back, sizes, and a beginning anew that nobody mistakes for the old."""

import sqlite3
import stat

import pytest

from maillab.recipient.index import Index, New, Row

BOB = "bob@recipient.test"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index.db"


def letters(*files, mailbox=BOB):
    return [New(mailbox, file, 10, 11) for file in files]


def test_uids_count_from_one(path):
    """Each mailbox counts for itself, in the order in which letters are added."""
    index = Index(path, 100.0)

    assert index.add([*letters("a", "b"), *letters("a", mailbox="carol"), *letters("c")]) == [1, 2, 1, 3]
    assert index.letters(BOB) == [Row(1, "a", 10, 11), Row(2, "b", 10, 11), Row(3, "c", 10, 11)]
    index.close()


def test_uids_are_never_given_twice(path):
    """A UID whose letter is gone, even the highest, is not given again, also not after a restart."""  # T186, T209
    index = Index(path, 100.0)
    index.add(letters("a", "b"))
    index.forget(BOB, [1, 2])
    index.close()
    index = Index(path, 200.0)

    assert index.add(letters("a")) == [3]
    assert index.validity(BOB) == 100
    index.close()


def test_all_or_nothing(path):
    """A transaction that fails in the middle leaves nothing, and takes no UIDs."""
    index = Index(path, 100.0)
    index.add(letters("a"))
    with pytest.raises(sqlite3.IntegrityError):
        index.add(letters("b", "a"))

    assert [row.file for row in index.letters(BOB)] == ["a"]
    assert index.add(letters("c")) == [2]
    index.close()


def test_it_is_durable(path):
    """Every commit is synced, and only the owner may read."""  # T028
    index = Index(path, 100.0)
    database = index._database

    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    index.close()


@pytest.mark.parametrize("rubbish", [b"this is no database at all, not even a small one", None])
def test_beginning_anew(path, rubbish):
    """An index that is lost or unreadable begins anew under a higher validity, even if the clock stands still."""
    index = Index(path, 100.0)
    index.add(letters("a"))
    assert index.validity(BOB) == 100
    index.close()
    for file in path.parent.glob("index.db*"):
        if "validity" not in file.name:
            file.unlink()
    if rubbish:
        path.write_bytes(rubbish)
    index = Index(path, 100.0)

    assert index.letters(BOB) == []
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

    assert index.add(letters("a")) == [1]
    assert path.with_name("index.db.bad").exists()
    index.close()


def test_trouble_that_may_pass(path):
    """A folder that cannot be used is an error, no reason to throw the index away."""
    path.mkdir()
    with pytest.raises((sqlite3.OperationalError, OSError)):
        Index(path, 100.0)

    assert path.is_dir()
    path.chmod(0o700)


def test_names_are_octets(path):
    """A file name that is no text is kept as it is."""
    index = Index(path, 100.0)
    index.add(letters("caf\udce9"))

    assert index.letters(BOB)[0].file == "caf\udce9"
    index.close()
