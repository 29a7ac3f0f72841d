"""Every decision of the name server: octets in, octets out, no socket (RFC 1034 §4.3.2).

    Zones       the zones served; `answer` decides; for other zones, read others
    ZoneError   why a zone's text was not taken

Rules for this file: nothing is asked of anyone else, nothing is guessed, and no octets raise an exception.
"""

from collections.abc import Iterable
from functools import lru_cache

import dns.rdata
import dns.rdataset
from dns.name import Name
from dns.opcode import Opcode
from dns.rcode import Rcode
from dns.rdataclass import IN
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.NS import NS

from maillab.mail.address import AddressError, parse_domain
from maillab.nameserver.master import RecordSets, Zone, ZoneError, read_zone
from maillab.nameserver.message import (
    DnsAnswer,
    DnsQuery,
    QueryError,
    Records,
    is_silent,
    read_query,
    write_answer,
    write_refusal,
)

__all__ = ["Zones", "ZoneError"]

CHAIN = 64  # aliases followed for one question
READY = 2048  # answers kept ready
READY_OCTETS = 8_388_608  # and their octets in all

# Types that ask for something other than records (RFC 6895 §3.1); ANY is answered, in small.
META = {
    0: Rcode.FORMERR,
    RdataType.OPT: Rcode.FORMERR,
    RdataType.TKEY: Rcode.FORMERR,
    RdataType.TSIG: Rcode.FORMERR,
    RdataType.IXFR: Rcode.REFUSED,
    RdataType.AXFR: Rcode.REFUSED,  # RFC 5936 §2.2.1: a zone is not given away whole
    RdataType.MAILB: Rcode.NOTIMP,
    RdataType.MAILA: Rcode.NOTIMP,
}

# RFC 8482 §4.2: what ANY gets instead of everything, so that nobody is flooded with a small forged question.
MINIMAL = dns.rdataset.from_rdata(3600, dns.rdata.from_text(IN, RdataType.HINFO, '"RFC8482" ""'))


class Zones:
    """The zones of one name server.

    >>> text = "$TTL 3600\\n@ SOA ns root 1 3600 600 604800 300\\n@ NS ns\\n@ MX 10 mx\\n"
    >>> zones = Zones.read([("recipient.test", text)])
    >>> import dns.message
    >>> from maillab.protocols.dns.described import described
    >>> query = dns.message.make_query("recipient.test", "MX", id=1).to_wire()
    >>> described(zones.answer(query, tcp=False))
    ['NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.']
    """

    def __init__(self, zones: Iterable[Zone]) -> None:
        self._zones = {zone.origin: zone for zone in zones}
        self._ready: dict[tuple[bool, bytes], bytes] = {}
        self._octets = 0  # of the answers that are ready

    @classmethod
    def read(
        cls,
        texts: Iterable[tuple[str, str]],
        *,
        caught: Iterable[str] = (),
        catcher: str = "",
    ) -> "Zones":
        """Read zones from pairs of origin and master-file text. Raises `ZoneError`.

        Every name below an origin in `caught` ("." for all names) has the MX `10 <catcher>` and nothing else, unless a
        text says otherwise. Large zones take a second: read them in a worker thread.
        """
        zones: dict[Name, Zone] = {}
        for origin in caught:
            zone = _catching(origin, catcher)
            zones[zone.origin] = zone
        implied = set(zones)
        for origin, text in texts:
            zone = read_zone(origin, text)
            if zone.origin in zones and zone.origin not in implied:
                raise ZoneError(zone.origin.to_text(), 0, "given twice")
            zones[zone.origin] = zone
            implied.discard(zone.origin)
        return cls(zones.values())

    def answer(self, wire: bytes, *, tcp: bool) -> bytes | None:
        """The reply to `wire`, or None for silence. Never raises, whatever the octets are."""
        key = (tcp, wire[2:])  # all but the id, which every asker chooses anew
        ready = self._ready.get(key)
        if ready is not None:
            return wire[:2] + ready
        if is_silent(wire):
            return None
        try:
            query = read_query(wire)
        except QueryError as bad:
            return write_refusal(wire, bad.rcode)
        reply = write_answer(query, _decide(self, query), query.limit(tcp))
        self._keep(key, reply[2:])
        return reply

    def zone_of(self, name: Name) -> Zone | None:
        """The zone with the longest origin that holds `name`."""
        while True:
            zone = self._zones.get(name)
            if zone is not None or len(name) == 1:
                return zone
            name = name.parent()

    def has_address(self, host: Name) -> bool:
        """Is an address of this host known here?"""
        return any(
            records.rdtype == kind
            for kind in (RdataType.A, RdataType.AAAA)
            for _, records in _resolve(self, host, kind).answer
        )

    def _keep(self, key: tuple[bool, bytes], answer: bytes) -> None:
        """Keep one answer ready; when the shelf is full it is emptied."""
        self._octets += len(key[1]) + len(answer)
        if len(self._ready) >= READY or self._octets > READY_OCTETS:
            self._ready.clear()
            self._octets = len(key[1]) + len(answer)
        self._ready[key] = answer


