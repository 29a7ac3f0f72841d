"""The keys of a pane, for its own lower border: as many as fit."""

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len

from maillab.tui.actions.action import LAST, Offer
from maillab.tui.actions.spelled import shown
from maillab.views.gloss import Lang

EVERYWHERE = "app"  # the context of keys that hold in every place
BELOW = (EVERYWHERE, "replay")  # contexts whose keys hold in all panes: they stand in the last line of the screen
BETWEEN = 3  # cells of the dot between two
CORNERS = 6  # cells of a border that are no keys

BorderKey = tuple[str, str, str]  # the key as people write it, "" for none, what it does, the name of the action


def border_keys(offers: Iterable[Offer], lang: Lang, cells: int, meant: Mapping[str, str]) -> Sequence[BorderKey]:
    """Keys for a border of so many cells; those that hold everywhere stand elsewhere.

    `meant`: what keys do where somebody is now. One that does something else there is not promised, but can be clicked.
    """
    local = [offer for offer in offers if 0 < offer.action.bar < LAST and offer.action.context not in BELOW]
    keys: list[BorderKey] = []
    used = CORNERS
    for offer in sorted(local, key=lambda offer: offer.action.bar):
        is_true = meant.get(offer.keys[0], offer.action.name) == offer.action.name
        key, label = shown(offer.keys[0]) if is_true else "", offer.action.label(lang)
        size = cell_len(f"{key} {label}".strip()) + BETWEEN * bool(keys)
        if used + size <= cells:
            keys.append((key, label, offer.action.name))
            used += size
    return keys
