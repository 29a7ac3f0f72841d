"""A record that is being made."""

import errno
import os
import threading
from pathlib import Path

import pytest

from maillab.events import Carried, Closed, Entry, Said, Side
from maillab.mail.content import Content
from maillab.recording import recorder as module
from maillab.recording.recorder import Recorder
from maillab.recording.session import Header, Mark, Told, load
from maillab.recording.session_files import SessionWriter
from tests.recording.samples import message, talk

HEADER = Header("a test", 1000.0)


def test_all_of_it(tmp_path):
    """What was put in is what loads, in its order, notes between the entries."""
    entries = talk(500)
    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    recorder.told("It begins.", "Bắt đầu.")
    for entry in entries:
        recorder.entry(entry)
        if entry.seq == 3:
            recorder.mark("three")
    assert recorder.close() == ""
    session = load(tmp_path / "s.maillab")
    assert session.header == HEADER
    assert session.entries == tuple(entries)
    assert session.notes == (Told("It begins.", "Bắt đầu.", 0, 1000.0), Mark("three", 3, 1003.0))
    assert os.listdir(tmp_path) == ["s.maillab"]


@pytest.mark.parametrize("name", ["s.maillab", "s.maillab.gz"])
def test_a_crash_leaves_what_there_was(name, tmp_path):
    """What was written when a process dies can be loaded from FILE.part."""
    written = threading.Event()
    recorder = Recorder(tmp_path / name, HEADER)
    flush = recorder._writer.flush

    def flushed():
        flush()
        if recorder._writer.octets > 500:
            written.set()

    recorder._writer.flush = flushed
    for entry in talk(10):
        recorder.entry(entry)
    assert written.wait(10)
    assert len(load(tmp_path / f"{name}.part").entries) == 10
    recorder.close()


def test_secrets_do_not_reach_the_disk(tmp_path):
    """A secret is struck out before it is written (T307)."""
    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    recorder.entry(Entry(1, 1.0, Said("submit-1", Side.CLIENT, b"PASS hunter2\r\n", secret=(5, 12))))
    recorder.close()
    octets = (tmp_path / "s.maillab").read_bytes()
    assert b"hunter2" not in octets
    assert "‹redacted 7›".encode() in octets


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_full_disk(error, tmp_path, monkeypatch):
    """A disk that fails stops the record and says so once; nothing is raised, and what was written loads."""
    told = []
    recorder = Recorder(tmp_path / "s.maillab", HEADER, told.append)
    for entry in talk(3):
        recorder.entry(entry)
    while recorder._writer.octets < 400:
        recorder._wake.set()
    write = recorder._writer.write

    def failing(octets):
        if b'"n":5,' in octets:
            raise OSError(error, os.strerror(error))
        write(octets)

    recorder._writer.write = failing
    for entry in talk(50)[3:]:
        recorder.entry(entry)
    recorder._thread.join(10)
    recorder.entry(talk(60)[-1])
    recorder.mark("too late")
    assert os.strerror(error) in recorder.close()
    assert told == [f"the record {tmp_path / 's.maillab'} stopped: {os.strerror(error)}; the mail goes on"]
    assert load(tmp_path / "s.maillab.part").entries == tuple(talk(3))


def test_a_disk_that_fails_at_the_end(tmp_path, monkeypatch):
    """A disk that fails when the file is closed is told of, too."""
    recorder = Recorder(tmp_path / "s.maillab", HEADER)

    def fail():
        raise OSError(errno.ENOSPC, "No space left on device")

    recorder._writer.finish = fail
    recorder.entry(talk(1)[0])
    assert recorder.close() == "No space left on device"


def test_a_fault_of_ours(tmp_path):
    """An entry that cannot be written stops the record, not the mail."""
    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    recorder.entry(Entry(1, 1.0, "no event"))
    assert recorder.close() == "KeyError: <class 'str'>"


def test_a_slow_disk(tmp_path, monkeypatch):
    """Entries wait for a slow disk up to a limit, then the record ends: the loop never waits."""
    free, told = threading.Event(), []
    recorder = Recorder(tmp_path / "s.maillab", HEADER, told.append, waiting=5)
    recorder._closing.wait = lambda seconds: free.wait(10)  # the thread stands still
    for entry in talk(20):
        recorder.entry(entry)
    free.set()
    assert "too slow" in recorder.close()
    assert len(told) == 1
    assert load(tmp_path / "s.maillab").entries == tuple(talk(5))


