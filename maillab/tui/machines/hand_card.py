"""What stands where SMTP is typed by hand, before the first line: where lines go, an example, and the keys that help.

Rules for this file: no Textual; ports and keys come in as values.
"""

from maillab.tui.looks.card import CardLine, FindKey, told
from maillab.tui.looks.sink import piece
from maillab.tui.machines.machine_state import MachineState, shown_service
from maillab.tui.machines.start_card import HOST
from maillab.tui.texts import Texts

INDENT = "  "
KEYS = (("byhand.service", "hand.server"), ("compose.by_hand", "hand.back"))
EXAMPLE = (  # what a client says, and the text that explains it
    ("EHLO me", "hand.ehlo"),
    ("MAIL FROM:<{sender}>", "hand.mail"),
    ("RCPT TO:<{recipient}>", "hand.rcpt"),
    ("DATA", "hand.data"),
    ("Subject: hi", "hand.text"),
    (".", "hand.dot"),
    ("QUIT", "hand.quit"),
)


def hand_card(state: MachineState, last: tuple[str, str], texts: Texts, key: FindKey, cells: int) -> list[CardLine]:
    """The card for so many cells; `last` is the service that a line would go to, and its site, "" for the first.
    Nothing while nobody knows which lab there is.
    """
    service, site = last[0], last[1] or next(iter(state.sites), "")
    door = next((door for door in state.doors if (door.site, door.service) == (site, service)), None)
    if door is None:
        return []
    place = texts("byhand.place", site=site, service=shown_service(service), where=f"{HOST}:{door.port}")
    where = texts("hand.where", place=place)
    example = _example(state, site, texts, cells - 2)
    return [*told(("plain", where), cells), CardLine(()), *example, CardLine(()), *_keys(texts, key)]


def _example(state: MachineState, site: str, texts: Texts, room: int) -> list[CardLine]:
    """A message from the first person of this site to the first of another one, each command with what it means."""
    others = [other for other in state.sites if other != site] or [site]
    people = {
        "sender": next(iter(state.people.get(site, ())), f"me@{site}"),
        "recipient": next(iter(state.people.get(others[0], ())), f"you@{others[0]}"),
    }
    said = [(command.format(**people), texts(what)) for command, what in EXAMPLE]
    column = max(len(command) for command, _ in said) + 3
    is_beside = all(len(INDENT) + column + len(what) <= room for _, what in said)
    lines = [f"{INDENT}{command:<{column}}{what}" if is_beside else f"{INDENT}{command}" for command, what in said]
    return [CardLine((piece("dim", line),)) for line in lines]


def _keys(texts: Texts, key: FindKey) -> list[CardLine]:
    """Each with what it does, which a click does, too."""
    named = [(press, texts(what), action) for action, what in KEYS if (press := key(action))]
    return [CardLine((("key", f"{press:>5}"), ("plain", f"  {what}")), action) for press, what, action in named]
