"""An entry, explained."""

from maillab.events import Carried, Entry, Opened, Queued, Said
from maillab.tui.reading import explanation
from maillab.tui.reading.explanation import explain, explained, heading
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.lookups import looked_up
from tests.recording.told import record, told

EN, VI = Texts("en"), Texts("vi")
WIDE = 110


def model_of(entries):
    model = Model()
    model.take(entries)
    model.learn()
    return model


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def entry_of(model, talk, begin):
    return next(e for e in model.of_talk(talk) if isinstance(e.event, Said) and e.event.line.startswith(begin))


def test_where_it_is_written_is_not_broken():
    """A section of a standard that has no room behind its sentence has a line of its own."""
    model = model_of(record("S: 220 hi\nC: EHLO me.test\nS: 250 hi"))
    for cells in range(30, 60):
        lines = text(explain(model, model.entries[2], EN, cells))
        assert sum(line.endswith("RFC 5321 §4.1.1.1") for line in lines) == 1


def test_a_reply():
    """The line as it was said, the meaning with its source, what it answers and when, what comes next, every digit."""
    model = model_of(record("S: 220 hi\nC: RCPT TO:<bob@b.test>\nS: 250 2.1.5 Recipient ok\nC: DATA"))
    reply = model.entries[3]
    lines = text(explain(model, reply, EN, WIDE))
    assert heading(reply, EN) == "relay-1, line 4 · server · not encrypted"
    assert text(explain(model, reply, EN, WIDE, headed=True))[:2] == [heading(reply, EN), ""]  # where no title is seen
    assert lines[0] == r"250 2.1.5 Recipient ok\r\n"
    assert lines[2].endswith("RFC 5321 §4.2.3")
    assert lines[4:6] == ["Answers RCPT TO:<bob@b.test>  after 1.0 s", "Next: DATA"]
    assert [line.split()[0] for line in lines[7:9]] == ["250", "2.1.5"]


def test_why_a_message_comes_back_is_read_without_scrolling():
    """All that is said of a refusal has room in the pane below the wire."""
    model = model_of(told("bounce"))
    refusal = entry_of(model, "relay-1", b"550")
    for texts in (EN, VI):
        assert len(explain(model, refusal, texts, 116)) <= 12
        lines = text(explain(model, refusal, texts, 116))
        assert any("RFC 5321 §4.2.3" in line for line in lines[2:4])


def test_a_command():
    """By what it was answered: the first line, however many follow."""
    model = model_of(record("S: 220 hi\nC: EHLO me.test\nS: 250-mx.test\nS: 250 HELP"))
    assert text(explain(model, model.entries[2], EN, WIDE))[4] == "Answered: 250-mx.test  after 1.0 s"
    lines = text(explain(model, model.entries[3], EN, WIDE))
    assert "Next: the connection closes" in lines  # not the next line of the same answer


def test_what_happens_after_a_talk():
    """Where the talk is over, what comes next is elsewhere, and so it is said where."""
    opened = next(e.event for e in told("seven-steps") if isinstance(e.event, Opened))
    model = model_of(
        [*record("S: 220 hi"), Entry(4, 1_700_000_009.0, opened), Entry(5, 1_700_000_010.0, opened)],
    )
    assert text(explain(model, model.entries[2], EN, WIDE))[-1].startswith("Next: submit-1: connected to")


def test_an_extension_is_told_once():
    """What stands among the fields already is not said again: only where to read more."""
    model = model_of(record("S: 220 hi\nC: EHLO me.test\nS: 250-mx.test\nS: 250 HELP"))
    lines = text(explain(model, model.entries[4], EN, WIDE))
    assert lines[2:5] == ["HELP  The server answers HELP.", "", "RFC 5321 §4.1.1"]


def test_a_decision():
    """It has a meaning, and no bytes: nobody said it."""
    model = model_of([Entry(1, 1.0, Queued("L1.1", "L1", "b.test", ("bob@b.test",)))])
    for hexed in (False, True):
        lines = text(explain(model, model.entries[0], EN, WIDE, hexed=hexed))
        assert "A decision, not traffic: there are no bytes." in lines
    assert explained(model, model.entries[0], EN).startswith("A job: ")
    assert heading(model.entries[0], EN) == "L1.1, line 1"


def test_in_vietnamese():
    """The meaning is told in the language of the person."""
    model = model_of(told("seven-steps"))
    command = entry_of(model, "relay-1", b"MAIL")
    assert explained(model, command, VI) != explained(model, command, EN) != ""


def test_bytes():
    """In hexadecimal, above everything that explains them, with a secret left out."""
    model = model_of(record("S: +OK\nC: USER bob\nS: +OK\nC? PASS hunter2", service="pop3", name="retrieve-1"))
    secret = model.of_talk("retrieve-1")[4]
    lines = text(explain(model, secret, EN, WIDE, hexed=True))
    assert lines[2].startswith("000000  2a 2a")
    assert "hunter2" not in "".join(lines)


def test_every_entry_can_be_explained():
    """Nothing that happens in a story cannot be explained, in bytes or in words; nothing in it moves a cursor."""
    for name in ("tls", "bounce", "attachment", "tieng-viet"):
        model = model_of(told(name))
        for entry in model.entries:
            for texts in (EN, VI):
                lines = explain(model, entry, texts, 60, hexed=bool(entry.seq % 2))
                assert lines
                assert all(char not in "\x1b\x9b\x07" for line in text(lines) for char in line)
                if not isinstance(entry.event, Carried | Said):
                    assert explained(model, entry, texts)


def test_a_talk_is_not_read_for_ever():
    """Of a talk of many lines the last ones, and its beginning, are enough."""
    model = model_of(record("S: 220 hi\n" + "C: NOOP\nS: 250 ok\n" * 5_000))
    assert explained(model, model.entries[-2], EN)
    assert len(explanation._before(model, model.entries[-2])) == explanation.LOOKED_BACK + 1
    assert len(explanation._behind(model, model.entries[2])) == explanation.LOOKED_ON


def test_a_message_of_dns():
    """By field, in words, and the bytes as they were on the wire; there is no line, so there is no line end."""
    events = looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 x.a.test.")
    model = model_of([Entry(seq, seq / 8, event) for seq, event in enumerate(events, 1)])
    lines = text(explain(model, model.entries[1], EN, WIDE))
    assert lines[0].split() == ["a.test.", "60", "IN", "MX", "10", "x.a.test."]
    assert lines[1].split("  ")[0] == "the domain"
    assert "NOERROR: the name exists." in lines
    assert "Answers a.test. IN MX ?  after 125.0 ms" in lines
    assert not any("␍" in line or "␊" in line for line in lines)
    octets = events[1].octets
    hexed = text(explain(model, model.entries[1], EN, WIDE, hexed=True))
    assert hexed[0].startswith(f"000000  {octets[:16].hex(' ')}")


def test_dns_in_an_old_record():
    """There it was written down in words; also of these no line end was ever on the wire."""
    model = model_of(record("C: a.test. IN MX ?\nS: a.test. IN MX 10 x.a.test.", service="dns", name="lookup-1")[1:])
    for entry in model.entries:
        assert not any("␍" in line or "␊" in line for line in text(explain(model, entry, EN, WIDE)))
