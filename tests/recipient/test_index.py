"""The index: UIDs that never come back, sizes, and a beginning anew that nobody mistakes for the old."""

import shutil
import sqlite3
import stat

import pytest

from maillab.recipient import index as index_module
from maillab.recipient.index import FolderKey, Index, IndexRow, New
from maillab.recipient.summaries import Made

BOB = FolderKey("bob@recipient.test")
CAROL = FolderKey("carol")
SENT = FolderKey("bob@recipient.test", "Sent")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index.db"


def messages(*files, mailbox=BOB):
    return [
        New(mailbox, file, 11, 10, 10, "", 5.0, 6.0, f"M{file.encode('ascii', 'replace').decode()}") for file in files
    ]


def row(uid, file, modseq=2, flags=""):
    return IndexRow(uid, file, 11, 10, 10, modseq, flags, 5.0, 6.0, f"M{file}")


def test_uids_count_from_one(path):
    """Each mailbox counts for itself, in the order in which messages are added."""
    index = Index(path, 100.0)

    assert index.add([*messages("a", "b"), *messages("a", mailbox=CAROL), *messages("c")]) == [1, 2, 1, 3]
    assert index.messages(BOB) == [row(1, "a"), row(2, "b"), row(3, "c")]
    index.close()


def test_uids_are_never_given_twice(path):
    """A UID whose message is gone, even the highest, is not given again, also not after a restart."""  # T186, T209
    index = Index(path, 100.0)
    index.add(messages("a", "b"))
    index.forget(BOB, [1, 2])
    index.close()
    index = Index(path, 200.0)

    assert index.add(messages("a")) == [3]
    assert index.folder(BOB).validity == 100
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
    index.summarise({"M": Made(b"", b"", b"")})  # which may be lost, and does not wait

    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    index.close()


@pytest.mark.parametrize("rubbish", [b"this is no database at all, not even a small one", None])
def test_beginning_anew(path, rubbish):
    """An index that is lost or unreadable begins anew under a higher validity, even if the clock stands still."""
    index = Index(path, 100.0)
    index.add(messages("a"))
    assert index.folder(BOB).validity == 100
    index.close()
    for file in path.parent.glob("index.db*"):
        if "validity" not in file.name:
            file.unlink()
    if rubbish:
        path.write_bytes(rubbish)
    index = Index(path, 100.0)

    assert index.messages(BOB) == []
    assert index.folder(BOB).validity == 101
    assert index.folder(CAROL).validity == 102
    assert path.with_name("index.db.bad").exists() is bool(rubbish)
    index.close()


