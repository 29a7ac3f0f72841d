"""The tree of a message's parts, as places in its octets (RFC 2045, RFC 2046 §5.1, §5.2.1). Nothing is copied.

Rules for this file: one way through the octets, from the first to the last; what goes beyond the limits belongs to the
part in which it stands. The boundary of an outer part ends all that is inside, whether it has its own end or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from maillab.mail.decode import octets_of
from maillab.recipient.structure.header import Headers, end_of_header

PARTS = 1_000  # all of a message, itself among them
DEPTH = 100  # parts inside parts
BOUNDARY_OCTETS = 998  # of a boundary: it stands on one line
DASHES = 200_000  # lines beginning with "--" that are looked at

LEAF, TEXT, MULTIPART, MESSAGE = range(4)
"""What a part is: something, text, parts, or a message with a header of its own."""

_KIND = re.compile(r"[!-.0-~]+/[!-.0-~]+\Z")


@dataclass(frozen=True, slots=True)
class Entity:
    """A message or a part of one (RFC 2045 §2.4): its header is from `start` to `body`, its body from there to `end`.

    A MESSAGE has one child, the message in it; a MULTIPART at least one. `lines` are those of the body.
    """

    kind: int
    start: int
    body: int
    end: int
    lines: int
    children: tuple["Entity", ...] = ()

    @property
    def octets(self) -> int:
        """Of the body, in its transfer encoding."""
        return self.end - self.body


def tree(headers: Headers) -> Entity:
    """All parts of a message, whose headers are read on the way.

    >>> tree(Headers(b"Subject: hi\\r\\n\\r\\nHello\\r\\n"))
    Entity(kind=1, start=0, body=15, end=22, lines=1, children=())
    """
    return _Reader(headers).read()


def is_media_type(named: str) -> bool:
    """Is it a type and a subtype (RFC 2045 §5.1)?

    >>> is_media_type("text/plain"), is_media_type("text")
    (True, False)
    """
    return _KIND.match(named) is not None


def entities(root: Entity) -> Iterator[Entity]:
    """A part and all that are in it, in the order in which they stand."""
    waiting = [root]
    while waiting:
        entity = waiting.pop()
        yield entity
        waiting.extend(reversed(entity.children))


PartRows = list[tuple[int, int, int, int, int, int]]
"""A tree as numbers, to be kept: a row for each part, the last being how many parts it has."""


def rows_of(root: Entity) -> PartRows:
    """A tree as rows."""
    return [(one.kind, one.start, one.body, one.end, one.lines, len(one.children)) for one in entities(root)]


def of_rows(rows: PartRows) -> Entity:
    """The way back. Raises `ValueError` for what was never a tree.

    >>> of_rows(rows_of(root := tree(Headers(b"a: b")))) == root
    True
    """
    made: list[Entity] = []
    for kind, start, body, end, lines, count in reversed(rows):
        if count > len(made):
            raise ValueError("a tree that has lost parts")
        made.append(Entity(kind, start, body, end, lines, tuple(made.pop() for _ in range(count))))
    if len(made) != 1:
        raise ValueError("not one tree")
    return made[0]


@dataclass(eq=False)
class _Open:
    """A part whose end is not known yet."""

    kind: int
    start: int
    body: int
    depth: int
    boundary: bytes = b""  # "" when it has been closed, or never had one
    inner: str = "text/plain"  # what its parts are, if they do not say
    end: int = 0
    children: list["_Open"] = field(default_factory=list)


class _Reader:
    """What is known on the way through."""

    def __init__(self, headers: Headers) -> None:
        self.headers, self.octets = headers, headers.octets
        self.all: list[_Open] = []
        self.stack: list[_Open] = []
        self.active: dict[bytes, list[int]] = {}  # boundaries that are waited for: depths of their parts
        self.blank = 0  # behind the next empty line, once it has been looked for
        self.dashes = 0

    def read(self) -> Entity:
        """The whole way."""
        at = self._open(0, "text/plain")
        while self.active and self.dashes < DASHES:
            line = self._next_dashes(at, len(self.octets))
            if line < 0:
                break
            at = self._line(line)
        self._close_above(0, len(self.octets))
        return self._frozen()

    def _next_dashes(self, at: int, end: int) -> int:
        """Where the next line begins that could be a boundary; -1 for nowhere."""
        if at == 0 and self.octets.startswith(b"--"):
            return 0
        found = self.octets.find(b"\n--", max(at - 1, 0), end)
        return found + 1 if found >= 0 else -1

    def _line(self, line: int) -> int:
        """Heed a line that begins with "--"; gives where to go on."""
        self.dashes += 1
        owner, closes = self._owner(line)
        if owner < 0 or (not closes and len(self.all) >= PARTS):
            return line + 2
        stop = self.octets.find(b"\n", line)
        stop = stop + 1 if stop >= 0 else len(self.octets)
        self._close_above(owner + 1, self._before(line))
        multipart = self.stack[owner]
        if closes:
            self._forget(multipart)
            return stop
        return self._open(stop, multipart.inner)

    def _owner(self, line: int) -> tuple[int, bool]:
        """The depth of the part whose boundary stands on this line, -1 for nobody's, and does it end its parts."""
        stop = self.octets.find(b"\n", line, line + BOUNDARY_OCTETS + 10)
        said = self.octets[line + 2 : stop if stop >= 0 else line + BOUNDARY_OCTETS + 10].rstrip(b" \t\r")
        if depths := self.active.get(said):
            return depths[-1], False
        if depths := self.active.get(said[: max(said.rfind(b"--"), 0)]):  # something behind the end does no harm
            return depths[-1], True
        return -1, False

    def _open(self, start: int, default: str) -> int:
        """A part begins here; gives where its body does, which is where to go on."""
        at, kind = start, MESSAGE
        while kind == MESSAGE:
            body = self._end_of_header(at)
            said = self.headers.content_type(at, body)
            named = said.named.lower() or default
            boundary = octets_of(said.first("boundary").rstrip(" "))
            kind = self._kind(named, boundary)
            part = _Open(kind, at, body, len(self.stack))
            if self.stack:
                self.stack[-1].children.append(part)
            self.all.append(part)
            self.stack.append(part)
            at, default = body, "text/plain"
            if kind == MULTIPART:
                part.boundary = boundary
                part.inner = "message/rfc822" if named == "multipart/digest" else default  # RFC 2046 §5.1.5
                self.active.setdefault(boundary, []).append(part.depth)
        return at

    def _kind(self, named: str, boundary: bytes) -> int:
        deeper = len(self.stack) < DEPTH and len(self.all) < PARTS - 1
        if named.startswith("multipart/"):
            return MULTIPART if deeper and 0 < len(boundary) <= BOUNDARY_OCTETS else TEXT
        if named in ("message/rfc822", "message/global"):
            return MESSAGE if deeper else LEAF
        return TEXT if named.startswith("text/") or not is_media_type(named) else LEAF  # RFC 2045 §5.2

    def _end_of_header(self, start: int) -> int:
        """A header goes to its empty line, or to the next boundary of a part around it."""
        if self.octets.startswith((b"\n", b"\r\n"), start):
            return end_of_header(self.octets, start, len(self.octets))
        if self.blank <= start:
            self.blank = end_of_header(self.octets, start, len(self.octets))
        line = start - 1
        while self.active and self.dashes < DASHES:
            line = self._next_dashes(line + 1, self.blank)
            if line < 0:
                break
            self.dashes += 1
            if self._owner(line)[0] >= 0:
                return max(start, self._before(line))
        return self.blank

    def _before(self, line: int) -> int:
        """The line end before a boundary belongs to it (RFC 2046 §5.1.1)."""
        if self.octets.endswith(b"\r\n", 0, line):
            return line - 2
        return max(line - 1, 0)

    def _close_above(self, depth: int, end: int) -> None:
        while len(self.stack) > depth:
            part = self.stack.pop()
            part.start, part.body, part.end = min(part.start, end), min(part.body, end), end
            self._forget(part)

    def _forget(self, part: _Open) -> None:
        """Its boundary is waited for no longer."""
        if part.boundary:
            depths = self.active[part.boundary]
            depths.remove(part.depth)
            if not depths:
                del self.active[part.boundary]
            part.boundary = b""

    def _frozen(self) -> Entity:
        """From the innermost parts to the message: whoever has parts was opened before them."""
        lines = self._lines()
        made: dict[int, Entity] = {}
        for part in reversed(self.all):
            children = tuple(made.pop(id(child)) for child in part.children)
            kind = TEXT if part.kind == MULTIPART and not children else part.kind  # a multipart without parts is read
            made[id(part)] = Entity(kind, part.start, part.body, part.end, lines[part.end] - lines[part.body], children)
        return made[id(self.all[0])]

    def _lines(self) -> dict[int, int]:
        """How many lines end before each place at which a body begins or ends: counted once, however deep they nest."""
        found = sorted({0, *(part.body for part in self.all), *(part.end for part in self.all)})
        counted, lines = 0, {0: 0}
        for here, there in pairwise(found):
            counted += self.octets.count(b"\n", here, there)
            lines[there] = counted
        return lines


def path_of(root: Entity, path: Sequence[int]) -> Entity | None:
    """The part that IMAP calls by these numbers (RFC 9051 §6.4.5.1); None where there is none. () is the message.

    A message that is no multipart has one part, itself. Below a part that is a message, its parts are counted.
    """
    entity, is_message = root, True
    for number in path:
        if entity.kind == MESSAGE and not is_message:
            entity, is_message = entity.children[0], True
        if entity.kind == MULTIPART and 1 <= number <= len(entity.children):
            entity = entity.children[number - 1]
        elif entity.kind == MULTIPART or not is_message or number != 1:
            return None
        is_message = False
    return entity
