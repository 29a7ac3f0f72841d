"""The header section of a message or of a part: where it ends, and its fields where they stand (RFC 5322 §2.2).

Rules for this file: a header ends at the first empty line, whatever its lines are; a line that is no field belongs to
nobody. Line ends are CRLF or LF.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from maillab.mail.content import HEAD_OCTETS
from maillab.mail.decode import named_parameters, raw, written_parameters

FIELD_OCTETS = 4_096  # of one field that are read
SHORT = 100  # octets of a Content-Type that is remembered
NAME_OCTETS = 998  # of the name of a field
FIELDS = 10  # of one name that are read: more than one is against the rules (RFC 5322 §3.6)

_BLANK = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"(?:((?>[!-9;-~]{1,998}))[ \t]*:)?([^\n]*(?:\n[ \t][^\n]*)*\n?)")
_EMPTY = ((b"", b""), (b"", b"\r\n"), (b"", b"\n"))
_FOLD = re.compile(rb"\r?\n[ \t]*|\r")

ENVELOPE = (b"date", b"subject", b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"in-reply-to", b"message-id")
CONTENT = (
    b"content-type", b"content-transfer-encoding", b"content-id", b"content-description", b"content-md5",
    b"content-disposition", b"content-language", b"content-location",
)  # fmt: skip
SEARCHED = frozenset((*ENVELOPE, b"references", b"list-id"))
"""The fields in which clients look for words."""
READ = SEARCHED | frozenset(CONTENT)

FieldValues = dict[bytes, list[bytes]]
FieldPlace = tuple[bytes, int, int, int]
"""A field in small letters, "" for lines that are none: where it begins, where its value does, where it ends."""


def end_of_header(octets: bytes, start: int, end: int) -> int:
    """Behind the empty line that ends the header that begins at `start`; `end` where there is none.

    >>> end_of_header(b"A: b\\r\\n\\r\\ntext", 0, 12), end_of_header(b"\\r\\ntext", 0, 6), end_of_header(b"A: b", 0, 4)
    (8, 2, 4)
    """
    for empty in (b"\r\n", b"\n"):
        if octets.startswith(empty, start, end):
            return start + len(empty)
    blank = _BLANK.search(octets, start, end)
    return blank.end() if blank else end


def places(octets: bytes, start: int = 0, end: int | None = None) -> Iterator[FieldPlace]:
    """The fields of the header between `start` and `end`, with the lines that go on; the empty line is none of them.

    What stands beyond 256 KiB is no field.
    """
    last = len(octets) if end is None else end
    end = min(last, start + HEAD_OCTETS)
    at = start
    while at < end and not octets.startswith((b"\n", b"\r\n"), at):
        field = _FIELD.match(octets, at, end)
        assert field is not None  # it takes every line
        name = field[1]
        yield (b"" if name is None else name.lower()), at, field.start(2), field.end()
        at = field.end()
    if end <= at < last:
        yield b"", end, end, last


def values(octets: bytes, names: Collection[bytes], start: int = 0, end: int | None = None) -> FieldValues:
    """The values of the fields of these names (in small letters), unfolded, in their order; only of those there are.

    >>> values(b"To: a,\\r\\n b\\r\\nX: y\\r\\nto: c\\r\\n\\r\\n", [b"to"])
    {b'to': [b'a, b', b'c']}
    """
    found: FieldValues = {}
    end = end_of_header(octets, start, len(octets) if end is None else end)
    for written, value in _fields_of(frozenset(names)).findall(octets, start, min(end, start + HEAD_OCTETS)):
        if len(held := found.setdefault(written.lower(), [])) < FIELDS:
            held.append(unfolded(value))
    return found


@lru_cache(100)
def _fields_of(names: frozenset[bytes]) -> re.Pattern[bytes]:
    """What finds fields of these names where lines begin, each with the lines that go on: as `places` sees them."""
    choice = b"|".join(re.escape(name) for name in sorted(names) if len(name) <= NAME_OCTETS)
    return re.compile(rb"(?im)^(%b)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)" % (choice or b"(?!)"))


def lines(octets: bytes, start: int, end: int) -> list[tuple[bytes, bytes]]:
    """All fields of a header that ends with its empty line, or before it: names as written, and values as they stand.

    >>> lines(b"To: a\\r\\n b\\r\\nodd\\r\\n\\r\\n", 0, 18)
    [(b'To', b' a\\r\\n b\\r\\n'), (b'', b'odd\\r\\n')]
    """
    found = _FIELD.findall(octets, start, end)
    while found and found[-1] in _EMPTY:
        found.pop()
    return found


def unfolded(value: bytes) -> bytes:
    """A value as one line: where it was folded stands one space (RFC 5322 §2.2.3), and no CR or LF anywhere.

    >>> unfolded(b" a\\r\\n\\tb\\rc \\r\\n")
    b'a b c'
    """
    value = value.strip(b" \t\r\n")
    return _FOLD.sub(b" ", value) if b"\n" in value or b"\r" in value else value


@dataclass(frozen=True, slots=True)
class SaidType:
    """A Content-Type: what it names, as written, and its parameters, as written and by their names, decoded."""

    named: str
    pairs: tuple[tuple[str, str], ...]
    given: dict[str, list[str]]

    def first(self, parameter: str) -> str:
        """A parameter; "" where there is none."""
        return self.given.get(parameter, [""])[0]


NOTHING_SAID = SaidType("", (), {})


def _said_type(value: bytes) -> SaidType:
    named, pairs = written_parameters(raw(value))
    return SaidType(named, tuple(pairs), named_parameters(pairs))


_remembered = lru_cache(500)(_said_type)  # most messages say the same


class Headers:
    """The headers of a message and of its parts: each is read once, and of it the fields in READ alone."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self._fields: dict[tuple[int, int], FieldValues] = {}
        self._types: dict[tuple[int, int], SaidType] = {}

    def fields(self, start: int, end: int) -> FieldValues:
        """The fields of the header between these places; those in READ."""
        if (found := self._fields.get((start, end))) is None:
            found = self._fields[start, end] = values(self.octets, READ, start, end)
        return found

    def content_type(self, start: int, end: int) -> SaidType:
        """What its first Content-Type says."""
        if (found := self._types.get((start, end))) is None:
            found = NOTHING_SAID
            if said := self.fields(start, end).get(b"content-type"):
                value = said[0][:FIELD_OCTETS]
                found = _remembered(value) if len(value) <= SHORT else _said_type(value)
            self._types[start, end] = found
        return found