def test_a_damaged_journal(path, tmp_path):
    """What stood behind the damage is lost, and SQLite does not tell: so no UID means anything any more, and it is said."""
    index, journal = Index(path, 100.0), tmp_path / "index.db-wal"
    index.add(messages("a"))
    end = journal.stat().st_size
    index.add(messages("b"))
    index.add([*messages("c"), *messages("a", mailbox=CAROL)])
    shutil.copytree(tmp_path, tmp_path / "killed")
    index.close()
    octets = bytearray((tmp_path / "killed" / "index.db-wal").read_bytes())
    octets[end + 999] ^= 8
    (tmp_path / "killed" / "index.db-wal").write_bytes(octets)
    said = []
    index = Index(tmp_path / "killed" / "index.db", 100.0, said.append)

    assert [row.file for row in index.messages(BOB)] == ["a"]
    assert index.folder(BOB).validity > 101  # Carol's was 101
    assert len(said) == 1
    assert index.add(messages("b")) == [2]
    index.close()
    index = Index(tmp_path / "killed" / "index.db", 100.0, said.append)
    assert len(said) == 1
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
    assert index.folder(BOB).validity == 100
    assert len(said) == 1
    assert "is no file" in said[0]
    assert {place.name for place in path.parent.iterdir() if place.is_dir()} == {
        "index.db.bad", "index.db.bad-wal", "index.db.validity.bad"
    }  # fmt: skip
    index.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE folder SET next = 1",
        "UPDATE folder SET next = 'x'",
        "UPDATE folder SET validity = -5",
        "UPDATE folder SET modseq = 0",
        "UPDATE folder SET forgotten = 99",
        "UPDATE folder SET name = x'00'",
        "UPDATE message SET octets = 'x' WHERE uid = 1",
        "UPDATE message SET stored = -1",
        "UPDATE message SET octets = 9999",
        "UPDATE message SET size = 9999",
        "UPDATE message SET modseq = -1",
        "UPDATE message SET flags = x'61'",
        "UPDATE message SET internal = 'x'",
        "UPDATE message SET file = 'text' WHERE uid = 1",
        "INSERT INTO message SELECT 99, uid, file, octets, stored, size, modseq, flags, internal, saved, email FROM message",
        "INSERT INTO vanished VALUES (1, 'x', 1)",
        "INSERT INTO summary (email, fields, packed) VALUES ('M', x'61', 'text')",
        "INSERT INTO summary (email, fields, packed) VALUES ('M', 'text', x'61')",
        "INSERT INTO words (email, packed) VALUES (x'61', x'61')",
        "DROP TABLE message",
        "ALTER TABLE message RENAME COLUMN octets TO length",
        "CREATE TRIGGER theirs AFTER INSERT ON message BEGIN DELETE FROM message; END",
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
    other.execute("DROP TABLE message")
    other.close()

    assert index.generation == 0
    assert index.add(messages("c")) == [1]
    assert [row.file for row in index.messages(BOB)] == ["c"]
    assert (len(said), index.generation) == (1, 1)
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


FIRST_VERSION = """
CREATE TABLE mailbox (name TEXT PRIMARY KEY, validity INTEGER NOT NULL, next INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letter (
    mailbox TEXT NOT NULL, uid INTEGER NOT NULL, file BLOB NOT NULL, octets INTEGER NOT NULL, stored INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid), UNIQUE (mailbox, file)) WITHOUT ROWID;
INSERT INTO mailbox VALUES ('bob@recipient.test', 77, 9), ('carol', 78, 1);
INSERT INTO letter VALUES ('bob@recipient.test', 3, x'61', 11, 10), ('bob@recipient.test', 8, x'62', 12, 12);
PRAGMA user_version = 1;
"""


def test_an_index_of_the_first_version(path):
    """It is taken over: validity and UIDs stay, and what it did not know is to be measured."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(FIRST_VERSION)
    database.close()
    said = []
    index = Index(path, 100.0, said.append)

    assert said == []
    assert (index.folder(BOB).validity, index.folder(BOB).next) == (77, 9)
    assert index.messages(BOB) == [IndexRow(3, "a", 11, 10, 10), IndexRow(8, "b", 12, 12, 12)]
    index.measured(BOB, [IndexRow(3, "a", 11, 10, 9, 1, "", 5.0, 6.0, "Ma")])
    assert index.messages(BOB)[0] == IndexRow(3, "a", 11, 10, 9, 1, "", 5.0, 6.0, "Ma")
    assert index.add(messages("c")) == [9]
    assert index.folder(CAROL).validity == 78
    index.close()
    assert not path.with_name("index.db.bad").exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE letter SET octets = 'x' WHERE uid = 3",
        "UPDATE mailbox SET next = 2",
        "DROP TABLE letter",
        "CREATE TABLE message (theirs)",
    ],
)
def test_a_damaged_index_of_the_first_version(path, change):
    """What was wrong with it is noticed after the step, or by it, and it is set aside."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(FIRST_VERSION)
    database.execute(change)
    database.close()
    index = Index(path, 100.0)

    assert index.messages(BOB) == []
    assert path.with_name("index.db.bad").exists()
    index.close()


