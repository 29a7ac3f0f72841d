"""The keys of each pane in its lower border, where they can be clicked, too."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.dom import DOMNode
from textual.widget import Widget

from maillab.tui.actions.action import Offer
from maillab.tui.actions.offers import bound, contexts_of, leads_somewhere
from maillab.tui.actions.table import BY_NAME, HOMES
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import BELOW, BorderKey, border_keys
from maillab.tui.widgets.titled import Titled


class PaneKeys:
    """`of_lit` are the actions that stand in the border of the pane with the focus; `belongs` to a pane what is its."""

    def __init__(self, at: WindowContext, belongs: Callable[[Offer, str], bool]) -> None:
        self._at = at
        self._belongs = belongs
        self._written: dict[Widget, str] = {}  # what stands in each border, as Textual gives it back
        self._keys: dict[Widget, tuple[bool, Sequence[BorderKey]]] = {}  # the same, as it was made
        self._offers: dict[Widget, tuple[bool, Sequence[Offer]]] = {}  # all that has its place there, if there is room
        self.of_lit: frozenset[str] = frozenset()

    def write(self, panes: Iterable[Widget], focused: Widget | None) -> None:
        """Into the borders of these panes; one that says something else there is left as it is."""
        self.of_lit = frozenset()
        lit = focused.ancestors_with_self if focused is not None else []
        does = bound(lit, self._at)
        for pane in sorted(panes, key=lambda pane: pane not in lit):  # the lit one first: no other says the same again
            if not isinstance(pane, Titled) or not self._is_ours(pane):
                continue
            is_lit = pane in lit
            offers = self._of_lit(pane, lit) if is_lit else self._of_other(pane, does)
            self._offers[pane] = (is_lit, [offer for offer in offers if leads_somewhere(offer.action, self._at)])
            self.fit(pane)

    def fit(self, pane: Titled) -> bool:
        """As many of the keys of a pane as have room in its border now; are they others than before?"""
        if pane not in self._offers or not self._is_ours(pane):
            return False
        is_lit, offers = self._offers[pane]
        keys = border_keys(offers, self._at.texts.lang, pane.outer_size.width - pane.kept_free)
        is_other = (is_lit, keys) != self._keys.get(pane, (False, ()))
        if is_other:
            self._keys[pane] = (is_lit, keys)
            pane.write_below(sink.pressable(keys, lit=is_lit))
            self._written[pane] = pane.keys_below
        if is_lit:
            self.of_lit = frozenset(name for _, _, name in keys)
        return is_other

    def _is_ours(self, pane: Titled) -> bool:
        """Has it a lower border, in which nobody else has written?"""
        is_seen = bool(pane.outer_size.width and pane.styles.border_bottom[0])
        return is_seen and pane.keys_below == self._written.get(pane, "")

    def _of_lit(self, pane: Widget, lit: Sequence[DOMNode]) -> Iterable[Offer]:
        """All that keys do where the focus is, and that is said there."""
        return (offer for offer in self._pressable_at(lit) if self._belongs(offer, str(pane.id)))

    def _of_other(self, pane: Widget, does: Mapping[str, str]) -> Iterable[Offer]:
        """What has its home in a pane that is not lit, if the lit one says nothing of that kind; but no key that `does`
        something else where the focus is: whoever reads it would press it.
        """
        said = {BY_NAME[name].context for name in self.of_lit}
        at_home = {context for context, (_, home) in HOMES.items() if home == pane.id and context not in said}
        own = {*contexts_of(pane), *at_home}
        for offer in self._pressable_at(pane.ancestors_with_self):
            name = offer.action.name
            if offer.action.context in own and does.get(offer.keys[0], name) == name:
                yield offer

    def _pressable_at(self, places: Iterable[DOMNode]) -> Iterable[Offer]:
        """What keys do there, but for the window's own, which are most of them: no border names one."""
        return self._at.ui.pressable_at([place for place in places if contexts_of(place) != BELOW])
