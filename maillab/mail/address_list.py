"""The address fields that strangers wrote, piece by piece: entries, groups, comments (RFC 5322 §3.4, §4.4).

Rules for this file: nothing raises, every step is linear in what it reads, and nothing is decoded: what an entry means
is for others to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillab.mail.decode import WORD, end_of_comment

PEOPLE_OCTETS = 65_536  # of one field of addresses that are read
ENDLESS = 4  # quotes and brackets that are followed to the end and have none; the others mean nothing

_PLAIN = re.compile(r'[^"<>,;:()\[=]+')
_LITERAL = re.compile(r"\[[^\[\]\\]*\]")
_SPACED = re.compile(r"\s*([.@])\s*")


@dataclass(frozen=True, slots=True)
class GroupMark:
    """A group begins, with its name, or (None) ends."""

    name: str | None


@dataclass
class ListEntry:
    """One mailbox of a list as it is being read; `closed` when it has its address in <>."""

    raw: str = ""
    name: str = ""
    path: str = ""
    comments: list[str] = field(default_factory=list)
    closed: bool = False


def entries(value: str) -> Iterator[ListEntry | GroupMark]:
    """The entries of a field, with marks where groups begin and end.

    >>> [entry.name for entry in entries("team: a@b, c;") if isinstance(entry, ListEntry)]
    [' a@b', ' c', '']
    """
    entry, angle, grouped = ListEntry(), False, False
    for piece in _pieces(value[:PEOPLE_OCTETS]):
        if piece in (",", ";") and not angle:
            yield entry
            entry = ListEntry()
            if piece == ";" and grouped:
                yield GroupMark(None)
                grouped = False
            continue
        entry.raw += piece
        if piece in ("<", ">"):
            angle, entry.closed = piece == "<", entry.closed or piece == ">"
        elif piece.startswith("(") and piece.endswith(")"):
            entry.comments.append(piece[1:].removesuffix(")"))
        elif angle:
            entry.path += piece
        elif piece == ":":
            if grouped:
                yield GroupMark(None)
            yield GroupMark(unquoted(entry.name).strip())
            entry, grouped = ListEntry(), True
        else:
            entry.name += piece
    yield entry
    if grouped:
        yield GroupMark(None)


def _pieces(value: str) -> Iterator[str]:
    """Quoted strings, encoded words, comments and address literals in one piece each, and what is between them.

    A quote or bracket that never ends means nothing: it must not hide whoever stands behind it.
    """
    at, endless = 0, 0
    while at < len(value):
        char, end = value[at], at + 1
        if char in '"(':
            close = _end_of_quote if char == '"' else end_of_comment
            end = close(value, at) if endless < ENDLESS else end
            if end == len(value) and close(value + ('"' if char == '"' else ")"), at) > end:
                endless += 1
                end = at + 1
        elif pattern := {"=": WORD, "[": _LITERAL}.get(char, None if char in '<>,;:()"' else _PLAIN):
            match = pattern.match(value, at)
            end = match.end() if match else end
        yield value[at:end]
        at = end


def _end_of_quote(value: str, at: int) -> int:
    at += 1
    while at < len(value) and value[at] != '"':
        at += 2 if value[at] == "\\" else 1
    return min(at + 1, len(value))


def tight(path: str) -> str:
    """Without the white space around dots and the at sign (RFC 5322 §4.4); what is quoted stays as it is."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', path[:1_000])
    return "".join(piece if at % 2 else _SPACED.sub(r"\1", piece) for at, piece in enumerate(pieces))


def unquoted(name: str) -> str:
    """A name without its quotes.

    >>> unquoted('"B, Bob" ')
    'B, Bob '
    """
    return re.sub(r'\\(.)|"', r"\1", name)
