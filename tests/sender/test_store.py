"""The queue on disk."""

import os
import random
import shutil
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from maillab.durable import is_full
from maillab.mail.content import Content
from maillab.mail.message import Message
from maillab.sender.store import IN_ROW, Fresh, Loaded, QueueStore, Settled
from maillab.sender.waiting import Job, jobs_of
from tests.sender.hosts import message

BIG = b"Subject: big\r\n\r\n" + b"x" * IN_ROW


def fresh(number: int = 1, *to: str, content: Content | bytes = b"x\r\n", **more: object) -> Fresh:
    one = message(*(to or ("bob@recipient.test",)), **more)  # type: ignore[arg-type]
    one = replace(one, content=content if isinstance(content, Content) else Content(content))
    return Fresh(f"L{number}", one, 5.0, jobs_of(f"L{number}", one.envelope.recipients, 5.0))


def over(new: Fresh) -> list[Settled]:
    return [Settled(replace(job, recipients=())) for job in new.jobs]


def again(folder: Path) -> tuple[Job, ...]:
    """What a new start finds."""
    store = QueueStore(folder)
    try:
        return store.load().jobs
    finally:
        store.close()


def test_round_trip(tmp_path: Path) -> None:
    """A message comes back as it was, envelope and octets, after a restart."""
    new = fresh(
        1,
        "bob@recipient.test",
        "zoë@bücher.test",
        content=b"\x00\xff\r\n",
        ret="HDRS",
        envid="Q+2B",
        smtputf8=True,
        eight_bit=True,
    )
    store = QueueStore(tmp_path)
    store.commit([new], [])
    store.close()

    store = QueueStore(tmp_path)
    loaded = store.load()

    assert loaded.jobs == new.jobs
    assert (loaded.last, loaded.problems) == (1, ())
    assert store.read("L1") == replace(new.message, envelope=replace(new.message.envelope, recipients=()))
    store.close()


def test_names_of_another_queue(tmp_path: Path) -> None:
    """The messages of a queue have names of their own; what is on disk does not depend on them."""
    store = QueueStore(tmp_path, "M")
    one = fresh(1, content=Content(BIG))
    filed = replace(one.message, content=store.file_away("M1", one.message.content))
    store.commit([Fresh("M1", filed, 5.0, jobs_of("M1", filed.envelope.recipients, 5.0))], [])
    store.close()

    assert [job.ident for job in again(tmp_path)] == ["L1.1"]
    store = QueueStore(tmp_path, "M")
    assert [(job.ident, job.message) for job in store.load().jobs] == [("M1.1", "M1")]
    assert store.read("M1").content.whole() == BIG
    store.close()


def test_null_sender(tmp_path: Path) -> None:
    """<> comes back as <>."""
    store = QueueStore(tmp_path)
    store.commit([fresh(sender="")], [])

    assert store.read("L1").envelope.sender is None
    store.close()


def test_one_of_two_jobs_ends(tmp_path: Path) -> None:
    """A message stays until its last job has ended."""
    new = fresh(1, "bob@a.test", "eve@b.test")
    store = QueueStore(tmp_path)
    store.commit([new], [])
    first, second = over(new)

    store.commit([], [first])
    assert [job.ident for job in store.load().jobs] == ["L1.2"]
    store.commit([], [second])
    assert store.load().jobs == ()
    with pytest.raises(KeyError):
        store.read("L1")
    store.close()


def test_waiting_on(tmp_path: Path) -> None:
    """A job that waits on keeps attempts, moment, warning, and only the recipients that are open, across a restart."""  # T051
    new = fresh(1, "a@x.test", "b@x.test", "c@x.test")
    store = QueueStore(tmp_path)
    store.commit([new], [])
    after = replace(new.jobs[0], recipients=new.jobs[0].recipients[1:], attempts=2, due=900.0, warned=True)
    store.commit([], [Settled(after)])
    store.close()

    assert again(tmp_path) == (after,)


def test_report_with_the_failure(tmp_path: Path) -> None:
    """A failure and its report are written together, or not at all."""  # T011
    store = QueueStore(tmp_path)
    store.commit([fresh(1)], [])
    (end,) = over(fresh(1))

    with pytest.raises(sqlite3.IntegrityError):
        store.commit([], [replace(end, reports=(fresh(1, "alice@sender.test"),))])  # the number is taken
    assert [job.ident for job in store.load().jobs] == ["L1.1"]
    store.commit([], [replace(end, reports=(fresh(2, "alice@sender.test"),))])
    assert [job.ident for job in store.load().jobs] == ["L2.1"]
    store.close()


