"""All rows together, in the order in which help and the manual show them."""

from collections.abc import Sequence

from maillab.tui.actions import compose, everywhere, lists, machines, mail, names, replay, sessions, wire
from maillab.tui.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    *everywhere.ROWS,
    *replay.ROWS,
    *lists.ROWS,
    *wire.ROWS,
    *compose.ROWS,
    *machines.ROWS,
    *names.ROWS,
    *mail.ROWS,
    *sessions.ROWS,
)
BY_NAME = {action.name: action for action in ACTIONS}
HOMES = {  # context: the pane of a mode in which its keys hold; contexts that hold everywhere have none
    "transcript": ("wire", "wire"),
    "reading": ("wire", "wire"),
    "compose": ("lab", "compose"),
    "byhand": ("lab", "compose"),
    "machine": ("lab", "sender"),
    "names": ("lab", "names"),
    "mail": ("mail", "messages"),
    "sessions": ("sessions", "list"),
}


_OF_CONTEXT: dict[str, list[Action]] = {}
for _action in ACTIONS:
    _OF_CONTEXT.setdefault(_action.context, []).append(_action)


def of(context: str) -> Sequence[Action]:
    """The actions of a context, in the order of the table."""
    return _OF_CONTEXT.get(context, ())
