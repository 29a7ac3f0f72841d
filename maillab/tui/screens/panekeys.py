"""The keys of each pane in its lower border, where they can be clicked, too."""

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from maillab.tui.actions.action import Offer
from maillab.tui.actions.offers import contexts_of, leads_somewhere
from maillab.tui.actions.table import BY_NAME, HOMES
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import BorderKey, border_keys
from maillab.tui.widgets.titled import Titled


class PaneKeys:
    """`of_lit` are the actions that stand in the border of the pane with the focus; `belongs` to a pane what is its."""

    def __init__(self, at: WindowContext, belongs: Callable[[Offer, str], bool]) -> None:
        self._at = at
        self._belongs = belongs
        self._written: dict[Widget, str] = {}  # what stands in each border, as Textual gives it back
        self._keys: dict[Widget, tuple[bool, Sequence[BorderKey]]] = {}  # the same, as it was made
        self.of_lit: frozenset[str] = frozenset()

    def write(self, panes: Iterable[Widget], focused: Widget | None) -> None:
        """Into the borders of these panes; one that says something else there is left as it is."""
        self.of_lit = frozenset()
        lit = focused.ancestors_with_self if focused is not None else []
        for pane in sorted(panes, key=lambda pane: pane not in lit):  # the lit one first: no other says the same again
            if not (isinstance(pane, Titled) and pane.outer_size.width and pane.styles.border_bottom[0]):
                continue
            if pane.keys_below != self._written.get(pane, ""):
                continue
            is_lit = pane in lit
            offers = self._offers(pane, focused if is_lit else None)
            offers = (offer for offer in offers if leads_somewhere(offer.action, self._at))
            keys = border_keys(offers, self._at.texts.lang, pane.outer_size.width - pane.kept_free)
            if (is_lit, keys) != self._keys.get(pane, (False, ())):
                self._keys[pane] = (is_lit, keys)
                pane.write_below(sink.pressable(keys, lit=is_lit))
                self._written[pane] = pane.keys_below
            if is_lit:
                self.of_lit = frozenset(name for _, _, name in keys)

    def _offers(self, pane: Widget, focused: Widget | None) -> Iterable[Offer]:
        """What keys do in it: all that is said there where the focus is, elsewhere what has its home there, if the lit
        pane says nothing of that kind.
        """
        if focused is not None:
            offers = self._at.ui.pressable_at(focused.ancestors_with_self)
            return (offer for offer in offers if self._belongs(offer, str(pane.id)))
        said = {BY_NAME[name].context for name in self.of_lit}
        at_home = {context for context, (_, home) in HOMES.items() if home == pane.id and context not in said}
        own = {*contexts_of(pane), *at_home}
        return (offer for offer in self._at.ui.pressable_at(pane.ancestors_with_self) if offer.action.context in own)
