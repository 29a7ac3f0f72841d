"""What stands in a row of the wire."""

import pytest

from maillab.events import (
    NOT_TRIED,
    REMOVED,
    Certificate,
    Closed,
    Deferred,
    Entry,
    Failed,
    Leg,
    Opened,
    Said,
    Secured,
    Side,
)
from maillab.tui.reading.model import Model
from maillab.tui.reading.wire_lines import BEFORE, CHUNK, WireLines, address
from maillab.tui.texts import Texts
from tests.lookups import looked_up
from tests.recording.told import record, told

EN = Texts("en")


def model_of(entries):
    model = Model()
    model.take(entries)
    model.learn()
    return model


def numbered(*events):
    return [Entry(number, number / 8, event) for number, event in enumerate(events, 1)]


def test_who_speaks_can_be_told_without_colour():
    """The client, the server, the connection, and what nobody said."""
    model = model_of(told("seven-steps"))
    lines = WireLines(model, EN)
    arrows = {}
    for entry in model.entries:
        arrows.setdefault(lines.line(entry).arrow, set()).add(type(entry.event).__name__)
    assert arrows["▶"] == arrows["◀"] | {"Packet"} == {"Said", "Packet", "Carried"}
    assert arrows["═"] == {"Opened", "Secured", "Closed"}
    assert "Queued" in arrows["·"]


def test_a_refusal_has_a_sign():
    """Not now, and never."""
    model = model_of(record("C: NOOP\nS: 450 later\nC: NOOP\nS: 550 no"))
    said = [WireLines(model, EN).line(entry) for entry in model.entries]
    assert [line.sign for line in said if line.arrow == "◀"] == ["!", "✗"]
    assert [line.style for line in said if line.arrow == "◀"] == ["warn", "bad"]


def test_what_was_not_tried_says_so():
    """The connection that was refused was another message's."""
    reason = f"451 4.4.1 {NOT_TRIED}No connection to mx.b.test: Connection refused"
    [entry] = numbered(Deferred("L1.1", ("bob@b.test",), reason, 566))
    line = WireLines(model_of([entry]), EN).line(entry)
    assert line.text.endswith(": not tried, its host was down · bob@b.test")


def test_what_a_person_removed_does_not_come_back():
    """Nobody is told of it, and so it is said."""
    [entry] = numbered(Failed("L1.1", ("bob@b.test",), REMOVED))
    line = WireLines(model_of([entry]), EN).line(entry)
    assert (line.sign, line.text, line.gloss) == ("!", "removed by hand · bob@b.test", "the sender gets no report")


def test_an_empty_line_is_seen():
    """Somebody said it, so it is no gap."""
    model = model_of(record("C:\nS: 500 what"))
    assert "‹empty line›" in [WireLines(model, EN).line(entry).text for entry in model.entries]


def test_an_answer_that_only_ends_has_no_more_lines():
    """A list of nothing counts none."""
    model = model_of(record("S: +OK\nC: LIST\nS: +OK 0 messages\nS: .", service="pop3"))
    first, last, _ = model.entries[-3:]
    assert WireLines(model, EN).folded(first, [last])[0] == "+OK 0 messages ▸"


def test_dns_and_tls_are_said_plainly():
    """What is asked, what it comes to, which TLS it is."""
    model = model_of(numbered(*looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 mx.a.test.")))
    said = [WireLines(model, EN).line(entry) for entry in model.entries]
    assert [line.text for line in said] == ["a.test MX?", "MX 10 mx.a.test"]
    assert all(line.gloss for line in said)
    model = model_of(numbered(Secured("relay-1", "TLSv1.3"), Secured("relay-1", "")))
    assert [WireLines(model, EN).line(entry).text for entry in model.entries] == ["TLS 1.3", "TLS"]


def test_tls_is_told_with_the_name_in_the_certificate():
    """That of the server of the talk, if it can; by whom it was signed stands beside it. What came from outside is safe."""
    shown = Certificate("CN=x", "O=maillab", ("mx.a.test", "mail.a.test"), "", by_lab=True)
    opened = Opened("submit-1", Leg.SUBMIT, "submission", "mail.a.test")
    odd = Certificate("CN=\x1b[2J\u202e", "", (), "")
    model = model_of(
        numbered(
            opened,
            Secured("submit-1", "TLSv1.3", "X", shown),
            Secured("relay-9", "TLSv1.2", "X", shown),
            Secured("relay-9", "TLSv1.2", "X", odd),
        )
    )
    lines = [WireLines(model, EN).line(entry) for entry in model.entries][1:]
    assert [line.text for line in lines[:2]] == [
        "TLS 1.3, certificate of mail.a.test",
        "TLS 1.2, certificate of mx.a.test",
    ]
    assert lines[0].gloss == "certified by the lab's CA"
    assert "encrypted" in lines[2].gloss
    assert lines[2].text.isprintable()


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_long_answer_in_one_row(lang):
    """What a server offers is counted and named; of another answer the first line stands with how many more there are."""
    model = model_of(
        record(
            "S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250-SIZE 10\nS: 250-X-OWN\nS: 250 DSN\nC: NOOP\nS: 250-a\nS: 250 b"
        )
    )
    lines, entries = WireLines(model, Texts(lang)), model.entries
    assert lines.folded(entries[3], entries[4:7]) == ("250 SIZE DSN ▸", Texts(lang)("wire.offers", count=3))
    text, gloss = lines.folded(entries[8], entries[9:10])
    assert text == Texts(lang)("wire.more", text="250-a", count=1)
    assert gloss


def test_a_line_is_understood_in_its_talk_wherever_it_stands():
    """Far behind in a long talk, in any order, an answer is explained by what it answers."""
    said = [Opened("relay-1", Leg.RELAY, "smtp", "mx.a.test"), Said("relay-1", Side.SERVER, b"220 hi\r\n")]
    for _ in range(BEFORE + 2 * CHUNK):
        said += [Said("relay-1", Side.CLIENT, b"EHLO me\r\n"), Said("relay-1", Side.SERVER, b"250-mx\r\n")]
        said += [Said("relay-1", Side.SERVER, b"250 SIZE\r\n")]
    model = model_of(numbered(*said))
    lines = WireLines(model, EN)
    sizes = [entry for entry in model.entries if getattr(entry.event, "line", b"") == b"250 SIZE\r\n"]
    assert {lines.line(entry).gloss for entry in (sizes[-1], sizes[0], sizes[200], sizes[-2])} == {
        lines.line(sizes[5]).gloss
    }
    assert "largest message" in lines.line(sizes[-1]).gloss


def test_names_of_talks():
    """Whole, where talks interleave, as everywhere; a server by the port that the standard gives its service."""
    model = model_of(told("seven-steps"))
    lines = WireLines(model, EN)
    assert {"submit-1", "lookup-1", "relay-1", "retrieve-1", "L1.1"} <= {lines.tag(entry) for entry in model.entries}
    assert address(model.talks["submit-1"]) == "mail.sender.test:587"
    assert model.talks["submit-1"].client == "laptop.sender.test"


def test_what_the_model_has_not_learned():
    """A line of a talk that nobody knows is said all the same; nothing of a peer's is drawn as it came."""
    lines = WireLines(Model(), EN)
    assert lines.line(Entry(1, 0.0, Said("relay-1", Side.SERVER, b"250 \x1b[31m\r\n"))).text == "250 ␛[31m"
    assert lines.text(Entry(1, 0.0, Closed("relay-1", "refused"))) == "closed by the server"
