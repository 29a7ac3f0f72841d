"""The address fields that strangers wrote, piece by piece: entries, groups, comments (RFC 5322 §3.4, §4.4).

Rules for this file: nothing raises, every step is linear in what it reads, and nothing is decoded: what an entry means
is for others to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maillab.mail.decode import WORD

PEOPLE_OCTETS = 65_536  # of one field of addresses that are read
ENDLESS = 10  # quotes that are followed to the end and have none; the others mean nothing

_PLAIN = re.compile(r'[^"<>,;:()\[=]+')
_QUOTED = re.compile(r'"(?>(?:[^"\\]+|\\.)*)"', re.DOTALL)
_BRACKET = re.compile(r"\\.|[()]", re.DOTALL)
_LITERAL = re.compile(r"\[[^\[\]\\]*\]")
_SPACED = re.compile(r"\s*([.@])\s*")


@dataclass(frozen=True, slots=True)
class GroupMark:
    """A group begins, with its name, or (None) ends."""

    name: str | None


class ListEntry:
    """One mailbox of a list as it is being read; `closed` when it has its address in <>."""

    def __init__(self) -> None:
        self.comments: list[str] = []
        self.closed = False
        self._all: list[str] = []
        self._name: list[str] = []
        self._path: list[str] = []

    @property
    def raw(self) -> str:
        """All of it, as it stands there."""
        return "".join(self._all)

    @property
    def name(self) -> str:
        """What stands outside of <>, without comments."""
        return "".join(self._name)

    @property
    def path(self) -> str:
        """What stands inside of <>, without comments."""
        return "".join(self._path)

    def take(self, piece: str, *, in_brackets: bool) -> None:
        """One piece more."""
        self._all.append(piece)
        if piece in ("<", ">"):
            self.closed = self.closed or piece == ">"
        elif piece.startswith("(") and piece.endswith(")"):
            self.comments.append(piece[1:].removesuffix(")"))
        else:
            (self._path if in_brackets else self._name).append(piece)


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
        elif piece == ":" and not angle:
            if grouped:
                yield GroupMark(None)
            yield GroupMark(unquoted(entry.name).strip())  # what stood before was the name of a group
            entry, grouped = ListEntry(), True
        else:
            entry.take(piece, in_brackets=angle)
            angle = piece == "<" or (angle and piece != ">")
    yield entry
    if grouped:
        yield GroupMark(None)


def _pieces(value: str) -> Iterator[str]:
    """Quoted strings, encoded words, comments and address literals in one piece each, and what is between them.

    A quote or bracket that never ends means nothing: it must not hide whoever stands behind it.
    """
    at, endless = 0, 0
    comments: dict[int, int] | None = None
    while at < len(value):
        char, end = value[at], at + 1
        if char == "(":
            if comments is None:
                comments = _comments(value)
            end = comments.get(at, end)
        elif char == '"':
            if endless < ENDLESS and (quoted := _QUOTED.match(value, at)):
                end = quoted.end()
            else:
                endless += 1
        elif pattern := {"=": WORD, "[": _LITERAL}.get(char, None if char in "<>,;:)" else _PLAIN):
            match = pattern.match(value, at)
            end = match.end() if match else end
        yield value[at:end]
        at = end


def _comments(value: str) -> dict[int, int]:
    """Where each comment that has an end begins, and the place behind it (RFC 5322 §3.2.2: they nest)."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(value):
        if bracket[0] == "(":
            opened.append(bracket.start())
        elif bracket[0] == ")" and opened:
            ends[opened.pop()] = bracket.end()
    return ends


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
