"""What a person wants to say becomes a message: header, MIME parts, envelope (RFC 5322, RFC 2045, RFC 2046, RFC 6532).

Rules for this file: no clock and no dice, they are passed in. Octets are written once, here.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from maillab.client.fields import (
    LINE_LIMIT,
    ComposeError,
    Mailbox,
    clean,
    each_once,
    mailbox_list,
    message_ids,
    parameter,
    typed_list,
    unstructured,
)
from maillab.mail.address import Address, AddressError
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.line_ends import all_crlf
from maillab.mail.message import Message
from maillab.mail.normal import normal
from maillab.mail.trace import date_time

__all__ = ["Attachment", "ComposeError", "Draft", "Mailbox", "compose", "needs_utf8"]

_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}\Z")  # RFC 6838 §4.2
_CID = re.compile(r"[!#-;=?-\[\]^-~]{1,200}\Z")  # what may stand in <> (RFC 2392), whichever @ it has
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}\Z")  # RFC 2046 §5.1.1, without its spaces
_NAMES_PEOPLE = {  # fields of addresses that a writer may add (RFC 5322 §3.6.2, §3.6.6)
    "reply-to",
    "sender",
    "resent-from",
    "resent-sender",
    "resent-to",
    "resent-cc",
    "disposition-notification-to",
    "mail-followup-to",
    "errors-to",
    "return-receipt-to",
}
_OURS = {"date", "from", "to", "cc", "bcc", "subject", "message-id", "in-reply-to", "references", "mime-version"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the message. `type` is a media type; of `message/rfc822` the octets travel as they are.

    One with a `cid` is shown in the HTML at the place that names it (RFC 2392).
    """

    name: str
    type: str
    octets: bytes
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message in its writer's words. `html` is the same text as HTML; `headers` are further fields."""

    sender: Mailbox
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def people(self) -> tuple[Mailbox, ...]:
        """Everybody who is named: sender and recipients."""
        return (self.sender, *self.to, *self.cc, *self.bcc)


def needs_utf8(draft: Draft) -> bool:
    """Can this message travel by SMTPUTF8 only? A local part outside ASCII has no other spelling; a domain has one."""
    return not all(person.address.local.isascii() for person in draft.people)


def compose(
    draft: Draft, *, now: float, message_id: str, boundary: Callable[[], str], eight_bit: bool, utf8: bool
) -> Message:
    """Write the message for a server that offers 8BITMIME (`eight_bit`) and SMTPUTF8 (`utf8`), or not.

    `now` is in seconds since 1970, `message_id` has its <>, `boundary` gives a new one at each call. Raises
    `ComposeError`, which names the field.
    """
    raw = needs_utf8(draft)
    if raw and not utf8:
        person = next(person for person in draft.people if not person.address.local.isascii())
        raise ComposeError("address", f"{person.address} can only be reached through a server that offers SMTPUTF8")
    draft = draft if raw else _with_a_labels(draft)
    if not draft.people[1:]:
        raise ComposeError("To", "add at least one recipient")
    part = _whole(draft, boundary, eight_bit or raw)
    head = _head(draft, now, message_id, raw)
    content = b"".join((head, b"MIME-Version: 1.0\r\n", part.head, b"\r\n", part.body))
    eight = not content.isascii()  # UTF-8 in a header is 8-bit content too
    envelope = Envelope(draft.sender.address, _recipients(draft), eight_bit=eight, smtputf8=raw)
    return Message(envelope, Content(content))


def _head(draft: Draft, now: float, message_id: str, raw: bool) -> bytes:
    """Every field but those of MIME. Bcc is never written (RFC 5322 §3.6.3)."""
    fields = [unstructured("Date", date_time(now), utf8=False), mailbox_list("From", (draft.sender,), utf8=raw)]
    if draft.to:
        fields.append(mailbox_list("To", draft.to, utf8=raw))
    if draft.cc:
        fields.append(mailbox_list("Cc", draft.cc, utf8=raw))
    if not draft.to and not draft.cc:
        fields.append(b"To: undisclosed-recipients:;\r\n")
    fields.append(unstructured("Subject", draft.subject, utf8=raw))
    fields.append(message_ids("Message-ID", (message_id,)))
    if draft.in_reply_to:
        fields.append(message_ids("In-Reply-To", (draft.in_reply_to,)))
    if draft.references:
        fields.append(message_ids("References", draft.references))
    for person in draft.bcc:
        clean("Bcc", person.name)
    for name, value in draft.headers:
        if name.lower() in _OURS or name.lower().startswith("content-"):
            raise ComposeError("header name", f"{name} is written from the message itself")
        fields.append(_further(name, value, raw))
    return b"".join(fields)


def _further(name: str, value: str, raw: bool) -> bytes:
    """A field that the writer added; where it names people, addresses stay addresses (RFC 2047 §5 (3))."""
    if name.lower() not in _NAMES_PEOPLE or value.isascii():
        return unstructured(name, value, utf8=raw)
    try:
        return mailbox_list(name, [Mailbox.parse(piece) for piece in typed_list(clean(name, value))], utf8=raw)
    except AddressError as error:
        raise ComposeError(name, error.reply.lines[0]) from error


def _recipients(draft: Draft) -> tuple[Recipient, ...]:
    """To, Cc and Bcc, each mailbox once."""
    return tuple(Recipient(person.address) for person in each_once(draft.people[1:]))