def test_a_full_record(tmp_path, monkeypatch):
    """A record that has reached what a file may hold ends, whole, and says so."""
    monkeypatch.setattr(module, "MOST_ENTRIES", 7)
    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    for entry in talk(20):
        recorder.entry(entry)
    assert "full" in recorder.close()
    assert load(tmp_path / "s.maillab").entries == tuple(talk(7))
    monkeypatch.setattr(module, "MOST_OCTETS", 3_000)
    recorder = Recorder(tmp_path / "t.maillab", HEADER)
    recorder.entry(message(b"line\r\n" * 1_000))
    assert "full" in recorder.close()
    assert load(tmp_path / "t.maillab").entries == ()


def test_a_body_that_is_gone(tmp_path):
    """A large content whose file has gone meanwhile costs that content, not the record."""
    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    recorder.entry(Entry(1, 1.0, Carried("submit-1", Side.CLIENT, Content(b"", Path("/nowhere"), 0, 9))))
    recorder.entry(talk(2)[1])
    assert recorder.close() == ""
    session = load(tmp_path / "s.maillab")
    assert [entry.seq for entry in session.entries] == [1, 2]
    assert "could not be read" in session.notes[0].text


def test_a_place_where_nothing_can_be_written(tmp_path):
    """A file that cannot be made is an OSError at once, and nothing is left behind."""
    with pytest.raises(FileNotFoundError):
        Recorder(tmp_path / "no" / "s.maillab", HEADER)

    class Full(SessionWriter):
        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SessionWriter", Full)
        with pytest.raises(OSError, match="No space"):
            Recorder(tmp_path / "s.maillab", HEADER)
    assert os.listdir(tmp_path) == []


def test_a_long_entry(tmp_path):
    """A decision too long for a line of a file is left out with a remark."""
    from maillab.events import Warned

    recorder = Recorder(tmp_path / "s.maillab", HEADER)
    recorder.entry(Entry(1, 1.0, Warned("lab", "x" * 1_100_000)))
    assert recorder.close() == ""
    assert "entry 1 is longer" in load(tmp_path / "s.maillab").notes[0].text


def test_thrown_away(tmp_path):
    """A record that nobody wants leaves nothing, and a file that had its name before is as it was."""
    path = tmp_path / "s.maillab"
    path.write_bytes(b"before")
    recorder = Recorder(path, Header("t", 1.0), replace=True)
    for entry in talk(20_000):
        recorder.entry(entry)
    recorder.abandon()
    assert recorder.trouble == ""
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_happened(tmp_path):
    """A record in which nothing happened leaves no file and replaces none; a mark is something, a title is not."""
    path = tmp_path / "s.maillab"
    path.write_bytes(b"before")
    recorder = Recorder(path, HEADER, replace=True)
    recorder.told("It begins.", "Bắt đầu.")
    assert recorder.is_empty
    assert (recorder.close(), path.read_bytes(), os.listdir(tmp_path)) == ("", b"before", ["s.maillab"])
    recorder = Recorder(path, HEADER, replace=True)
    recorder.mark("here")
    assert (recorder.close(), load(path).marks[0].name) == ("", "here")


def test_a_file_that_is_there(tmp_path):
    """Without being asked to replace it a record never begins over a file."""
    (tmp_path / "thesis.doc").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "thesis.doc", HEADER)
    assert os.listdir(tmp_path) == ["thesis.doc"]


@pytest.mark.parametrize("name", ["s.maillab", "s.maillab.gz"])
def test_a_lab_that_is_known_later(tmp_path, name):
    """What lab it is may be said after the file was made, and before the first entry: after it, it is too late."""
    recorder = Recorder(tmp_path / name, HEADER)
    recorder.describe({"sites": [1]})
    recorder.entry(Entry(1, 1.0, Closed("submit-1", "quit")))
    assert recorder.close() == ""
    assert load(tmp_path / name).header.lab == {"sites": [1]}
    assert len(load(tmp_path / name).entries) == 1
