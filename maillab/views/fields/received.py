"""The Received fields of a message: each server on the way wrote one, the newest on top (RFC 5321 §4.4, RFC 3848)."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import NamedTuple

from maillab.mail.trace import field
from maillab.views.fields.part import Block, Table
from maillab.views.fields.times import later
from maillab.views.language import Say

MOST = 50
SPARE = (4, 2, 6, 3)  # columns that go first where there is no room: the id, the protocol, how long it took, TLS
HEAD = 65_536  # bytes at the top of a message in which its header is looked for
_COMMENT = re.compile(r"\([^()]*\)")
_CLAUSE = re.compile(r"\b(from|by|with|id)\s+(\S+)", re.IGNORECASE)


class Trail(NamedTuple):
    """What a server wrote: who gave it the message, who it is, how it was said, under which id, when."""

    from_: str = ""
    by: str = ""
    protocol: str = ""
    ident: str = ""
    at: datetime | None = None

    @property
    def is_secure(self) -> bool:
        """Did the message come through TLS? RFC 3848: the S behind SMTP or LMTP."""
        return bool(re.search(r"MTPS", self.protocol.upper()))

    @property
    def is_authenticated(self) -> bool:
        """Had its sender logged in? RFC 3848: the A at the end."""
        return bool(re.search(r"MTPS?A\Z", self.protocol.upper()))


def trail(value: bytes) -> Trail:
    """One field read; what is not there is "".

    >>> one = trail(b"from laptop ([127.0.0.1]) by mail.a.test with ESMTPSA id L1; Mon, 30 Nov 2026 09:34:53 +0000")
    >>> one.by, one.is_secure, one.is_authenticated, one.at.hour
    ('mail.a.test', True, True, 9)
    """
    text = value.decode("utf-8", "backslashreplace")
    clauses, _, date = text.rpartition(";")
    words = {word.lower(): what for word, what in _CLAUSE.findall(_COMMENT.sub(" ", clauses or text))}
    try:
        at: datetime | None = parsedate_to_datetime(date.strip())
    except (ValueError, IndexError, TypeError):
        at = None
    return Trail(words.get("from", ""), words.get("by", ""), words.get("with", ""), words.get("id", ""), at)


def blocks(message: bytes, say: Say) -> list[Block]:
    """All of them in columns, in the order of the header: the newest first."""
    head = message[:HEAD].partition(b"\r\n\r\n")[0] + b"\r\n"
    trails = [trail(value) for value in field(b"Received", head)[:MOST]]
    if not trails:
        return []
    rows = tuple(_row(newer, older, say) for newer, older in pairwise([*trails, Trail()]))
    meanings = ("written by", "from", "protocol", "encrypted", "id", "when", "took")
    title = say("Received fields: each server adds one on top, so the last one is the first hop")
    return [Table(rows, tuple(say(meaning) for meaning in meanings), title, SPARE)]


def _row(one: Trail, before: Trail, say: Say) -> tuple[str, ...]:
    secure = "TLS" if one.is_secure else say("no")
    if one.is_authenticated:
        secure = say("{}, logged in", secure)
    when = f"{one.at:%H:%M:%S}" if one.at is not None else ""
    took = ""
    if one.at is not None and before.at is not None:
        try:
            took = later((one.at - before.at).total_seconds(), say)
        except TypeError:  # one of them tells no time zone
            took = ""
    return (one.by, one.from_, one.protocol, secure, one.ident, when, took)