def _with_a_labels(draft: Draft) -> Draft:
    """Domains as DNS spells them (RFC 5891): without SMTPUTF8 there is no other way."""

    def spelled(people: Sequence[Mailbox]) -> tuple[Mailbox, ...]:
        return tuple(Mailbox(p.name, Address(p.address.local, p.address.ascii_domain)) for p in people)

    [sender] = spelled((draft.sender,))
    return replace(draft, sender=sender, to=spelled(draft.to), cc=spelled(draft.cc), bcc=spelled(draft.bcc))


# ── MIME ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Part:
    """Content-* lines, and the body as it will stand."""

    head: bytes
    body: bytes

    @property
    def octets(self) -> bytes:
        return self.head + b"\r\n" + self.body


def _whole(draft: Draft, boundary: Callable[[], str], eight_bit: bool) -> _Part:
    """Text alone, or with its HTML as an alternative, or either with attachments behind it."""
    texts = [_text("text", draft.text, "plain", eight_bit)] if draft.text or not draft.html else []
    shown = [_file(attachment, eight_bit) for attachment in draft.attachments if draft.html and attachment.cid]
    if draft.html:
        page = _text("html", draft.html, "html", eight_bit)
        texts.append(_multipart("related", [page, *shown], boundary) if shown else page)  # RFC 2387
    part = texts[0] if len(texts) == 1 else _multipart("alternative", texts, boundary)  # RFC 2046 §5.1.4
    files = [_file(attachment, eight_bit) for attachment in draft.attachments if not (draft.html and attachment.cid)]
    return _multipart("mixed", [part, *files], boundary) if files else part


def _text(field: str, text: str, subtype: str, eight_bit: bool) -> _Part:
    """A text part: as it is where the lines allow it, else in the shorter of quoted-printable and base64."""
    try:
        octets = normal("NFC", text).encode()
    except UnicodeEncodeError as error:
        raise ComposeError(field, f"holds half a character (U+{ord(text[error.start]):04X})") from error
    octets = re.sub(rb"\r\n|\r|\n", b"\r\n", octets)
    if octets and not octets.endswith(b"\r\n"):
        octets += b"\r\n"
    charset = b"us-ascii" if octets.isascii() else b"utf-8"
    head = b"Content-Type: text/%b; charset=%b\r\n" % (subtype.encode(), charset)
    if _plain(octets) and (eight_bit or octets.isascii()):
        return _Part(head + _encoding(b"7bit" if octets.isascii() else b"8bit"), octets)
    # line ends of quoted-printable are CRLF because those of the text are
    quoted, in_64 = binascii.b2a_qp(octets, istext=True), _base64(octets)
    if len(quoted) <= len(in_64):
        return _Part(head + _encoding(b"quoted-printable"), quoted)
    return _Part(head + _encoding(b"base64"), in_64)


def _file(attachment: Attachment, eight_bit: bool) -> _Part:
    """An attachment: base64, but a message only as it is (RFC 2046 §5.2.1)."""
    name = clean("attachment name", attachment.name)
    field = f"attachment {name}".strip()
    kind, octets = attachment.type.lower(), attachment.octets
    if not _TYPE.match(kind) or kind.startswith("multipart/"):
        raise ComposeError(field, f"{attachment.type[:60]!r} is not a media type for a file")
    head = f"Content-Type: {kind}{_charset_of(kind, octets)}\r\n"
    if attachment.cid and not _CID.match(attachment.cid):
        raise ComposeError(field, f"{attachment.cid[:60]!r} is no Content-ID")
    head += f"Content-ID: <{attachment.cid}>\r\n" if attachment.cid else ""
    place = "inline" if attachment.cid else "attachment"
    head += f"Content-Disposition: {place}{parameter('filename', name) if name else ''}\r\n"
    if not kind.startswith("message/"):
        return _Part(head.encode() + _encoding(b"base64"), _base64(octets))
    if not _plain(octets):
        raise ComposeError(field, "this message has lines that cannot travel as they are; forward it in the text")
    if not octets.isascii() and not eight_bit:
        raise ComposeError(
            field, "this message has 8-bit bytes and the server does not offer 8BITMIME; forward it in the text"
        )
    return _Part(head.encode() + _encoding(b"7bit" if octets.isascii() else b"8bit"), octets)


def _multipart(kind: str, parts: Sequence[_Part], boundary: Callable[[], str]) -> _Part:
    """Parts between lines of a boundary that none of them holds (RFC 2046 §5.1.1)."""
    wholes = [part.octets for part in parts]
    for _ in range(10):
        mark = boundary()
        if not _BOUNDARY.match(mark):
            raise ComposeError("boundary", "not a boundary of RFC 2046 §5.1.1")
        line = b"--" + mark.encode()
        if not any(line in whole for whole in wholes):
            break
    else:
        raise ComposeError("boundary", "every boundary tried stands in the text already")
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n' % (kind.encode(), mark.encode())
    body = b"".join(line + b"\r\n" + whole + b"\r\n" for whole in wholes) + line + b"--\r\n"
    return _Part(head + (b"" if body.isascii() else _encoding(b"8bit")), body)  # RFC 2045 §6.4


def _plain(octets: bytes) -> bool:
    """May these octets travel as they are: lines of at most 998 octets ended by CRLF, no NUL (RFC 2045 §2.7-2.8)?"""
    return all_crlf(octets) and b"\0" not in octets and all(len(line) <= LINE_LIMIT for line in octets.split(b"\r\n"))


def _charset_of(kind: str, octets: bytes) -> str:
    """Text files say their character set where it can be known."""
    if not kind.startswith("text/") or octets.isascii():
        return ""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "; charset=utf-8"


def _encoding(name: bytes) -> bytes:
    return b"Content-Transfer-Encoding: " + name + b"\r\n"


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")  # 76 characters a line (RFC 2045 §6.8)
