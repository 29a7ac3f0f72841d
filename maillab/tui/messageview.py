"""An opened message as lines, in each of the ways to look at it: rendered, headers, source, parts, way, HTML.

Rules for this file: no Textual; whatever a stranger wrote comes out safe, and within a budget.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from maillab.client.path import ReceivedHop, hops
from maillab.client.read import Readable, read
from maillab.tui.sink import Line, piece
from maillab.tui.texts import Texts
from maillab.views.safe import safe

TABS = ("rendered", "headers", "source", "parts", "trace", "html")
LINES = 20_000  # of one message that are shown
SOURCE_OCTETS = 1_048_576

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")  # whose messages look like one another's


@dataclass(frozen=True, slots=True, eq=False)
class OpenedMessage:
    """A message that was opened: its octets, and what was understood of them. Equal to itself alone: it is large."""

    octets: bytes
    message: Readable


def opened(octets: bytes) -> OpenedMessage:
    """Open a message; it takes no longer than its budget allows, and never fails."""
    return OpenedMessage(octets, read(octets))


def unread(octets: bytes) -> OpenedMessage:
    """A message of which nothing is understood but its octets."""
    return OpenedMessage(octets, read(b""))


def tab(open_message: OpenedMessage, name: str, texts: Texts) -> list[Line]:
    """The lines of one way to look at it."""
    match name:
        case "headers":
            return _headers(open_message.message)
        case "html":
            return _html(open_message.message, texts)
        case "source":
            return _source(open_message.octets)
        case "parts":
            return _parts(open_message.message, texts)
        case "trace":
            return _trace(open_message.message, texts)
        case _:
            return _rendered(open_message.message, texts)


def _rendered(message: Readable, texts: Texts) -> list[Line]:
    lines: list[Line] = []
    for name in ("From", "To", "Cc", "Reply-To", "Date", "Subject"):
        if value := message.header(name):
            lines.append([("dim", f"{texts(f'header.{name.lower()}'):<10}"), *_person(name, value, texts)])
    if way := _way(hops(message.fields)):
        lines.append([("dim", f"{texts('header.way'):<10}"), piece("plain", way)])
    for number, file in enumerate(message.attachments, 1):
        size = f"{file.type}, {len(file.octets)} B"
        head = ("key", f"{texts('message.file', number=number):<10}")
        lines.append([head, piece("bold", file.name), piece("dim", f" ({size})")])
        others = [name for name in file.names[1:] if name != file.names[0]]
        if others or (file.names and file.names[0] != file.name):
            lines.append([("warn", " " * 10 + texts("message.names")), piece("warn", " | ".join(file.names[:5]))])
    lines += [[("warn", texts("message.note")), piece("warn", note.said(texts.lang))] for note in message.notes]
    lines.append(())
    lines += [_body_line(line) for line in message.shown.split("\n")[:LINES]]
    if message.links:
        lines += [(), (("heading", texts("message.links")),)]
        lines += [[("key", f"[{number}] "), piece("plain", link)] for number, link in enumerate(message.links, 1)]
    return lines


def _body_line(line: str) -> Line:
    style = "dim" if line.startswith(">") else "plain"
    return [piece(style, line.expandtabs(8) if len(line) < 4096 else line)]


def _person(name: str, value: str, texts: Texts) -> list[tuple[str, str]]:
    """A field's value; a name that mixes alphabets is pointed at (T275)."""
    pieces = [piece("bold" if name == "Subject" else "plain", value)]
    if name in ("From", "Reply-To") and mixes_alphabets(value):
        pieces.append(("bad", " " + texts("message.mixed")))
    return pieces


def mixes_alphabets(text: str) -> bool:
    """Has a word letters of two alphabets that look alike?

    >>> mixes_alphabets("paypal"), mixes_alphabets("p\\u0430yp\\u0430l")
    (False, True)
    """
    for word in text[:1_000].split():
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
        if len(scripts & set(_SCRIPTS)) > 1:
            return True
    return False


def _way(received: Sequence[ReceivedHop]) -> str:
    """Who had it, one after the other, and how long each took."""
    words, before = [], None
    for hop in received:
        took = f" (+{hop.at - before:.0f} s)" if before is not None and hop.at is not None else ""
        words.append(f"{hop.by}{took}")
        before = hop.at
    return " ━▶ ".join(words)


def _headers(message: Readable) -> list[Line]:
    return [[piece("client", f"{name}: "), piece("plain", value)] for name, value in message.headers]


def _html(message: Readable, texts: Texts) -> list[Line]:
    """The HTML of the message, decoded and otherwise as it stands there: nothing of it is obeyed."""
    if not message.html:
        return [(("dim", texts("message.no_html")),)]
    return [_body_line(line) for line in message.html.split("\n")[:LINES]]


def _source(octets: bytes) -> list[Line]:
    """Octet for octet, as it lies in the mailbox; every line end is seen."""
    shown = octets[:SOURCE_OCTETS].split(b"\n")
    lines: list[Line] = [[("plain", safe(line + b"\n", ends=True))] for line in shown[:-1]]
    if shown[-1]:
        lines.append([("plain", safe(shown[-1], ends=True))])
    if len(octets) > SOURCE_OCTETS:
        lines.append([("warn", f"… {len(octets) - SOURCE_OCTETS} octets more")])
    return lines[: 2 * LINES]


def _parts(message: Readable, texts: Texts) -> list[Line]:
    """The tree of MIME."""
    lines: list[Line] = []
    for part in message.parts:
        details = [part.encoding, part.charset, texts("parts.octets", octets=part.end - part.start)]
        margin = "  " * min(part.depth, 30)
        lines.append(
            [
                ("dim", margin + ("└ " if part.depth else "")),
                piece("client", part.type),
                piece("bold", f" {part.name}" if part.name else ""),
                piece("dim", "  " + " · ".join(detail for detail in details if detail)),
            ]
        )
    return lines


def _trace(message: Readable, texts: Texts) -> list[Line]:
    """Every hop with its time; what each says of itself is its own claim."""
    lines: list[Line] = [(("dim", texts("trace.claim")),), ()]
    before: float | None = None
    for number, hop in enumerate(hops(message.fields), 1):
        when = _utc(hop.at) or texts("trace.no_date")
        took = f"+{hop.at - before:.0f} s" if before is not None and hop.at is not None else ""
        lines += [
            [("key", f"{number:>2} "), piece("bold", hop.by), piece("accent", f"  {took}")],
            [("dim", "   "), piece("plain", texts("trace.from", who=hop.sender, how=hop.protocol, ident=hop.ident))],
            [("dim", f"   {when}")],
            (),
        ]
        before = hop.at if hop.at is not None else before
    return lines


def _utc(at: float | None) -> str:
    """A moment in UTC, "" for one that is none, or that no calendar has."""
    if at is None:
        return ""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return ""
