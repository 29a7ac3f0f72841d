"""The rows of a machine's pane: each knows how it is laid out in so many cells.

Rules for this file: no Textual; a row is a value, so that a pane that shows the same rows is not drawn again.
"""

import re
from typing import Protocol

from msgspec import Struct

from maillab.tui.looks.sink import Line, Piece, fit, width, wrapped

LABEL = 11  # cells of the first column
MOST = 4  # lines of one row
PORT_LINES = 2  # that ports may take while each has its name
FOLDED, UNFOLDED = " ▸", " ▾"
JOB = 7  # cells of the name of a job
_BLANKS = re.compile(" {2,}")
BETWEEN: Piece = ("dim", " · ")


class StateRow(Protocol):
    """`about` is what the row stands for: a job, an address, a service, a zone, "" for nothing."""

    @property
    def about(self) -> str:
        """What it stands for."""
        ...

    def lines(self, cells: int) -> list[Line]:
        """The row, in so many cells."""
        ...


class TextRow(Struct, frozen=True):
    """Text behind a label, going on under itself where it is too long."""

    text: Piece
    label: str = ""
    about: str = ""

    def lines(self, cells: int) -> list[Line]:
        """At most `MOST` of them."""
        style, text = self.text
        label = fit(self.label, LABEL) if self.label else ""
        first, *others = wrapped(text, cells - len(label))
        rest: list[Line] = [(("plain", " " * len(label)), (style, part)) for part in others]
        return [(("dim", label), (style, first)), *rest][:MOST]


class FlowRow(Struct, frozen=True):
    """Parts with dots between them, of which none is broken; behind a label, where there is one."""

    parts: tuple[Line, ...]
    label: str = ""
    about: str = ""

    def lines(self, cells: int) -> list[Line]:
        """As many as it takes."""
        label = fit(self.label, LABEL) if self.label else ""
        lines: list[list[Piece]] = [[("dim", label)]] if label else [[]]
        used = len(label)
        for part in (_fitted(part, cells - len(label)) for part in self.parts):
            is_first = used == len(label)
            if not is_first and used + 3 + width(part) > cells:
                lines.append([("plain", " " * len(label))] if label else [])
                used, is_first = len(label), True
            lines[-1] += part if is_first else (BETWEEN, *part)
            used += width(part) + (0 if is_first else 3)
        return [tuple(line) for line in lines]


class OneLine(Struct, frozen=True):
    """One line that is never broken: the first of these ways to say it that fits, else the last one, cut."""

    ways: tuple[Line, ...]
    about: str = ""

    def lines(self, cells: int) -> list[Line]:
        """One."""
        return [next((way for way in self.ways if width(way) <= cells), _cut(self.ways[-1], cells))]


class PortsRow(Struct, frozen=True):
    """All of it where that takes two lines; else the first of the shorter `ways` that does, and a sign: it unfolds."""

    whole: FlowRow
    ways: tuple[FlowRow, ...]
    about: str = ""

    def folds(self, cells: int) -> bool:
        """Is there more of it than is shown in so many cells?"""
        return len(self.whole.lines(cells)) > PORT_LINES

    def lines(self, cells: int) -> list[Line]:
        """As many as the chosen way takes."""
        if not self.folds(cells):
            return self.whole.lines(cells)
        laid = [way.lines(room) for way in self.ways for room in (cells, cells - len(FOLDED))]
        fits = (lines for lines in laid if len(lines) <= PORT_LINES and width(lines[-1]) + len(FOLDED) <= cells)
        *head, last = next(fits, laid[-1])
        return [*head, (*last, ("dim", FOLDED))]

    def unfolded(self, cells: int) -> list[Line]:
        """All of it, however many lines that takes; a sign where it is less otherwise."""
        *head, last = self.whole.lines(cells - len(UNFOLDED))
        return [*head, (*last, ("dim", UNFOLDED))] if len(head) >= PORT_LINES else self.lines(cells)


class JobRow(Struct, frozen=True):
    """A row of the queue's table: the job, whom it is for, which try comes, when, and why it waits.

    Where the columns have no room beside each other the last two stand below.
    """

    about: str
    whom: str
    tries: str
    when: Piece
    why: str = ""

    def lines(self, cells: int) -> list[Line]:
        """One where there is room, else two; a long reason is cut."""
        job = ("bold", fit(self.about, JOB))
        beside = cells - JOB - len(self.tries) - len(self.when[1]) - 6
        if beside - len(self.whom) >= min(len(self.why), 24):
            room = max(len(self.whom), min(24, beside // 2))
            tail: tuple[Piece, ...] = (("dim", fit(self.why, beside - room).rstrip()),)
            return [
                (
                    job,
                    ("plain", fit(self.whom, room) + "  "),
                    ("dim", self.tries + "  "),
                    self.when,
                    ("plain", "  "),
                    *tail,
                )
            ]
        room = max(1, cells - JOB - len(self.when[1]) - 1)
        name = self.whom if len(self.whom) <= room else self.whom.partition("@")[0]
        below = f"{self.tries} · {self.why}" if self.why else self.tries
        return [
            (job, ("plain", fit(name, room) + " "), self.when),
            (("plain", " " * JOB), ("dim", fit(below, max(1, cells - JOB)).rstrip())),
        ]


def _fitted(line: Line, cells: int) -> Line:
    """A line that is too long without the blanks that make columns, two of them or one, and cut where that is too long.

    >>> _fitted((("plain", "bob      "), ("good", "1 to fetch")), 15)
    (('plain', 'bob  '), ('good', '1 to fetch'))
    >>> _fitted((("plain", "bob      "), ("good", "1 to fetch")), 14)
    (('plain', 'bob '), ('good', '1 to fetch'))
    """
    shorter = line
    for gap in ("  ", " "):
        if width(shorter) <= cells:
            return shorter
        shorter = tuple((style, _BLANKS.sub(gap, text)) for style, text in line)
    return _cut(shorter, cells)


def _cut(line: Line, cells: int) -> Line:
    """A line that is too long, with … at its end."""
    pieces: list[Piece] = []
    left = cells
    for style, text in line:
        if width([(style, text)]) > left:
            return (*pieces, (style, fit(text, max(0, left))))
        pieces.append((style, text))
        left -= width([(style, text)])
    return tuple(pieces)
