"""Master-file text to a zone, as one value (RFC 1035 §5). Nothing is opened: $INCLUDE and $GENERATE are refused.

    Zone        what a name server knows of one domain
    read_zone   text -> Zone, or a ZoneError that names the line

A zone is read whole or not at all, so that a mistyped edit leaves the one before it in service. Ten thousand records
take about a second: read large zones in a worker thread.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataset
import dns.ttl
from dns.name import Name
from dns.rdataclass import IN
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.IN.SRV import SRV
from dns.tokenizer import Token, Tokenizer

TEXT_OCTETS = 1_048_576  # of one zone's text
LINE_CHARACTERS = 16_384
RECORDS = 10_000  # of one zone
SET_OCTETS = 65_000  # one name and type on the wire: an answer over TCP holds 65,535
TTL_MAX = 2**31 - 1  # RFC 2181 §8

# What may stand in a zone, and what a learner who got it wrong is shown.
FORMS = {
    "SOA": "@ SOA ns hostmaster 1 3600 600 604800 300",
    "NS": "@ NS ns",
    "A": "mx A 127.0.0.1",
    "AAAA": "mx AAAA ::1",
    "MX": "@ MX 10 mx",
    "TXT": '@ TXT "v=spf1 mx ~all"',
    "CNAME": "www CNAME mail",
    "SRV": "_submission._tcp SRV 0 1 1587 mail",
    "PTR": "1 PTR mx.recipient.test.",
    "TLSA": "_25._tcp.mx TLSA 3 1 1 (SHA-256 in hex)",
}
TYPES = {name: RdataType[name] for name in FORMS}
CLASSES = ("IN", "CH", "HS", "CS", "NONE", "ANY")

# IDNA2008 without mapping: what was written is what is served, or it is refused. Pure ASCII passes, _tcp among it.
CODEC = dns.name.IDNA2008Codec(uts_46=False, transitional=False, allow_pure_ascii=True)

RecordSets = dict[RdataType, Rdataset]


class ZoneError(ValueError):
    """A zone that cannot be served: its `origin`, the `line` (from 1; 0 for the whole) and one line of `text`."""

    def __init__(self, origin: str, line: int, text: str) -> None:
        self.origin, self.line, self.text = _plain(origin), line, _plain(text)
        where = f", line {line}" if line else ""
        super().__init__(f"zone {self.origin}{where}: {self.text}")


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone. A name without records of its own, but with names below it, is in `nodes` with an empty node.

    `cuts` are the names below the origin that hold NS records: from there on someone else answers.
    `denial` is the SOA as it goes with "no", its TTL already the negative one (RFC 2308 §3).
    """

    origin: Name
    nodes: dict[Name, RecordSets]
    cuts: frozenset[Name]
    denial: Rdataset

    def cut_above(self, name: Name) -> Name | None:
        """The highest cut at or above `name`, or None where this zone answers itself."""
        if not self.cuts:
            return None
        cut, depth = None, len(self.origin)
        while len(name) > depth:
            if name in self.cuts:
                cut = name
            name = name.parent()
        return cut

    def node(self, name: Name) -> RecordSets | None:
        """What is known at `name`, by its own records or by a wildcard's; None when there is no such name."""
        exact = self.nodes.get(name)
        if exact is not None:
            return exact
        while name not in self.nodes:
            name = name.parent()
        return self.nodes.get(Name((b"*", *name.labels)))  # RFC 4592 §3.3.1: the closest encloser's, no other


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """One record and the line on which it begins."""

    line: int
    name: Name
    ttl: int
    rdata: dns.rdata.Rdata


def read_zone(origin: str, text: str) -> Zone:
    """Read one zone. Raises `ZoneError`.

    >>> read_zone("a.test", "@ 60 SOA ns root 1 60 60 60 60\\n@ NS ns\\n@ MX ten mx\\n")
    Traceback (most recent call last):
    maillab.nameserver.master.ZoneError: zone a.test., line 3: MX: a number is expected here; write it like: @ MX 10 mx
    """
    apex = origin_name(origin)
    label = apex.to_text()
    _check_size(label, text)
    file, builder = _MasterFile(apex, text), _ZoneBuilder(apex)
    try:
        for record in file.records():
            builder.add(record)
        return builder.finish()
    except _RuleError as wrong:
        raise ZoneError(label, file.line if wrong.line is None else wrong.line, str(wrong)) from None
    except (dns.exception.DNSException, ValueError) as error:
        raise ZoneError(label, file.line, _explain(error)) from None


