"""What stands in an empty pane: what will stand there, and what one can do for it, each with its key.

Rules for this file: no Textual; keys and words come in as values.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from maillab.tui.looks.sink import Line, Piece, piece, width, wrapped

ROOMY = 60  # cells from which on keys stand a little to the right
MORE: Piece = ("dim", "…")  # there is more than there is room for
LONGEST = 90  # cells of a line: longer ones are hard to read

FindKey = Callable[[str], str]  # the key of an action, "" where it has none


class CardRow(NamedTuple):
    """A row of a card: a key or a name, "" for none, and what it does. A click does what `press` names."""

    key: str
    text: Piece
    press: str = ""


class CardLine(NamedTuple):
    """A line of a card; a click on it does what `press` names, "" for nothing."""

    pieces: Line
    press: str = ""


class Card(NamedTuple):
    """A card that is made when it is drawn, for the cells that there are; it is another one where its words are others.

    `make` takes these words and the cells.
    """

    make: Callable[..., Sequence[CardLine]]
    words: tuple[object, ...]

    def lines(self, cells: int, height: int) -> Sequence[CardLine]:
        """Its lines, in the middle of a pane of this size."""
        return placed(self.make(*self.words, cells), cells, height)


def card(head: str, rows: Iterable[CardRow], cells: int) -> list[CardLine]:
    """The lines of a card for so many cells: what it is about, then its rows; one without a key stands apart."""
    rows = list(rows)
    lines = [*told(("bold", head), cells), CardLine(())]
    column = max((width([piece("", row.key)]) for row in rows), default=0) + (6 if cells >= ROOMY else 3)
    for row in rows:
        first, *others = balanced(row.text[1], max(8, _room(cells) - column))
        lines += [CardLine(())] if not row.key else []
        style, key = piece("key" if row.press else "dim", row.key)
        lines.append(CardLine(((style, f"{key:>{column - 2}}  "), (row.text[0], first)), row.press))
        lines += [CardLine((("plain", " " * column), (row.text[0], other)), row.press) for other in others]
    return lines


def placed(lines: Sequence[CardLine], cells: int, height: int) -> list[CardLine]:
    """As much room at the left as at the right, above as below; where there is too little the empty lines go first,
    and that it goes on is said in place of the last ones.
    """
    kept = list(lines)
    for place in range(len(kept) - 1, -1, -1):
        if len(kept) > height and not kept[place].pieces:
            del kept[place]
    if len(kept) > height > 0:
        kept[height - 1 :] = [CardLine((MORE,))]
    left = max(0, (cells - max((width(line.pieces) for line in kept), default=0)) // 2)
    margin: Piece = ("plain", " " * left)
    above = [CardLine(())] * max(0, (height - len(kept)) // 2)
    return [*above, *(CardLine((margin, *line.pieces), line.press) for line in kept)]


def steps(actions: Iterable[tuple[str, str]], key: FindKey) -> list[CardRow]:
    """A row for each action that has a key now, with what is said of it."""
    return [CardRow(key(action), ("plain", text), action) for action, text in actions if key(action)]


def told(text: Piece, cells: int) -> list[CardLine]:
    """A sentence in lines."""
    return [CardLine(((text[0], part),)) for part in balanced(text[1], _room(cells))]


def balanced(text: str, cells: int) -> list[str]:
    """A text in as few lines as it needs, none of them much shorter than the others.

    >>> balanced("one two three four", 14)
    ['one two', 'three four']
    """
    lines = wrapped(text, cells)
    shorter = (wrapped(text, room) for room in range(max(1, width([piece("", text)]) // len(lines)), cells))
    return next((found for found in shorter if len(found) == len(lines)), lines)


def _room(cells: int) -> int:
    return min(cells - 2, LONGEST)
