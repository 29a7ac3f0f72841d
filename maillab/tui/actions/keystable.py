"""The table of keys in the manual, made from the table of actions."""

from collections.abc import Iterator

from maillab.tui.actions.spelled import shown
from maillab.tui.actions.table import ACTIONS
from maillab.tui.texts import Texts


def keys_table(texts: Texts) -> Iterator[str]:
    """Every action, place by place, with its name, its keys and what it does."""
    yield texts("keys.table")
    yield "|---|---|---|"
    context = ""
    for action in ACTIONS:
        if action.context != context:
            context = action.context
            yield f"| **{texts(f'keys.{context}')}** | | |"
        keys = " ".join(f"`{shown(key)}`" for key in action.keys)
        yield f"| `{action.name}` | {keys} | {action.sentence(texts.lang)} |"
