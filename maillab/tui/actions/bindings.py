"""The keys of a context, as Textual takes them: what widgets and screens put into their `BINDINGS`."""

from textual.binding import Binding, BindingType

from maillab.tui.actions.table import of


def bindings(context: str) -> list[BindingType]:
    """Textual's own form of the keys of a context."""
    return [
        Binding(",".join(action.keys), action.pressed, id=action.name, show=False, priority=False)
        for action in of(context)
        if action.keys
    ]
