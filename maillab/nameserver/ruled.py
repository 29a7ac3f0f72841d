"""What the rules of the lab make of a query: the answer that is given, and what is done to it on its way out.

Quiet: octets and effects in, octets out.
"""

from dataclasses import dataclass

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from maillab.nameserver.message import DnsAnswer, QueryError, read_query, write_answer, write_refusal
from maillab.protocols.dns.message import HEADER, TC
from maillab.rules.live import Rules
from maillab.rules.rule import Effect, Kind
from maillab.rules.shape import Shape, Step

_OF_THE_MESSAGE = {Kind.GARBLE, Kind.REPLACE}  # the others are of the octets that carry it
_IDENT = 2  # octets of a message that are never garbled: an answer with another number is nobody's


@dataclass(frozen=True, slots=True)
class Ruling:
    """The reply to a query, None for silence, and the effects that are played."""

    reply: bytes | None
    effects: tuple[Effect, ...] = ()


def asked(wire: bytes) -> tuple[str, str]:
    """The name that a query asks for, without the last dot, and the type; ("", "") for what is no query.

    >>> import dns.message
    >>> asked(dns.message.make_query("Recipient.test", "MX").to_wire())
    ('recipient.test', 'MX')
    """
    if len(wire) < HEADER.size:
        return "", ""
    try:
        query = read_query(wire)
    except QueryError:
        return "", ""
    return query.name.to_text(omit_final_dot=True).lower(), RdataType.to_text(RdataType.make(query.rdtype))


def answered(wire: bytes, code: str, *, tcp: bool) -> bytes:
    """The answer to a query with this code and no records. "TC" says that it did not fit: ask over TCP."""
    rcode = Rcode.NOERROR if code == "TC" else Rcode[code]
    try:
        query = read_query(wire)
    except QueryError:
        return write_refusal(wire, rcode)
    reply = bytearray(write_answer(query, DnsAnswer(rcode, authoritative=True), query.limit(tcp)))
    reply[2] |= TC >> 8 if code == "TC" else 0
    return bytes(reply)


def carried(ruling: Ruling, rules: Rules, *, tcp: bool) -> tuple[list[Step], bool]:
    """The steps in which the reply goes, over TCP behind its length, and whether the connection ends within it.

    A datagram goes whole and in one piece, when all the waiting is over.
    """
    assert ruling.reply is not None
    of_message = [effect for effect in ruling.effects if effect.kind in _OF_THE_MESSAGE]
    of_octets = [effect for effect in ruling.effects if effect.kind not in _OF_THE_MESSAGE]
    shape = Shape(of_message, rules.dice, kept=_IDENT, lines=False)
    message = b"".join(step.octets for step in shape.steps(ruling.reply))
    shape = Shape(of_octets, rules.dice, lines=False)
    steps = list(shape.steps(len(message).to_bytes(2, "big") + message if tcp else message))
    if not tcp:
        steps = [Step(sum(step.wait for step in steps), b"".join(step.octets for step in steps))]
    return steps, shape.ended
