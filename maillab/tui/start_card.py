"""What stands in the empty wire: what is running, and what one can do first, with the real ports.

Rules for this file: no Textual; the ports and the keys come in as values.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maillab.tui.machine_state import MachineState
from maillab.tui.sink import Line, Piece, wrapped
from maillab.tui.texts import Texts

KEY = 10  # cells of the column of keys
HOST = "127.0.0.1"
STEPS = (("app.send", "card.send"), ("app.story", "card.story"), ("compose.tab_on", "card.by_hand"))


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card: a key, "" for none, and what it does."""

    key: str
    text: Piece


def start_card(state: MachineState, texts: Texts, key: Callable[[str], str], cells: int) -> list[Line]:
    """The card for so many cells; `key` shows the key of an action. Nothing while nobody knows which lab there is."""
    margin = 4 if cells >= 76 else 1
    room = min(cells - 2 * margin, 84)
    if not state.doors:
        return [(), *_told(("dim", texts("machine.starting")), margin, room)] if not state.trouble else []
    lines: list[Line] = [(), *_told(("bold", texts("card.running", count=len(state.sites))), margin, room), ()]
    column = KEY if cells >= 60 else KEY // 2
    for row in _rows(state, texts, key):
        first, *others = wrapped(row.text[1], room - column)
        head = ("key", f"{row.key:>{column - 2}}  ")
        lines.append((("plain", " " * margin), head, (row.text[0], first)))
        lines += [(("plain", " " * (margin + column)), (row.text[0], other)) for other in others]
    return lines


def _rows(state: MachineState, texts: Texts, key: Callable[[str], str]) -> list[CardRow]:
    rows = [CardRow(key(action), ("plain", texts(text))) for action, text in STEPS if key(action)]
    door = next((door for door in state.doors if door.programs and door.open), None)
    if door is not None:
        rows.append(CardRow("", ("dim", texts("card.program", where=f"{HOST}:{door.port}"))))
    return rows


def _told(text: Piece, margin: int, room: int) -> list[Line]:
    return [(("plain", " " * margin), (text[0], part)) for part in wrapped(text[1], room)]
