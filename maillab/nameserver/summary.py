"""What a zone holds, in a few facts: for whoever shows it without reading all of it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX

from maillab.nameserver.master import Zone, origin_name
from maillab.nameserver.zone import Zones


@dataclass(frozen=True, slots=True)
class ZoneSummary:
    """One zone that is served, with the text that it was read from. `mx` is the data of the MX records at its top,
    `lost` the hosts in them of which no address is known: nothing can be delivered there.
    """

    origin: str
    text: str
    records: int
    mx: tuple[str, ...]
    edited: bool = False
    lost: tuple[str, ...] = ()


def summary(text: str, zone: Zone, *, edited: bool = False, lost: tuple[str, ...] = ()) -> ZoneSummary:
    """The facts of a zone.

    >>> from maillab.nameserver.master import read_zone
    >>> text = "@ 60 SOA ns root 1 60 60 60 60\\n@ NS ns\\n@ MX 20 mx2\\n@ MX 10 mx\\n"
    >>> summary(text, read_zone("b.test", text)).mx
    ('10 mx.b.test.', '20 mx2.b.test.')
    """
    records = sum(len(records) for node in zone.nodes.values() for records in node.values())
    best = sorted(zone.nodes[zone.origin].get(RdataType.MX, ()), key=lambda rdata: getattr(rdata, "preference", 0))
    return ZoneSummary(zone.origin.to_text(), text, records, tuple(str(rdata) for rdata in best), edited, lost)


def summaries(zones: Zones, texts: Iterable[tuple[str, str]], edited: Container[str]) -> tuple[ZoneSummary, ...]:
    """The facts of the zones that were read from these texts; `edited` are origins as `absolute` writes them."""
    rows = []
    for origin, text in texts:
        zone = zones.zone_of(origin_name(origin))
        if zone is not None:
            rows.append(summary(text, zone, edited=absolute(origin) in edited, lost=_lost(zones, zone)))
    return tuple(rows)


def _lost(zones: Zones, zone: Zone) -> tuple[str, ...]:
    hosts = {rdata.exchange for rdata in zone.nodes[zone.origin].get(RdataType.MX, ()) if isinstance(rdata, MX)}
    hosts.discard(dns.name.root)  # RFC 7505 §3: a null MX names no host
    return tuple(host.to_text(omit_final_dot=True) for host in sorted(hosts) if not zones.has_address(host))


def absolute(origin: str) -> str:
    """An origin as it is compared. Raises `ZoneError`.

    >>> absolute("recipient.test"), absolute("recipient.test.")
    ('recipient.test.', 'recipient.test.')
    """
    return origin_name(origin).to_text()
