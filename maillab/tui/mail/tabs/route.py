"""The way that a message came, as facts: which server had it when, from whom, and how long it had been under way.

The order is that of the header, newest first (RFC 5321 §4.4): whoever compares finds each line where it stands.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from maillab.client.path import ReceivedHop, hops
from maillab.client.read import Readable
from maillab.tui.looks.sink import Line, Piece, piece
from maillab.tui.texts import Texts
from maillab.views import units

_HELD = {"S": "route.tls", "A": "route.login"}  # behind ESMTP or LMTP (RFC 3848)


def route(message: Readable, texts: Texts) -> list[Line]:
    """Every hop with its time; what each says of itself is its own claim."""
    newest_first = hops(message.fields)[::-1]
    if not newest_first:
        return [(("dim", texts("route.none")),)]
    lines: list[Line] = [(("dim", texts("route.claim")),), ()]
    for number, hop in enumerate(newest_first, 1):
        before = newest_first[number] if number < len(newest_first) else None
        lines += [*_hop(number, hop, before, texts), ()]
    if total := _between(newest_first[-1].at, newest_first[0].at):
        lines.append([("dim", texts("route.total", took=total))])
    return lines


def _hop(number: int, hop: ReceivedHop, before: ReceivedHop | None, texts: Texts) -> Sequence[Line]:
    """One server: its name and delay; from whom it had the message, and when."""
    head: list[Piece] = [("dim", f"{number:>2} "), piece("bold", hop.by or texts("route.nobody"))]
    if before is not None and (took := _between(before.at, hop.at)):
        head.append(piece("warn" if took.startswith("−") else "plain", f"  {took}"))
    if number == 1:
        head.append(("good", "  " + texts("route.trusted")))
    said = texts("route.from", who=hop.sender or texts("route.nobody"), how=hop.protocol or "?", ident=hop.ident or "?")
    means = [texts(_HELD[letter]) for letter in hop.protocol.upper().partition("MTP")[2] if letter in _HELD]
    more = f"  ({', '.join(means)})" if means else ""
    when = _utc(hop.at) or texts("route.no_date")
    return [head, [("dim", "   "), piece("plain", said), ("dim", more)], [("dim", f"   {when}")]]


def _between(start: float | None, end: float | None) -> str:
    """How much later the one is, "" where that is not known, or no second; it may be less than nothing."""
    if start is None or end is None:
        return ""
    if round(end - start) == 0:
        return ""  # no header has parts of a second
    return f"−{units.duration(start - end)}" if end < start else f"+{_whole(end - start)}"


def _whole(seconds: float) -> str:
    """In whole seconds: no header has parts of them."""
    return f"{seconds:.0f} s" if seconds < 100 else units.left(seconds)


def _utc(at: float | None) -> str:
    """A moment in UTC, "" for one that is none, or that no calendar has."""
    if at is None:
        return ""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return ""
