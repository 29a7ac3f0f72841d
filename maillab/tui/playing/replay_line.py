"""The line of a replay: events from its first to its last, and the named moments on it as numbered points.

    ├━━●1━━━━●2━━●3━━━━◆4──────○5────○6───○7──┤

Rules for this file: no Textual. What was passed is ● and ━, where we are is ◆, what comes is ○ and ─.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from maillab.recording.session import Mark

NARROW = 12  # cells, below which there is no line


class ReplayPoint(NamedTuple):
    """A named moment: so many events have happened at it."""

    number: int
    position: int
    names: tuple[str, ...]


class LinePiece(NamedTuple):
    """A piece of the line; `position` is where a click on it leads."""

    style: str
    text: str
    position: int


def points(marks: Sequence[Mark], positions: Sequence[int]) -> tuple[ReplayPoint, ...]:
    """The moments of these marks, at these positions; several names of one moment are one point.

    >>> points([Mark("a", 0, 0.0), Mark("b", 0, 0.0), Mark("c", 5, 1.0)], [0, 0, 5])
    (ReplayPoint(number=1, position=0, names=('a', 'b')), ReplayPoint(number=2, position=5, names=('c',)))
    """
    found: list[ReplayPoint] = []
    for mark, position in sorted(zip(marks, positions, strict=True), key=lambda pair: pair[1]):
        if found and found[-1].position == position:
            found[-1] = found[-1]._replace(names=(*found[-1].names, mark.name))
        else:
            found.append(ReplayPoint(len(found) + 1, position, (mark.name,)))
    return tuple(found)


def here(found: Sequence[ReplayPoint], position: int) -> ReplayPoint | None:
    """The point at which we are, or behind which."""
    return next((point for point in reversed(found) if point.position <= position), None)


def replay_line(found: Sequence[ReplayPoint], position: int, length: int, cells: int) -> list[LinePiece]:
    """The line in exactly so many cells; [] where there is no room for one.

    >>> line = replay_line(points([Mark("a", 0, 0.0), Mark("b", 5, 1.0)], [0, 5]), 6, 10, 20)
    >>> "".join(piece.text for piece in line)
    '├●1━━━━━━━◆2───────┤'
    """
    if cells < NARROW:
        return []
    inner = cells - 2
    now = here(found, position)
    placed = [*_placed(found, length, inner)]
    reached = round(position / max(1, length) * inner)
    pieces, cell = [LinePiece("dim", "├", 0)], 0
    for start, label, point in placed:
        pieces += _stretch(cell, start, reached, length, inner)
        style = "accent" if point is now else "plain" if point.position <= position else "dim"
        sign = "◆" if point is now else "●" if point.position <= position else "○"
        pieces.append(LinePiece(style, sign + label, point.position))
        cell = start + 1 + len(label)
    return [*pieces, *_stretch(cell, inner, reached, length, inner), LinePiece("dim", "┤", length)]


def _placed(found: Sequence[ReplayPoint], length: int, inner: int) -> Iterator[tuple[int, str, ReplayPoint]]:
    """Where each point stands, with its number where all have room for theirs; they push each other aside."""
    labels = [str(point.number) for point in found]
    if sum(len(label) + 2 for label in labels) > inner:
        labels = [""] * len(labels)
    if 2 * len(found) > inner:
        return
    ends = [inner] * (len(found) + 1)  # a point must leave room for those behind it
    for number in range(len(found) - 1, -1, -1):
        ends[number] = ends[number + 1] - 1 - len(labels[number])
    free = 0
    for number, (point, label) in enumerate(zip(found, labels, strict=True)):
        start = max(free, min(round(point.position / max(1, length) * inner), ends[number]))
        yield start, label, point
        free = start + 1 + len(label)


def _stretch(start: int, end: int, reached: int, length: int, inner: int) -> Iterator[LinePiece]:
    """The cells between two points, each a place to click."""
    for cell in range(start, end):
        position = round((cell + 0.5) / inner * length)
        yield LinePiece("good", "━", position) if cell < reached else LinePiece("dim", "─", position)
