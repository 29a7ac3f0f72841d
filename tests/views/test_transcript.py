"""Entries become rows, and rows become lines that a person can read."""

import re
import typing
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab import events
from maillab.events import (
    Attempted,
    Carried,
    Certificate,
    Closed,
    Deferred,
    Delivered,
    Entry,
    Event,
    Leg,
    Opened,
    Packet,
    Queued,
    Routed,
    Said,
    Secured,
    Side,
    Tolerated,
    Transport,
    Warned,
)
from maillab.mail.content import Content
from maillab.views.filter import parse, select
from maillab.views.gloss import Lang
from maillab.views.notation import Notation
from maillab.views.safe import safe
from maillab.views.transcript import LONGEST_ROW, Row, Transcript
from maillab.views.verdict import Verdict
from tests.lookups import looked_up

C, S = Side.CLIENT, Side.SERVER
MESSAGE = Content(b"Subject: hi\r\n\r\n..dot\r\n")
TALK: list[Event] = [
    Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
    Said("submit-1", S, b"220 mail.sender.test ESMTP\r\n"),
    Said("submit-1", C, b"EHLO client.sender.test\r\n"),
    Said("submit-1", S, b"250-mail.sender.test\r\n"),
    Said("submit-1", S, b"250 PIPELINING\r\n"),
    Secured("submit-1", "TLSv1.3"),
    Said("submit-1", C, b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", True, (11, 27)),
    Said("submit-1", S, b"235 2.7.0 ok\r\n", True),
    Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test"),
    Said("submit-1", C, b"MAIL FROM:<alice@sender.test>\r\n", True),
    Said("relay-1", S, b"421 4.3.2 later\r\n"),
    Said("submit-1", S, b"550 5.7.1 no\r\n", True),
    Carried("submit-1", C, MESSAGE, True),
    Said("submit-1", C, b".\r\n", True),
    Delivered("relay-1", "bob@recipient.test", 1, 1204),
    Attempted("J1", "mx.recipient.test", 550),
    Tolerated("submit-1", "RFC 5321 §4.1.2", "a path has brackets"),
    Closed("submit-1", "quit"),
]


def told(happened: list[Event], view: Transcript) -> list[str]:
    return [view.line(row) for seq, event in enumerate(happened, 1) for row in view.rows(Entry(seq, float(seq), event))]


def row_of(event: Event, view: Transcript | None = None) -> Row:
    [row] = (view or Transcript()).rows(Entry(1, 0.0, event))
    return row


GOLDEN: dict[tuple[Notation, Lang], str] = {
    ("rfc", "en"): """\
submit-1 == connected to mail.sender.test (submission)
submit-1 S: 220 mail.sender.test ESMTP
submit-1 C: EHLO client.sender.test
submit-1 S: 250-mail.sender.test
submit-1 S: 250 PIPELINING
submit-1 == TLS began (TLSv1.3)
submit-1 C: AUTH PLAIN ‹redacted 16›
submit-1 S: 235 2.7.0 ok
relay-1 == connected to mx.recipient.test (smtp)
submit-1 C: MAIL FROM:<alice@sender.test>
relay-1 S: ! 421 4.3.2 later
submit-1 S: ✗ 550 5.7.1 no
submit-1 C: ▸ 3 lines of message, 22 bytes
submit-1 C: .
relay-1 ** stored for bob@recipient.test as 1 (1204 bytes)
J1 ** ✗ tried mx.recipient.test: 550
submit-1 ** ! tolerated: a path has brackets (RFC 5321 §4.1.2)
submit-1 == ended
""",
    ("swaks", "vi"): """\
submit-1 === đã kết nối tới mail.sender.test (submission)
submit-1 <-  220 mail.sender.test ESMTP
submit-1  -> EHLO client.sender.test
submit-1 <-  250-mail.sender.test
submit-1 <-  250 PIPELINING
submit-1 === bắt đầu TLS (TLSv1.3)
submit-1  ~> AUTH PLAIN ‹redacted 16›
submit-1 <~  235 2.7.0 ok
relay-1 === đã kết nối tới mx.recipient.test (smtp)
submit-1  ~> MAIL FROM:<alice@sender.test>
relay-1 <** ! 421 4.3.2 later
submit-1 <~* ✗ 550 5.7.1 no
submit-1  ~> ▸ 3 dòng nội dung thư, 22 byte
submit-1  ~> .
relay-1 === đã lưu cho bob@recipient.test, số 1 (1204 byte)
J1 *** ✗ đã thử mx.recipient.test: 550
submit-1 === ! tạm chấp nhận: a path has brackets (RFC 5321 §4.1.2)
submit-1 === kết thúc
""",
    ("curl", "en"): """\
submit-1 * connected to mail.sender.test (submission)
submit-1 < 220 mail.sender.test ESMTP
submit-1 > EHLO client.sender.test
submit-1 < 250-mail.sender.test
submit-1 < 250 PIPELINING
submit-1 * TLS began (TLSv1.3)
submit-1 > AUTH PLAIN ‹redacted 16›
submit-1 < 235 2.7.0 ok
relay-1 * connected to mx.recipient.test (smtp)
submit-1 > MAIL FROM:<alice@sender.test>
relay-1 < ! 421 4.3.2 later
submit-1 < ✗ 550 5.7.1 no
submit-1 > ▸ 3 lines of message, 22 bytes
submit-1 > .
relay-1 * stored for bob@recipient.test as 1 (1204 bytes)
J1 * ✗ tried mx.recipient.test: 550
submit-1 * ! tolerated: a path has brackets (RFC 5321 §4.1.2)
submit-1 * ended
""",
}


@pytest.mark.parametrize(("notation", "lang"), GOLDEN)
def test_a_talk_reads_well(notation: Notation, lang: Lang) -> None:
    """Two interleaved talks can be told apart, in every notation and both languages."""
    assert "\n".join(told(TALK, Transcript(notation, lang))) + "\n" == GOLDEN[notation, lang]


def test_every_event_has_a_row() -> None:
    """Whatever can happen is shown, and no kind of event is forgotten."""
    samples = {
        str: "x",
        bytes: b"x\r\n",
        int: 1,
        bool: False,
        Leg: Leg.RELAY,
        Side: S,
        Transport: Transport.UDP,
        Content: MESSAGE,
    }
    samples |= {tuple[int, int]: (0, 0), tuple[str, ...]: ("x",), tuple[int, ...]: (1,), Certificate | None: None}

    for kind in typing.get_args(events.Event):
        event = kind(*[samples[hint] for hint in typing.get_type_hints(kind).values()])
        for ascii in (False, True):
            view = Transcript(glosses=True, ascii=ascii)
            assert "x" in view.line(row_of(event, view)) or kind is Carried, kind


def test_glosses_stand_beside_the_lines() -> None:
    """Each line of a protocol is explained after ┆, with the reply explained by what it answers."""
    end = [Said("submit-1", C, b"DATA\r\n"), Said("submit-1", S, b"354 go\r\n"), Said("submit-1", C, b".\r\n")]
    happened = [*TALK[1:5], *end, Said("submit-1", S, b"250 2.0.0 ok\r\n")]
    lines = told([TALK[0], *happened], Transcript(glosses=True))

    assert lines[1].startswith("submit-1 S: 220 mail.sender.test ESMTP  ┆ Ready.")
    assert (
        lines[4] == "submit-1 S: 250 PIPELINING  ┆ A client may send several commands without waiting for each answer."
    )
    assert "I have taken responsibility" in lines[8]


def test_pipelined_replies_are_explained_by_their_own_command() -> None:
    """When commands come in one breath, each reply is matched with its own, and the greeting with none."""
    happened: list[Event] = [
        Opened("relay-1", Leg.RELAY, "smtp", "mx"),
        Said("relay-1", C, b"EHLO early\r\n"),
        Said("relay-1", S, b"220 mx\r\n"),
        Said("relay-1", S, b"250-mx\r\n"),
        Said("relay-1", S, b"250 SIZE\r\n"),
        Carried("relay-1", C, MESSAGE),
        Said("relay-1", C, b".\r\n"),
        Said("relay-1", C, b"QUIT\r\n"),
        Said("relay-1", S, b"250 stored\r\n"),
        Said("relay-1", S, b"221 bye\r\n"),
    ]
    view = Transcript(glosses=True)
    glosses = [row.gloss.key for n, event in enumerate(happened) for row in view.rows(Entry(n, 0, event)) if row.gloss]

    assert glosses == ["EHLO", "220", "250", "SIZE", "content", ".", "QUIT", "250 .", "221"]


def test_a_talk_whose_beginning_was_not_seen() -> None:
    """The name of a talk tells its leg and protocol when its first entries are no longer kept."""
    view = Transcript(glosses=True)
    row = row_of(Said("retrieve-7", S, b"-ERR [AUTH] no\r\n"), view)

    assert (row.leg, row.verdict, row.gloss and row.gloss.key) == (Leg.RETRIEVE, "error", "-ERR [AUTH]")
    assert row_of(Said("lookup-2", S, b"NXDOMAIN\r\n")).verdict == "error"
    assert row_of(Said("telephone", S, b"550 no\r\n")).verdict == "ok"


def test_jobs_have_a_leg() -> None:
    """What happens to a job belongs to the relay leg, and its route to the lookup."""
    assert row_of(Queued("J1", "L1", "b.test", ())).leg is Leg.RELAY
    assert row_of(Routed("J1", ("mx",))).leg is Leg.LOOKUP
    assert row_of(Warned("zone", "x")).leg is None
    assert row_of(Deferred("J1", (), "busy", 60)).talk == "J1"


@pytest.mark.parametrize("secret", [(11, 27), (11, 99), (-3, 99), (0, 29)])
def test_secrets_are_replaced_by_their_length(secret: tuple[int, int]) -> None:
    """Nothing of a secret is left, in the row or in its explanation, unless this view shows secrets."""
    said = Said("submit-1", C, b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", True, secret)  # T307, T309
    hidden = Transcript(glosses=True)
    line = hidden.line(row_of(said, hidden))

    assert "AGFs" not in line
    assert f"‹redacted {min(29, secret[1]) - max(0, secret[0])}›" in line
    assert "AGFsaWNlAGFsaWNl" in row_of(said, Transcript(show_secrets=True)).text


def test_a_secret_step_of_a_login() -> None:
    """An answer to a challenge is hidden whole, and still explained."""
    happened: list[Event] = [
        Said("submit-1", C, b"AUTH LOGIN\r\n"),
        Said("submit-1", S, b"334 UGFzc3dvcmQ6\r\n"),
        Said("submit-1", C, b"aHVudGVyMg==\r\n", False, (0, 12)),
        Said("submit-1", S, b"535 5.7.8 no\r\n"),
        Said("submit-1", C, b"hunter2\r\n", False, (0, 7)),  # T308
    ]
    lines = told(happened, Transcript(glosses=True))

    assert lines[2].startswith("submit-1 C: ‹redacted 12›  ┆ The next step of the login")
    assert lines[4] == "submit-1 C: ‹redacted 7›"


def test_unfolded_content_is_shown_line_by_line() -> None:
    """Unfolded, content is read line by line as it was on the wire; a line without an end is marked."""
    view = Transcript(content=None)
    entry = Entry(1, 0.0, Carried("relay-1", C, Content(b"a\r\n..b\n\r\nend")))

    assert [row.text for row in view.rows(entry)] == ["a", "..b␊", "", "end⋯"]
    assert row_of(Carried("relay-1", C, Content(b"end"))).text == "▸ 1 line of message, 3 bytes"


def test_large_content_is_read_in_blocks(tmp_path: Path) -> None:
    """Content in a file is split at line ends wherever the blocks fall, and an endless line comes in pieces."""
    file = tmp_path / "body"
    file.write_bytes(b"0123456789abc\r\n" * 20_000 + b"x" * (3 * LONGEST_ROW))
    content = Content(b"start\r\n", file, 0, file.stat().st_size)
    rows = list(Transcript(content=None).iterate(Entry(1, 0.0, Carried("relay-1", C, content))))

    assert [row.text for row in rows[:2]] == ["start", "0123456789abc"]
    assert {row.text for row in rows[1:20_001]} == {"0123456789abc"}
    assert sum(row.text.count("x") for row in rows) == 3 * LONGEST_ROW
    assert max(len(row.text) for row in rows) <= 2 * LONGEST_ROW


def test_content_is_shown_as_far_as_asked() -> None:
    """So many lines are shown, the first one explained; of a longer content the others are counted, octets and all."""
    entry = Entry(1, 0.0, Carried("relay-1", C, Content(b"a\r\nb\r\nc\r\nd\r\n")))
    assert [row.text for row in Transcript(content=4).rows(entry)] == ["a", "b", "c", "d"]
    assert [row.text for row in Transcript(content=3).rows(entry)] == ["a", "b", "c", "▸ 1 more line, 3 bytes"]
    rows = Transcript(content=1, lang="vi", glosses=True).rows(entry)
    assert [row.text for row in rows] == ["a", "▸ còn 3 dòng, 9 byte"]
    assert [row.gloss is not None for row in rows] == [True, False]


def test_endless_lines_are_no_way_around_that() -> None:
    """Lines longer than mail allows count for more: a message in one line of a megabyte is not printed."""
    entry = Entry(1, 0.0, Carried("relay-1", C, Content(b"x" * 1_000_000 + b"\r\n")))
    assert [row.text for row in Transcript(content=20).rows(entry)] == ["▸ 1 line of message, 1000002 bytes"]
    entry = Entry(1, 0.0, Carried("relay-1", C, Content(b"")))
    assert [row.text for row in Transcript(content=20).rows(entry)] == ["▸ 0 lines of message, 0 bytes"]
    entry = Entry(1, 0.0, Carried("relay-1", C, Content(b"A: b\r\n\r\n" + b"x" * 30_000 + b"\r\n")))
    assert [row.text for row in Transcript(content=20).rows(entry)] == ["A: b", "", "▸ 1 more line, 30002 bytes"]


def test_an_empty_line_has_no_blank_behind_its_mark() -> None:
    """What ends a line on the page is the line's, not ours."""
    view = Transcript(content=2)
    assert [view.line(row) for row in view.rows(Entry(1, 0.0, Carried("relay-1", C, Content(b"\r\nx\r\n"))))] == [
        "relay-1 C:",
        "relay-1 C: x",
    ]


@pytest.mark.parametrize("content", [0, 20, None])
def test_content_that_is_gone(tmp_path: Path, content: int | None) -> None:
    """A file that is no longer there is said, never raised; nothing went wrong on the wire: no mark, no `is:error`."""
    view = Transcript(content=content)
    carried = Carried("relay-1", C, Content(b"", tmp_path / "gone", 0, 9))
    row = row_of(carried, view)

    assert view.line(row) == "relay-1 C: ▸ message, 9 bytes, no longer kept"
    assert not list(select(parse("is:error"), [Entry(1, 0.0, carried)]))


H = "\x1b]52;c;UFdOSVQ=\x07\x9b32m\u202e\u200b\r\n\x00\ud83d"


def test_hostile_text_is_harmless_wherever_it_stands() -> None:
    """Hostile text in a talk's name, a line, a value or a place comes out as pictures."""
    raw = H.encode("utf-8", "surrogatepass")
    happened: list[Event] = [
        Opened(H, Leg.RELAY, H, H),
        Said(H, S, b"220 " + raw),
        Said("relay-1", C, raw, False, (1, 4)),
        Warned(H, H),
        Carried("relay-1", C, Content(raw)),
        Closed(H, H),
    ]
    for options in (
        {},
        {"glosses": True, "ends": True},
        {"ascii": True},
        {"content": None},
        {"content": 1},
        {"times": True},
    ):
        for line in told(happened, Transcript(**options)):  # T261, T262, T264
            assert line.isprintable()
            assert line.isascii() or "ascii" not in options
            assert line.encode("utf-8")


@given(st.binary(max_size=80), st.sampled_from([C, S]), st.tuples(st.integers(-9, 99), st.integers(-9, 99)))
def test_any_line_gives_one_harmless_row(line: bytes, side: Side, secret: tuple[int, int]) -> None:
    """Any octets from any side become one line, also painted: the only escapes are ours."""
    view = Transcript(glosses=True)
    row = row_of(Said("relay-1", side, line, False, secret), view)

    assert not {unicodedata.category(char) for char in view.line(row)} & {"Cc", "Cs", "Zl", "Zp"}
    assert safe(view.line(row)) == view.line(row)
    assert re.sub("\x1b\\[[0-9;]{1,4}m", "", view.paint(row)) == view.line(row)


def test_paint_is_only_on_request() -> None:
    """`line` never holds an escape byte; `paint` adds colours to the same text, red for what is refused for good alone."""
    view = Transcript(glosses=True)

    for seq, event in enumerate(TALK, 1):
        for row in view.rows(Entry(seq, 0.0, event)):
            painted = view.paint(row)
            assert "\x1b" not in view.line(row)
            assert ("\x1b[31m" in painted) == (row.verdict == "error")
            assert re.sub("\x1b\\[[0-9;]{1,4}m", "", painted) == view.line(row)


def test_ascii_terminals() -> None:
    """Where only ASCII goes, signs are ASCII too, and Vietnamese is written without accents."""
    lines = told(TALK, Transcript("rfc", "vi", glosses=True, ascii=True))

    assert all(line.isascii() for line in lines)
    assert lines[0] == "submit-1 == da ket noi toi mail.sender.test (submission)"
    assert lines[6].startswith("submit-1 C: AUTH PLAIN <redacted 16>  | Ten va mat khau")
    assert "S: !! 550 5.7.1 no  | " in lines[11]
    assert "C: > 3 dong noi dung thu, 22 byte" in lines[12]


def test_times_and_ends() -> None:
    """Seconds count from the first entry, and line ends are shown when asked."""
    view = Transcript(times=True, ends=True)
    view.rows(Entry(1, 1000.0, TALK[0]))
    [row] = view.rows(Entry(2, 1001.25, TALK[1]))

    assert row.seconds == 1.25
    assert view.line(row) == "    1.250 submit-1 S: 220 mail.sender.test ESMTP␍␊"


TWO_HOSTS = ("a.test. 60 IN MX 10 x.a.test.", "a.test. 60 IN MX 20 y.a.test.")


def test_a_message_of_dns_is_a_row_a_record_and_its_header() -> None:
    """What a record holds stands on a line of its own; the last line tells the id, the flags, and EDNS."""
    opened = Opened("lookup-1", Leg.LOOKUP, "dns", "ns.a.test", transport=Transport.UDP)
    assert told([opened, *looked_up("lookup-1", "a.test. IN MX", *TWO_HOSTS)], Transcript(content=20)) == [
        "lookup-1 == to ns.a.test over UDP (dns)",
        "lookup-1 C: a.test. IN MX ?",
        "lookup-1 C: ▸ id 7, opcode QUERY, flags rd, EDNS version 0, udp 1232",
        "lookup-1 S: NOERROR aa a.test. 60 IN MX 10 x.a.test.",
        "lookup-1 S: NOERROR aa a.test. 60 IN MX 20 y.a.test.",
        "lookup-1 S: ▸ id 7, opcode QUERY, flags qr aa rd, EDNS version 0, udp 1232",
    ]


def test_a_message_of_dns_is_one_row_where_contents_are_folded() -> None:
    """The first record, and how many lines more there are."""
    query, response = looked_up("lookup-1", "a.test. IN MX", *TWO_HOSTS)
    assert [row.text for event in (query, response) for row in Transcript().rows(Entry(1, 0.0, event))] == [
        "a.test. IN MX ?",
        "NOERROR aa a.test. 60 IN MX 10 x.a.test. and 1 more",
    ]


def test_a_message_of_dns_is_judged_and_explained() -> None:
    """A name that does not exist is final; type, code and header have their explanations."""
    view = Transcript(glosses=True, content=20)
    query, response = looked_up("lookup-1", "a.test. IN MX", code="NXDOMAIN")
    rows = [row for seq, event in enumerate((query, response), 1) for row in view.rows(Entry(seq, 0.0, event))]
    assert [row.gloss.key if row.gloss else "" for row in rows] == ["MX", "header", "NXDOMAIN", "header"]
    assert [row.verdict for row in rows] == [Verdict.OK, Verdict.OK, Verdict.ERROR, Verdict.ERROR]


@given(st.binary(max_size=200), st.sampled_from(Side))
def test_any_octets_of_dns_give_harmless_rows(octets: bytes, side: Side) -> None:
    """Whatever a datagram holds, its rows are one line each and can move no cursor."""
    for row in Transcript(content=20).rows(Entry(1, 0.0, Packet("lookup-1", side, octets))):
        assert row.text.isprintable()
