"""What stands in the empty wire: what is running, and what one can do first, with the real ports.

Rules for this file: no Textual; the ports and the keys come in as values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from maillab.tui.looks.sink import Line, Piece, wrapped
from maillab.tui.machines.machine_state import MachineState
from maillab.tui.texts import Texts

KEY = 10  # cells of the column of keys
HOST = "127.0.0.1"
STEPS = (("app.send", "card.send"), ("app.story", "card.story"), ("compose.by_hand", "card.by_hand"))


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card: a key, "" for none, and what it does."""

    key: str
    text: Piece
    press: str = ""


class CardLine(NamedTuple):
    """A line of the card; a click on it does what `press` names, "" for nothing."""

    pieces: Line
    press: str = ""


def start_card(state: MachineState, texts: Texts, key: Callable[[str], str], cells: int) -> list[CardLine]:
    """The card for so many cells; `key` shows the key of an action. Nothing while nobody knows which lab there is."""
    margin = 4 if cells >= 76 else 1
    room = min(cells - 2 * margin, 84)
    if not state.doors:
        return [CardLine(()), *_told(("dim", texts("machine.starting")), margin, room)] if not state.trouble else []
    running = texts("card.running", count=len(state.sites))
    lines = [CardLine(()), *_told(("bold", running), margin, room), CardLine(())]
    column = KEY if cells >= 60 else KEY // 2
    for row in _rows(state, texts, key):
        first, *others = wrapped(row.text[1], room - column)
        head = ("key", f"{row.key:>{column - 2}}  ")
        lines += [CardLine(())] if not row.key else []  # what is no key stands apart
        lines.append(CardLine((("plain", " " * margin), head, (row.text[0], first)), row.press))
        below = ("plain", " " * (margin + column))
        lines += [CardLine((below, (row.text[0], other)), row.press) for other in others]
    return lines


def _rows(state: MachineState, texts: Texts, key: Callable[[str], str]) -> list[CardRow]:
    rows = [CardRow(key(action), ("plain", texts(text)), action) for action, text in STEPS if key(action)]
    door = next((door for door in state.doors if door.programs and door.open), None)
    if door is not None:
        rows.append(CardRow("", ("dim", texts("card.program", where=f"{HOST}:{door.port}"))))
    return rows


def _told(text: Piece, margin: int, room: int) -> list[CardLine]:
    return [CardLine((("plain", " " * margin), (text[0], part))) for part in wrapped(text[1], room)]
