"""Header lines that carriers write: Received, and the dates in them (RFC 5321 §4.4, RFC 5322 §3.3)."""

import math
import re
from datetime import UTC, datetime
from functools import lru_cache

HOPS = 50  # RFC 5321 §6.3 would have "normally at least 100" Received fields; Postfix's 50 is what people meet

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def date_time(at: float) -> str:
    """A moment in seconds since 1970 as RFC 5322 §3.3 writes it, in UTC, whatever the locale.

    >>> date_time(0)
    'Thu, 01 Jan 1970 00:00:00 +0000'
    """
    return _second(math.floor(at))


@lru_cache(8)  # a busy lab writes hundreds of dates a second
def _second(at: int) -> str:
    t = datetime.fromtimestamp(at, UTC)
    return f"{_DAYS[t.weekday()]}, {t.day:02} {_MONTHS[t.month - 1]} {t.year:04} {t:%H:%M:%S} +0000"


def received(*, hello: str, peer: str, by: str, protocol: str, ident: str, to: str, at: float) -> bytes:
    """One Received field (RFC 5321 §4.4), folded. `protocol` as RFC 3848 lists them: SMTP, ESMTPSA, UTF8SMTPS...

    `to` is the only recipient, or "" when there are several (naming them would tell Bcc).
    """
    to_clause = f"\r\n\tfor <{to}>" if to else ""
    text = f"Received: from {hello} ([{peer}])\r\n\tby {by} with {protocol} id {ident}{to_clause};\r\n\t{date_time(at)}"
    return f"{text}\r\n".encode()


def with_protocol(*, esmtp: bool, secure: bool, authenticated: bool, utf8: bool) -> str:
    """The word after `with` (RFC 3848, RFC 6531 §4.3).

    >>> with_protocol(esmtp=True, secure=True, authenticated=True, utf8=False)
    'ESMTPSA'
    """
    if not esmtp:
        return "SMTP"
    return ("UTF8SMTP" if utf8 else "ESMTP") + ("S" if secure else "") + ("A" if authenticated else "")


def hops(head: bytes) -> int:
    """How many machines have carried this message already: its Received fields.

    >>> hops(b"Received: a\\r\\nreceived: b\\r\\nSubject: Received: c\\r\\n")
    2
    """
    return len(re.findall(rb"(?im)^received[ \t]*:", head))


def field(name: bytes, head: bytes) -> list[bytes]:
    """The raw values of every field called `name`, unfolded, in order.

    >>> field(b"Delivered-To", b"Delivered-To: bob@\\r\\n\\trecipient.test\\r\\n")
    [b'bob@\\trecipient.test']
    """
    found = re.findall(rb"(?im)^" + re.escape(name) + rb"[ \t]*:[ \t]*((?:[^\r\n]*(?:\r?\n(?=[ \t]))?)*)", head)
    return [value.replace(b"\r\n", b"").replace(b"\n", b"") for value in found]