def test_folders_count_for_themselves(path):
    """Each folder has UIDs, a validity and MODSEQs of its own."""
    index = Index(path, 100.0)

    assert index.add([*messages("a"), *messages("a", mailbox=SENT), *messages("b")]) == [1, 1, 2]
    assert index.folder(BOB).validity != index.folder(SENT).validity
    assert {record.key for record in index.folders(BOB.owner)} == {BOB, SENT}
    assert (index.folder(BOB).modseq, index.folder(SENT).modseq) == (2, 2)
    index.close()


def test_a_folder_that_is_deleted_and_made_again(path):
    """It has another validity, also after a restart with a clock that went back: no UID is valid twice."""  # T209
    index = Index(path, 1000.0)
    index.add(messages("a", mailbox=SENT))
    before = index.folder(SENT).validity
    index.drop(SENT)
    index.close()
    index = Index(path, 10.0)

    assert index.folder(SENT).validity > before
    assert index.messages(SENT) == []
    index.close()


def test_a_folder_that_is_renamed(path):
    """It takes its messages along; nobody else's folder changes."""
    index = Index(path, 100.0)
    index.add([*messages("a", mailbox=SENT), *messages("b", mailbox=FolderKey("carol", "Sent"))])
    before = index.folder(SENT)
    index.rename(SENT.owner, {"Sent": "Old/Sent"})
    after = index.folder(FolderKey(SENT.owner, "Old/Sent"))

    assert (after.validity, after.next) == (before.validity, before.next)
    assert [row.file for row in index.messages(after.key)] == ["a"]
    assert [row.file for row in index.messages(FolderKey("carol", "Sent"))] == ["b"]
    assert index.folder(SENT).validity > before.validity
    index.close()


def test_what_a_folder_is_for(path):
    """A use is remembered."""
    index = Index(path, 100.0)
    index.designate(SENT, "\\Sent")
    index.close()
    index = Index(path, 100.0)

    assert index.folder(SENT).special == "\\Sent"
    index.close()


def test_modseqs_only_grow(path):
    """Every change has one MODSEQ, which all that it touched share; it is the folder's then (RFC 7162 §3.1)."""
    index = Index(path, 100.0)
    index.add(messages("a", "b", "c"))
    assert index.flag(BOB, [(1, "\\Seen"), (3, "\\Seen work")]) == 3
    assert index.forget(BOB, [2]) == 4
    assert index.add(messages("d")) == [4]

    assert index.messages(BOB) == [row(1, "a", 3, "\\Seen"), row(3, "c", 3, "\\Seen work"), row(4, "d", 5)]
    assert index.folder(BOB).modseq == 5
    index.close()


def test_what_vanished(path, monkeypatch):
    """UIDs that are gone are known by their MODSEQ; of what is too long ago nobody pretends to know (RFC 7162 §3.2)."""
    monkeypatch.setattr(index_module, "_REMEMBERED", 4)
    index = Index(path, 100.0)
    index.add(messages(*"abcdefgh"))
    for uid in (5, 3, 1, 2):
        index.forget(BOB, [uid])  # MODSEQ 3 to 6

    assert index.vanished(BOB, 1) == [1, 2, 3, 5]
    assert index.vanished(BOB, 4) == [1, 2]
    assert index.vanished(BOB, 6) == []
    index.forget(BOB, [8, 7])
    assert index.vanished(BOB, 6) == [7, 8]
    assert index.vanished(BOB, 3) is None
    index.close()


def test_summaries(path):
    """A summary is kept as long as any copy of the message is there, in whatever folder."""
    index = Index(path, 100.0)
    index.add([*messages("a", "b"), *messages("a", mailbox=SENT)])
    assert index.unsummarised(BOB) == [1, 2]
    index.summarise({"Ma": Made(b"old", b"", b"old words"), "Mb": Made(b"b", b"1 one")})
    assert index.unsummarised(BOB) == [2]
    index.summarise({"Ma": Made(b"a", b"1 other"), "Mb": Made(words=b"words of b")})
    assert index.unsummarised(BOB) == [1]
    index.summarise({"Ma": Made(b"a", b"1 two", b"words")})
    assert index.summaries(["Ma", "Mb", "Mc"]) == {"Ma": b"a", "Mb": b"b"}
    assert index.beginnings(["Ma", "Mc"]) == {"Ma": b"a"}
    assert index.words(["Ma", "Mc"]) == {"Ma": b"words"}
    assert index.unsummarised(BOB) == []
    index.forget(BOB, [1, 2])
    assert index.summaries(["Ma", "Mb"]) == {"Ma": b"a"}
    index.drop(SENT)
    assert index.summaries(["Ma", "Mb"]) == index.words(["Ma", "Mb"]) == {}
    index.close()


