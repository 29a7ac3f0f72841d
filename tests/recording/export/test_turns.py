"""Entries as turns."""

from dataclasses import replace

from maillab.events import Carried, Closed, Entry, Opened, Packet, Side
from maillab.events import Leg as L
from maillab.mail.content import Content
from maillab.protocols.dns.message import read
from maillab.recording.export.turns import (
    ExportedTurn,
    NarratedWords,
    headings,
    introductions,
    moments,
    named,
    scenes,
    titled,
    turns,
)
from maillab.recording.session import Mark, Told
from tests.lookups import looked_up
from tests.recording.export.sample import sample, session, talk


def told(*events):
    """Each turn as its talk's side and its parts; other events by their names."""
    found = []
    for item in turns(session(*events).entries):
        if isinstance(item, ExportedTurn):
            parts = [part.whole() if isinstance(part, Content) else part for part in item.parts]
            found.append((item.side[0], *(part.decode().rstrip() for part in parts)))
        else:
            found.append(type(item.event).__name__)
    return found


def test_smtp_reply():
    """The lines of one reply are one turn, also when another talk speaks between them; two replies are two."""
    assert told(
        *talk("relay-1", "C: EHLO a", "S: 250-a"),
        *talk("relay-2", "C: NOOP"),
        *talk("relay-1", "S: 250 b", "S: 250 c"),
    ) == [("c", "EHLO a"), ("s", "250-a", "250 b"), ("c", "NOOP"), ("s", "250 c")]


def test_pop3_listing():
    """A POP3 answer goes on to its dot; a status line begins the next one."""
    opened = Opened("retrieve-1", L.RETRIEVE, "pop3", "mail")
    said = ("S: +OK hi", "C: LIST", "C: NOOP", "S: +OK", "S: 1 9", "S: .", "S: +OK", "S: -ERR")
    assert told(opened, *talk("retrieve-1", *said)) == [
        "Opened",
        ("s", "+OK hi"),
        ("c", "LIST"),
        ("c", "NOOP"),
        ("s", "+OK", "1 9", "."),
        ("s", "+OK"),
        ("s", "-ERR"),
    ]


def test_messages():
    """A message takes its end mark with it, and a POP3 answer its message."""
    up, down = Carried("relay-1", Side.CLIENT, Content(b"x\r\n")), Carried("retrieve-1", Side.SERVER, Content(b"y\r\n"))
    assert told(*talk("relay-1", "C: DATA", "S: 354 go"), up, *talk("relay-1", "C: .", "C: QUIT")) == [
        ("c", "DATA"),
        ("s", "354 go"),
        ("c", "x", "."),
        ("c", "QUIT"),
    ]
    assert told(*talk("retrieve-1", "C: RETR 1", "S: +OK"), down, *talk("retrieve-1", "S: .")) == [
        ("c", "RETR 1"),
        ("s", "+OK", "y", "."),
    ]


def test_dns_message():
    """One message is one turn, described a line a record."""
    records = ("a.test. 60 IN MX 10 x.test.", "a.test. 60 IN MX 20 y.test.")
    asked, answered = turns(session(*looked_up("lookup-1", "a.test. IN MX", *records)).entries)
    assert asked.lines == [b"a.test. IN MX ?\r\n"]
    assert answered.lines == [f"NOERROR aa {record}\r\n".encode() for record in records]
    assert read(answered.packet) is not None


def test_dns_answer_of_an_old_record():
    """The records of one answer, which are lines there, are one turn."""
    assert told(*talk("lookup-1", "C: a. IN MX ?", "S: NOERROR x", "S: NOERROR y"), Closed("lookup-1", "answered")) == [
        ("c", "a. IN MX ?"),
        ("s", "NOERROR x", "NOERROR y"),
        "Closed",
    ]


def test_nothing_is_lost():
    """All octets of a session are in its turns, in the order of every talk."""
    entries = sample().entries
    said = b"".join(getattr(entry.event, "line", b"") for entry in entries)
    packets = [entry.event.octets for entry in entries if isinstance(entry.event, Packet)]
    found = [item for item in turns(entries) if isinstance(item, ExportedTurn)]
    assert sorted(said.split(b"\r\n")) == sorted(
        b"".join(b"".join(turn.lines) for turn in found if not turn.packet).split(b"\r\n")
    )
    assert [turn.packet for turn in found if turn.packet] == packets


def test_scenes():
    """Marks and narration stand after the entry that they name."""
    places = list(scenes(sample()))
    assert places[0] == moments(sample())[0] == NarratedWords("Alice writes.", 0, 1_700_000_000.0, is_mark=False)
    mark = next(at for at, item in enumerate(places) if isinstance(item, NarratedWords) and item.is_mark)
    before, after = places[mark - 1], places[mark + 1]
    assert isinstance(before, Entry)
    assert isinstance(after, Entry)
    assert before.seq == places[mark].after == after.seq - 1


def test_headings():
    """As a heading, a mark at the place of narration is not needed."""
    one = sample()
    doubled = replace(one, notes=(*one.notes, Mark("step-1", 0, 0.0)))
    assert [item.text for item in moments(doubled)] == ["Alice writes.", "step-1", "the lookup"]
    assert [item.text for item in headings(doubled)] == ["Alice writes.", "the lookup"]
    shown = [item for item in scenes(doubled, as_headings=True) if isinstance(item, NarratedWords)]
    assert shown == headings(doubled)


def test_title():
    """A story is told title first: that is the title, in the language asked for, and not said again."""
    one = replace(sample(), notes=(Told("A message that was put off", "Một lá thư bị hoãn", 0, 0.0), *sample().notes))
    assert titled(one, "vi") == ("Một lá thư bị hoãn", sample())
    assert titled(one) == titled(sample()) == ("A message that was put off", sample())


def test_a_session_that_was_given_no_title():
    """Is called like its file; a title that is there stays."""
    one = replace(sample(), header=replace(sample().header, title=""))
    assert titled(named(one, "friday"))[0] == "friday"
    assert named(sample(), "friday") == sample()


def test_introductions():
    """Narration belongs to the talk that goes on after it."""
    one = session(
        *talk("a-1", "S: 220"), *talk("b-1", "S: 220"), notes=(Told("First.", "", 0, 0.0), Told("Then.", "", 1, 0.0))
    )
    assert introductions(one) == {"a-1": ["First."], "b-1": ["Then."]}
