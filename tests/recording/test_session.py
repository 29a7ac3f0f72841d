"""A session as a value and as a file."""

import gzip
import random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from maillab.events import Adjusted, Carried, Certificate, Entry, Event, Packet, Said, Side
from maillab.mail.content import Content
from maillab.recording import session as module
from maillab.recording.library import SessionFile
from maillab.recording.session import (
    LONGEST_LINE,
    PIECE,
    Comment,
    Header,
    Mark,
    Reader,
    Session,
    SessionError,
    Told,
    encode,
    encode_entry,
    encode_header,
    encode_note,
    entry_lines,
    load,
    read,
    save,
)
from tests.recording.samples import OLD, STORED, message, mutated, talk

HEADER = encode_header(Header("a test", 1000.0))


def entries(lines):
    """The entries of lines that stand after a header."""
    return [item for item in read([HEADER, *lines]) if isinstance(item, Entry)]


@pytest.mark.parametrize("path", sorted(OLD.iterdir()), ids=lambda path: path.name)
def test_every_old_version_loads(path):
    """What an older maillab wrote is read for ever, whole, with every kind of event."""
    session = load(path)
    assert session.notice == ""
    kinds = set(get_args(Event)) - ({Packet, Adjusted} if path.name == "v1.maillab" else set())  # where DNS was lines
    assert {type(entry.event) for entry in session.entries} == kinds
    assert [mark.name for mark in session.marks] == ["logged in", "the end \u202e"]
    assert session.told[0].vi == "Bắt đầu."
    assert [note for note in session.notes if isinstance(note, Comment)][1] == Comment("", 14)


def test_every_version_is_stored():
    """Every version up to the present one has its stored example, and its step to the next."""
    assert [path.name for path in sorted(OLD.iterdir())] == [f"v{n}.maillab" for n in range(1, module.VERSION + 1)]
    assert module.MIGRATIONS.keys() == set(range(1, module.VERSION))


def test_an_older_version_is_brought_up(monkeypatch):
    """A line of an older version goes through the steps of all versions between."""
    monkeypatch.setattr(module, "VERSION", 5)
    monkeypatch.setitem(module.MIGRATIONS, 3, lambda line: line.replace(b"Ended", b"Finished"))
    monkeypatch.setitem(module.MIGRATIONS, 4, lambda line: line.replace(b"Finished", b"Closed"))
    found = entries([b'{"e":"Ended","n":1,"t":1,"talk":"a","why":"quit"}\n'])
    assert type(found[0].event).__name__ == "Closed"


@pytest.mark.parametrize("name", ["s.maillab", "s.maillab.gz"])
def test_round_trip(name, tmp_path, monkeypatch):
    """Load and save give the same octets, load again the same value (T313)."""
    monkeypatch.setattr(module, "PIECE", 100)  # as the stored example was written
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    save(load(STORED), first)
    save(load(first), second)
    assert first.read_bytes() == second.read_bytes()
    assert load(second) == load(STORED)
    plain = gzip.decompress(first.read_bytes()) if name.endswith("gz") else first.read_bytes()
    assert plain == STORED.read_bytes()


NUMBERS = st.integers(0, 2**53)
VALUES = {  # what stands in an event, where not everything of its type can
    int: NUMBERS,
    tuple[int, ...]: st.lists(NUMBERS, max_size=3).map(tuple),
    tuple[int, int]: st.just((0, 0)),  # what is secret does not come back
    Content: st.binary(max_size=80).map(Content),
}


def any_event(kind):
    """An event of this kind, with anything in it."""
    fields = {f.name: VALUES[f.type] if f.type in VALUES else st.from_type(f.type) for f in structs.fields(kind)}
    return st.builds(kind, **fields)


VALUES[Certificate | None] = st.none() | any_event(Certificate)


@settings(max_examples=300)
@given(st.lists(st.one_of(map(any_event, get_args(Event))), max_size=4), st.floats(0, 1e12))
def test_whatever_happened_is_read_as_it_happened(events, at):
    """Every kind of event, whatever its names, reasons and octets are."""
    told = tuple(Entry(number, at, event) for number, event in enumerate(events, 1))
    assert tuple(read(encode(Session(Header(), told))))[1:] == told


