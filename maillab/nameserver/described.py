"""How a query or an answer reads in the transcript: one line a record, printable ASCII whatever came.

    recipient.test. IN MX ?
    NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.
    NODATA recipient.test. IN AAAA (SOA recipient.test. ns.recipient.test. ...)
    NXDOMAIN nobody.recipient.test. (SOA recipient.test. ns.recipient.test. ...)
    REFERRAL dept.recipient.test. 3600 IN NS ns.dept.recipient.test.
    REFUSED example.com. IN MX

Names and texts are written as in a master file: a control or an octet above ASCII becomes `\\ddd`, so that no line can
move a cursor, end early, or pass for two.
"""

from dataclasses import dataclass
from functools import lru_cache

import dns.exception
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire
from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from maillab.nameserver.master import TYPES
from maillab.nameserver.message import AA, EDNS_UDP, HEADER, QR, TC

LINES = 40  # records of one message; of answers and authorities the others are counted
CHARACTERS = 1000  # of one line
SHOWN = 24  # octets of what cannot be read

READABLE = {*TYPES.values(), RdataType.HINFO}
ANSWER, AUTHORITY = 0, 1


def described(wire: bytes) -> list[str]:
    """The lines for `wire`, one at least. Never raises.

    >>> described(b"\\x00\\x01hello")
    ['unreadable, 7 octets: 00 01 68 65 6c 6c 6f']
    """
    read = _read if len(wire) <= EDNS_UDP else _read.__wrapped__
    lines = read(wire[2:])
    if lines is None:
        dots = " ..." if len(wire) > SHOWN else ""
        return [f"unreadable, {len(wire)} octets: {wire[:SHOWN].hex(' ')}{dots}"]
    return [line if len(line) <= CHARACTERS else line[: CHARACTERS - 3] + "..." for line in lines]


@dataclass(frozen=True, slots=True)
class _Record:
    section: int
    name: Name
    rdtype: int
    octets: str  # everything after the name, as text
    target: Name | None  # of a CNAME

    def __str__(self) -> str:
        return f"{self.name} {self.octets}"


@lru_cache(maxsize=1024)
def _read(rest: bytes) -> tuple[str, ...] | None:
    """The lines of a message whose id was taken off, or None when it cannot be read."""
    parser = dns.wire.Parser(b"\0\0" + rest)
    try:
        _, flags, questions, *counts = parser.get_struct(HEADER.format)
        asked = [_question(parser) for _ in range(min(questions, 1))]
        if not flags & QR:
            return (_query(flags, questions, asked),)
        records, rcode = _records(parser, counts)
    except dns.exception.DNSException:
        return None
    name, rdtype = asked[0][:2] if asked else (None, 0)
    head = dns.rcode.to_text(dns.rcode.Rcode.make(rcode | flags & 15))
    head += " aa" * bool(flags & AA and not rcode) + " tc" * bool(flags & TC)
    lines = _answer(head, records, name, rdtype)
    question = f" {asked[0][2]}" if asked else ""
    if flags & TC:
        lines.append(f"{head}{question} (too long for UDP: ask again over TCP)")
    left = counts[ANSWER] + counts[AUTHORITY] - LINES
    if left > 0:
        lines.append(f"... and {left} more")
    return tuple(lines) or (head + question,)


def _question(parser: dns.wire.Parser) -> tuple[Name, int, str]:
    """Name, type, and the three words of a question."""
    name = parser.get_name(decompress=True)
    rdtype, rdclass = parser.get_struct("!HH")
    return name, rdtype, f"{name} {dns.rdataclass.to_text(rdclass)} {dns.rdatatype.to_text(rdtype)}"


def _query(flags: int, questions: int, asked: list[tuple[Name, int, str]]) -> str:
    opcode = flags >> 11 & 15
    verb = "" if opcode == dns.opcode.QUERY else f"{dns.opcode.to_text(dns.opcode.Opcode.make(opcode))} "
    more = f" and {questions - 1} more" if questions > 1 else ""
    return f"{verb}{asked[0][2] if asked else 'no question'}{more} ?"


def _records(parser: dns.wire.Parser, counts: list[int]) -> tuple[list[_Record], int]:
    """The first records, and the upper bits of the code from the OPT, which is no record (RFC 6891 §6.1.3)."""
    found: list[_Record] = []
    rcode = 0
    sections = (section for section, count in enumerate(counts) for _ in range(count))
    for _, section in zip(range(LINES), sections, strict=False):
        name = parser.get_name(decompress=True)
        rdtype, rdclass, ttl, octets = parser.get_struct("!HHIH")
        with parser.restrict_to(octets):
            if rdtype == RdataType.OPT:
                rcode = ttl >> 20 & 0xFF0
                parser.get_remaining()
                continue
            text, target = _rdata(parser, rdtype, rdclass)
        words = f"{ttl} {dns.rdataclass.to_text(rdclass)} {dns.rdatatype.to_text(rdtype)} {text}"
        found.append(_Record(section, name, rdtype, words, target))
    return found, rcode


def _rdata(parser: dns.wire.Parser, rdtype: int, rdclass: int) -> tuple[str, Name | None]:
    """Record data as text, in the form of RFC 3597 §5 where the type is none of ours."""
    if rdclass != dns.rdataclass.IN or rdtype not in READABLE:
        octets = parser.get_remaining()
        return f"\\# {len(octets)} {octets[:CHARACTERS].hex()}", None
    rdata = dns.rdata.from_wire_parser(dns.rdataclass.IN, RdataType(rdtype), parser)
    return rdata.to_text(), rdata.target if isinstance(rdata, CNAME) else None


def _answer(head: str, records: list[_Record], name: Name | None, rdtype: int) -> list[str]:
    """One line a record. The SOA beside a "no" stands with the name that it denies: the end of the chain."""
    lines = []
    code = head.split()[0]
    answered = False
    for record in records:
        if record.section == ANSWER:
            name, answered = (record.target or name), record.target is None or rdtype == RdataType.CNAME
            lines.append(f"{head} {record}")
        elif record.section == AUTHORITY and record.rdtype == RdataType.SOA and not answered and name is not None:
            data = record.octets.split(" ", 3)[3]
            denied = (
                f"{code} {name}"
                if code != "NOERROR"
                else f"NODATA {name} IN {dns.rdatatype.to_text(RdataType(rdtype))}"
            )
            lines.append(f"{denied} (SOA {record.name} {data})")
        elif record.section == AUTHORITY:
            lines.append(f"{'REFERRAL' if record.rdtype == RdataType.NS else 'AUTHORITY'} {record}")
        else:
            lines.append(f"GLUE {record}")
    return lines
