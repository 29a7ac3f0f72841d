"""Reports about a message to its sender: failed, delayed, delivered (RFC 3461, RFC 3464, RFC 6522; RFC 6533 for UTF-8).

Rules for this file: built as octets by hand, so that the original comes back exactly as it was; never a report about
a report (RFC 5321 §4.5.5); what strangers said is escaped; moment, name and boundary are passed in.
"""

import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from maillab.mail import trace
from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.line_ends import all_crlf
from maillab.mail.message import Message
from maillab.protocols.smtp import unxtext
from maillab.sender.outcome import RecipientOutcome

RETURNED_OCTETS = 50_000  # a larger message comes back as its header section only (Postfix's bounce_size_limit)
_TEXT_WIDTH = 78

_LONE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_MESSAGE_ID = re.compile(rb"<[!-;=?-~]{1,240}>\Z")


class ReportKind(Enum):
    """What is reported. The value is the Action field of RFC 3464 §2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"  # handed to a host that does not report deliveries (RFC 3461 §5.2.2)

    @property
    def wanted_as(self) -> str:
        """The word of NOTIFY= that asks for it."""
        return {"failed": "FAILURE", "delayed": "DELAY"}.get(self.value, "SUCCESS")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: the mail domain it answers for, and the name of the machine."""

    site: str
    hostname: str


def message_to_report(
    kind: ReportKind,
    message: Message,
    outcomes: Sequence[RecipientOutcome],
    reporter: Reporter,
    *,
    arrived: float,
    now: float,
    ident: str,
    retry_until: float = 0.0,
) -> Message | None:
    """The report about those of `outcomes` whose sender asked for one, or `None`: nobody did, or the sender is <>.

    Moments in seconds since 1970; `ident` makes Message-ID and boundary; it must be new. Reads `message`'s content:
    its header section, or all of it up to 50 000 octets. Raises `OSError` when that is in a file which is gone.
    """
    to = message.envelope.sender
    due = [outcome for outcome in outcomes if outcome.recipient.wants(kind.wanted_as)]
    if to is None or not due:
        return None
    utf8 = message.envelope.smtputf8 or not to.is_ascii
    original, whole = _returned(kind, message)
    status_type = "message/global-delivery-status" if utf8 else "message/delivery-status"
    status_fields = _status(kind, message.envelope, due, reporter, arrived, now, retry_until, utf8)
    parts = [
        _notification(_words(kind, due, reporter, retry_until), utf8=utf8),
        _part(status_type, "Delivery report", status_fields),
        _part(_third_type(whole, utf8), "Undelivered message" if kind is ReportKind.FAILED else "Message", original),
    ]
    boundary = _boundary(ident, parts)
    head = _head(kind, message, to, reporter, now=now, ident=ident, boundary=boundary, utf8=utf8)
    mark = b"--" + boundary
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    content = head + b"\r\nThis is a report about a message, for people and for programs (RFC 3464).\r\n\r\n" + body
    envelope = Envelope(None, (Recipient(to),), eight_bit=not content.isascii(), smtputf8=utf8)
    return Message(envelope, Content(content))


# ── the frame ─────────────────────────────────────────────────────────────────────────────────


def _head(
    kind: ReportKind,
    message: Message,
    to: Address,
    reporter: Reporter,
    *,
    now: float,
    ident: str,
    boundary: bytes,
    utf8: bool,
) -> bytes:
    subject = {
        ReportKind.FAILED: "Undelivered message returned to sender",
        ReportKind.DELAYED: "Delayed message (still being tried)",
        ReportKind.DELIVERED: "Delivered message",
        ReportKind.RELAYED: "Relayed message",
    }[kind]
    fields = [
        f"Date: {trace.date_time(now)}",
        f"From: Mail Delivery System <MAILER-DAEMON@{reporter.site}>",
        f"To: <{to}>",
        f"Subject: {subject}",
        f"Message-ID: <{ident}@{reporter.hostname}>",
        *_thread(message),
        "Auto-Submitted: auto-replied",  # RFC 3834 §5: nobody's vacation program answers this
        "MIME-Version: 1.0",
        f"Content-Type: multipart/report; report-type={'global-' if utf8 else ''}delivery-status;\r\n"
        f'\tboundary="{boundary.decode("ascii")}"',
        "Content-Transfer-Encoding: 8bit",
    ]
    return "".join(f"{field}\r\n" for field in fields).encode("utf-8")


