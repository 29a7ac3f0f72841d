"""The keys of a pane, for its own lower border: as many as fit."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from maillab.tui.actions.action import LAST, Offer
from maillab.tui.actions.spelled import shown
from maillab.views.gloss import Lang

EVERYWHERE = "app"  # the context of keys that hold in every place
BELOW = (EVERYWHERE, "replay")  # contexts whose keys hold in all panes: they stand in the last line of the screen
BETWEEN = 3  # cells of the dot between two
CORNERS = 6  # cells of a border that are no keys

BorderKey = tuple[str, str, str]  # the key as people write it, what it does, the name of the action


def border_keys(offers: Iterable[Offer], lang: Lang, cells: int) -> Sequence[BorderKey]:
    """Keys for a border of so many cells; those that hold everywhere stand elsewhere."""
    local = [offer for offer in offers if 0 < offer.action.bar < LAST and offer.action.context not in BELOW]
    keys: list[BorderKey] = []
    used = CORNERS
    for offer in sorted(local, key=lambda offer: offer.action.bar):
        key, label = shown(offer.keys[0]), offer.action.label(lang)
        size = cell_len(f"{key} {label}") + BETWEEN * bool(keys)
        if used + size > cells:
            break  # rather than a shorter one that is used less: panes of one kind say the same
        keys.append((key, label, offer.action.name))
        used += size
    return keys


def whole_parts(title: str, cells: int) -> str:
    """As many parts of a title, with dots between, as fit into a border of so many cells; the first one always.

    >>> whole_parts("Explain · line 1 · not encrypted", 30)
    'Explain · line 1'
    """
    parts = title.split(" · ")
    ways = [" · ".join(parts[:count]) for count in range(len(parts), 1, -1)]
    return whole(ways, cells) or parts[0]


def whole(ways: Sequence[str], cells: int) -> str:
    """The first of these ways to say something that fits into a border of so many cells, else nothing.

    >>> whole(["Enter sends the line", "Enter sends"], 20), whole(["Enter sends"], 10)
    ('Enter sends', '')
    """
    return next((way for way in ways if cell_len(way) + CORNERS <= cells), "")