def test_many_at_once(tmp_path: Path) -> None:
    """A group larger than one statement takes is written whole, and settled whole."""
    news = [fresh(n, "a@x.test", "b@y.test") for n in range(1, 161)]
    store = QueueStore(tmp_path)
    store.commit(news, [])
    assert len(store.load().jobs) == 320
    store.commit([], [one for new in news for one in over(new)])
    assert store.load().jobs == ()
    assert store.load().last == 160
    store.close()


def test_no_statement_walks_through_all_that_waits(tmp_path: Path) -> None:
    """What is written about a few jobs is looked up, however many thousands wait beside them."""
    news = [fresh(n, "a@x.test", "b@y.test") for n in range(1, 7)]
    store, said = QueueStore(tmp_path), list[str]()
    store.commit(news, [])
    ends = [one for new in news[:3] for one in over(new)]
    later = replace(news[3].jobs[0], recipients=news[3].jobs[0].recipients[:0], attempts=1, due=9.0)
    store._db.set_trace_callback(said.append)
    store.commit([fresh(7)], [*ends, Settled(later), Settled(replace(news[4].jobs[0], attempts=2, due=9.0))])
    store._db.set_trace_callback(None)
    writing = [sql for sql in said if sql.startswith(("DELETE", "UPDATE", "INSERT", "SELECT"))]
    steps = [row[3] for sql in writing for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [step for step in steps if step.startswith("SEARCH jobs")]
    assert [step for step in steps if step.startswith(("SCAN letters", "SCAN jobs", "SCAN recipients"))] == []
    store.close()


def test_numbers_are_never_used_twice(tmp_path: Path) -> None:
    """The last number survives the message that had it."""
    store = QueueStore(tmp_path)
    store.commit([fresh(7)], [])
    store.commit([], over(fresh(7)))
    store.close()
    store = QueueStore(tmp_path)

    assert store.load().last == 7
    store.close()


def test_large_content_is_copied(tmp_path: Path) -> None:
    """A large content from memory becomes a file of mode 0600, and goes with its message."""  # T029
    store = QueueStore(tmp_path)
    filed = store.file_away("L1", Content(BIG))
    new = fresh(content=filed)
    store.commit([new], [])

    assert (filed.path, filed.start) == (tmp_path / "spool" / "L1", b"")
    assert store.read("L1").content.whole() == BIG
    assert stat.S_IMODE(os.stat(tmp_path / "spool" / "L1").st_mode) == 0o600
    store.commit([], over(new))
    assert list((tmp_path / "spool").iterdir()) == []
    store.close()


def test_lent_file_is_linked(tmp_path: Path) -> None:
    """A file that was lent is linked, with what stood before it in memory; the lender may remove its own name."""
    lent = tmp_path / "lent"
    lent.write_bytes(b"??" + BIG)
    store = QueueStore(tmp_path / "q")
    filed = store.file_away("L1", Content(b"Received: x\r\n", lent, 2, len(BIG)))
    inode = os.stat(lent).st_ino
    lent.unlink()
    store.commit([fresh(content=filed)], [])

    assert os.stat(tmp_path / "q" / "spool" / "L1").st_ino == inode
    assert store.read("L1").content.whole() == b"Received: x\r\n" + BIG
    store.close()


def test_lent_file_elsewhere_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system refuses a link, the content is copied."""
    lent = tmp_path / "lent"
    lent.write_bytes(BIG)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    store = QueueStore(tmp_path / "q")
    filed = store.file_away("L1", Content(b"A: b\r\n", lent, 0, len(BIG)))
    lent.unlink()

    assert filed.whole() == b"A: b\r\n" + BIG
    store.close()


def test_small_lent_file_goes_into_the_row(tmp_path: Path) -> None:
    """A small content that came in a file is kept in the database."""
    (tmp_path / "lent").write_bytes(b"x" * 100)
    store = QueueStore(tmp_path / "q")

    assert store.file_away("L1", Content(b"A", tmp_path / "lent", 0, 100)) == Content(b"A" + b"x" * 100)
    store.close()


def test_failed_file_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be made durable is removed, and fsync is not tried twice."""  # T006 T032
    store = QueueStore(tmp_path)
    calls = []

    def refuse(handle: int) -> None:
        calls.append(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space") as caught:
        store.file_away("L1", Content(BIG))

    assert is_full(caught.value)
    assert len(calls) == 1
    assert list((tmp_path / "spool").iterdir()) == []
    store.close()


def loaded_at(folder: Path, now: float) -> Loaded:
    """What a start at this moment finds."""
    store = QueueStore(folder)
    try:
        return store.load(now)
    finally:
        store.close()


def test_contents_that_nobody_claims(tmp_path: Path) -> None:
    """A file of ours without a message, left by a crash, is put aside at the next start, told, and goes in the end."""  # T004
    spool, first = tmp_path / "spool", 1.8e9
    for now in (first, first + 60):  # its number is free again
        store = QueueStore(tmp_path)
        store.file_away("L9", Content(BIG))
        os.utime(spool / "L9", (1e9, 1e9))  # the message had waited for long
        store.close()
        loaded = loaded_at(tmp_path, now)
        assert loaded.jobs == ()
        assert len(loaded.problems) == 1
        assert "L9.unclaimed" in loaded.problems[0]
    both = {"L9.unclaimed": BIG, "L9.unclaimed-2": BIG}
    assert {path.name: path.read_bytes() for path in spool.iterdir()} == both
    assert loaded_at(tmp_path, first + 36 * 3600).problems == ()
    assert {path.name for path in spool.iterdir()} == {*both}
    assert loaded_at(tmp_path, first + 36 * 3600 + 1).problems == ()
    assert [path.name for path in spool.iterdir()] == ["L9.unclaimed-2"]


def test_strangers_in_the_spool(tmp_path: Path) -> None:
    """Unknown files, folders, links and FIFOs are let be, reported in one sentence, and block nothing."""  # T015
    spool = tmp_path / "spool"
    QueueStore(tmp_path).close()
    (spool / "notes.txt").write_text("mine")
    (spool / "L5").mkdir()
    (spool / "L6").symlink_to("/etc/passwd")
    os.mkfifo(spool / "L7")
    store = QueueStore(tmp_path)
    loaded = store.load()
    store.close()

    assert len(loaded.problems) == 1
    assert sorted(entry.name for entry in spool.iterdir()) == ["L5", "L6", "L7", "notes.txt"]


def test_lost_content(tmp_path: Path) -> None:
    """A message whose file is missing or short waits unsent and is reported; others are loaded."""  # T014
    store = QueueStore(tmp_path)
    store.commit([fresh(n, content=store.file_away(f"L{n}", Content(BIG))) for n in (1, 2)] + [fresh(3)], [])
    store.close()
    (tmp_path / "spool" / "L1").unlink()
    os.truncate(tmp_path / "spool" / "L2", 100)
    store = QueueStore(tmp_path)
    loaded = store.load()
    store.close()

    assert [job.ident for job in loaded.jobs] == ["L3.1"]
    assert len(loaded.problems) == 2
    assert (tmp_path / "spool" / "L2").exists()


@pytest.mark.parametrize("garbage", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_corrupt_database(tmp_path: Path, garbage: bytes) -> None:
    """A database that cannot be read is moved aside and reported; the queue starts empty and works."""  # T014
    (tmp_path / "queue.db").write_bytes(garbage)
    store = QueueStore(tmp_path)
    loaded = store.load()
    store.commit([fresh(1)], [])
    store.close()

    assert loaded.jobs == ()
    assert len(loaded.problems) == 1
    assert "queue.db.bad" in loaded.problems[0]
    assert (tmp_path / "queue.db.bad").read_bytes() == garbage
    assert len(again(tmp_path)) == 1


def test_what_can_be_read_is_saved(tmp_path: Path) -> None:
    """Of a database with a damaged page the other messages are sent; contents whose rows are lost stay as files."""
    store = QueueStore(tmp_path)
    big = fresh(60, content=store.file_away("L60", Content(BIG)))
    store.commit([*(fresh(n, content=b"y" * 3000) for n in range(1, 60)), big], [])
    store.close()
    octets = bytearray((tmp_path / "queue.db").read_bytes())
    middle = len(octets) // 2 // 4096 * 4096
    octets[middle : middle + 4096] = b"\xff" * 4096
    (tmp_path / "queue.db").write_bytes(octets)
    store = QueueStore(tmp_path)
    loaded = store.load()
    store.close()

    assert 40 < len(loaded.jobs) < 60
    assert loaded.last == 60
    assert "queue.db.bad" in loaded.problems[0]
    assert (tmp_path / "spool" / "L60").exists() or (tmp_path / "spool" / "L60.bad").exists()


def test_a_damaged_journal(tmp_path: Path) -> None:
    """Of what a killed process left in it, all before the damage is sent; that the rest is lost is said, and what a file
    holds of it is kept.
    """
    store = QueueStore(tmp_path / "q")
    store.commit([fresh(1)], [])
    end = (tmp_path / "q" / "queue.db-wal").stat().st_size
    store.commit([fresh(2, content=store.file_away("L2", Content(BIG)))], [])
    store.commit([fresh(3)], [])
    shutil.copytree(tmp_path / "q", tmp_path / "killed")
    store.close()
    journal = tmp_path / "killed" / "queue.db-wal"
    octets = bytearray(journal.read_bytes())
    octets[end + 1000] ^= 1
    journal.write_bytes(octets)
    store = QueueStore(tmp_path / "killed")
    loaded = store.load()
    store.close()

    assert [job.ident for job in loaded.jobs] == ["L1.1"]
    assert "its journal is damaged" in loaded.problems[0]
    assert (tmp_path / "killed" / "queue.db.bad-wal").read_bytes() == octets
    assert "L2.bad" in loaded.problems[1]
    assert (tmp_path / "killed" / "spool" / "L2.bad").read_bytes() == BIG


def test_lost_rows_lose_no_content(tmp_path: Path) -> None:
    """A content whose row was lost, or does not know of it any more, is kept and reported, never sent by halves."""
    store = QueueStore(tmp_path)
    store.commit([fresh(n, content=store.file_away(f"L{n}", Content(BIG))) for n in (1, 2)], [])
    store._db.execute("UPDATE letters SET file_octets = 0 WHERE id = 1")
    store.close()
    assert [job.ident for job in again(tmp_path)] == ["L2.1"]
    assert (tmp_path / "spool" / "L1").exists()
    for file in tmp_path.glob("queue.db*"):
        file.unlink()
    (tmp_path / "queue.db").write_bytes(b"rubbish")
    assert again(tmp_path) == ()
    assert {file.name for file in (tmp_path / "spool").iterdir()} == {"L1.bad", "L2.bad"}


def test_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    """A row with a wrong value waits unsent and is reported; the other messages go, and the row is not thrown away."""
    store = QueueStore(tmp_path)
    store.commit([fresh(1), fresh(2), fresh(3)], [])
    store._db.execute("UPDATE recipients SET local = CAST(x'ff41' AS TEXT) WHERE letter = 1")
    store._db.execute("UPDATE letters SET ret = 'MAYBE' WHERE id = 3")
    store._db.execute("INSERT INTO jobs VALUES (99, 1, 'a.test', 0, 0, 0)")
    store.close()
    store = QueueStore(tmp_path)
    loaded = store.load()

    assert [job.ident for job in loaded.jobs] == ["L2.1"]
    assert [problem.split()[1] for problem in loaded.problems] == ["L3", "L1", "L99"]
    assert store._db.execute("SELECT count(*) FROM letters").fetchone() == (3,)
    with pytest.raises(ValueError, match="reports"):
        store.read("L3")
    store.close()


def test_files_where_folders_belong(tmp_path: Path) -> None:
    """Files in the place of the folder, the spool, and a folder in that of the database are set aside and reported."""
    (tmp_path / "queue").write_text("")
    QueueStore(tmp_path / "queue" / "a.test").close()
    (tmp_path / "b.test" / "queue.db").mkdir(parents=True)
    (tmp_path / "b.test" / "spool").write_text("mine")
    store = QueueStore(tmp_path / "b.test")
    store.commit([fresh(1)], [])
    loaded = store.load()
    store.close()

    assert (tmp_path / "queue.bad").exists()
    assert len(loaded.jobs) == 1
    assert len(loaded.problems) == 2
    assert (tmp_path / "b.test" / "spool.bad").read_text() == "mine"


def test_removed_while_running(tmp_path: Path) -> None:
    """A queue whose folder was deleted under it takes nothing any more, and says why."""  # T038
    store = QueueStore(tmp_path / "q")
    store.commit([fresh(1)], [])
    shutil.rmtree(tmp_path / "q")
    with pytest.raises(FileNotFoundError, match="removed while it was in use"):
        store.commit([fresh(2)], [])
    store.close()


@pytest.mark.parametrize("count", [40, pytest.param(3000, marks=pytest.mark.slow)])
def test_one_wrong_octet(tmp_path: Path, count: int) -> None:
    """The kind: a database with one wrong octet. It starts; every other message goes to whom it was for; more are taken."""
    store = QueueStore(tmp_path / "whole")
    news = [fresh(n, f"bob{n}@recipient.test", f"eve{n}@b.test", content=b"text %d\r\n" % n * 300) for n in range(1, 9)]
    store.commit(news, [])
    before = set(store.load().jobs)
    store.close()
    octets, dice, harmed = (tmp_path / "whole" / "queue.db").read_bytes(), random.Random(9), 0
    for number in range(count):
        folder = tmp_path / str(number)
        folder.mkdir()
        place, wrong = dice.randrange(len(octets)), dice.randrange(1, 256)
        (folder / "queue.db").write_bytes(octets[:place] + bytes([octets[place] ^ wrong]) + octets[place + 1 :])
        try:
            store = QueueStore(folder)
            loaded = store.load()
            store.commit([fresh(loaded.last + 1)], [])
            store.close()
        except Exception as error:
            raise AssertionError(f"octet {place} xor {wrong}") from error
        changed = before - set(loaded.jobs)
        assert len({job.message for job in changed}) <= 1 or loaded.problems, f"octet {place} xor {wrong}"
        harmed += bool(loaded.problems)
        shutil.rmtree(folder)
    assert harmed


@pytest.mark.parametrize("table", ["jobs", "recipients"])
def test_damaged_while_running(tmp_path: Path, table: str) -> None:
    """The kind: refused for ever. Of a database that is spoilt while it is used one commit fails, the next is taken."""
    store = QueueStore(tmp_path)
    store.commit([fresh(1)], [])
    other = sqlite3.connect(tmp_path / "queue.db", isolation_level=None)
    other.execute(f"DROP TABLE {table}")
    other.close()
    with pytest.raises(sqlite3.DatabaseError, match=r"queue\.db\.bad"):
        store.commit([fresh(2)], [])
    store.commit([fresh(2)], over(fresh(1)))
    store.close()

    assert [job.ident for job in again(tmp_path)] == ["L2.1"]
    assert (tmp_path / "queue.db.bad").exists()


def test_truncated_database(tmp_path: Path) -> None:
    """A database cut off anywhere never stops the start."""  # T014
    store = QueueStore(tmp_path / "good")
    store.commit([fresh(n, content=b"y" * 3000) for n in range(1, 40)], [])
    store.close()
    whole = (tmp_path / "good" / "queue.db").read_bytes()
    for cut in range(0, len(whole), 1777):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        (folder / "queue.db").write_bytes(whole[:cut])
        again(folder)
        assert len(again(folder)) in (0, 39)


def test_modes(tmp_path: Path) -> None:
    """Folders are 0700 and files 0600 under any umask."""  # T029
    for mask in (0o000, 0o077):
        old = os.umask(mask)
        try:
            store = QueueStore(tmp_path / f"{mask}")
            store.commit([fresh(1)], [])
            files = [path for path in (tmp_path / f"{mask}").iterdir() if path.is_file()]
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
            assert stat.S_IMODE((tmp_path / f"{mask}" / "spool").stat().st_mode) == 0o700
            store.close()
        finally:
            os.umask(old)


def test_durable_settings(tmp_path: Path) -> None:
    """The journal is a write-ahead log and every commit waits for the disk."""  # T028
    store = QueueStore(tmp_path)

    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
    store.close()


def test_message_type(tmp_path: Path) -> None:
    """What is read is a message, with its content in memory or in the spool."""
    store = QueueStore(tmp_path)
    store.commit([fresh(1)], [])

    assert isinstance(store.read("L1"), Message)
    store.close()


def test_numbers_of_the_queue_that_are_none(tmp_path: Path) -> None:
    """No second message has the number of another; rows that a foreign hand has called otherwise send nothing, are
    reported, and name no file outside the spool. The others wait as before.
    """  # T016
    store = QueueStore(tmp_path / "lab")
    store.commit([fresh(1), fresh(2, content=store.file_away("L2", Content(BIG)))], [])
    store.close()
    evil = "../../x"
    (tmp_path / "x").write_bytes(BIG)
    with sqlite3.connect(tmp_path / "lab" / "queue.db") as db:
        for table in ("letters", "jobs", "recipients"):
            [columns] = [[row[1] for row in db.execute(f"PRAGMA table_info({table})")]]
            names = ", ".join(columns[1:])
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
            if table != "letters":  # an integer by its type
                db.execute(f"INSERT INTO {table} SELECT ?, {names} FROM {table} LIMIT 1", (evil,))
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("UPDATE letters SET id = ? WHERE id = 1", (evil,))
        db.execute("UPDATE recipients SET domain = ? WHERE letter = 1", (evil,))
    db.close()
    store = QueueStore(tmp_path / "lab")
    loaded = store.load()
    store.close()

    assert [job.ident for job in loaded.jobs] == ["L2.1"]
    assert len(loaded.problems) == 2
    assert (tmp_path / "x").read_bytes() == BIG
    assert [path.name for path in (tmp_path / "lab" / "spool").iterdir()] == ["L2"]
