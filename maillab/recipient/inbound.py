"""What the receiving machine answers at its SMTP door: whom it takes messages for, and when they are safe.

Quiet but for `message`, which waits for the store. Whoever is not at home here is refused at RCPT, so that nobody is
owed a bounce; whatever was promised with 250 lies in a Maildir.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from maillab.events import Delivered
from maillab.logbook import Logbook
from maillab.mail import trace
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply, refused
from maillab.wire.limits import FLOOR
from maillab.wire.reception import Caller, named
from maillab.wire.storage import refuse_without_room

_GREYLISTED = 10_000  # triples that are remembered; the oldest is forgotten first

Triple = tuple[str, tuple[str, str], tuple[str, str]]
FirstSeen = dict[Triple, float]  # seconds since 1970


class Store(Protocol):
    """Where messages are kept (mailbox.py)."""

    async def deliver_all(self, copies: Sequence[tuple[str, Content]]) -> tuple[int, ...]:
        """Store all copies durably, or none; gives a UID for each. Raises `Refused` when there is no room."""
        ...

    def free(self) -> int:
        """Octets that still fit."""
        ...


class LocalUsers:
    """Who lives here. `mailboxes` are named by the whole address in canonical form; their domains are ours, and so are
    the `second` ones (in A-labels).

    `postmaster` is the mailbox of the postmaster of each domain (RFC 5321 §4.5.1), whoever that is. `catch_all` ("" for
    none) is the mailbox for recipients who are not at home, at those domains (in A-labels) of which `catches` says so.
    With `everybody`, each address of each domain has a mailbox of its own.

    >>> LocalUsers(["bob@b.test"], postmaster="bob@b.test", second=["c.test"]).mailbox(Address("bob", "c.test"))
    'bob@b.test'
    """

    def __init__(
        self,
        mailboxes: Iterable[str],
        *,
        postmaster: str,
        second: Iterable[str] = (),
        catch_all: str = "",
        catches: Callable[[str], bool] = lambda _domain: True,
        everybody: bool = False,
    ) -> None:
        keys = {Address.parse(mailbox).key: mailbox for mailbox in mailboxes}
        self.domains = frozenset((*(domain for _, domain in keys), *second))
        self._people = {(local, domain): mailbox for (local, _), mailbox in keys.items() for domain in self.domains}
        self._postmaster, self._catch_all, self._catches, self._everybody = postmaster, catch_all, catches, everybody

    def mailbox(self, address: Address) -> str | None:
        """The mailbox that this address belongs to; what follows a plus sign is the person's own business.

        >>> home = LocalUsers(["bob@recipient.test"], postmaster="bob@recipient.test")
        >>> home.mailbox(Address.parse("Bob+shop@RECIPIENT.test")), home.mailbox(Address.parse("eve@recipient.test"))
        ('bob@recipient.test', None)
        """
        local, domain = address.key
        if domain in self.domains:
            for name in (local, local.partition("+")[0]):
                if mailbox := self._people.get((name, domain)):
                    return mailbox
        if local.partition("+")[0] == "postmaster" and (not domain or domain in self.domains):
            return self._postmaster
        if self._everybody:
            return str(Address(local, domain)) if domain else None
        return self._catch_all if self._catch_all and self._catches(domain) else None


class Inbound:
    """The receptionist of the receiving machine.

    `now` is the lab's time in seconds since 1970; `ident` gives a new name for each message. `greylist` is in seconds
    (0: off), `first_seen` its memory; `floor` are the octets of disk that are never promised.
    """

    def __init__(
        self,
        users: LocalUsers,
        store: Store,
        logbook: Logbook,
        *,
        hostname: str,
        now: Callable[[], float],
        ident: Callable[[], str],
        greylist: int = 0,
        first_seen: FirstSeen | None = None,
        floor: int = FLOOR,
    ) -> None:
        self._users = users
        self._store = store
        self._logbook = logbook
        self._hostname = hostname
        self._now = now
        self._ident = ident
        self._greylist = greylist
        self._floor = floor
        self._first_seen = {} if first_seen is None else first_seen

    def mail(self, caller: Caller, sender: Address | None, octets: int) -> Reply | None:
        """Anybody may send; but not more than there is room for, and nothing where there is hardly any (T033)."""
        refuse_without_room(octets, self._store.free(), self._floor)
        return None

    def rcpt(self, caller: Caller, envelope: Envelope, recipient: Recipient) -> Reply | None:
        """Only who lives here; `postmaster` always does (RFC 5321 §4.5.1)."""
        address = recipient.address
        if self._users.mailbox(address) is None:
            if address.domain and address.key[1] not in self._users.domains:
                served = named(sorted(self._users.domains))
                return Reply(554, "5.7.1", (f"Relay access denied: that domain is not served here; {served} are",))
            return Reply(550, "5.1.1", (f"No mailbox here by the name of {address}",))
        return self._greet_strangers(caller, envelope.sender, address)

    async def message(self, caller: Caller, message: Message) -> Reply:
        """Store a copy for each recipient; 250 when all are safe. Raises `Refused` for a message in a loop."""
        recipients = self._once_each(message.envelope.recipients)
        self._refuse_loops(recipients, message.content)
        ident = self._ident()
        copies = [self._copy(caller, message, address, ident, alone=len(recipients) == 1) for address in recipients]
        uids = await self._store.deliver_all(copies)
        for (mailbox, content), uid in zip(copies, uids, strict=True):
            self._logbook.append(Delivered(caller.talk, mailbox, uid, len(content)))
        stored = ", ".join(f"{mailbox} {uid}" for (mailbox, _), uid in zip(copies[:5], uids, strict=False))
        return Reply(250, "2.0.0", (f"Stored as {ident}: {stored}" + (", ..." if len(copies) > 5 else ""),))

    # ── decisions ──

    def _greet_strangers(self, caller: Caller, sender: Address | None, recipient: Address) -> Reply | None:
        """Greylisting: who comes again after a while is a mail server, and comes in for good."""
        if not self._greylist:
            return None
        triple = (caller.peer, sender.key if sender else ("", ""), recipient.key)
        now = self._now()
        first = self._first_seen.setdefault(triple, now)
        if len(self._first_seen) > _GREYLISTED:
            del self._first_seen[next(iter(self._first_seen))]
        left = first + self._greylist - now
        if left <= 0:
            return None
        return Reply(450, "4.7.1", (f"Greylisted: come back in {left:.0f} seconds",))

    def _once_each(self, recipients: Iterable[Recipient]) -> list[Address]:
        """Each address once, as it was named first, however often and in whatever case it came."""
        once: dict[tuple[str, str], Address] = {}
        for recipient in recipients:
            once.setdefault(recipient.address.key, recipient.address)
        return list(once.values())

    def _refuse_loops(self, recipients: Iterable[Address], content: Content) -> None:
        head = content.head()
        if trace.hops(head) > trace.HOPS:
            raise refused(554, "5.4.6", f"Too many hops: more than {trace.HOPS} Received fields")  # T059
        seen = {value.strip().lower() for value in trace.field(b"Delivered-To", head)}
        for address in recipients:
            if self._delivered_to(address).encode().lower() in seen:
                raise refused(554, "5.4.6", f"Mail loop: this message was delivered to {address} before")  # T060

    def _copy(
        self, caller: Caller, message: Message, address: Address, ident: str, *, alone: bool
    ) -> tuple[str, Content]:
        """The mailbox, and the message with what the last carrier writes on it (RFC 5321 §4.4)."""
        mailbox = self._users.mailbox(address)
        if mailbox is None:
            raise refused(550, "5.1.1", f"No mailbox here by the name of {address}")
        sender = message.envelope.sender
        head = f"Return-Path: <{sender or ''}>\r\nDelivered-To: {self._delivered_to(address)}\r\n".encode()
        head += trace.received(
            hello=caller.hello or "unknown",
            peer=caller.peer,
            by=self._hostname,
            protocol=trace.with_protocol(
                esmtp=caller.esmtp,
                secure=caller.secure,
                authenticated=bool(caller.user),
                utf8=message.envelope.smtputf8,
            ),
            ident=ident,
            to=self._delivered_to(address) if alone else "",
            at=self._now(),
        )
        return mailbox, message.content.prefixed(head)

    def _delivered_to(self, address: Address) -> str:
        """The recipient as it was said; the bare postmaster belongs to this host."""
        return str(address) if address.domain else f"{address}@{self._hostname}"