def _decide(zones: Zones, query: DnsQuery) -> DnsAnswer:
    """What there is to say to a well-formed query."""
    if query.opcode != Opcode.QUERY:
        return DnsAnswer(Rcode.NOTIMP)
    if query.edns and query.edns.version > 0:
        return DnsAnswer(Rcode.BADVERS)  # RFC 6891 §6.1.3
    if query.rdclass != IN:
        return DnsAnswer(Rcode.REFUSED)
    if query.rdtype in META:
        return DnsAnswer(META[query.rdtype])
    return _resolve(zones, query.name, query.rdtype)


def _resolve(zones: Zones, name: Name, rdtype: int) -> DnsAnswer:
    """Walk from alias to alias, also into other zones of ours; a loop ends where it closes, and is told once."""
    seen: set[Name] = set()
    chain: Records = ()
    first: DnsAnswer | None = None
    while (zone := zones.zone_of(name)) is not None:
        seen.add(name)
        answer, target = _look(zone, name, rdtype)
        first = first or answer  # AA speaks of the name that was asked for (RFC 1035 §4.1.1)
        chain += answer.answer
        if target is None:
            return DnsAnswer(answer.rcode, first.authoritative, chain, answer.authority, answer.additional)
        if target in seen or len(seen) >= CHAIN:
            break
        name = target
    return DnsAnswer(Rcode.NOERROR, True, chain) if chain else DnsAnswer(Rcode.REFUSED)


def _look(zone: Zone, name: Name, rdtype: int) -> tuple[DnsAnswer, Name | None]:
    """What one zone says of one name; with it, the name to go on with where it is an alias."""
    cut = zone.cut_above(name)
    if cut is not None:
        return _referral(zone, cut), None
    denial = ((zone.origin, zone.denial),)
    node = zone.node(name)
    if node is None:
        return DnsAnswer(Rcode.NXDOMAIN, True, authority=denial), None
    records = _pick(node, rdtype)
    if records is not None:
        return DnsAnswer(Rcode.NOERROR, True, ((name, records),)), None
    alias = node.get(RdataType.CNAME)
    if alias is not None:
        return DnsAnswer(Rcode.NOERROR, True, ((name, alias),)), _target(alias)
    return DnsAnswer(Rcode.NOERROR, True, authority=denial), None  # NODATA: the name is there, the type is not


def _pick(node: RecordSets, rdtype: int) -> Rdataset | None:
    """The records of the type asked for."""
    if rdtype == RdataType.ANY and node:
        return node.get(RdataType.CNAME, MINIMAL)  # RFC 8482 §4.2: an alias stays an alias
    return node.get(RdataType(rdtype))


def _target(alias: Rdataset) -> Name | None:
    return next((rdata.target for rdata in alias if isinstance(rdata, CNAME)), None)


def _referral(zone: Zone, cut: Name) -> DnsAnswer:
    """Ask there: the NS records at the cut, and the addresses of those servers that only this zone can tell."""
    servers = zone.nodes[cut][RdataType.NS]
    hosts = {rdata.target for rdata in servers if isinstance(rdata, NS)}
    nodes = [(host, zone.nodes.get(host, {})) for host in sorted(hosts) if host.is_subdomain(cut)]
    kinds = (RdataType.A, RdataType.AAAA)
    glue = tuple((host, node[kind]) for host, node in nodes for kind in kinds if kind in node)
    return DnsAnswer(Rcode.NOERROR, False, authority=((cut, servers),), additional=glue)


@lru_cache(64)
def _catching(origin: str, host: str) -> Zone:
    """A zone in which every name has one MX, read once. Its short TTLs let a lab change its mind."""
    try:
        absolute = parse_domain(host.removesuffix(".")) + "."
    except AddressError:
        absolute = "["
    if absolute.startswith("["):
        raise ZoneError(host, 0, "not a host that could catch messages")
    return read_zone(
        origin,
        f"$TTL 60\n@ SOA {absolute} hostmaster.{absolute} 1 3600 600 604800 60\n@ NS {absolute}\n"
        f"@ MX 10 {absolute}\n* MX 10 {absolute}\n",
    )
