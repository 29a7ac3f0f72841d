"""What stands in the empty wire: what is running, and what one can do first, with the real ports.

Rules for this file: no Textual; the ports and the keys come in as values.
"""

from maillab.tui.looks.card import CardLine, CardRow, FindKey, card, steps, told
from maillab.tui.machines.machine_state import MachineState
from maillab.tui.texts import Texts

HOST = "127.0.0.1"


def start_card(state: MachineState, by_hand: bool, texts: Texts, key: FindKey, cells: int) -> list[CardLine]:
    """The card for so many cells; `by_hand`: somebody types by hand where the form was. Nothing while nobody knows
    which lab there is.
    """
    if not state.doors:
        return told(("dim", texts("machine.starting")), cells) if not state.trouble else []
    hand = "card.back" if by_hand else "card.by_hand"
    actions = (("app.send", "card.send"), ("app.story", "card.story"), ("compose.by_hand", hand))
    rows = steps([(action, texts(text)) for action, text in actions], key)
    door = next((door for door in state.doors if door.programs and door.open), None)
    if door is not None:
        rows.append(CardRow("", ("dim", texts("card.program", where=f"{HOST}:{door.port}"))))
    return card(texts("card.running", count=len(state.sites)), rows, cells)