class _RuleError(ValueError):
    """A rule was broken; `line` when it is not the line being read, 0 for the text as a whole."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


class _MasterFile:
    """Walks a master file and remembers what its next line may leave out: origin, owner, TTL (RFC 1035 §5.1)."""

    def __init__(self, apex: Name, text: str) -> None:
        self.line = 1
        self._tokens = Tokenizer(text, idna_codec=CODEC)
        self._origin = apex
        self._owner: Name | None = None
        self._default_ttl: int | None = None
        self._last_ttl: int | None = None

    def records(self) -> Iterator[ZoneRecord]:
        """The records in order. Raises `_RuleError`, `DNSException` or `ValueError`; `line` is then where."""
        while True:
            self.line = self._tokens.line_number  # the end of the line before was read, nothing of this one
            token = self._tokens.get(want_leading=True)
            if token.is_eof():
                return
            if token.is_identifier() and token.value.startswith("$"):
                self._directive(token.value)
            elif token.is_whitespace():
                following = self._tokens.get()
                if not following.is_eol_or_eof():
                    self._tokens.unget(following)
                    yield self._record()
            elif not token.is_eol():
                self._owner = self._tokens.as_name(token, self._origin)
                yield self._record()

    def _directive(self, word: str) -> None:
        if word.upper() == "$ORIGIN":
            self._origin = self._tokens.get_name(self._origin)
        elif word.upper() == "$TTL":
            self._default_ttl = _read_ttl(self._tokens.get_identifier())  # RFC 2308 §4
        else:
            raise _RuleError(f"{word} is not allowed here; only $ORIGIN and $TTL are")
        self._tokens.get_eol()

    def _record(self) -> ZoneRecord:
        ttl, word = None, self._word()
        for _ in range(2):  # [TTL] [class] in either order
            if ttl is None and word[:1].isdigit():
                ttl, word = _read_ttl(word), self._word()
            elif word.upper() in CLASSES:
                if word.upper() != "IN":
                    raise _RuleError(f"class {word.upper()} is not served; leave it out or write IN")
                word = self._word()
        name = self._owner
        if name is None:
            raise _RuleError("the first record names no owner; begin the line with a name or with @")
        rdata = self._rdata(word.upper())
        return ZoneRecord(self.line, name, self._ttl(ttl, rdata), rdata)

    def _word(self) -> str:
        token: Token = self._tokens.get()
        if not token.is_identifier():
            raise _RuleError("the type is missing; write: name, type, data")
        return str(token.value)

    def _rdata(self, kind: str) -> dns.rdata.Rdata:
        if kind not in TYPES:
            raise _RuleError(f"type {kind} is not known here; known are {' '.join(TYPES)}")
        try:
            return dns.rdata.from_text(IN, TYPES[kind], self._tokens, self._origin, relativize=False)
        except (dns.exception.DNSException, ValueError) as error:
            raise _RuleError(f"{kind}: {_explain(error)}; write it like: {FORMS[kind]}") from None

    def _ttl(self, ttl: int | None, rdata: dns.rdata.Rdata) -> int:
        """The TTL given, else $TTL, else that of the record before (RFC 1035 §5.1), else the minimum of the SOA."""
        if ttl is None:
            ttl = self._default_ttl if self._default_ttl is not None else self._last_ttl
        if ttl is None and isinstance(rdata, SOA):
            ttl = min(rdata.minimum, TTL_MAX)
        if ttl is None:
            raise _RuleError("no TTL is known yet; begin the file with $TTL 3600")
        self._last_ttl = ttl
        return ttl


class _ZoneBuilder:
    """A zone while it is read: every record is judged as it comes, on its own line."""

    def __init__(self, apex: Name) -> None:
        self._apex = apex
        self._nodes: dict[Name, RecordSets] = {apex: {}}
        self._targets: list[tuple[int, str, Name]] = []
        self._octets: dict[tuple[Name, RdataType], int] = {}
        self._count = 0

    def add(self, record: ZoneRecord) -> None:
        """Take one record. Raises `_RuleError`."""
        self._judge(record)
        name, rdata = record.name, record.rdata
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = {}
            self._join(name)
        records = node.setdefault(rdata.rdtype, Rdataset(IN, rdata.rdtype))
        records.add(rdata, record.ttl)  # the least TTL of a set counts
        if isinstance(rdata, MX):
            self._targets.append((record.line, "MX", rdata.exchange))
        elif isinstance(rdata, NS | SRV):
            self._targets.append((record.line, rdata.rdtype.name, rdata.target))

    def _join(self, name: Name) -> None:
        """Every name on the way up exists, with records or without (RFC 4592 §2.2.2)."""
        above = name.parent()
        while above not in self._nodes:
            self._nodes[above] = {}
            above = above.parent()

    def _judge(self, record: ZoneRecord) -> None:
        name, kind = record.name, record.rdata.rdtype
        node = self._nodes.get(name, {})
        self._count += 1
        if self._count > RECORDS:
            raise _RuleError(f"more than {RECORDS} records")
        if not name.is_subdomain(self._apex):
            raise _RuleError(f"{name} is outside the zone")
        if kind == RdataType.SOA and name != self._apex:
            raise _RuleError("SOA belongs at the top of the zone only")
        if kind in node and kind in (RdataType.SOA, RdataType.CNAME):
            raise _RuleError(f"a second {kind.name} at {name}")
        if node and (kind == RdataType.CNAME) != (RdataType.CNAME in node):
            raise _RuleError(f"a CNAME must be alone, but {name} has other records")  # RFC 1034 §3.6.2
        if kind == RdataType.NS and name.is_wild():
            raise _RuleError("NS at a wildcard means nothing")  # RFC 4592 §4.2
        octets = self._octets.get((name, kind), 0) + 12 + len(record.rdata.to_wire() or b"")
        if octets > SET_OCTETS:
            raise _RuleError(f"the {kind.name} records of {name} do not fit into one answer")
        self._octets[name, kind] = octets

    def finish(self) -> Zone:
        """The zone, once its parts agree. Raises `_RuleError`."""
        top = self._nodes[self._apex]
        for kind in (RdataType.SOA, RdataType.NS):
            if kind not in top:
                raise _RuleError(f"no {kind.name} at the top; add: {FORMS[kind.name]}", 0)
        for line, what, target in self._targets:
            if RdataType.CNAME in self._nodes.get(target, {}):
                text = f"{what} points at {target}, which is a CNAME; name the host itself"
                raise _RuleError(text, line)  # RFC 2181 §10.3
        soa = top[RdataType.SOA]
        minimum = min(rdata.minimum for rdata in soa if isinstance(rdata, SOA))
        cuts = frozenset(name for name, node in self._nodes.items() if name != self._apex and RdataType.NS in node)
        return Zone(self._apex, self._nodes, cuts, dns.rdataset.from_rdata_list(min(soa.ttl, minimum), list(soa)))


def origin_name(text: str) -> Name:
    """The name of a zone, which may be written without its last dot. Raises `ZoneError`."""
    try:
        return dns.name.from_text(text, dns.name.root, CODEC)
    except (dns.exception.DNSException, ValueError) as error:
        raise ZoneError(text, 0, f"not a domain name: {_explain(error)}") from None


def _read_ttl(word: str) -> int:
    """Seconds, or BIND's 1w2d3h4m5s."""
    try:
        ttl = dns.ttl.from_text(word)
    except (dns.ttl.BadTTL, ValueError):
        ttl = TTL_MAX + 1
    if ttl > TTL_MAX:
        raise _RuleError(f"TTL {word[:40]} is neither seconds up to {TTL_MAX} nor of the form 1h30m")
    return ttl