def _thread(message: Message) -> list[str]:
    """In-Reply-To, so that a mail reader shows the report beside the message; only when the Message-ID is sane."""
    idents = trace.field(b"Message-ID", message.content.head())
    if len(idents) == 1 and _MESSAGE_ID.match(ident := idents[0].strip()):
        return [f"In-Reply-To: {ident.decode('ascii')}"]
    return []


def _part(content_type: str, description: str, octets: bytes, packed: bytes = b"") -> bytes:
    encoding = packed or (b"7bit" if octets.isascii() else b"8bit")
    head = f"Content-Type: {content_type}\r\nContent-Description: {description}\r\n".encode("ascii")
    return head + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + octets


def _third_type(whole: bool, utf8: bool) -> str:
    if whole:
        return "message/global" if utf8 else "message/rfc822"
    return "message/global-headers" if utf8 else "text/rfc822-headers"


def _boundary(ident: str, parts: list[bytes]) -> bytes:
    """A line that occurs in no part (RFC 2046 §5.1.1)."""
    boundary = f"=_{re.sub(r'[^A-Za-z0-9.-]', '-', ident)[:48]}".encode("ascii")
    while any(boundary in part for part in parts):
        boundary += b"_"
    return boundary


def _returned(kind: ReportKind, message: Message) -> tuple[bytes, bool]:
    """What of the original goes back, and whether it is all of it.

    RFC 3461 §4.3: RET is about failures only; every other report returns headers only. A CR or LF that stands alone
    cannot travel (RFC 5321 §2.3.8): such a content stays behind, and in a header it becomes a line end.
    """
    if kind is ReportKind.FAILED and message.envelope.ret != "HDRS" and len(message.content) <= RETURNED_OCTETS:
        content = message.content.whole()
        if all_crlf(content):
            return content, True
    head = _LONE.sub(b"\r\n", message.content.head())
    if len(head) > RETURNED_OCTETS:
        head = head[: head.rfind(b"\n", 0, RETURNED_OCTETS) + 1 or RETURNED_OCTETS]
    return head, False


# ── part 1, for people ────────────────────────────────────────────────────────────────────────


def _notification(words: str, *, utf8: bool) -> bytes:
    """The part with the words; messages beyond ASCII are packed so that every host on the way can carry them."""
    charset = "us-ascii" if words.isascii() and not utf8 else "utf-8"
    content_type = f"text/plain; charset={charset}"
    if words.isascii() or utf8:
        return _part(content_type, "Notification", words.encode("utf-8"))
    packed = quopri.encodestring(words.replace("\r\n", "\n").encode("utf-8")).replace(b"\n", b"\r\n")
    return _part(content_type, "Notification", packed, b"quoted-printable")


def _words(kind: ReportKind, due: Sequence[RecipientOutcome], reporter: Reporter, retry_until: float) -> str:
    opening = {
        ReportKind.FAILED: "Your message could not be delivered to the recipients below. It will not be tried again.",
        ReportKind.DELAYED: "Your message has not been delivered to the recipients below yet. There is nothing\r\n"
        f"you need to do: it is tried again until {trace.date_time(retry_until)}.",
        ReportKind.DELIVERED: "Your message was delivered to the recipients below.",
        ReportKind.RELAYED: "Your message was handed to the host below, which does not report what becomes of it.",
    }[kind]
    lines = [f"This is the mail system at {reporter.hostname}.", "", opening, ""]
    for outcome in due:
        theirs = outcome.host and outcome.answer is None
        said = f"{escape(outcome.host)} said" if theirs else "the sending machine says"
        lines += _wrapped(f"<{outcome.recipient.address}>: {said}: {_readable(outcome.reply.text)}")
    return "".join(f"{line}\r\n" for line in lines)


