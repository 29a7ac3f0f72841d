"""What a list of messages shows of each: from whom, about what, when. Read from the first octets, never raising."""

import re
from dataclasses import dataclass

from maillab.client.path import moment
from maillab.client.read import read

HEAD = 65_536  # octets that are looked at
SHOWN = 200  # characters of one field

_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Digest:
    """`at` is what the Date field says, in seconds since 1970; `None` where there is none that can be read.

    `delivered_to` is the recipient in the envelope, as the last server wrote it down ("" where none did).
    """

    sender: str
    to: str
    subject: str
    at: float | None
    mixed: bool  # it says that it has parts of several kinds: there may be files in it
    delivered_to: str = ""


def digest(octets: bytes) -> Digest:
    """The digest of a message.

    >>> digest(b"From: Bob <bob@x.test>\\r\\nSubject: hi\\r\\n\\r\\n")
    Digest(sender='Bob <bob@x.test>', to='', subject='hi', at=None, mixed=False, delivered_to='')
    """
    end = _END.search(octets, 0, HEAD)
    message = read(octets[: end.end() if end else HEAD])
    kind = message.header("Content-Type").lower()
    return Digest(
        (message.header("From") or message.header("Return-Path"))[:SHOWN],
        message.header("To")[:SHOWN],
        message.header("Subject")[:SHOWN],
        moment(message.header("Date")),
        kind.startswith("multipart/mixed"),
        message.header("Delivered-To")[:SHOWN],
    )
