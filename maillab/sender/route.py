"""Which hosts answer for a domain, and in which order they are tried (RFC 5321 §5.1).

Rules for this file: what DNS said comes in as values, the dice (`shuffle`) too. Only the names are judged here; where
a host is found in the lab is the business of whoever calls it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from maillab.mail.reply import Refused, Reply, refused

ADDRESSES = 5  # per attempt, as Postfix does (smtp_mx_address_limit)
HOSTS_ASKED = 20  # a domain with a thousand MX hosts costs no more lookups than this

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\Z", re.IGNORECASE)  # the last label of no name is a number


class LookupResult(Enum):
    """What a question to the name server led to."""

    YES = "yes"
    NO_DATA = "no data"  # the name exists, without records of this type
    NO_NAME = "no such name"
    TROUBLE = "trouble"  # SERVFAIL, REFUSED, time-out: nothing is known


@dataclass(frozen=True, slots=True)
class MxAnswer:
    """MX of a domain: (preference, host), hosts without the final dot ("" is the null MX). `why` explains TROUBLE."""

    found: LookupResult
    records: tuple[tuple[int, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """Addresses of a host. `canonical` is the name that an alias (CNAME) led to, "" where the name is none."""

    found: LookupResult
    addresses: tuple[str, ...] = ()
    canonical: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One address to try."""

    host: str
    address: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where to try, in order; or no stop, and `reply` says why: 4yz later, 5yz never."""

    stops: tuple[RouteStop, ...]
    reply: Reply | None = None
    warnings: tuple[str, ...] = ()

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts in order, each once."""
        return tuple(dict.fromkeys(stop.host for stop in self.stops))


def hosts_to_ask(domain: str, mx: MxAnswer) -> tuple[str, ...]:
    """The hosts whose addresses `route` needs to know: the best twenty of the MX, or the domain itself without MX.

    >>> hosts_to_ask("recipient.test", MxAnswer(LookupResult.YES, ((20, "mx2.test"), (10, "mx1.test"))))
    ('mx1.test', 'mx2.test')
    >>> hosts_to_ask("recipient.test", MxAnswer(LookupResult.NO_DATA))
    ('recipient.test',)
    """
    if mx.found is LookupResult.NO_DATA:
        return (domain,)  # RFC 5321 §5.1: "treated as if it was associated with an implicit MX RR"
    ordered = [host for _, host in sorted(mx.records)] if mx.found is LookupResult.YES and not _is_null(mx) else []
    return tuple(dict.fromkeys(host for host in ordered if usable(host)))[:HOSTS_ASKED]


def route(
    domain: str,
    mx: MxAnswer,
    hosts: Mapping[str, HostAnswer],
    *,
    shuffle: Callable[[list[str]], None],
    myself: frozenset[str] = frozenset(),
) -> Route:
    """The way to `domain`, from what DNS said about its MX and their `hosts`; `myself` are this machine's own names.

    >>> mx = MxAnswer(LookupResult.YES, ((10, "mx1.test"), (20, "mx2.test")))
    >>> seen = {name: HostAnswer(LookupResult.YES, ("127.0.0.1",)) for name in ("mx1.test", "mx2.test")}
    >>> route("recipient.test", mx, seen, shuffle=lambda hosts: None).hosts
    ('mx1.test', 'mx2.test')
    """
    warnings: list[str] = []
    try:
        candidates = _candidates(domain, mx)
        ordered = _in_order(candidates, hosts, shuffle, myself)
        stops = _stops(domain, ordered, hosts, warnings)
    except Refused as no:
        return Route((), no.reply, tuple(warnings))
    return Route(stops, None, tuple(warnings))


def _is_null(mx: MxAnswer) -> bool:
    """A domain that takes no mail may name no host (RFC 7505 §3); where one does, Postfix believes the refusal."""
    return any(host in ("", ".") for _, host in mx.records)


