"""Questions and answers as octets (RFC 1035 §4, RFC 6891).

    read_query     octets -> DnsQuery, or QueryError with the code to answer
    DnsAnswer      what was decided: a code and three sections
    write_answer   DnsQuery and DnsAnswer -> octets, cut to the size that the asker can take

Rules for this file: no zone and no socket, and nothing that a stranger counted is believed before it was read.
"""

import io
import struct
from dataclasses import dataclass

import dns.exception
import dns.opcode
import dns.wire
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType

from maillab.protocols.dns.message import AA, HEADER, QR, RD, TC, Edns

OPCODE = 0x7800

QUERY_OCTETS = 4096  # a question with every EDNS option of the day takes 600
QUERY_RECORDS = 16  # beside the question: an OPT, a signature, the SOA of an IXFR; each may cost a name of 126 labels
PLAIN_UDP = 512  # RFC 1035 §4.2.1
EDNS_UDP = 1232  # what passes every path unfragmented: 1280 of IPv6 less its headers
TCP = 65_535

Records = tuple[tuple[Name, Rdataset], ...]


class QueryError(ValueError):
    """Not a question that can be answered; `rcode` says so on the wire."""

    def __init__(self, rcode: Rcode) -> None:
        super().__init__(rcode.name)
        self.rcode = rcode


@dataclass(frozen=True, slots=True)
class DnsQuery:
    """One question. `question` is that section as it came, so that the answer repeats it octet by octet."""

    ident: int
    flags: int
    question: bytes
    name: Name
    rdtype: int
    rdclass: int
    edns: Edns | None

    @property
    def opcode(self) -> int:
        """0 is QUERY, the only one served."""
        return (self.flags & OPCODE) >> 11

    def limit(self, tcp: bool) -> int:
        """How many octets an answer may have."""
        if tcp:
            return TCP
        # RFC 6891 §6.2.5: less than 512 is 512; more than our own limit is our own limit
        return PLAIN_UDP if self.edns is None else min(max(self.edns.payload, PLAIN_UDP), EDNS_UDP)


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What was decided about a question."""

    rcode: Rcode
    authoritative: bool = False
    answer: Records = ()
    authority: Records = ()
    additional: Records = ()


def is_silent(wire: bytes) -> bool:
    """Octets that get no reply at all: less than a header, or a response (two servers would talk for ever)."""
    return len(wire) < HEADER.size or bool(wire[2] & QR >> 8)


def read_query(wire: bytes) -> DnsQuery:
    """Read one query of at least a header. Nothing but names and lengths is looked at. Raises `QueryError`."""
    opcode = (wire[2] >> 3) & 15
    try:
        if len(wire) > QUERY_OCTETS:
            raise ValueError("too long")
        return _read(dns.wire.Parser(wire))
    except (dns.exception.DNSException, ValueError) as error:
        raise QueryError(Rcode.FORMERR if opcode == dns.opcode.QUERY else Rcode.NOTIMP) from error


def _read(parser: dns.wire.Parser) -> DnsQuery:
    ident, flags, questions, *others = parser.get_struct("!HHHHHH")
    if questions != 1:  # RFC 9619 §4
        raise ValueError("not one question")
    if sum(others) > QUERY_RECORDS:
        raise ValueError("more records than a question has")
    name = parser.get_name(decompress=False)  # nothing stands before it that a pointer could mean
    rdtype, rdclass = parser.get_struct("!HH")
    question = parser.wire[HEADER.size : parser.current]
    options: list[Edns] = []
    for section, count in enumerate(others):
        for _ in range(count):
            edns = _read_record(parser)
            if edns is None:
                continue
            if section != 2 or options:  # RFC 6891 §6.1.1: one, in the additional section
                raise ValueError("OPT out of place")
            options.append(edns)
    if parser.remaining():
        raise ValueError("octets after the last record")
    return DnsQuery(ident, flags, question, name, rdtype, rdclass, options[0] if options else None)


def _read_record(parser: dns.wire.Parser) -> Edns | None:
    """Step over one record; an OPT is read, its options checked for their lengths and otherwise ignored."""
    owner = parser.get_name(decompress=True)
    rdtype, rdclass, ttl, octets = parser.get_struct("!HHIH")
    with parser.restrict_to(octets):
        if rdtype != RdataType.OPT:
            parser.get_remaining()
            return None
        if len(owner) != 1:
            raise ValueError("OPT below the root")
        while parser.remaining():
            parser.get_uint16()
            parser.get_counted_bytes(2)
    return Edns(rdclass, ttl >> 16 & 0xFF, bool(ttl & 0x8000))


def write_answer(query: DnsQuery, answer: DnsAnswer, limit: int) -> bytes:
    """The answer as octets, at most `limit`. One that does not fit leaves its records out and sets TC (RFC 2181 §9)."""
    flags = QR | query.flags & (OPCODE | RD) | answer.rcode & 15 | (AA if answer.authoritative else 0)
    opt = _opt(query.edns, answer.rcode) if query.edns else b""
    records = _records(query, answer, limit - len(opt))
    if records is None:
        flags, answer, records = flags | TC, DnsAnswer(answer.rcode), b""
    counts = [
        sum(len(rdataset) for _, rdataset in part) for part in (answer.answer, answer.authority, answer.additional)
    ]
    counts[2] += bool(opt)
    return HEADER.pack(query.ident, flags, 1, *counts) + query.question + records + opt


def write_refusal(wire: bytes, rcode: Rcode) -> bytes:
    """A bare header: all that can be said where no question was understood."""
    ident, flags, *_ = HEADER.unpack_from(wire)
    return HEADER.pack(ident, QR | flags & (OPCODE | RD) | rcode, 0, 0, 0, 0)


def _records(query: DnsQuery, answer: DnsAnswer, room: int) -> bytes | None:
    """The three sections, or None when header, question and they do not fit into `room`."""
    file = io.BytesIO()
    file.write(bytes(HEADER.size) + query.question)
    start = file.tell()
    # Names are written as pointers to the question where they can be, and so come back in the asker's case.
    names: dict[Name, int] = {}
    at, labels = HEADER.size, query.name.labels
    for number, label in enumerate(labels[:-1]):
        names[Name(labels[number:])] = at
        at += len(label) + 1
    for owner, rdataset in (*answer.answer, *answer.authority, *answer.additional):
        pointer = b""
        for rdata in rdataset:
            if pointer:
                file.write(pointer)
            else:
                owner.to_wire(file, names)
                pointer = struct.pack("!H", 0xC000 | names[owner]) if owner in names else b""  # RFC 1035 §4.1.4
            file.write(struct.pack("!HHIH", rdataset.rdtype, rdataset.rdclass, rdataset.ttl, 0))
            before = file.tell()
            rdata.to_wire(file, names)  # SRV names stay whole (RFC 2782): dnspython knows which may be pointers
            after = file.tell()
            if after > room:
                return None
            file.seek(before - 2)
            file.write(struct.pack("!H", after - before))
            file.seek(after)
    return file.getvalue()[start:]


def _opt(edns: Edns, rcode: Rcode) -> bytes:
    """Our OPT: the size we take, the upper bits of the code, version 0, DO as it came (RFC 3225 §3)."""
    return struct.pack("!BHHBBHH", 0, RdataType.OPT, EDNS_UDP, rcode >> 4, 0, edns.dnssec_ok << 15, 0)
