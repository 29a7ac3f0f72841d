"""Everything that can happen in the lab, as values.

Rules for this file: frozen, comparable, no clock and no counter, so that two runs of one story are equal.
*Said* events are what passed on a wire; *decided* events are what a machine made of it. When and in which order
is the logbook's business.
"""

from enum import StrEnum

from msgspec import Struct

from maillab.mail.content import Content
from maillab.protocols.services import Leg as Leg


class LoggedValue(Struct, frozen=True, gc=False):
    """Small, for a busy lab keeps hundreds of thousands: none is part of a circle, and no collector looks for one."""


class Side(StrEnum):
    """Who speaks in a talk."""

    CLIENT = "client"
    SERVER = "server"


class Transport(StrEnum):
    """What carries a talk: a stream of octets, or datagrams."""

    TCP = "tcp"
    UDP = "udp"


# ── said ──────────────────────────────────────────────────────────────────────────────────────


class Opened(LoggedValue, frozen=True):
    """A talk began: `service` is smtp, submission, submissions, pop3, pop3s, imap, imaps or dns, at host `server`."""

    talk: str
    leg: Leg
    service: str
    server: str
    secure: bool = False
    transport: Transport = Transport.TCP


class Said(LoggedValue, frozen=True):
    """One line, with its exact ending. `secret` is the slice of it that is a secret, (0, 0) where none is."""

    talk: str
    side: Side
    line: bytes
    secure: bool = False
    secret: tuple[int, int] = (0, 0)


class Carried(LoggedValue, frozen=True):
    """A piece of a message's content, as it was on the wire (dot-stuffed after DATA, plain after BDAT)."""

    talk: str
    side: Side
    content: Content
    secure: bool = False


class Packet(LoggedValue, frozen=True):
    """One message of a protocol that does not speak in lines: of DNS, over TCP without the two octets of its length."""

    talk: str
    side: Side
    octets: bytes

    @property
    def secure(self) -> bool:
        """Nothing here speaks DNS inside TLS."""
        return False


class Certificate(LoggedValue, frozen=True):
    """What a server showed of itself: for whom it is, who signed it, the names and the moment up to which it holds
    (2038-01-01T00:00:00Z). `by_lab`: a lab's own authority signed it, and that was checked.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    until: str
    by_lab: bool = False

    def name(self, server: str = "") -> str:
        """The one name to show: that of the server who was asked, where it is among them.

        >>> Certificate("CN=a.test", "O=us", ("mx.a.test", "mail.a.test"), "").name("mail.a.test")
        'mail.a.test'
        """
        return server if server in self.names else next(iter(self.names), self.subject)


class Secured(LoggedValue, frozen=True):
    """TLS began; everything after it was encrypted. `version` and `cipher` as the library names them, e.g. TLSv1.3;
    `certificate` is what the server showed.
    """

    talk: str
    version: str
    cipher: str = ""
    certificate: Certificate | None = None


class Closed(LoggedValue, frozen=True):
    """A talk ended; `why` is "quit", "lost", "timeout", "refused", "answered", "closing", "untrusted" (the client does
    not accept the server's certificate), "no TLS" or a short sentence.
    """

    talk: str
    why: str


# ── decided ───────────────────────────────────────────────────────────────────────────────────


class Authenticated(LoggedValue, frozen=True):
    """Someone proved who they are."""

    talk: str
    user: str
    mechanism: str


class Submitted(LoggedValue, frozen=True):
    """A sending machine took a message and with it the responsibility. `sender` is "" for <>."""

    talk: str
    message: str
    sender: str
    recipients: tuple[str, ...]
    octets: int


class Queued(LoggedValue, frozen=True):
    """A job: one message waits for one domain."""

    job: str
    message: str
    domain: str
    recipients: tuple[str, ...]


class Routed(LoggedValue, frozen=True):
    """The hosts that answer for the domain, in the order in which they will be tried."""

    job: str
    hosts: tuple[str, ...]


class Attempted(LoggedValue, frozen=True):
    """A host was tried; `code` is its last word on the message, 0 when it never spoke: `why` says what went wrong. A
    code with a `why` is the sender's own: it knew from EHLO that the host cannot take the message, and did not ask.
    """

    job: str
    host: str
    code: int
    why: str = ""


NOT_TRIED = "Not tried, its host was down a moment ago: "  # before what the last attempt of another job came to


class Deferred(LoggedValue, frozen=True):
    """Not now: the job waits `seconds` and is tried again."""

    job: str
    recipients: tuple[str, ...]
    reason: str
    seconds: int


REMOVED = "removed from the queue by hand"  # the reason of such a failure, in every session since the first


class Failed(LoggedValue, frozen=True):
    """Never: these recipients will not be tried again."""

    job: str
    recipients: tuple[str, ...]
    reason: str

    @property
    def removed(self) -> bool:
        """Did a person throw it away? Then no report goes to its sender."""
        return self.reason == REMOVED


class Bounced(LoggedValue, frozen=True):
    """A report about the job went to its sender: `kind` is failed, delayed or relayed (RFC 3464 §2.3.3)."""

    job: str
    to: str
    kind: str
    message: str


class Dropped(LoggedValue, frozen=True):
    """A report that could not be delivered was dropped: never a bounce of a bounce (RFC 5321 §4.5.5)."""

    job: str
    reason: str


class Delivered(LoggedValue, frozen=True):
    """A receiving machine stored the message: from here on it waits for its reader."""

    talk: str
    mailbox: str
    uid: int
    octets: int


class Read(LoggedValue, frozen=True):
    """A message was fetched by its reader."""

    talk: str
    mailbox: str
    uid: int


class Removed(LoggedValue, frozen=True):
    """A reader deleted messages: it happened at QUIT, not at DELE (RFC 1939 §6)."""

    talk: str
    mailbox: str
    uids: tuple[int, ...]


class Tolerated(LoggedValue, frozen=True):
    """Something wrong was accepted because learners type it; `rule` names the RFC, `why` says what is right."""

    talk: str
    rule: str
    why: str


class RulePlayed(LoggedValue, frozen=True):
    """The lab misbehaved on purpose: `rule` as it was written ("" for a bug that is reproduced), and its `effect`."""

    talk: str
    rule: str
    effect: str


class Warned(LoggedValue, frozen=True):
    """Something that a person should know and that no reply tells: a weak certificate, an alias as MX."""

    where: str
    text: str


class Adjusted(LoggedValue, frozen=True):
    """A person changed something of the running lab: `what`, as in started, held, setting, and its new `value`."""

    where: str
    what: str
    value: str = ""


class Stumbled(LoggedValue, frozen=True):
    """A fault of ours: the client was told 451 and this reference, and `what` says here what really happened."""

    where: str
    reference: str
    what: str


Spoken = Said | Carried | Packet  # by one side of a talk
SaidEvent = Opened | Spoken | Secured | Closed
JobEvent = Queued | Routed | Attempted | Deferred | Failed | Bounced | Dropped  # about one message's way to one domain
DecidedEvent = (
    Authenticated
    | Submitted
    | JobEvent
    | Delivered
    | Read
    | Removed
    | Tolerated
    | RulePlayed
    | Warned
    | Adjusted
    | Stumbled
)
Event = SaidEvent | DecidedEvent


class Entry(LoggedValue, frozen=True):
    """An event in its place: `seq` counts from 1, `at` is in seconds since 1970. The unit of log, file and screen."""

    seq: int
    at: float
    event: Event

    @property
    def talk(self) -> str:
        """The talk that it is a part of, "" for none."""
        return getattr(self.event, "talk", "")
