"""An entry, explained."""

import re

from maillab.events import Carried, Entry, Said, Side
from maillab.mail.content import Content
from maillab.tui import inspection
from maillab.tui.inspection import explained, inspect
from maillab.tui.model import Model
from maillab.tui.texts import Texts
from tests.lookups import looked_up
from tests.recording.told import record, told

EN, VI = Texts("en"), Texts("vi")


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def entry_of(model, talk, begin):
    return next(e for e in model.of_talk(talk) if isinstance(e.event, Said) and e.event.line.startswith(begin))


def test_a_reply():
    """What it says octet for octet, what it means with its source, what it answers, and how long that took."""
    model = model_of(told("seven-steps"))
    reply = entry_of(model, "relay-1", b"250 2.1.5")
    lines = text(inspect(model, reply, EN))
    assert lines[0].startswith(f"line {reply.seq} · relay-1 · server")
    assert any(line.startswith("250 2.1.5") and line.endswith("␍␊") for line in lines)
    assert any("RFC 5321" in line for line in lines)
    assert any(line.startswith("answers RCPT TO:<bob@recipient.test>") for line in lines)
    assert any(re.fullmatch(EN("inspect.took", ms="NN").replace("NN", r"[0-9.]+"), line) for line in lines)


def test_in_vietnamese():
    """The meaning is told in the language of the person."""
    model = model_of(told("seven-steps"))
    command = entry_of(model, "relay-1", b"MAIL")
    assert explained(model, command, VI) != explained(model, command, EN) != ""


def test_octets():
    """In hexadecimal, with a secret left out."""
    model = model_of(record("S: +OK\nC: USER bob\nS: +OK\nC? PASS hunter2", service="pop3", name="retrieve-1"))
    secret = model.of_talk("retrieve-1")[4]
    lines = text(inspect(model, secret, EN, hexed=True))
    assert any(line.startswith("000000  2a 2a") for line in lines)
    assert "hunter2" not in "".join(lines)


def test_the_message_here():
    """The message as it stands at this station; the lines that came since the last one stand out."""
    model = model_of(told("seven-steps"))
    carried = [e for e in model.entries if isinstance(e.event, Carried)]
    at_submission, at_relay, at_home = (inspect(model, one, EN) for one in carried)
    assert not any(line.startswith("+ ") for line in text(at_submission))
    added = [line for line in text(at_relay) if line.startswith("+ ")]
    assert added[0].startswith("+ Received: from")
    assert all(not line.startswith("+ Subject") for line in added)
    assert next(line for line in text(at_home) if line.startswith("+ ")).startswith("+ Return-Path:")


def test_a_large_message():
    """A large message is shown from its beginning; that it was added to is seen all the same."""
    body = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 100_000
    model = model_of(
        [
            Entry(1, 1.0, Carried("submit-1", Side.CLIENT, Content(body))),
            Entry(2, 2.0, Carried("relay-1", Side.CLIENT, Content(b"Received: x\r\n" + body))),
        ]
    )
    lines = text(inspect(model, model.entries[1], EN))
    assert [line for line in lines if line.startswith("+ ")] == ["+ Received: x"]
    assert len(lines) < inspection.MESSAGE_LINES + 20


def test_a_message_whose_file_is_gone(tmp_path):
    """It says so."""
    gone = Content(b"", tmp_path / "gone", 0, 10)
    model = model_of([Entry(1, 1.0, Carried("relay-1", Side.CLIENT, gone))])
    assert EN("inspect.gone") in text(inspect(model, model.entries[0], EN))


def test_dots_after_bdat():
    """After BDAT no dot was added, and none is taken away."""
    model = model_of(record("S: 220\nC: BDAT 10 LAST\nMESSAGE ..two dots"))
    assert "  ..two dots" in text(inspect(model, model.entries[3], EN))
    model = model_of(record("S: 220\nC: DATA\nS: 354\nMESSAGE ..one dot"))
    assert "  .one dot" in text(inspect(model, model.entries[4], EN))


def test_every_entry_can_be_explained():
    """Nothing that happens in a story cannot be explained, in octets or in words."""
    for name in ("tls", "bounce", "attachment", "tieng-viet"):
        model = model_of(told(name))
        for entry in model.entries:
            for texts in (EN, VI):
                lines = inspect(model, entry, texts, hexed=bool(entry.seq % 2))
                assert lines
                assert all(char not in "\x1b\x9b\x07" for line in text(lines) for char in line)


def test_a_talk_is_not_read_for_ever():
    """Of a talk of many lines the last ones, and its beginning, are enough."""
    model = model_of(record("S: 220 hi\n" + "C: NOOP\nS: 250 ok\n" * 5_000))
    assert explained(model, model.entries[-2], EN)
    assert len(inspection._before(model, model.entries[-2], "relay-1")) == inspection.LOOKED_BACK + 1


def test_a_message_of_dns():
    """Every field under its name, what it answers, and the octets as they were on the wire."""
    events = looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 x.a.test.")
    model = model_of([Entry(seq, seq / 8, event) for seq, event in enumerate(events, 1)])
    lines = text(inspect(model, model.entries[1], EN))
    assert "code        NOERROR" in lines
    assert "answer      a.test. 60 IN MX 10 x.a.test." in lines
    assert "answers a.test. IN MX ?" in lines
    assert EN("inspect.took", ms="125.0") in lines
    octets = events[1].octets
    hexed = text(inspect(model, model.entries[1], EN, hexed=True))
    assert any(line.startswith(f"000000  {octets[:16].hex(' ')}") for line in hexed)
