"""What a list of messages shows of each: from whom, about what, when. Read from the first octets, never raising."""

import re
from dataclasses import dataclass

from maillab.client.path import hops
from maillab.client.read import Readable, read
from maillab.mail.dates import moment

HEAD = 65_536  # octets that are looked at
SHOWN = 200  # characters of one field
FILES = 999  # that are counted

_END = re.compile(rb"\r?\n\r?\n")
_ATTACHED = re.compile(rb"\n(?i:content-disposition:[ \t]{0,9}attachment)")  # RFC 2183 §2.2


@dataclass(frozen=True, slots=True)
class Digest:
    """`at` is what the Date field says, in seconds since 1970, else when the last server took the message (Received);
    `None` where neither can be read.

    `delivered_to` is the recipient in the envelope, as the last server wrote it down ("" where none did).
    """

    sender: str
    to: str
    subject: str
    at: float | None
    files: int  # that are attached, as far as its parts say so
    delivered_to: str = ""


def digest(octets: bytes) -> Digest:
    """The digest of a message.

    >>> digest(b"From: Bob <bob@x.test>\\r\\nSubject: hi\\r\\n\\r\\n")
    Digest(sender='Bob <bob@x.test>', to='', subject='hi', at=None, files=0, delivered_to='')
    """
    end = _END.search(octets, 0, HEAD)
    message = read(octets[: end.end() if end else HEAD])
    return Digest(
        (message.header("From") or message.header("Return-Path"))[:SHOWN],
        message.header("To")[:SHOWN],
        message.header("Subject")[:SHOWN],
        _date(message),
        min(len(_ATTACHED.findall(octets)), FILES),
        message.header("Delivered-To")[:SHOWN],
    )


def _date(message: Readable) -> float | None:
    """Its own date (RFC 5322 §3.6), which programs forget; whoever took the message wrote one, too (RFC 5321 §4.4)."""
    at = moment(message.header("Date"))
    passed = hops(message.fields) if at is None else ()
    return passed[-1].at if passed else at
