"""A message of DNS: octets to a value (RFC 1035 §4, RFC 6891 §6.1.2).

Rules for this file: no octets raise an exception, and nothing that a stranger counted is believed before it was read.
Names and texts come out as in a master file (RFC 1035 §5.1): printable ASCII, every other octet as `\\ddd`.
"""

import ipaddress
import struct
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

HEADER = struct.Struct("!HHHHHH")  # id, flags, and four counts: questions, answers, authority, additional
QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100
FLAGS = {"qr": QR, "aa": AA, "tc": TC, "rd": RD, "ra": 0x0080, "ad": 0x0020, "cd": 0x0010}

RECORDS = 40  # of one message that are shown
REMEMBERED = 256  # messages
DATA = 1000  # octets of data of an unknown type that are shown
POINTERS = 128  # in one name, which has 127 labels at most

IN, OPT = 1, 41
TYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 24: "SIG", 25: "KEY",
    28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 37: "CERT", 39: "DNAME", 41: "OPT", 43: "DS", 44: "SSHFP",
    46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 53: "SMIMEA", 59: "CDS",
    60: "CDNSKEY", 61: "OPENPGPKEY", 64: "SVCB", 65: "HTTPS", 99: "SPF", 249: "TKEY", 250: "TSIG", 251: "IXFR",
    252: "AXFR", 253: "MAILB", 254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA",
}  # fmt: skip
CLASSES = {1: "IN", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY"}
OPCODES = {0: "QUERY", 1: "IQUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE"}
CODES = {
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET",
    8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 16: "BADVERS", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE",
    20: "BADNAME", 21: "BADALG", 22: "BADTRUNC", 23: "BADCOOKIE",
}  # fmt: skip

# What stands in the data of each type: a Name, an IPv4 or IPv6 address, numbers of 1, 2 or 4 octets, a text, texts to
# the end, octets to the end (RFC 1035 §3.3, RFC 2782, RFC 3596, RFC 6698).
_LAYOUTS = {
    "A": "4", "AAAA": "6", "NS": "N", "CNAME": "N", "PTR": "N", "MX": "HN", "SRV": "HHHN", "SOA": "NNIIIII",
    "HINFO": "tt", "TXT": "T", "TLSA": "BBBx",
}  # fmt: skip


class Section(StrEnum):
    """Where a record stands."""

    ANSWER = "answer"
    AUTHORITY = "authority"
    ADDITIONAL = "additional"


@dataclass(frozen=True, slots=True)
class Edns:
    """What an OPT record says (RFC 6891 §6.1.2): octets that its sender takes over UDP, version, the DO bit."""

    payload: int
    version: int
    dnssec_ok: bool


@dataclass(frozen=True, slots=True)
class DnsQuestion:
    """What is asked: `mx.recipient.test. IN A`."""

    name: str
    rdclass: str
    rdtype: str

    def __str__(self) -> str:
        return f"{self.name} {self.rdclass} {self.rdtype}"


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record. `ttl` in seconds; `data` as in a master file; `target` is the last name in it, "" where none is."""

    section: Section
    name: str
    ttl: int
    rdclass: str
    rdtype: str
    data: str
    target: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} {self.rdclass} {self.rdtype} {self.data}"


@dataclass(frozen=True, slots=True)
class DnsMessage:
    """A query or a response. `question` is the first of `questions`, `rest` the octets that make no sense.

    At most `RECORDS` records are shown; `left` is how many more there are.
    """

    ident: int
    flags: int
    rcode: str
    questions: int
    question: DnsQuestion | None
    records: tuple[DnsRecord, ...] = ()
    edns: Edns | None = None
    left: int = 0
    rest: bytes = b""

    @property
    def is_response(self) -> bool:
        """Is it an answer, and no question?"""
        return bool(self.flags & QR)

    @property
    def opcode(self) -> str:
        """QUERY, NOTIFY and so on; of an unknown one its number."""
        number = self.flags >> 11 & 15
        return OPCODES.get(number, str(number))

    @property
    def flag_names(self) -> list[str]:
        """The flags that are set, as `dig` prints them: qr aa rd."""
        return [name for name, bit in FLAGS.items() if self.flags & bit]


@lru_cache(maxsize=REMEMBERED)
def read(octets: bytes) -> DnsMessage | None:
    """The message, or None for octets that are none.

    >>> message = read(bytes.fromhex("0007 0100 0001 0000 0000 0000 04 74657374 00 000f 0001"))
    >>> message.ident, message.flag_names, str(message.question)
    (7, ['rd'], 'test. IN MX')
    """
    try:
        return _Reader(octets).message()
    except (ValueError, struct.error):
        return None


class _Reader:
    """Goes through a message from its beginning to its end. Raises `ValueError` and `struct.error`."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self._records: list[DnsRecord] = []
        self._left = 0
        self._edns: Edns | None = None
        self._extended = 0  # the upper bits of the code

    def message(self) -> DnsMessage:
        """Header and first question whole; of the records those that come before the first that cannot be read."""
        ident, flags, questions, *counts = self._numbers("HHHHHH")
        question = self._question() if questions else None
        if questions > 1:  # where the records begin nobody need find out: such a message is refused (RFC 9619 §4)
            return DnsMessage(ident, flags, _code(flags & 15), questions, question, left=sum(counts))
        start = self._at
        try:
            for section, count in zip(Section, counts, strict=True):
                for _ in range(count):
                    self._record(section)
                    start = self._at
        except (ValueError, struct.error):
            pass  # nobody knows where the next record begins
        code, rest = _code(self._extended | flags & 15), self._octets[start:]
        return DnsMessage(ident, flags, code, questions, question, tuple(self._records), self._edns, self._left, rest)

    def _question(self) -> DnsQuestion:
        name = self._name()
        rdtype, rdclass = self._numbers("HH")
        return DnsQuestion(name, _class(rdclass), _type(rdtype))

    def _record(self, section: Section) -> None:
        is_shown = len(self._records) < RECORDS
        name = self._name() if is_shown else self._pass_name()
        rdtype, rdclass, ttl, length = self._numbers("HHIH")
        if rdtype == OPT:  # no record, but more of the header (RFC 6891 §6.1.3)
            self._take(length)
            self._edns, self._extended = Edns(rdclass, ttl >> 16 & 0xFF, bool(ttl & 0x8000)), ttl >> 20 & 0xFF0
        elif not is_shown:
            self._take(length)
            self._left += 1
        else:
            data, target = self._data(_type(rdtype) if rdclass == IN else "", length)
            self._records.append(DnsRecord(section, name, ttl, _class(rdclass), _type(rdtype), data, target))

    def _data(self, rdtype: str, length: int) -> tuple[str, str]:
        """The data of a record as text, and the last name in it; of an unknown type as RFC 3597 §5 writes it."""
        end = self._at + length
        layout = _LAYOUTS.get(rdtype)
        if layout is None:
            return f"\\# {length} {self._take(length)[:DATA].hex()}", ""
        fields = [self._field(code, end) for code in layout]
        if self._at != end:
            raise ValueError("data that does not fill its length")
        names = [field for code, field in zip(layout, fields, strict=True) if code == "N"]
        return " ".join(fields), names[-1] if names else ""

    def _field(self, code: str, end: int) -> str:
        """One field of a record's data, which stops at `end`."""
        match code:
            case "N":
                return self._name()
            case "4":
                return str(ipaddress.IPv4Address(self._take(4)))
            case "6":
                return str(ipaddress.IPv6Address(self._take(16)))
            case "t":
                return self._text()
            case "T":
                texts = [self._text()]
                while self._at < end:
                    texts.append(self._text())
                return " ".join(texts)
            case "x":
                return self._take(end - self._at).hex()
            case _:
                return str(self._numbers(code)[0])

    def _text(self) -> str:
        """A character-string in quotes (RFC 1035 §3.3)."""
        return f'"{_escaped(self._take(self._numbers("B")[0]), _IN_QUOTES)}"'

    def _name(self) -> str:
        """A name with its final dot. A pointer leads back, always further, or it would lead round (RFC 1035 §4.1.4)."""
        labels: list[str] = []
        octets, pointers = 1, 0
        behind = 0  # the place after the first pointer
        first = self._at
        while length := self._numbers("B")[0]:
            if length >= 0xC0:
                place = (length & 0x3F) << 8 | self._numbers("B")[0]
                behind = behind or self._at
                pointers += 1
                if place >= first or pointers > POINTERS:
                    raise ValueError("a pointer that leads nowhere")
                first = self._at = place
                continue
            octets += 1 + length
            if length > 63 or octets > 255:  # RFC 1035 §2.3.4
                raise ValueError("a label or a name that is too long")
            labels.append(_escaped(self._take(length), _IN_NAMES))
        self._at = behind or self._at
        return "".join(f"{label}." for label in labels) or "."

    def _pass_name(self) -> str:
        """Go behind a name without reading it."""
        while length := self._numbers("B")[0]:
            self._take(1 if length >= 0xC0 else length)
            if length >= 0xC0:
                break
        return ""

    def _numbers(self, codes: str) -> tuple[int, ...]:
        numbers: tuple[int, ...] = struct.unpack_from(f"!{codes}", self._octets, self._at)
        self._at += struct.calcsize(f"!{codes}")
        return numbers

    def _take(self, count: int) -> bytes:
        octets = self._octets[self._at : self._at + count]
        if len(octets) != count:
            raise ValueError("octets that are not there")
        self._at += count
        return octets


def _table(special: bytes, first: int) -> list[str]:
    """For every octet how it is written: as it is, behind a backslash, or as its number."""
    return [
        f"\\{chr(octet)}" if octet in special else chr(octet) if first <= octet < 127 else f"\\{octet:03d}"
        for octet in range(256)
    ]


_IN_NAMES = _table(b'"().;\\@$', ord("!"))
_IN_QUOTES = _table(b'"\\', ord(" "))


def _escaped(octets: bytes, table: list[str]) -> str:
    return "".join(map(table.__getitem__, octets))


def _type(number: int) -> str:
    return TYPES.get(number, f"TYPE{number}")  # RFC 3597 §5


def _class(number: int) -> str:
    return CLASSES.get(number, f"CLASS{number}")


def _code(number: int) -> str:
    return CODES.get(number, str(number))
