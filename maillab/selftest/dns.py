"""The proofs of the name server: each type of record in its zones, over UDP and over TCP, and how it says no."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import dns.edns
import dns.flags
import dns.message
import dns.query
import dns.zone
from dns.exception import DNSException
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType

from maillab.endpoints import Endpoint
from maillab.nameserver.master import read_zone
from maillab.nameserver.summary import ZoneSummary
from maillab.selftest.claim import Claim, Lie
from maillab.selftest.wire import PATIENCE

UDP, TCP = "UDP", "TCP"
_ASK: dict[str, Callable[..., dns.message.Message]] = {UDP: dns.query.udp, TCP: dns.query.tcp}


def claims(door: Endpoint, zones: Sequence[ZoneSummary]) -> Iterator[Claim]:
    """Every type of which there is a record; EDNS; that there is no such name, or no such type."""
    types = sorted({kind for zone in zones for kind, _, _ in _records(zone)})
    for over in (UDP, TCP):
        for kind in types:
            yield Claim(over, RdataType.to_text(kind), partial(_as_written, door, zones, over, kind))
        yield Claim(over, "EDNS", partial(_extended, door, zones, over))
        yield Claim(over, "NXDOMAIN", partial(_no_such_name, door, zones, over))
        yield Claim(over, "NODATA", partial(_no_such_type, door, zones, over))


def _records(zone: ZoneSummary) -> Iterator[tuple[RdataType, Name, Rdataset]]:
    """The records of a zone, as its text says them, but for those of a wildcard or below a delegation."""
    read = read_zone(zone.origin, zone.text)
    for name, node in read.nodes.items():
        if not name.is_wild() and read.cut_above(name) is None:
            yield from ((RdataType.make(kind), name, records) for kind, records in node.items())


def _ask(door: Endpoint, over: str, name: Name, kind: RdataType, *, edns: bool = False) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=0 if edns else None)
    try:
        return _ASK[over](query, door.host, PATIENCE, door.port)
    except (DNSException, OSError, EOFError) as error:
        raise Lie(f"{name} {RdataType.to_text(kind)} over {over}: {error!r}") from error


def _as_written(door: Endpoint, zones: Sequence[ZoneSummary], over: str, kind: RdataType) -> None:
    """RFC 1034 §4.3.2: the records that the zone has, all of them, with authority."""
    for zone in zones:
        for each, name, records in _records(zone):
            if each is not kind:
                continue
            answer = _ask(door, over, name, kind)
            told = [rrset for rrset in answer.answer if (rrset.name, rrset.rdtype) == (name, kind)]
            if not told or {*told[0]} != {*records} or not answer.flags & dns.flags.AA:
                raise Lie(f"{name} {RdataType.to_text(kind)} over {over}: {answer.answer} is not what the zone has")


def _extended(door: Endpoint, zones: Sequence[ZoneSummary], over: str) -> None:
    """RFC 6891 §6.1.1: whoever asks with OPT is answered with OPT."""
    name = read_zone(zones[0].origin, zones[0].text).origin
    if _ask(door, over, name, RdataType.SOA, edns=True).edns != 0:
        raise Lie("there is no OPT in the answer")


def _no_such_name(door: Endpoint, zones: Sequence[ZoneSummary], over: str) -> None:
    """RFC 2308 §3: the SOA is told with it."""
    for zone in zones:
        read = read_zone(zone.origin, zone.text)
        if any(name.is_wild() for name in read.nodes):
            continue
        name = dns.name.from_text("self-test-of-nobody", read.origin)
        _is_negative(_ask(door, over, name, RdataType.A), Rcode.NXDOMAIN)


def _no_such_type(door: Endpoint, zones: Sequence[ZoneSummary], over: str) -> None:
    """RFC 2308 §2.2."""
    for zone in zones:
        read = read_zone(zone.origin, zone.text)
        if RdataType.HINFO not in read.nodes[read.origin]:
            _is_negative(_ask(door, over, read.origin, RdataType.HINFO), Rcode.NOERROR)


def _is_negative(answer: dns.message.Message, rcode: Rcode) -> None:
    if answer.rcode() != rcode or answer.answer:
        raise Lie(f"{rcode.name} without records was expected, not {answer.to_text()!r}")
    if not any(rrset.rdtype == RdataType.SOA for rrset in answer.authority):
        raise Lie("no SOA is told with it")
