"""The way that a message came, read from its Received fields: a claim of each hop, to be believed from the top down.

Rules for this file: nothing raises; what is no date has none; the first hop comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maillab.mail.dates import moment
from maillab.mail.decode import one_line, without_comments

HOPS = 100

_CLAUSES = ("from", "by", "via", "with", "id", "for")  # RFC 5321 §4.4


@dataclass(frozen=True, slots=True)
class ReceivedHop:
    """One server that the message passed: who it says it is (`by`), from whom it had the message, how, and when.

    `at` is in seconds since 1970, `None` where the field has no date that can be read.
    """

    by: str
    sender: str
    protocol: str
    ident: str
    at: float | None


def hops(fields: Iterable[tuple[str, bytes]]) -> tuple[ReceivedHop, ...]:
    """The hops of a message in the order in which it passed them (RFC 5321 §4.4: each writes its field on top).

    >>> [hop.by for hop in hops([("Received", b"from b by c; x"), ("Received", b"from a by b; x")])]
    ['b', 'c']
    """
    newest_first = [_hop(value) for name, value in fields if name.lower() == "received"]
    return tuple(reversed(newest_first[:HOPS]))


def _hop(value: bytes) -> ReceivedHop:
    text = without_comments(one_line(value[:2_000].decode("utf-8", "replace")))
    way, _, date = text.rpartition(";")
    clauses: dict[str, str] = {}
    clause = ""
    for word in (way or text).split():
        if word.lower() in _CLAUSES and word.lower() not in clauses:
            clause = word.lower()
            clauses[clause] = ""
        elif clause and not clauses[clause]:
            clauses[clause] = word
    by, sender, protocol, ident = (clauses.get(name, "") for name in ("by", "from", "with", "id"))
    return ReceivedHop(by, sender, protocol, ident, moment(date.strip()))
