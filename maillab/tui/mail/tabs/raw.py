"""The header fields of a message, decoded; and the message byte for byte, as it lies in the mailbox."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from maillab.client.read import Readable
from maillab.tui.looks.sink import Line, Piece, piece, width, wrapped
from maillab.tui.mail.tabs.opened import LINES
from maillab.tui.texts import Texts
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.terms import find

SHOWN = 1_048_576  # bytes of a message that are shown as they are
NOTE = 30  # columns of what a field is, at least
GAP = 3  # columns before it
BESIDE = 72  # columns from which on it stands beside the field
BELOW = 4  # columns by which what goes on below stands further right
TABS = 50  # of one line that are written out

BOUNDARIES = 100  # of a message that are known again

_BOUNDARY = re.compile(rb'boundary="?([^";\s]{1,70})', re.IGNORECASE)
_CLAUSE = re.compile(r"[.:;,](?: |$)")
_ENDS = {b"": "", b"\n": r"\n", b"\r\n": r"\r\n"}  # most fonts have no ␍␊


def headers(message: Readable) -> list[Line]:
    """Every field in one line, in the order of the message."""
    return [[piece("client", f"{name}: "), piece("plain", value)] for name, value in message.headers]


def explained_headers(message: Readable, texts: Texts, cells: int) -> list[Line]:
    """The same, and what each is that is known: beside it, wrapped in a column, or below it where it is narrow."""
    fields = headers(message)
    longest = max(map(width, fields), default=0)
    column = min(longest + GAP, cells - NOTE) if longest + GAP + NOTE <= cells else cells * 3 // 5
    lines: list[Line] = []
    for field, (name, _) in zip(fields, message.headers, strict=True):
        note = _note(name, texts.lang)
        if cells < BESIDE:
            lines += [field, *([(("plain", " " * BELOW), ("dim", note))] if note else [])]
        else:
            beside = wrapped(note, cells - column) if note else []
            for said, noted in zip_longest(_hanging(field, column - GAP), beside):
                start = said or ()
                lines.append([*start, ("dim", " " * (column - width(start)) + noted)] if noted else start)
    return lines


def _hanging(field: Line, cells: int) -> list[Line]:
    """A field in so many columns: its value goes on below, a little further right."""
    (style, name), (_, value) = field
    first, *others = wrapped(f"{name}{value}", cells)
    if len(first) <= len(name):  # the value has no room beside its name
        return [[(style, first)], *([("plain", part)] for part in others)]
    below = wrapped(" ".join(others), cells - BELOW) if others else []
    return [[(style, name), ("plain", first[len(name) :])], *([("plain", " " * BELOW + part)] for part in below)]


@lru_cache(maxsize=200)
def _note(name: str, lang: Lang) -> str:
    """The first few words of what a field is, "" for one that no standard knows."""
    known = next((gloss for gloss in find(name[:80], lang) if gloss.kind == "field"), None)
    if known is None:
        return ""
    clause = _CLAUSE.split(known.text)[0]
    return known.text.removesuffix(".") if clause.casefold() == name.casefold() else clause


def raw(octets: bytes, texts: Texts) -> list[Line]:
    """Byte for byte; every line end is seen, and the names of header fields stand out, those of parts, too."""
    *ended, rest = octets[:SHOWN].split(b"\n")
    lines: list[Line] = []
    head, boundaries = True, set[bytes]()
    for line in [*(line + b"\n" for line in ended[: 2 * LINES]), *([rest] if rest else [])][: 2 * LINES]:
        bare = line.rstrip()
        is_boundary = bare.startswith(b"--") and (bare[2:] in boundaries or bare[2:-2] in boundaries)
        head = bare[2:] in boundaries if is_boundary else head and bool(bare)  # RFC 2046 §5.1.1
        if head and len(boundaries) < BOUNDARIES:
            boundaries |= set(_BOUNDARY.findall(bare))
        lines.append([("dim", text) for _, text in _line(line, False)] if is_boundary else _line(line, head))
    if len(octets) > SHOWN:
        lines.append([("warn", texts("message.more", octets=len(octets) - SHOWN))])
    return lines


def _line(line: bytes, head: bool) -> Line:
    """A line, its end dim; in the header the name of its field has a colour."""
    text = line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line
    name, colon, _ = text.partition(b":")
    start = len(name) + 1 if head and colon and name and b" " not in name and b"\t" not in name else 0
    pieces: list[Piece] = [("client", safe(text[:start]))] if start else []
    return [*pieces, *_with_tabs(text[start:]), ("dim", _ENDS[line[len(text) :]])]


def _with_tabs(text: bytes) -> Iterator[Piece]:
    """Text in which tabs are written as programmers write them, and dim: most fonts have no sign for one."""
    first, *others = text.split(b"\t", TABS)
    yield "plain", safe(first, ends=True)
    for other in others:
        yield "dim", r"\t"
        yield "plain", safe(other, ends=True)
