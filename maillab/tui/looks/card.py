"""What stands in an empty pane: what will stand there, and what one can do for it, each with its key.

Rules for this file: no Textual; keys and words come in as values.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from maillab.tui.looks.sink import Line, Piece, piece, width, wrapped

KEY = 10  # cells of the column of keys, where there is room
ROOMY, WIDE = 60, 76  # cells from which on there is some
LONGEST = 84  # cells of a line: longer ones are hard to read

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

    def lines(self, cells: int) -> Sequence[CardLine]:
        """Its lines."""
        return self.make(*self.words, cells)


def card(head: str, rows: Iterable[CardRow], cells: int) -> list[CardLine]:
    """The lines of a card for so many cells: what it is about, then its rows; one without a key stands apart."""
    rows = list(rows)
    lines = [CardLine(()), *told(("bold", head), cells), CardLine(())]
    column = max(KEY if cells >= ROOMY else KEY // 2, *(width([piece("", row.key)]) + 3 for row in rows), 0)
    margin = " " * _margin(cells)
    for row in rows:
        first, *others = wrapped(row.text[1], max(8, _room(cells) - column))
        lines += [CardLine(())] if not row.key else []
        style, key = piece("key" if row.press else "dim", row.key)
        begins = ("plain", margin), (style, f"{key:>{column - 2}}  ")
        lines.append(CardLine((*begins, (row.text[0], first)), row.press))
        below = ("plain", margin + " " * column)
        lines += [CardLine((below, (row.text[0], other)), row.press) for other in others]
    return lines


def steps(actions: Iterable[tuple[str, str]], key: FindKey) -> list[CardRow]:
    """A row for each action that has a key now, with what is said of it."""
    return [CardRow(key(action), ("plain", text), action) for action, text in actions if key(action)]


def told(text: Piece, cells: int) -> list[CardLine]:
    """A sentence in lines that stand where all others do."""
    return [CardLine((("plain", " " * _margin(cells)), (text[0], part))) for part in wrapped(text[1], _room(cells))]


def _margin(cells: int) -> int:
    return 4 if cells >= WIDE else 1


def _room(cells: int) -> int:
    return min(cells - 2 * _margin(cells), LONGEST)
