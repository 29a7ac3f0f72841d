"""The parts of a message: the tree of MIME (RFC 2045), and one of them opened."""

from collections.abc import Sequence

from maillab.client.markup import drawn
from maillab.client.read import MimePart, contents, read
from maillab.mail.charsets import text_of
from maillab.tui.looks.sink import Line, Piece, piece
from maillab.tui.mail.tabs.opened import OpenedMessage, body_lines
from maillab.tui.mail.tabs.page import drawn_lines, link_lines
from maillab.tui.mail.tabs.raw import headers
from maillab.tui.mail.tabs.report import report_lines
from maillab.tui.texts import Texts
from maillab.views import units
from maillab.views.report import TYPES
from maillab.views.safe import safe

DEEP = 30  # levels that are drawn
SHOWN = 1_048_576  # bytes of a part that are shown
_HEX = 512  # bytes of a part that is no text
_MESSAGES = ("message/rfc822", "message/global")
_ENDINGS = {"text/html": ".html", "text/plain": ".txt", "message/rfc822": ".eml"}
_HEADERS = ("text/rfc822-headers", "message/global-headers")


def tree(open_message: OpenedMessage) -> list[Line]:
    """A line for each part, in the order of the message."""
    parts = open_message.message.parts
    return [[("dim", margin), *_described(part)] for part, margin in zip(parts, _margins(parts), strict=True)]


def _described(part: MimePart) -> list[Piece]:
    details = [part.encoding, part.charset, units.size(part.end - part.start)]
    name = f" {part.name}" if part.name else ""
    return [
        piece("client", part.type),
        piece("bold", name),
        piece("dim", "  " + " · ".join(detail for detail in details if detail)),
    ]


def _margins(parts: Sequence[MimePart]) -> list[str]:
    """What is drawn before each part: its branch of the tree."""
    margins: list[str] = []
    goes_on = [False] * (DEEP + 1)  # at each depth: does another part follow below?
    for part in reversed(parts):
        depth = min(part.depth, DEEP)
        branch = ("├ " if goes_on[depth] else "└ ") if depth else ""
        margins.append("".join("│ " if goes_on[level] else "  " for level in range(1, depth)) + branch)
        goes_on[depth] = True
        goes_on[depth + 1 :] = [False] * (DEEP - depth)
    return margins[::-1]


def one(open_message: OpenedMessage, number: int, texts: Texts, cells: int) -> list[Line]:
    """The part of this number (from 0), decoded; the way back stands above it."""
    parts = open_message.message.parts
    if not 0 <= number < len(parts):
        return []
    part = parts[number]
    head: list[Line] = [[*_described(part), ("dim", "  " + texts("parts.back"))], ()]
    return [*head, *_inner(open_message, part, texts, cells)]


def _inner(open_message: OpenedMessage, part: MimePart, texts: Texts, cells: int) -> list[Line]:
    if part.type.startswith("multipart/"):
        return [(("dim", texts("parts.multipart")),)]
    octets = contents(open_message.octets, part)[:SHOWN]
    if part.type in TYPES:
        return report_lines(octets, texts, cells)
    if part.type in (*_MESSAGES, *_HEADERS):
        inner = read(octets)
        return [*headers(inner), (), *body_lines(inner.shown), *link_lines(inner.links, texts)]
    if part.type == "text/html":
        return drawn_lines(*drawn(text_of_part(octets, part)), texts)
    if part.type.startswith("text/"):
        return body_lines(text_of_part(octets, part))
    return _hex(octets, texts)


def text_of_part(octets: bytes, part: MimePart) -> str:
    """The decoded body of a part as text, lines ended by LF."""
    text = text_of(octets, "" if part.charset.lower() == "us-ascii" else part.charset)[0]
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _hex(octets: bytes, texts: Texts) -> list[Line]:
    """The beginning of what is no text, as numbers."""
    lines: list[Line] = [(("dim", texts("parts.binary")),), ()]
    for at in range(0, min(len(octets), _HEX), 16):
        row = octets[at : at + 16]
        shown = "".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in row)
        lines.append([("dim", f"{at:06x}  "), ("plain", f"{row.hex(' '):<47}  "), ("key", safe(shown))])
    return lines


def file_name(part: MimePart) -> str:
    """A name for the part as a file: its own, else one for its type."""
    if part.name:
        return part.name
    return "part" + _ENDINGS.get(part.type, ".bin")
