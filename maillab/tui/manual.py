"""The help of a place: a few sentences, then its keys. Made from the table of actions and the catalogue."""

from collections.abc import Callable, Iterator, Sequence

from textual.dom import DOMNode

from maillab.tui.actions import ACTIONS, Action, shown
from maillab.tui.sink import Line
from maillab.tui.texts import Texts

_ORDER = ("app", "rows")  # contexts that come last, in this order


def manual(
    texts: Texts,
    mode: str,
    pane: str,
    offers: Sequence[tuple[Action, DOMNode]],
    keys_of: Callable[[Action], Sequence[str]],
) -> list[Line]:
    """Lines to read."""
    lines: list[Line] = [
        (("heading", texts(f"pane.{pane}") if pane else texts(f"mode.{mode}")),),
        (),
        *((("plain", line),) for line in texts(f"help.{mode}.{pane}" if pane else f"help.{mode}").split("\n")),
        (),
    ]
    contexts = list(dict.fromkeys(action.context for action, _ in offers))
    contexts.sort(key=lambda context: _ORDER.index(context) + 1 if context in _ORDER else 0)
    for context in contexts:
        lines.append((("heading", texts(f"keys.{context}")),))
        for action, _ in offers:
            if action.context == context and (keys := keys_of(action)):
                names = " ".join(shown(key) for key in keys[:3])
                label = texts(f"act.{action.name}")
                tip = texts(f"tip.{action.name}")
                lines.append((("key", f" {names:<12} "), ("plain", f"{label:<18} "), ("dim", tip)))
        lines.append(())
    return [*lines, (("dim", texts("help.leave")),)]


def keys_table(texts: Texts) -> Iterator[str]:
    """The table of the manual: every action, place by place, with its name, its keys and what it does."""
    yield "| action | keys | what it does |"
    yield "|---|---|---|"
    context = ""
    for action in ACTIONS:
        if action.context != context:
            context = action.context
            yield f"| **{texts(f'keys.{context}')}** | | |"
        keys = " ".join(f"`{shown(key)}`" for key in action.keys)
        yield f"| `{action.name}` | {keys} | {texts(f'tip.{action.name}')} |"
