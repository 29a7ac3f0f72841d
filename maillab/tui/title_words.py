"""The right side of the title: living lab or session, the lab's clock, a record; as much of it as there is room for.

Rules for this file: no Textual; what is said comes in, and whatever has no room is said shorter or left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from maillab.tui.sink import Piece

GAP = "  "


@dataclass(frozen=True, slots=True)
class TitleWord:
    """One thing to say: its ways, from the longest to the shortest; the last may be "" where it can be left out.

    Those that `matter` more are shortened later.
    """

    style: str
    ways: tuple[str, ...]
    matters: int = 0


def fitted(words: Sequence[TitleWord], cells: int) -> list[Piece]:
    """The words in so many cells: the least important ones are shortened first, then the others.

    >>> fitted([TitleWord("good", ("● LIVE", "●"), 1), TitleWord("dim", ("Fri 08:05", "08:05", ""))], 14)
    [('good', '● LIVE'), ('plain', '  '), ('dim', '08:05'), ('plain', ' ')]
    """
    levels = [0] * len(words)
    order = sorted(range(len(words)), key=lambda place: words[place].matters)
    steps = [place for place in order for _ in words[place].ways[1:]]
    pieces = _said(words, levels)
    for place in steps:
        if _cells(pieces) <= cells:
            break
        levels[place] += 1
        pieces = _said(words, levels)
    return pieces


def _said(words: Sequence[TitleWord], levels: Sequence[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for word, level in zip(words, levels, strict=True):
        text = word.ways[level]
        if text:
            pieces += [("plain", GAP)] if pieces else []
            pieces.append((word.style, text))
    return [*pieces, ("plain", " ")] if pieces else []


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for _, text in pieces)