def test_notes_keep_their_places():
    """Marks, narration and comments come back where they stood, in their order."""
    notes = (Comment(" c", 0), Mark("m", 0, 1.0), Told("en", "vi", 2, 2.0), Comment("", 2), Mark("end", 3, 9.0))
    session = Session(Header(), tuple(talk(3)), notes)
    again = tuple(item for item in read(encode(session)) if isinstance(item, Mark | Told | Comment))
    assert again == notes


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE, 25 * 1_048_576])
def test_content_of_every_size(size):
    """A content comes back octet for octet, a large one over several lines, none longer than allowed."""
    octets = (b"line of a message \xc3\xa9\r\n" * (size // 20 + 1))[:size]
    lines = list(entry_lines(message(octets)))
    assert entries(lines)[0].event.content.whole() == octets
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert (len(lines) == 1) == (size <= PIECE)


@pytest.mark.parametrize("octet", [b"\x01", b"\xff", b"\x7f", b"\\", b"a"])
def test_the_worst_content(octet):
    """Content without line ends, all of which must be escaped, stays within the length of a line."""
    lines = list(entry_lines(message(octet * (2 * PIECE + 1))))
    assert len(lines) == 3
    assert max(map(len, lines)) <= LONGEST_LINE
    assert entries(lines)[0].event.content.whole() == octet * (2 * PIECE + 1)


def test_content_in_a_file(tmp_path):
    """Where a content is kept makes no difference to what is written."""
    octets = b"0123456789abcdef\r\n" * 20_000
    (tmp_path / "body").write_bytes(b"xx" + octets[7:])
    held = Entry(
        1, 1000.0, Carried("submit-1", Side.CLIENT, Content(octets[:7], tmp_path / "body", 2, len(octets) - 7))
    )
    assert encode_entry(held) == encode_entry(message(octets))


def test_content_that_is_gone(tmp_path):
    """Content whose file is gone ends where it ends, and a comment says so."""
    gone = Entry(1, 1.0, Carried("submit-1", Side.CLIENT, Content(b"start", tmp_path / "gone", 0, 10)))
    *_, entry, comment = read([HEADER, *entry_lines(gone)])
    assert entry.event.content.whole() == b"start"
    assert "could not be read to its end: No such file" in comment.text


def test_truncated_at_every_byte(tmp_path):
    """A file cut at any byte loads as far as it goes and says what is missing, or is no session (T296)."""
    whole, stored = STORED.read_bytes(), load(STORED)
    head = whole.index(b"\n")
    for cut in range(len(whole)):
        reader = Reader(whole[:cut].splitlines(keepends=True))
        if cut < head:
            with pytest.raises(SessionError):
                list(reader)
            continue
        items = list(reader)
        found = [item for item in items if isinstance(item, Entry)]
        assert found == list(stored.entries[: len(found)])
        at_the_end_of_a_line = whole[cut - 1 : cut] == b"\n" or whole[cut : cut + 1] == b"\n"
        assert bool(reader.notice) <= (not at_the_end_of_a_line or b'"more":true' in whole[:cut].splitlines()[-1])


@pytest.mark.parametrize("cut", range(0, 1800, 7))
def test_truncated_gzip(cut, tmp_path):
    """A packed file cut anywhere gives what there is."""
    path = tmp_path / "s.maillab.gz"
    path.write_bytes(gzip.compress(STORED.read_bytes(), mtime=0)[:cut])
    if cut < 200:  # not even the header
        with pytest.raises(SessionError, match="line 1"):
            load(path)
    elif cut > 300:
        found = load(path).entries
        assert found == load(STORED).entries[: len(found)]


@pytest.mark.parametrize("version", ["0", "4", "2147483648", '"1"', "1.5", "-1", "true", "null"])
def test_wrong_versions(version):
    """A version that is none, or not yet, is named in the error (T296)."""
    with pytest.raises(SessionError, match="line 1: "):
        list(read([HEADER.replace(b'"version":3', f'"version":{version}'.encode())]))


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\n",
        b"{}\n",
        b"\xff\xfe{\x00",
        b"MZ\x00",
        b"cos\nsystem\n",
        b"---\n",
        b"From a@b\n",
        b'{"format":"x","version":1}',
    ],
)
def test_not_a_session(first):
    """What is no session is called that, at line 1, and is given to no other reader (T301)."""
    with pytest.raises(SessionError, match="line 1"):
        list(read([first] if first else []))


