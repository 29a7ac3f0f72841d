"""What stands in place of a message where there is none: how one gets there, and in which ways it can be seen.

Rules for this file: no Textual; the keys come in as values.
"""

from maillab.tui.looks.card import CardLine, CardRow, FindKey, card, steps
from maillab.tui.texts import Texts

LIVE = (("app.send", "card.message.send"), ("mail.fetch", "card.message.fetch"))
VIEWS = ("html", "headers", "raw", "parts", "route")  # beside the text, with which one begins


def message_card(texts: Texts, key: FindKey, live: bool, search: str, is_inbox: bool, cells: int) -> list[CardLine]:
    """The card for so many cells; while a session plays nothing is sent or fetched, and it goes on by one key. What
    was looked for in vain is looked for no longer. Nothing is sent to a folder that is no inbox: it is said in the list
    what fills it.
    """
    if search:
        head = texts("card.message.no_match", text=search)
        return card(head, steps([("app.step_back", texts("card.message.all"))], key), cells)
    if not live:
        return card(texts("card.message.recorded"), steps([("replay.play", texts("card.message.play"))], key), cells)
    if not is_inbox:
        return card(texts("card.message"), (), cells)
    rows = steps([(action, texts(text)) for action, text in LIVE], key)
    rows.append(CardRow("", ("dim", texts("card.message.views"))))
    rows += [CardRow(texts(f"tab.message.{view}"), ("dim", texts(f"card.message.{view}"))) for view in VIEWS]
    return card(texts("card.message"), rows, cells)
