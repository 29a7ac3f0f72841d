"""The one table of services: what each speaks, on which port, and for whom. Whoever lists services reads it.

Rules for this file: a service is a row of `SERVICES`, and nothing else in the program has to be told of it. The table
is asked when something happens, never copied when a module is loaded. A name that is not in it is unknown: `None`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from maillab.protocols import dns, imap, pop3, smtp
from maillab.protocols.protocol import UNKNOWN, Protocol

PORT_STEP = 1000  # the first site's ports are the standard ones + 1000, the second's + 2000...

Login = Literal["off", "optional", "required", "anybody"]

_SMTP = (
    "PIPELINING", "SIZE", "STARTTLS", "AUTH", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN",
    "LIMITS", "HELP",
)  # fmt: skip
_POP3 = (
    "STLS", "USER", "SASL", "UTF8", "LANG", "UIDL", "TOP", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE",
    "IMPLEMENTATION",
)  # fmt: skip
_IMAP = (
    "STARTTLS", "AUTH", "ID", "ENABLE", "NAMESPACE", "IDLE", "QUOTA", "UNSELECT", "SORT", "THREAD", "MOVE",
)  # fmt: skip


class Leg(StrEnum):
    """The part of the journey that a talk belongs to, and that a service is for."""

    SUBMIT = "submit"
    LOOKUP = "lookup"
    RELAY = "relay"
    RETRIEVE = "retrieve"


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `port` is the standard one; `tls_first`: TLS from the first octet (RFC 8314 §3).

    `purpose` and `in_vietnamese` say who comes there. `extensions` are those that can be switched off.
    """

    name: str
    protocol: Protocol
    port: int
    leg: Leg
    purpose: str
    in_vietnamese: str
    tls_first: bool = False
    extensions: tuple[str, ...] = ()

    @property
    def for_people(self) -> bool:
        """Is it for the mail programs of people, who log in? Else servers, and programs nearby, come there."""
        return self.leg in (Leg.SUBMIT, Leg.RETRIEVE)

    @property
    def takes_messages(self) -> bool:
        """Are messages handed over there? Then it can be said whose addresses may be used as sender."""
        return self.leg in (Leg.SUBMIT, Leg.RELAY)

    @property
    def logins(self) -> tuple[Login, ...]:
        """Which rules for logging in it may have: mail is read by nobody who has not logged in."""
        match self.leg:
            case Leg.SUBMIT | Leg.RELAY:
                return ("off", "optional", "required", "anybody")
            case Leg.RETRIEVE:
                return ("required", "anybody")
            case Leg.LOOKUP:
                return ("off",)

    def purpose_in(self, lang: str) -> str:
        """Who comes there, in "vi", or in English for every other language."""
        return self.in_vietnamese if lang == "vi" else self.purpose


# fmt: off
SMTP = Service(  # RFC 5321 §4.5.4.2
    "smtp", smtp.SMTP, 25, Leg.RELAY,
    "for servers", "cho các máy chủ", extensions=_SMTP,
)
SUBMISSION = Service(  # RFC 6409 §3.1
    "submission", smtp.SMTP, 587, Leg.SUBMIT,
    "for mail programs, STARTTLS", "cho chương trình thư, STARTTLS", extensions=_SMTP,
)
SUBMISSIONS = Service(  # RFC 8314 §3.3
    "submissions", smtp.SMTP, 465, Leg.SUBMIT,
    "for mail programs, TLS from the start", "cho chương trình thư, TLS ngay từ đầu",
    tls_first=True, extensions=_SMTP,
)
POP3 = Service(  # RFC 1939 §3
    "pop3", pop3.POP3, 110, Leg.RETRIEVE,
    "to fetch messages", "để tải thư về", extensions=_POP3,
)
POP3S = Service(  # RFC 8314 §3.1
    "pop3s", pop3.POP3, 995, Leg.RETRIEVE,
    "to fetch messages, TLS from the start", "để tải thư về, TLS ngay từ đầu",
    tls_first=True, extensions=_POP3,
)
IMAP = Service(  # RFC 9051 §2.1
    "imap", imap.IMAP, 143, Leg.RETRIEVE,
    "to read messages on the server", "để đọc thư ngay trên máy chủ", extensions=_IMAP,
)
IMAPS = Service(  # RFC 8314 §3.2
    "imaps", imap.IMAP, 993, Leg.RETRIEVE,
    "to read messages on the server, TLS from the start", "để đọc thư ngay trên máy chủ, TLS ngay từ đầu",
    tls_first=True, extensions=_IMAP,
)
DNS = Service(  # RFC 1035 §4.2
    "dns", dns.DNS, 53, Leg.LOOKUP,
    "tells which host receives mail for a domain", "ai phụ trách một tên miền",
)
# fmt: on
PROGRAMS = replace(  # what port 25 is, too, where programs of this computer are trusted
    SMTP,
    purpose="for programs on this computer, and for servers",
    in_vietnamese="chương trình trên máy này và máy chủ khác gửi thư",
)

SERVICES = {service.name: service for service in (SMTP, SUBMISSION, SUBMISSIONS, POP3, POP3S, IMAP, IMAPS, DNS)}


def of_a_site() -> Iterator[Service]:
    """Those that every site has; the name server is one for all of them."""
    return (service for service in SERVICES.values() if service.leg is not Leg.LOOKUP)


def protocols_of_a_site() -> tuple[str, ...]:
    """The names of the protocols that are spoken there.

    >>> protocols_of_a_site()
    ('smtp', 'pop3', 'imap')
    """
    return tuple(dict.fromkeys(service.protocol.name for service in of_a_site()))


def speaking(protocol: str) -> tuple[Service, ...]:
    """Those of a site at which the protocol of this name is spoken, the usual one first."""
    return tuple(service for service in of_a_site() if service.protocol.name == protocol)


def on(leg: Leg, *, tls_first: bool = False) -> Service:
    """The usual service for a part of the journey. Raises `LookupError` where there is none that begins so.

    >>> on(Leg.SUBMIT).name, on(Leg.SUBMIT, tls_first=True).name
    ('submission', 'submissions')
    """
    for service in SERVICES.values():
        if (service.leg, service.tls_first) == (leg, tls_first):
            return service
    raise LookupError(f"no service for {leg}" + " with TLS from the first octet" * tls_first)


def service_of(name: str, leg: Leg | None) -> Service | None:
    """The service of this name; of a talk whose beginning was not heard (""), the usual one on its leg.

    >>> service_of("submissions", Leg.SUBMIT).port, service_of("", Leg.RETRIEVE).name, service_of("telex", Leg.RELAY)
    (465, 'pop3', None)
    """
    if name or leg is None:
        return SERVICES.get(name)
    return on(leg)


def protocol_of(name: str, leg: Leg | None = None) -> Protocol:
    """What is spoken at the service of this name, or where none is named (""), on the leg; else `UNKNOWN`.

    >>> [protocol_of(*where).name for where in (("submissions",), ("", Leg.RETRIEVE), ("telex", Leg.RELAY), ("",))]
    ['smtp', 'pop3', '', '']
    """
    service = service_of(name, leg)
    return service.protocol if service is not None else UNKNOWN


def in_clear(service: Service) -> Service:
    """The service at which the same is said without TLS from the first octet.

    >>> in_clear(POP3S).name, in_clear(SMTP).name
    ('pop3', 'smtp')
    """
    if not service.tls_first:
        return service
    plain = (row for row in speaking(service.protocol.name) if (row.leg, row.tls_first) == (service.leg, False))
    return next(plain, service)
