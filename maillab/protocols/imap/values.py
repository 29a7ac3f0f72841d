"""What both sides speak of: who a message is from, what it consists of, how a mailbox stands (RFC 9051 §7.5, §6.3.11).

Rules for this file: values only. Octets are as they stand in the message, unfolded; what of them can be said in quotes
and what as a literal is for `responses.py` to know. None is NIL.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """One address (RFC 9051 §7.5.2). Without `host`, a group begins, its name in `mailbox`, or ends, both None.

    >>> ImapAddress.group(b"friends"), ImapAddress.group_end()
    (ImapAddress(name=None, route=None, mailbox=b'friends', host=None), \
ImapAddress(name=None, route=None, mailbox=None, host=None))
    """

    name: bytes | None
    route: bytes | None
    mailbox: bytes | None
    host: bytes | None

    @staticmethod
    def group(name: bytes) -> "ImapAddress":
        """What stands before the members of a group."""
        return ImapAddress(None, None, name, None)

    @staticmethod
    def group_end() -> "ImapAddress":
        """What stands behind them."""
        return ImapAddress(None, None, None, None)


@dataclass(frozen=True, slots=True)
class ImapEnvelope:
    """What the header says of who writes to whom, and when. `senders` is From; empty tuples are NIL.

    Whoever makes one puts From into `sender` and `reply_to` where those are missing (RFC 9051 §7.5.2).
    """

    date: bytes | None = None
    subject: bytes | None = None
    senders: tuple[ImapAddress, ...] = ()
    sender: tuple[ImapAddress, ...] = ()
    reply_to: tuple[ImapAddress, ...] = ()
    to: tuple[ImapAddress, ...] = ()
    cc: tuple[ImapAddress, ...] = ()
    bcc: tuple[ImapAddress, ...] = ()
    in_reply_to: bytes | None = None
    message_id: bytes | None = None


Pairs: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Parameters of a header field: names and values."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """Content-Disposition: attachment or inline, and its parameters."""

    kind: bytes
    parameters: Pairs = ()


@dataclass(frozen=True, slots=True)
class SinglePart:
    """A part without parts (RFC 9051 §7.5.2: body-type-1part).

    `lines` are counted of text/* and message/rfc822 only, None for all else. `envelope` and `inner` belong to
    message/rfc822; where they are None, it is told as any other part.
    """

    kind: bytes = b"TEXT"
    subtype: bytes = b"PLAIN"
    parameters: Pairs = ((b"CHARSET", b"US-ASCII"),)
    content_id: bytes | None = None
    description: bytes | None = None
    encoding: bytes = b"7BIT"
    octets: int = 0
    lines: int | None = None
    envelope: ImapEnvelope | None = None
    inner: "BodyPart | None" = None
    md5: bytes | None = None
    disposition: Disposition | None = None
    languages: tuple[bytes, ...] = ()
    location: bytes | None = None


@dataclass(frozen=True, slots=True)
class Multipart:
    """A part made of parts; at least one of them is told, since an empty one has no form (RFC 9051 §9)."""

    parts: tuple["BodyPart", ...]
    subtype: bytes = b"MIXED"
    parameters: Pairs = ()
    disposition: Disposition | None = None
    languages: tuple[bytes, ...] = ()
    location: bytes | None = None


BodyPart: TypeAlias = SinglePart | Multipart


class StatusItem(StrEnum):
    """What STATUS tells of a mailbox (RFC 9051 §6.3.11, RFC 7162 §3.1.7, RFC 8474 §4.3, RFC 3501 §6.3.10)."""

    MESSAGES = "MESSAGES"
    RECENT = "RECENT"
    UIDNEXT = "UIDNEXT"
    UIDVALIDITY = "UIDVALIDITY"
    UNSEEN = "UNSEEN"
    DELETED = "DELETED"
    SIZE = "SIZE"
    HIGHESTMODSEQ = "HIGHESTMODSEQ"
    MAILBOXID = "MAILBOXID"