def test_order_of_numbers():
    """Entries count upwards; a gap is fine, the same number twice is not."""
    one, two, three = talk(3)
    assert entries([encode_entry(one), encode_entry(three)]) == [one, three]
    with pytest.raises(SessionError, match="line 3: entry 1 comes after entry 2"):
        entries([encode_entry(two), encode_entry(one)])


def test_pieces_that_do_not_fit():
    """A piece without its beginning, or a beginning without its end, is an error at its line."""
    first, second, *_ = entry_lines(message(b"x" * (2 * PIECE + 5)))
    with pytest.raises(SessionError, match="line 2: no content of entry 1"):
        entries([second])
    with pytest.raises(SessionError, match="line 3: the content of entry 1 is not continued"):
        entries([first, encode_entry(structs.replace(talk(1)[0], seq=2))])
    with pytest.raises(SessionError, match="is not continued"):
        entries([first, b"# now\n"])
    reader = Reader([HEADER, first])
    assert len(list(reader)) == 1
    assert "content of entry 1 is not whole" in reader.notice


def test_limits(monkeypatch):
    """Line, entries, notes and the whole have a limit, met without harm and refused one above (T299)."""
    with pytest.raises(SessionError, match="line 2: longer than"):
        entries([b"#" + b"x" * LONGEST_LINE + b"\n"])
    assert entries([b"#" + b"x" * (LONGEST_LINE - 2) + b"\n"]) == []
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    assert len(entries(map(encode_entry, talk(2)))) == 2
    with pytest.raises(SessionError, match="line 4: more than 2 entries"):
        entries(map(encode_entry, talk(3)))
    monkeypatch.setattr(module, "MOST_NOTES", 2)
    with pytest.raises(SessionError, match="line 4: more than 2 marks"):
        entries([encode_note(Mark("m", 0, 1.0))] * 3)
    monkeypatch.setattr(module, "MOST_OCTETS", len(HEADER) + 10)
    with pytest.raises(SessionError, match="line 3: the session is longer"):
        entries([b"#45678901\n"[:10], b"#\n"])


def test_a_message_is_one_line():
    """Whatever stands in a file, the complaint about it is one line and names the line at fault."""
    with pytest.raises(SessionError) as caught:
        entries([b'{"e":"Said","n":1,"t":1,"talk":1,"side":"x\\ny","line":""}\n'])
    assert str(caught.value).startswith("line 2: ")
    assert "\n" not in str(caught.value)


def test_secrets_never_stand_in_it(tmp_path):
    """A session with a secret in it is saved without it, whoever forgot to strike it out (T309)."""
    secret = Entry(1, 1.0, Said("submit-1", Side.CLIENT, b"PASS hunter2\r\n", secret=(5, 12)))
    save(Session(Header(), (secret,)), tmp_path / "s.maillab")
    assert b"hunter2" not in (tmp_path / "s.maillab").read_bytes()


def spoil(path, dice, times):
    """Read so many mutated files, as a stream and by places; how many were read all the same."""
    octets, good = STORED.read_bytes(), 0
    for number in range(times):
        spoiled = mutated(octets, dice)
        try:
            items = list(read(spoiled.splitlines(keepends=True) if number % 2 else spoiled.split(b"\n")))
        except SessionError:
            pass
        else:
            good += 1
            notes = tuple(item for item in items[1:] if not isinstance(item, Entry))
            session = Session(items[0], tuple(item for item in items if isinstance(item, Entry)), notes)
            assert list(read(encode(session))) == items
        if number % 10 == 0:
            path.write_bytes(spoiled)
            try:
                with SessionFile(path) as file:
                    assert len(file) >= len(file.slice(0, 1_000))
                    assert file.at_time(1e9) <= len(file)
                    assert len(file.marks) < 100
            except SessionError:
                pass
    return good


def test_mutated_files(tmp_path):
    """Whatever happens to a file, only SessionError comes out of it; what still loads can be saved (T295)."""
    assert spoil(tmp_path / "s.maillab", random.Random(4), 2_000) > 20
