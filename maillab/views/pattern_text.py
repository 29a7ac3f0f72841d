r"""How a regular expression is written, from its characters to a tree.

The language: characters, `.`, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`, `^` and `$`. Nothing of it needs to look
back or ahead, so nothing is offered that does. Everything in the tree is in small letters, for lines in small letters.
"""

import re
from dataclasses import dataclass

LONGEST = 200  # characters of a pattern
DEEPEST = 20  # groups inside groups
COPIES = 100  # the largest number in {m,n}

_COUNT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\}")
_CLASSES = "dDwWsS"
_CONTROLS = {"t": "\t", "r": "\r", "n": "\n"}


class PatternError(ValueError):
    """Not a pattern of this language; `column` counts from 1."""

    def __init__(self, column: int, text: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text


@dataclass(frozen=True, slots=True)
class One:
    """One character out of a class, as `re` writes it."""

    source: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of the line."""

    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One or another."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same again, at least and at most so many times; `most` is None for any number."""

    part: "Node"
    least: int
    most: int | None


Node = One | Edge | Row | Choice | Repeat


def read_pattern(text: str) -> Node:
    """Read a pattern. Raises `PatternError`.

    >>> read_pattern("a+")
    Repeat(part=One(source='a'), least=1, most=None)
    """
    return _Reader(text).read()


class _Reader:
    """Reads the pattern from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise PatternError(LONGEST + 1, f"a pattern has at most {LONGEST} characters")
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        tree = self._choice()
        if self._at < len(self._text):
            raise self._error("this ) closes nothing")
        return tree

    def _choice(self) -> Node:
        rows = [self._row()]
        while self._next("|"):
            rows.append(self._row())
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._part()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _part(self) -> Node:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == ".":
            return One(r"[\s\S]")
        if char == "^":
            return Edge(r"\A")
        if char == "$":
            return Edge(r"\Z")
        if char in "*+?" or (char == "{" and _COUNT.match(self._text, self._at - 1)):
            raise self._error("nothing stands before it that could be repeated", 1)
        if char == "\\":
            return One(f"[{self._escape()}]")
        return One(_literal(char))

    def _group(self) -> Node:
        opened = self._at
        if self._next("?") and not self._next(":"):
            raise self._error("a group is ( or (?: only: nothing here looks ahead or back", 1)
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(f"groups stand at most {DEEPEST} deep", 1)
        inner = self._choice()
        if not self._next(")"):
            raise PatternError(opened, "this ( is never closed")
        self._depth -= 1
        return inner

    def _repeated(self, part: Node) -> Node:
        at = self._at
        count = _COUNT.match(self._text, at)
        if count:
            self._at = count.end()
            least = int(count[1])
            most = None if count[2] and not count[3] else int(count[3] or count[1])
            if max(least, most or 0) > COPIES or (most is not None and most < least):
                raise PatternError(at + 1, f"{{m,n}} goes from a smaller number to a larger, at most {COPIES}")
        elif self._at < len(self._text) and self._text[at] in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self._take()]
        else:
            return part
        if isinstance(part, Edge):
            raise PatternError(at + 1, "^ and $ cannot be repeated")
        self._next("?")  # shortest first: whether it occurs does not depend on it
        if self._at < len(self._text) and self._text[self._at] in "*+":
            raise self._error("repeated twice; put the inner one into ( )")
        return Repeat(part, least, most)

    def _escape(self) -> str:
        """What follows a backslash, as it stands in a class."""
        char = self._take("a backslash stands before a character")
        if char in _CLASSES:
            return f"\\{char}"
        if char in _CONTROLS:
            return re.escape(_CONTROLS[char])
        if char.isascii() and char.isalnum():
            raise self._error(f"\\{char} is not known here", 2)
        return re.escape(char.lower())

    def _class(self) -> Node:
        opened = self._at
        sign = "^" if self._next("^") else ""
        inside: list[str] = []
        while not inside or not self._next("]"):
            if self._at >= len(self._text):
                raise PatternError(opened, "this [ is never closed")
            inside.append(self._class_part())
        return One(f"[{sign}{''.join(inside)}]")

    def _class_part(self) -> str:
        first = self._take()
        if first == "\\":
            return self._escape()
        if self._text[self._at : self._at + 1] != "-" or self._text[self._at + 1 : self._at + 2] in ("]", ""):
            return re.escape(first.lower())
        self._at += 1
        last = self._take()
        if last < first or last == "\\":
            raise self._error("a range goes from a smaller character to a larger", 3)
        return _ranges(first, last)

    def _take(self, missing: str = "something is missing") -> str:
        if self._at >= len(self._text):
            raise self._error(missing)
        self._at += 1
        return self._text[self._at - 1]

    def _next(self, char: str) -> bool:
        if self._text[self._at : self._at + 1] != char:
            return False
        self._at += 1
        return True

    def _error(self, text: str, back: int = 0) -> PatternError:
        return PatternError(self._at - back + 1, text)


def _literal(char: str) -> str:
    """One character, as lower case has it (of the few that become two, the first)."""
    return re.escape(char.lower()[0])


def _ranges(first: str, last: str) -> str:
    """A range, and its capitals once more as small letters."""
    source = f"{re.escape(first)}-{re.escape(last)}"
    low, high = max(first, "A"), min(last, "Z")
    return source + (f"{low.lower()}-{high.lower()}" if low <= high else "")
