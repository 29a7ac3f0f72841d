"""How queries and answers read in the transcript."""

import random
import string
from collections.abc import Sequence

import dns.flags
import dns.message
import dns.opcode
import dns.rrset
import pytest
from dns.rcode import Rcode
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.protocols.dns.described import CHARACTERS, described, fields, header
from maillab.protocols.dns.message import RECORDS as LINES
from tests.nameserver.wires import GOOD, MALFORMED, MX_IN, RESPONSES, SHORT, ask
from tests.nameserver.wires import header as head_of

SOA = "recipient.test. 300 IN SOA ns.recipient.test. root.recipient.test. 1 2 3 4 300"

Lines = Sequence[str]


def respond(
    name: str, kind: str, answer: Lines, authority: Lines = (), additional: Lines = (), **how: int
) -> list[str]:  # fmt: skip
    """The lines of an answer written by dnspython from records in text."""
    message = dns.message.make_response(dns.message.make_query(name, kind, use_edns=how.get("edns")))
    message.flags |= dns.flags.AA * how.get("aa", 1) | dns.flags.TC * how.get("tc", 0)
    for section, lines in ((message.answer, answer), (message.authority, authority), (message.additional, additional)):
        for line in lines:
            owner, ttl, _, rdtype, data = line.split(" ", 4)
            section.append(dns.rrset.from_text(owner, int(ttl), "IN", rdtype, data))
    message.set_rcode(Rcode(how.get("rcode", 0)))
    return described(message.to_wire())


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            respond("recipient.test", "MX", ["recipient.test. 3600 IN MX 10 mx.recipient.test."]),
            ["NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test."],
        ),
        (
            respond("x.recipient.test", "A", [], [SOA], rcode=Rcode.NXDOMAIN),
            ["NXDOMAIN x.recipient.test. (SOA recipient.test. ns.recipient.test. root.recipient.test. 1 2 3 4 300)"],
        ),
        (
            respond("x.recipient.test", "A", [], [SOA], edns=0),
            ["NODATA x.recipient.test. IN A (SOA recipient.test. ns.recipient.test. root.recipient.test. 1 2 3 4 300)"],
        ),
        (
            respond("a.test", "A", ["a.test. 60 IN CNAME b.test."], [SOA], rcode=Rcode.NXDOMAIN),
            [
                "NXDOMAIN aa a.test. 60 IN CNAME b.test.",
                "NXDOMAIN b.test. (SOA recipient.test. ns.recipient.test. root.recipient.test. 1 2 3 4 300)",
            ],
        ),
        (
            respond("a.test", "MX", [], ["a.test. 60 IN NS ns.a.test."], ["ns.a.test. 60 IN A 127.0.0.1"], aa=0),
            ["REFERRAL a.test. 60 IN NS ns.a.test.", "GLUE ns.a.test. 60 IN A 127.0.0.1"],
        ),
        (
            respond("recipient.test", "SOA", [SOA], [SOA]),
            [f"NOERROR aa {SOA}", f"AUTHORITY {SOA}"],
        ),
        (
            respond("big.test", "TXT", [], tc=1),
            ["NOERROR aa tc big.test. IN TXT (too long for UDP: ask again over TCP)"],
        ),
        (respond("example.com", "MX", [], aa=0, rcode=Rcode.REFUSED), ["REFUSED example.com. IN MX"]),
        (respond("example.com", "MX", [], aa=0, rcode=Rcode.BADVERS, edns=0), ["BADVERS example.com. IN MX"]),
        (
            respond("a.test", "CAA", ['a.test. 60 IN CAA 0 issue "x"']),
            [r"NOERROR aa a.test. 60 IN CAA \# 8 0005697373756578"],
        ),
        (described(head_of(0, flags=0x8001)), ["FORMERR"]),
    ],
)  # fmt: skip
def test_an_answer_reads(lines: list[str], told: list[str]) -> None:
    """One line a record, each with its code; a "no" names what it denies and the SOA that says so."""
    assert lines == told


def test_a_question_reads() -> None:
    """A question ends with a question mark; another opcode comes first."""
    notify = dns.message.make_query("recipient.test", "SOA")
    notify.set_opcode(dns.opcode.NOTIFY)

    assert described(ask("recipient.test", "MX")) == ["recipient.test. IN MX ?"]
    assert described(notify.to_wire()) == ["NOTIFY recipient.test. IN SOA ?"]
    assert described(head_of(0)) == ["no question ?"]
    assert described(head_of(3) + b"\x01a\x00" + MX_IN) == ["a. IN MX and 2 more ?"]
    assert described(head_of() + b"\x01a\x00\xff\xfe\x00\x03") == ["a. CH TYPE65534 ?"]