def _check_size(origin: str, text: str) -> None:
    """Before a single token is read: a reader that goes by characters must not be handed a megabyte in one."""
    if len(text.encode("utf-8", "replace")) > TEXT_OCTETS:
        raise ZoneError(origin, 0, f"longer than {TEXT_OCTETS} bytes")
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if len(line) > LINE_CHARACTERS:
            raise ZoneError(origin, number, f"line longer than {LINE_CHARACTERS} characters")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", line):
            raise ZoneError(origin, number, r"control character; write it as \ddd")


def _explain(error: Exception) -> str:
    """What a library's exception says, in our words where it says only that something is wrong."""
    if isinstance(error, dns.exception.UnexpectedEnd):
        return "the text ends inside quotes or after a backslash"
    text = str(error)
    return next((ours(found) for pattern, ours in _PLAINER if (found := pattern.match(text))), text)


_PLAINER: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [  # what dnspython says; what a learner reads
    (re.compile(re.escape(dns.exception.SyntaxError.__doc__ or "")), lambda _: "this cannot be read"),
    (re.compile("expecting an integer"), lambda _: "a number is expected here"),
    (re.compile("expecting (an identifier|a string|another)"), lambda _: "a name or a value is expected here"),
    (re.compile(r'expected EOL or EOF, got \d+ "(.*)"'), lambda found: f"“{found[1]}” is too much"),
    (re.compile(r"(\d+) is not an unsigned 16-bit integer"), lambda found: f"{found[1]} is more than 65535"),
    (re.compile("newline in quoted string"), lambda _: "these quotes are never closed"),
    (re.compile("unbalanced parentheses"), lambda _: "a parenthesis is never closed"),
    (re.compile("A DNS label is empty"), lambda _: "a name has two dots in a row"),
    (re.compile("A DNS label is > 63 octets long"), lambda _: "a part of a name has more than 63 characters"),
]


def _plain(text: str) -> str:
    """One short line that is safe to print: what is quoted in an error came from outside."""
    text = "".join(c if c.isprintable() else "?" for c in " ".join(text[:4096].split()))
    return text if len(text) <= 240 else text[:237] + "..."
