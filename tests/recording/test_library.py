"""A session on disk, by places."""

import gzip
import shutil

import pytest

from maillab.events import Entry
from maillab.recording import library
from maillab.recording.library import SessionFile
from maillab.recording.session import (
    PIECE,
    Comment,
    Header,
    Mark,
    Session,
    SessionError,
    Told,
    encode_header,
    load,
    save,
)
from tests.recording.samples import OLD, STORED, message, talk


@pytest.fixture(params=["s.maillab", "s.maillab.gz"])
def path(request, tmp_path):
    """The stored example, plain and packed."""
    where = tmp_path / request.param
    octets = STORED.read_bytes()
    where.write_bytes(gzip.compress(octets) if where.suffix == ".gz" else octets)
    return where


@pytest.mark.parametrize("stride", [1, 2, 3, 50, 1_000, 1_048_576])
def test_the_same_as_loading(path, stride, monkeypatch):
    """By places there is what there is in the whole, wherever the index happens to be cut."""
    monkeypatch.setattr(library, "STRIDE", stride)
    monkeypatch.setattr("maillab.recording.session_files.BLOCK", stride)
    whole = load(path)
    with SessionFile(path) as file:
        assert file.header == whole.header
        assert file.slice(0, 3) == list(whole.entries[:3])
        assert len(file) == len(whole.entries)
        for place, entry in enumerate(whole.entries):
            assert file.entry(place) == entry
            assert file.place(entry.seq) == place
        assert [mark for _, mark in file.marks] == list(whole.marks)
        items = list(file.items())
        assert [item for item in items if isinstance(item, Entry)] == list(whole.entries)
        assert [item for item in items if not isinstance(item, Entry)] == list(whole.notes)


def test_an_older_version_from_the_middle():
    """Places of a file of an older version are those of the whole, brought up line by line."""
    whole = load(OLD / "v1.maillab")
    with SessionFile(OLD / "v1.maillab") as file:
        assert [file.entry(place) for place in range(len(file))] == list(whole.entries)
        assert [file.place(entry.seq) for entry in whole.entries] == list(range(len(file)))
        assert [mark for _, mark in file.marks] == list(whole.marks)


def test_slices(path):
    """A slice ends where the file ends; a place after the last is an IndexError."""
    with SessionFile(path) as file:
        assert [entry.seq for entry in file.slice(29, 99)] == [33, 34, 35]
        assert file.slice(5, 5) == file.slice(99, 100) == []
        with pytest.raises(IndexError):
            file.entry(32)


def test_notes_before_a_place(path):
    """What stands right before an entry comes with it."""
    with SessionFile(path) as file:
        assert next(file.items(6)) == Mark("logged in", 6, 1790000000.75)
        assert next(file.items(14)) == Comment("", 14)
        assert isinstance(next(file.items(15)), Entry)


def test_times(path):
    """A moment is found by its seconds since the first entry."""
    with SessionFile(path) as file:
        assert [file.at_time(seconds) for seconds in (-1, 0, 0.125, 0.2, 3.5, 99)] == [0, 0, 1, 2, 30, 32]


def test_numbers_with_gaps(path):
    """A number that is not there leads to the next."""
    with SessionFile(path) as file:
        assert [file.place(seq) for seq in (0, 1, 20, 21, 26, 99)] == [0, 0, 19, 20, 22, 32]


def test_an_empty_session(tmp_path):
    """A session without entries has none."""
    save(Session(Header("empty"), (), (Told("a", "b", 0, 1.0),)), tmp_path / "s.maillab")
    with SessionFile(tmp_path / "s.maillab") as file:
        assert (len(file), file.at_time(0), file.place(1), file.marks, file.slice(0, 9)) == (0, 0, 0, (), [])
        assert len(list(file.items())) == 1