def test_every_field_has_its_name() -> None:
    """Header, question, the records of every section, EDNS, and what makes no sense."""
    message = dns.message.make_response(dns.message.make_query("a.test", "NS", use_edns=0, id=9), our_payload=1232)
    for section, line in (
        (message.answer, "a.test. 60 IN NS ns.a.test."),
        (message.additional, "ns.a.test. 60 IN A 127.0.0.1"),
    ):
        owner, ttl, _, kind, data = line.split(" ", 4)
        section.append(dns.rrset.from_text(owner, int(ttl), "IN", kind, data))
    octets = message.to_wire() + b"x"

    assert fields(octets) == [
        ("id", "9"),
        ("opcode", "QUERY"),
        ("flags", "qr rd"),
        ("code", "NOERROR"),
        ("question", "a.test. IN NS"),
        ("answer", "a.test. 60 IN NS ns.a.test."),
        ("additional", "ns.a.test. 60 IN A 127.0.0.1"),
        ("EDNS", "version 0, udp 1232"),
        ("rest", "unreadable, 1 octets: 78"),
    ]
    assert header(octets) == "id 9, opcode QUERY, flags qr rd, EDNS version 0, udp 1232"
    assert described(octets)[-1] == "unreadable, 1 octets: 78"
    assert (fields(b"x"), header(b"x")) == ([], "")


def test_what_cannot_be_read_is_shown_in_hex() -> None:
    """The first octets, and how many there are."""
    assert described(b"") == ["unreadable, 0 octets: "]
    assert described(b"\xff" * 100) == ["unreadable, 100 octets: " + "ff " * 23 + "ff ..."]


def test_no_octet_reaches_a_screen_raw() -> None:
    """Controls, escapes and octets above ASCII in names and texts are written as in a master file."""  # T230
    query = head_of() + b"\x04\x00\x1b[3\x05a.b\r\n\x02\xc3\xa9\x00" + MX_IN
    text = dns.rrset.from_text("a.test.", 60, "IN", "TXT", r'"\000\027[31m \200 \" \010"')
    message = dns.message.make_response(dns.message.make_query("a.test", "TXT"))
    message.answer.append(text)

    assert described(query) == [r"\000\027[3.a\.b\013\010.\195\169. IN MX ?"]
    assert described(message.to_wire()) == [r'NOERROR a.test. 60 IN TXT "\000\027[31m \200 \" \010"']


def test_a_name_stays_as_it_was_asked() -> None:
    """Long labels, false A-labels and bidirectional names are shown as they travel."""  # T230
    label = "x" * 63
    assert described(ask(f"{label}.xn--a.xn--4dbrk0ce", "MX")) == [f"{label}.xn--a.xn--4dbrk0ce. IN MX ?"]


def test_a_long_answer_is_cut_and_counted() -> None:
    """Forty records are told and the others counted; a line has at most a thousand characters."""  # T231
    records = [f"a.test. 60 IN A 10.0.{number // 250}.{number % 250}" for number in range(4000)]
    lines = respond("a.test", "A", records)
    assert (len(lines), lines[-1]) == (LINES + 1, "... and 3960 more")
    assert len(respond("a.test", "A", records[:LINES])) == LINES
    (line,) = respond("a.test", "TXT", ["a.test. 60 IN TXT " + " ".join(['"' + r"\000" * 200 + '"'] * 9)])
    assert len(line) == CHARACTERS
    assert line.endswith("...")


def fine(wire: bytes) -> bool:
    """The lines are there, short, and printable ASCII."""
    lines = described(wire)
    return 1 <= len(lines) <= LINES + 2 and all(
        len(line) <= CHARACTERS and line.isascii() and line.isprintable() for line in lines
    )


def test_every_malformed_message_is_described() -> None:
    """Nothing that a stranger sends raises, as a question or as an answer."""  # T215
    for wire in [*MALFORMED.values(), *SHORT, *RESPONSES]:
        assert fine(wire), wire
        assert fine(wire[:2] + b"\x84" + wire[3:]), wire


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([b"", GOOD[:12], head_of(1, 2, 2, 2, flags=0x8400)]))
def test_any_octets_are_described(junk: bytes, head: bytes) -> None:
    """No octets raise an exception or leave printable ASCII."""
    assert fine(head + junk)


def test_an_answer_changed_or_cut_anywhere_is_described() -> None:
    """Each octet of an answer may be anything, and the answer may end anywhere."""
    message = dns.message.make_response(dns.message.make_query("recipient.test", "MX", use_edns=0))
    for data in (
        "MX 10 mx.recipient.test.",
        "A 127.0.0.1",
        "SRV 1 2 3 a.",
        'TXT "a"',
        "TLSA 3 1 0 00ff",
        "CNAME b.",
        SOA[23:],
    ):
        kind, text = data.split(" ", 1)
        message.answer.append(dns.rrset.from_text("recipient.test.", 60, "IN", kind, text))
    wire = message.to_wire()
    dice = random.Random(1)
    for at in range(len(wire)):
        assert fine(wire[:at])
        assert fine(wire[:at] + dice.randbytes(1) + wire[at + 1 :])
    assert set("".join(described(wire))) <= set(string.printable)
