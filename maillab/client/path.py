"""The way that a letter came, read from its Received fields: a claim of each hop, to be believed from the top down.

Rules for this file: nothing raises; what is no date has none; the first hop comes first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from maillab.client.decode import one_line

HOPS = 100

_CLAUSE = re.compile(r"(?:^|\s)(from|by|with|id|for)\s+(\S+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Hop:
    """One server that the letter passed: who it says it is (`by`), from whom it had the letter, how, and when.

    `at` is in seconds since 1970, `None` where the field has no date that can be read.
    """

    by: str
    sender: str
    protocol: str
    ident: str
    at: float | None


def hops(fields: Iterable[tuple[str, bytes]]) -> tuple[Hop, ...]:
    """The hops of a letter in the order in which it passed them (RFC 5321 §4.4: each writes its field on top).

    >>> [hop.by for hop in hops([("Received", b"from b by c; x"), ("Received", b"from a by b; x")])]
    ['b', 'c']
    """
    found = [_hop(value) for name, value in fields if name.lower() == "received"]
    return tuple(reversed(found[:HOPS]))


def moment(date: str) -> float | None:
    """A date of a header in seconds since 1970; `None` for what is none (T244).

    >>> moment("Thu, 1 Jan 1970 00:01:00 +0000"), moment("yesterday")
    (60.0, None)
    """
    try:
        found = parsedate_to_datetime(date[:100])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()  # -0000: RFC 5322 §3.3
    except (ValueError, TypeError, IndexError, OverflowError, OSError, AttributeError):
        return None


def _hop(value: bytes) -> Hop:
    text = one_line(value[:2_000].decode("utf-8", "replace"))
    way, _, date = text.rpartition(";")
    bare = way or text
    while (without := _COMMENT.sub(" ", bare)) != bare:
        bare = without
    said = {found[1].lower(): found[2] for found in reversed(list(_CLAUSE.finditer(bare)))}
    return Hop(said.get("by", ""), said.get("from", ""), said.get("with", ""), said.get("id", ""), moment(date.strip()))