def test_a_session_written_by_hand(tmp_path):
    """Other spaces, another order of keys and a last line without an end make no difference."""
    (tmp_path / "s.maillab").write_bytes(
        encode_header(Header())
        + b'{ "e" : "Closed", "n": 1, "t": 1, "talk": "a", "why": "quit" }\n'
        + b'{"n":2,"t":2,"e":"Closed","talk":"\\"e\\":\\"x","why":"quit"}\n'
        + b'{"t":2,"name":"\\"e\\": \\"Closed","e":"mark"}\n'
        + b'{"talk":"\\"e\\":\\"mark","n":3,"t":3,"e":"Closed","why":"quit"}'
    )
    with SessionFile(tmp_path / "s.maillab") as file:
        assert [entry.seq for entry in file.slice(0, 9)] == [1, 2, 3]
        assert len(file) == 3
        assert [file.entry(place).seq for place in range(3)] == [1, 2, 3]
        assert len(file.marks) == 1


@pytest.mark.parametrize("back", [1, 20, 100, 300])
def test_a_cut_file(path, back, tmp_path):
    """What is cut off at the end does not count, and is told of once the end was reached."""
    plain = STORED.read_bytes()[:-back]
    cut = tmp_path / f"cut-{path.name}"
    cut.write_bytes(gzip.compress(plain) if path.suffix == ".gz" else plain)
    with SessionFile(cut) as file:
        assert len(file) == len(load(cut).entries)
        assert list(file.items())
        assert file.notice == load(cut).notice


def test_a_cut_content(tmp_path):
    """A content without its end does not count as an entry."""
    save(Session(Header(), (*talk(2), message(b"line\r\n" * PIECE, 3))), tmp_path / "s.maillab")
    octets = (tmp_path / "s.maillab").read_bytes()
    (tmp_path / "s.maillab").write_bytes(octets[:-1000])
    with SessionFile(tmp_path / "s.maillab") as file:
        assert len(file) == 2
        list(file.items())
        assert "content of entry 3 is not whole" in file.notice


def test_line_numbers(tmp_path):
    """A damaged line is named by its number, wherever the reading began."""
    save(Session(Header(), tuple(talk(50)), (Comment("c", 0), Comment("d", 20))), tmp_path / "s.maillab")
    octets = (tmp_path / "s.maillab").read_bytes().replace(b'"n":40,', b'"n":"x",')
    (tmp_path / "s.maillab").write_bytes(octets)
    for place in (0, 1, 20, 30):
        with SessionFile(tmp_path / "s.maillab") as file, pytest.raises(SessionError, match="line 43: "):
            list(file.items(place))


def test_not_a_session(tmp_path):
    """What is no session is refused on opening, and let go of."""
    (tmp_path / "s.maillab").write_bytes(b"From alice\n")
    with pytest.raises(SessionError, match="line 1"):
        SessionFile(tmp_path / "s.maillab")
    with pytest.raises(FileNotFoundError):
        SessionFile(tmp_path / "none")


def test_limits(tmp_path, monkeypatch):
    """A file with too many entries, too many octets or an endless line is refused as the index grows (T299)."""
    where = tmp_path / "s.maillab"
    save(Session(Header(), tuple(talk(20))), where)
    for name, most, text in (("MOST_ENTRIES", 19, "more than 19 entries"), ("MOST_OCTETS", 500, "longer than 500")):
        with monkeypatch.context() as patch:
            patch.setattr(library, name, most)
            with SessionFile(where) as file, pytest.raises(SessionError, match=text):
                len(file)
    with where.open("ab") as out:
        out.write(b"#" * 3_000_000)
    with SessionFile(where) as file, pytest.raises(SessionError, match="longer than"):
        len(file)


def test_a_record_in_progress(tmp_path):
    """A file may grow while it is open: what was there when it was looked through counts."""
    where = tmp_path / "s.maillab"
    shutil.copy(STORED, where)
    with SessionFile(where) as file:
        assert len(file) == 32
        with where.open("ab") as out:
            out.write(b"# more\n")
        assert len(file) == 32
