"""What the head of a stored message says: where it came into the lab, for whom it was, with which tags.

Quiet. A message to several people lies in several inboxes, each copy with trace fields of its own (RFC 5321 §4.4); they
agree in the field of the machine that took the message first, and in all that follows: by that the copies are known to
be one message. A stranger can greet as one of our machines and write a field like ours; then what follows is another.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from maillab.mail import trace
from maillab.mail.decode import words

MOST_TAGS = 50  # of one message

_FIELD = re.compile(rb"(?im)^received[ \t]*:[ \t]*((?:[^\n]*\n(?=[ \t]))*[^\n]*\n)")
_OURS = re.compile(  # as the lab's machines write it (mail/trace.py), unfolded
    rb"from (?P<hello>\S{1,600}) \(\[[0-9A-Fa-f:.]{2,45}\]\)"
    rb"\tby (?P<by>\S{1,255}) with \w{1,20} id (?P<id>[^\s;]{1,100})"
    rb"(?:\tfor <.{1,600}>)?;\t(?P<date>[^;]{1,100})"
)
_LONGEST = 2_000  # octets of such a field: what a stranger has put below it may be of any size


class Origin(NamedTuple):
    """Where a message came into the lab: machine, name and time; `end`: octets of the head up to where that is said.

    What follows is what was handed over, the same in every copy.
    """

    key: bytes
    end: int


NOWHERE = Origin(b"", 0)


def origin(head: bytes, senders: Collection[str]) -> Origin:
    """Where a message came into the lab; `NOWHERE` where no machine of the lab has written it down.

    `head` is its header section. `senders` are the names of the lab's sending machines: from one of those the trace
    leads on to the field below, and no further, so that a message that is handed in again is another one.

    >>> up = b"Received: from mail.a.test ([::1])\\r\\n\\tby mx.b.test with ESMTP id R7;\\r\\n\\tMon, 2 Jan\\r\\n"
    >>> down = b"Received: from pc ([::1])\\r\\n\\tby mail.a.test with ESMTPA id 5f;\\r\\n\\tSun, 1 Jan\\r\\n"
    >>> origin(up + down, ["mail.a.test"]).key, origin(up + down, []).key
    (b'mail.a.test 5f Sun, 1 Jan', b'mx.b.test R7 Mon, 2 Jan')
    """
    found, expected = NOWHERE, b""
    for written in _FIELD.finditer(head):
        value = written[1].replace(b"\r\n", b"").replace(b"\n", b"")
        field = _OURS.fullmatch(value) if len(value) <= _LONGEST else None
        if field is None or expected not in (b"", field["by"]):
            break
        found = Origin(b"%s %s %s" % (field["by"], field["id"], field["date"]), written.end())
        expected = field["hello"]
        if expected.decode("ascii", "replace") not in senders:
            break
    return found


def recipient_of(head: bytes) -> str:
    """Whom the envelope of a copy names, as the receiving machine wrote it down; "" where none did.

    >>> recipient_of(b"Delivered-To: bob@recipient.test\\r\\n")
    'bob@recipient.test'
    """
    return _first(b"Delivered-To", head)


def sender_of(head: bytes) -> str:
    """Who sends, by the envelope (RFC 5321 §4.4): "" for <>, and where nobody wrote it down."""
    return _first(b"Return-Path", head)


def tags_in(head: bytes) -> list[str]:
    """The tags that its sender gave it, in the field that Mailpit reads: X-Tags, separated by commas.

    >>> tags_in(b"X-Tags: signup, to do\\r\\n")
    ['signup', 'to do']
    """
    names = words(_first(b"X-Tags", head)).split(",")
    return [name.strip() for name in names if name.strip()][:MOST_TAGS]


def _first(name: bytes, head: bytes) -> str:
    values = trace.field(name, head.replace(b"\r\n", b"\n"))
    return values[0].decode("utf-8", "replace").strip().strip("<>") if values else ""
