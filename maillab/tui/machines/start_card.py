"""What stands in an empty wire: what is running, or why nothing is, and what one can do first, with the real ports.

Rules for this file: no Textual; the ports and the keys come in as values.
"""

from maillab.tui.looks.card import CardLine, CardRow, FindKey, card, steps, told
from maillab.tui.looks.sink import piece
from maillab.tui.machines.machine_state import MachineState
from maillab.tui.state.life import otherwise
from maillab.tui.texts import Texts

HOST = "127.0.0.1"
MOST_WHY = 3  # lines of what is wrong


def start_card(state: MachineState, by_hand: bool, texts: Texts, key: FindKey, cells: int) -> list[CardLine]:
    """The card of the Lab mode for so many cells; `by_hand`: somebody types by hand where the form was."""
    if not state.doors:
        return no_lab_card(state, texts, key, cells)
    hand = "card.back" if by_hand else "card.by_hand"
    actions = (("app.send", "card.send"), ("app.story", "card.story"), ("compose.by_hand", hand))
    rows = steps([(action, texts(text)) for action, text in actions], key)
    door = next((door for door in state.doors if door.programs and door.open), None)
    if door is not None:
        rows.append(CardRow("", ("dim", texts("card.program", where=f"{HOST}:{door.port}"))))
    if state.web:
        rows.append(CardRow("", ("dim", texts("card.web", where=state.web))))
    return card(texts("card.running", count=len(state.sites)), rows, cells)


def wire_card(state: MachineState, texts: Texts, key: FindKey, cells: int) -> list[CardLine]:
    """The card of the Wire mode: what will stand there, how it comes, and what one does with it then."""
    if not state.doors:
        return no_lab_card(state, texts, key, cells)
    actions = (("app.send", "card.wire.send"), ("app.story", "card.wire.story"))
    rows = steps([(action, texts(text)) for action, text in actions], key)
    return card(texts("card.wire"), [*rows, CardRow("", ("dim", texts("card.wire.keys")))], cells)


def no_lab_card(state: MachineState, texts: Texts, key: FindKey, cells: int) -> list[CardLine]:
    """While it starts that is said; where it cannot, why, and each way out with its key."""
    if not state.trouble:
        return told(("dim", texts("machine.starting")), cells)
    other = otherwise(state.down_by)
    ways = (("app.free_ports", other), ("app.start_lab", "ask.again"), ("app.sessions", "card.sessions"))
    head, *rows = card(texts("card.no_lab"), steps([(action, texts(text)) for action, text in ways], key), cells)
    reasons = [f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in state.trouble.split("\n")[:MOST_WHY]]
    why = [line for text in reasons for line in told(piece("bad", text), cells)]
    return [head, *why, *rows]