def test_mentioning(path):
    """What stands in the fields, octet by octet; one of which they are not known may have it, or if made another day."""
    index = Index(path, 100.0)
    index.add(messages("a", "b", "c", "d"))
    index.add(messages("a", mailbox=SENT))
    fields = {"Ma": b"1\nh\x00i \xff", "Mb": b"1\nHi", "Mc": b"2\n"}
    index.summarise({email: Made(b"s", known) for email, known in fields.items()})
    assert index.mentioning(BOB, b"i", b"1") == [1, 2, 3, 4]
    assert index.mentioning(BOB, b"\x00i \xff", b"1\n") == [1, 3, 4]
    assert index.mentioning(BOB, b"x", b"1\n") == index.mentioning(BOB, b"hi", b"1") == [3, 4]
    assert index.mentioning(BOB, b"x", b"2\n") == [1, 2, 4]
    assert index.mentioning(BOB, b"", b"") == [1, 2, 3, 4]
    assert index.mentioning(SENT, b"H", b"1") == []
    assert index.mentioning(FolderKey("nobody"), b"x", b"1") == []
    index.close()


SECOND_VERSION = """
INSERT INTO folder VALUES (1, 'bob@recipient.test', 'INBOX', 77, 9, 5, 1, '');
INSERT INTO message VALUES (1, 3, x'61', 11, 10, 10, 5, 'work', 5.0, 6.0, 'Ma');
INSERT INTO summary (email, packed) VALUES ('Ma', x'61');
PRAGMA user_version = 2;
"""


def test_an_index_of_the_second_version(path):
    """It knew no words: they are worked out anew with the summaries, and all the rest stays."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(index_module._SECOND + SECOND_VERSION)
    database.close()
    index = Index(path, 100.0)

    assert index.messages(BOB) == [row(3, "a", 5, "work")]
    assert index.unsummarised(BOB) == [3]
    assert not path.with_name("index.db.bad").exists()
    index.close()


THIRD_VERSION = """
INSERT INTO folder VALUES (1, 'bob@recipient.test', 'INBOX', 77, 9, 5, 1, '');
INSERT INTO message VALUES (1, 3, x'61', 11, 10, 10, 5, 'work', 5.0, 6.0, 'Ma');
INSERT INTO summary (email, packed) VALUES ('Ma', x'61');
INSERT INTO words (email, packed) VALUES ('Ma', x'61');
PRAGMA user_version = 3;
"""


def test_an_index_of_the_third_version(path):
    """It knew no fields: they are worked out anew with all that is known of messages, and all the rest stays."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(index_module._SECOND + index_module._WORDS + THIRD_VERSION)
    database.close()
    index = Index(path, 100.0)

    assert index.messages(BOB) == [row(3, "a", 5, "work")]
    assert index.unsummarised(BOB) == index.mentioning(BOB, b"x", b"1") == [3]
    assert index.summaries(["Ma"]) == index.words(["Ma"]) == {}
    assert not path.with_name("index.db.bad").exists()
    index.close()


def test_how_much_there_is(path):
    """Messages and octets of one person, in all folders."""
    index = Index(path, 100.0)
    index.add([*messages("a", "b"), *messages("a", mailbox=SENT), *messages("a", mailbox=CAROL)])

    assert index.usage(BOB.owner) == (3, 30)
    assert index.usage("nobody") == (0, 0)
    index.close()
