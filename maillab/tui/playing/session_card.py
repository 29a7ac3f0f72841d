"""What stands in place of a look into a session where none is saved: how one is made, and what can be done with it.

Rules for this file: no Textual; the keys come in as values.
"""

from maillab.tui.looks.card import CardLine, CardRow, FindKey, card, steps
from maillab.tui.texts import Texts

MADE = (("app.record", "card.session.record"), ("app.story", "card.story"))
RECORDING = (("app.record", "card.session.stop"), ("app.mark", "card.session.mark"))
DONE = (
    ("rows.open", "card.session.open"),
    ("sessions.compare", "card.session.compare"),
    ("sessions.export", "card.session.export"),
    ("sessions.reenact", "card.session.reenact"),
)


def session_card(texts: Texts, key: FindKey, recording: bool, cells: int) -> list[CardLine]:
    """The card for so many cells; what the key of a record does depends on whether there is one."""
    done = [CardRow(key(action), ("dim", texts(text))) for action, text in DONE if key(action)]
    rows = steps([(action, texts(text)) for action, text in (RECORDING if recording else MADE)], key)
    rows.append(CardRow("", ("dim", texts("card.session.then"))))
    return card(texts("card.session"), [*rows, *done], cells)