def _readable(text: str) -> str:
    """What a person can read stays; what would act on a screen, or is no text at all, is escaped."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _wrapped(text: str) -> list[str]:
    """Lines of at most 78 characters where there are blanks, the further ones indented; no word is longer than 900."""
    lines, line = [], ""
    for word in [piece for long in text.split(" ") for piece in _pieces(long)]:
        if line.strip() and len(line) + 1 + len(word) > _TEXT_WIDTH:
            lines.append(line)
            line = "    " + word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _pieces(word: str) -> list[str]:
    return [word[cut : cut + 900] for cut in range(0, len(word), 900)]  # RFC 5322 §2.1.1: a line has 998 octets at most


# ── part 2, for programs ──────────────────────────────────────────────────────────────────────


def _status(
    kind: ReportKind,
    envelope: Envelope,
    due: Sequence[RecipientOutcome],
    reporter: Reporter,
    arrived: float,
    now: float,
    retry_until: float,
    utf8: bool,
) -> bytes:
    """RFC 3464 §2: fields about the message, then a group of fields for each recipient, empty lines between."""
    about = [("Original-Envelope-Id", escape(unxtext(envelope.envid)))] if envelope.envid else []  # §2.2.1
    about += [("Reporting-MTA", f"dns; {reporter.hostname}"), ("Arrival-Date", trace.date_time(arrived))]
    groups = [about] + [_recipient(kind, outcome, now, retry_until, utf8) for outcome in due]
    return b"\r\n".join(b"".join(_field(name, value) for name, value in group) for group in groups)


def _recipient(
    kind: ReportKind, outcome: RecipientOutcome, now: float, retry_until: float, utf8: bool
) -> list[tuple[str, str]]:
    address = outcome.recipient.address
    fields = []
    if outcome.recipient.orcpt:  # RFC 3464 §2.3.1
        kind_of_address, _, original = outcome.recipient.orcpt.partition(";")
        fields.append(("Original-Recipient", f"{escape(kind_of_address)}; {escape(unxtext(original))}"))
    fields.append(("Final-Recipient", f"{'utf-8' if utf8 and not address.is_ascii else 'rfc822'}; {address}"))
    fields.append(("Action", kind.value))
    fields.append(("Status", status(kind, outcome)))
    if outcome.heard is not None:  # RFC 3464 §2.3.6: what the host said, and nothing that we found ourselves
        fields.append(("Remote-MTA", f"dns; {escape(outcome.host)}"))
        fields.append(("Diagnostic-Code", f"smtp; {escape(outcome.heard.text)}"))
    fields.append(("Last-Attempt-Date", trace.date_time(now)))
    if kind is ReportKind.DELAYED:
        fields.append(("Will-Retry-Until", trace.date_time(retry_until)))
    return fields


def status(kind: ReportKind, outcome: RecipientOutcome) -> str:
    """The Status field: the host's enhanced code where it fits the action, else the general one (RFC 3463)."""
    digit = {ReportKind.FAILED: "5", ReportKind.DELAYED: "4"}.get(kind, "2")
    enhanced = outcome.reply.enhanced
    return enhanced if enhanced.startswith(digit + ".") else f"{digit}.0.0"


def _field(name: str, value: str) -> bytes:
    return "".join(f"{line}\r\n" for line in _wrapped(f"{name}: {value}")).encode("utf-8", "backslashreplace")


def escape(text: str) -> str:
    r"""Printable ASCII, whatever a stranger wrote: nothing of it can end a line, start a field or move a cursor.

    >>> escape("caf\xe9 \x1b]0;PWN\x07 \udce9 \u1ebf")
    'caf\\xe9 \\x1b]0;PWN\\x07 \\xe9 \\u1ebf'
    """
    return "".join(c if " " <= c <= "~" else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # an octet that was no UTF-8, as Python's surrogateescape keeps it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
