"""What rules make of queries, without a socket."""

import dns.flags
import dns.message
import pytest
from dns.rcode import Rcode

from maillab.nameserver.ruled import Ruling, answered, asked, carried
from maillab.rules.live import Rules
from maillab.rules.possible import RCODES
from maillab.rules.rule import Effect, Kind
from maillab.rules.shape import Step
from tests.nameserver.wires import ask

QUERY = ask("recipient.test", "MX", ident=7)
REPLY = b"\x00\x07" + bytes(range(100, 150))


@pytest.mark.parametrize(
    ("wire", "name", "rdtype"),
    [
        (QUERY, "recipient.test", "MX"),
        (ask("A.B.test", "TYPE65", ident=1), "a.b.test", "HTTPS"),
        (b"", "", ""),
        (b"\x00\x07hello world", "", ""),
        (bytes(12), "", ""),
    ],
)
def test_a_query_has_a_name_and_a_type(wire: bytes, name: str, rdtype: str) -> None:
    """Whatever is none has neither."""
    assert asked(wire) == (name, rdtype)


@pytest.mark.parametrize("code", RCODES)
def test_an_answer_with_a_code_has_no_records(code: str) -> None:
    """The question is repeated; TC is a bit beside the code."""
    reply = dns.message.from_wire(answered(QUERY, code, tcp=False))
    assert reply.rcode() == (Rcode.NOERROR if code == "TC" else Rcode[code])
    assert bool(reply.flags & dns.flags.TC) is (code == "TC")
    assert (reply.id, len(reply.question), reply.answer) == (7, 1, [])


def test_what_cannot_be_read_gets_a_bare_header() -> None:
    """With its own number."""
    assert answered(b"\x00\x07" + bytes(10), "REFUSED", tcp=False)[:2] == b"\x00\x07"


def said(*effects: Effect, tcp: bool) -> tuple[list[Step], bool]:
    """The reply, disturbed so."""
    return carried(Ruling(REPLY, effects), Rules(), tcp=tcp)


def test_a_datagram_goes_whole() -> None:
    """Its waiting is before it, it is in one piece, and cut at its end where it is cut."""
    throttled = said(Effect(Kind.THROTTLE, 100), Effect(Kind.FRAGMENT, 10), tcp=False)
    assert throttled == ([Step(pytest.approx(0.6), REPLY)], False)
    assert said(Effect(Kind.TRUNCATE, 4), tcp=False) == ([Step(0.0, REPLY[:4])], True)


def test_a_connection_is_disturbed_octet_by_octet() -> None:
    """The length before the message is part of what is said; what is garbled is the message only."""
    steps, _ = said(Effect(Kind.FRAGMENT, 2), tcp=True)
    assert [step.octets for step in steps[:2]] == [b"\x00\x34", b"\x00\x07"]
    assert said(Effect(Kind.TRUNCATE, 3), tcp=True) == ([Step(0.0, b"\x00\x34\x00")], True)
    [step], _ = said(Effect(Kind.GARBLE, 100), tcp=True)
    assert step.octets[:4] == b"\x00\x34" + REPLY[:2]
    assert (step.octets[4:] != REPLY[2:], len(step.octets)) == (True, 2 + len(REPLY))


def test_another_message_has_its_own_length() -> None:
    """Octets as they were written."""
    assert said(Effect(Kind.REPLACE, text="\x01\udcff"), tcp=True) == ([Step(0.0, b"\x00\x02\x01\xff")], False)
