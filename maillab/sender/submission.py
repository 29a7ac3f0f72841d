"""What the sending machine answers at its doors: who may send as whom, where mail may go, "queued" when it is durable.

One object for each door: the submission port asks for a login, the port for programs inside the lab does not.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from maillab.events import Queued, Submitted, Warned
from maillab.logbook import Logbook
from maillab.mail import trace
from maillab.mail.address import Address
from maillab.mail.content import HEAD_OCTETS, Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply, refused
from maillab.sender.waiting import Job
from maillab.wire.reception import Caller, named
from maillab.wire.storage import refuse_without_room

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")  # RFC 5322 §3.6.8
_BCC = re.compile(rb"(?im)^(?:resent-)?bcc[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*")
_BOM = b"\xef\xbb\xbf"
_MAILBOX_LINE = re.compile(rb">*From ")  # of a file in mbox format (RFC 4155), before the first field

MaySendAs = Callable[[str, Address], bool]


class Keeper(Protocol):
    """Where messages are kept: the queue."""

    def reserve(self) -> str:
        """The name of the next message."""
        ...

    def free(self) -> int:
        """Octets that still fit."""
        ...

    async def put(
        self, message: Message, born: float, *, ident: str, told: Callable[[tuple[Job, ...]], None]
    ) -> tuple[Job, ...]:
        """Take it durably; `told` hears of its jobs before any is worked on."""
        ...


class Submission:
    """The receptionist of one door of the sending machine (a `wire.reception.Reception`).

    `site` is the machine's mail domain, `hostname` its own name; `inside(domain)` says whether a domain (in A-labels)
    belongs to the lab; `may_send_as(user, address)` whether this user may use this address as sender; `clock` gives
    seconds since 1970, `name` a new word for each Message-ID; `domains` are named to who asks for one outside.
    """

    def __init__(
        self,
        *,
        site: str,
        hostname: str,
        inside: Callable[[str], bool],
        auth_required: bool,
        may_send_as: MaySendAs,
        queue: Keeper,
        logbook: Logbook,
        clock: Callable[[], float],
        name: Callable[[], str],
        domains: Sequence[str] = (),
    ) -> None:
        self._site = site
        self._hostname = hostname
        self._inside = inside
        self._auth_required = auth_required
        self._may_send_as = may_send_as
        self._queue = queue
        self._logbook = logbook
        self._clock = clock
        self._name = name
        self._domains = domains

    def mail(self, caller: Caller, sender: Address | None, octets: int) -> Reply | None:
        """Who sends must have said who they are, and may use only addresses that are theirs (RFC 6409 §4.3, §6.1)."""
        if self._auth_required and not caller.user:
            return Reply(530, "5.7.0", ("Authentication required",))  # RFC 4954 §6
        if self._auth_required and sender is not None and not self._may_send_as(caller.user, sender):
            return Reply(553, "5.7.1", (f"{caller.user} may not send as {sender}",))
        refuse_without_room(octets, self._queue.free())
        return None

    def rcpt(self, caller: Caller, envelope: Envelope, recipient: Recipient) -> Reply | None:
        """Mail goes to domains inside the lab only, whoever asks; nothing ever leaves it."""
        if self._auth_required and not caller.user:
            return Reply(530, "5.7.0", ("Authentication required",))
        address = recipient.at_home(self._site).address
        if not self._inside(address.ascii_domain):
            outside = f"{address.domain} is not in this lab, and no mail leaves it"
            there = f". Its domains: {named(self._domains)}" if self._domains else ""
            return Reply(554, "5.7.1", (outside + there,))
        return None

    async def message(self, caller: Caller, message: Message) -> Reply:
        """Put the message in the queue, then say so. Raises `Refused` for one going in circles, or a full disk."""
        content = self._unwrapped(caller, message.content)
        head = content.head()
        if len(head) >= HEAD_OCTETS and not head.endswith(b"\r\n\r\n") and _FIELD.match(head):
            text = f"The header section is longer than {HEAD_OCTETS} octets"  # a Bcc behind them would be seen by all
            raise refused(554, "5.6.0", text)
        if trace.hops(head) > trace.HOPS:
            raise refused(554, "5.4.6", f"Too many hops: more than {trace.HOPS} Received fields")
        if not head.startswith(b"\r\n") and not _FIELD.match(head):
            head = b"\r\n"  # a text without a header: the empty line that ends a header comes before it
            content = content.prefixed(head)
        ident = self._queue.reserve()
        recipients = tuple(recipient.at_home(self._site) for recipient in message.envelope.recipients)
        envelope = replace(message.envelope, recipients=recipients)
        if self._auth_required or caller.user:
            content = self._completed(content, head)
        content = content.prefixed(self._stamp(caller, envelope, ident))
        stored = Message(envelope, content)
        await self._queue.put(stored, self._clock(), ident=ident, told=self._writer(caller.talk, ident, stored))
        return Reply(250, "2.0.0", (f"queued as {ident}",))

    def _writer(self, talk: str, ident: str, message: Message) -> Callable[[tuple[Job, ...]], None]:
        """Writes in the logbook that the message is ours now: when it is durable, before anything is done about it."""

        def told(jobs: tuple[Job, ...]) -> None:
            envelope = message.envelope
            names = tuple(str(recipient.address) for recipient in envelope.recipients)
            self._logbook.append(Submitted(talk, ident, str(envelope.sender or ""), names, len(message.content)))
            for job in jobs:
                self._logbook.append(Queued(job.ident, ident, job.domain, job.names))

        return told

    # ── header ────────────────────────────────────────────────────────────────────────────────

    def _completed(self, content: Content, head: bytes) -> Content:
        """What a submission server adds: Date and Message-ID where they are missing (RFC 6409 §8.2, §8.3); and what it
        takes away: Bcc and Resent-Bcc, whose recipients nobody else may see (RFC 5322 §3.6.3, §3.6.6). All other
        octets stay as they are.
        """
        if _BCC.search(head):
            content = content.after(len(head)).prefixed(_BCC.sub(b"", head))
        added = b""
        if not trace.field(b"Date", head):
            added += f"Date: {trace.date_time(self._clock())}\r\n".encode("ascii")
        if not trace.field(b"Message-ID", head):
            added += f"Message-ID: <{self._name()}@{self._hostname}>\r\n".encode("ascii")
        return content.prefixed(added) if added else content

    def _unwrapped(self, caller: Caller, content: Content) -> Content:
        """What belongs to a file that was sent as it is, and not to mail: a byte order mark goes, and the "From " line
        of a mailbox becomes a field, as Postfix has it: the header behind it stays one.
        """
        if content.head().startswith(_BOM):
            self._logbook.append(Warned(caller.talk, "a byte order mark before the header was removed"))
            content = content.after(len(_BOM))
        if _MAILBOX_LINE.match(content.head()):
            text = 'a mailbox\'s "From " line before the header was changed to the field X-Mailbox-Line'
            self._logbook.append(Warned(caller.talk, text))
            content = content.prefixed(b"X-Mailbox-Line: ")
        return content

    def _stamp(self, caller: Caller, envelope: Envelope, ident: str) -> bytes:
        """Our Received field, which goes before everything else (RFC 5321 §4.4)."""
        return trace.received(
            hello=caller.hello,
            peer=caller.peer,
            by=self._hostname,
            protocol=trace.with_protocol(
                esmtp=caller.esmtp, secure=caller.secure, authenticated=bool(caller.user), utf8=envelope.smtputf8
            ),
            ident=ident,
            to=str(envelope.recipients[0].address) if len(envelope.recipients) == 1 else "",
            at=self._clock(),
        )