def usable(host: str) -> bool:
    """Is this the name of a host that mail may be sent to? Not a number in disguise, not localhost, no odd octets.

    >>> [usable(name) for name in ("mx.test", "127.0.0.1", "localhost", "a.localhost", "mx\\x1b.test", "")]
    [True, False, False, False, False, False]
    """
    lower = host.lower()
    if lower == "localhost" or lower.endswith(".localhost") or _NUMBER.match(lower):
        return False
    return len(host) <= 253 and bool(_HOST_NAME.match(host))


def _candidates(domain: str, mx: MxAnswer) -> list[tuple[int, str]]:
    """(preference, host), not yet in order. Raises `Refused` when there is none."""
    if domain.startswith("["):
        raise refused(550, "5.1.2", f"{domain}: mail to an address instead of a name is not routed here")
    if mx.found is LookupResult.TROUBLE:  # never fall back to an address: the MX may exist
        raise refused(451, "4.4.3", f"The name server gave no answer for {domain}: {mx.why or 'trouble'}")
    if mx.found is LookupResult.NO_NAME:
        raise refused(550, "5.1.2", f"{domain}: no such domain")
    if mx.found is LookupResult.NO_DATA:
        return [(0, domain)]
    if _is_null(mx):
        others = " although it names other hosts, too" if len(mx.records) > 1 else ""
        raise refused(556, "5.1.10", f"{domain} accepts no mail (null MX){others}")  # RFC 7505 §4.1
    good = [(preference, host) for preference, host in mx.records if usable(host)]
    if not good:
        raise refused(550, "5.4.4", f"No MX of {domain} is the name of a host that mail may be sent to")
    return good


def _in_order(
    candidates: list[tuple[int, str]],
    hosts: Mapping[str, HostAnswer],
    shuffle: Callable[[list[str]], None],
    myself: frozenset[str],
) -> list[str]:
    """Hosts by preference, equals shuffled, those no better than this machine itself left out. Raises `Refused`."""
    mine = {name.lower() for name in myself}
    own = [p for p, host in candidates if {host.lower(), _canonical(hosts, host)} & mine]
    if own:  # RFC 5321 §5.1: "all records at that preference level and higher-numbered ones MUST be discarded"
        candidates = [(p, host) for p, host in candidates if p < min(own)]
        if not candidates:
            raise refused(554, "5.4.6", "Mail loops back to myself: the best host for this domain is this machine")
    ordered: list[str] = []
    for preference in sorted({p for p, _ in candidates}):
        equals = sorted({host for p, host in candidates if p == preference})
        shuffle(equals)  # RFC 5321 §5.1: "the sender-SMTP MUST randomize them"
        ordered += equals
    return list(dict.fromkeys(ordered))


def _canonical(hosts: Mapping[str, HostAnswer], host: str) -> str:
    return hosts[host].canonical.lower() if host in hosts else ""


def _stops(
    domain: str, ordered: list[str], hosts: Mapping[str, HostAnswer], warnings: list[str]
) -> tuple[RouteStop, ...]:
    """At most five addresses. Raises `Refused` when no host has one: later if one may still turn out to have one."""
    stops: list[RouteStop] = []
    unsure: list[str] = []
    for host in ordered:
        answer = hosts.get(host, HostAnswer(LookupResult.TROUBLE, why="not asked"))
        if answer.found is LookupResult.TROUBLE:
            unsure.append(f"{host} ({answer.why or 'trouble'})")
        if answer.canonical and host != domain:
            warnings.append(
                f"MX {host} is an alias (CNAME) of {answer.canonical}; an MX names a host (RFC 5321 section 5.1)"
            )
        stops += [RouteStop(host, address) for address in answer.addresses]
    if stops:
        return tuple(stops[:ADDRESSES])
    if unsure:
        raise refused(451, "4.4.3", f"The name server gave no address of {', '.join(unsure[:3])}")
    named = f": {', '.join(ordered[:3])}" if ordered and ordered != [domain] else ""
    raise refused(550, "5.4.4", f"No mail server of {domain} has an address{named}")
