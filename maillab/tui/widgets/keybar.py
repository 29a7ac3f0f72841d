"""The last line: the keys that are in force where the focus is, those of the place first, as many as fit."""

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from textual.reactive import reactive

from maillab.tui.actions.action import LAST, Action, Offer
from maillab.tui.actions.spelled import shown
from maillab.tui.looks.borderkeys import EVERYWHERE
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece

TIGHT = 50  # cells, below which only one key stands at the right


class KeyBar(Bar):
    """`offers` gives what keys do now, each with its keys."""

    primary: reactive[str] = reactive("")  # the name of the action that matters most in the mode
    is_button: reactive[bool] = reactive(True)  # is it filled here? One thing of a screen is, and may be elsewhere

    def __init__(self, texts: Texts, offers: Callable[[], Iterable[Offer]]) -> None:
        super().__init__(id="keybar")
        self._texts = texts
        self._offers = offers
        self._possible: Sequence[Offer] = ()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """Those of the place, then those that hold everywhere; one that does not fit whole falls away."""
        offers = [offer for offer in self._possible if offer.action.bar < LAST]
        parts: list[BarPiece] = []
        used = 0
        for offer in offers:
            pieces = self._part(offer)
            size = sum(cell_len(piece.text) for piece in pieces)
            if used + size <= cells:
                parts += pieces
                used += size
        return parts

    def right(self, cells: int) -> Sequence[BarPiece]:
        """Help, leaving, and the palette, which knows all of them; where it is tight that alone."""
        offers = [offer for offer in self._possible if offer.action.bar >= LAST]
        return [part for offer in offers[-1 if cells < TIGHT else 0 :] for part in self._part(offer)]

    def _is_below(self) -> bool:
        """Does a dialog stand before this screen?"""
        return self.is_mounted and self.app.screen is not self.screen

    def ask(self) -> None:
        """Ask what keys do now, once for both ends. Below a dialog it is nothing: its own border names its keys."""
        offers = {} if self._is_below() else {offer.action.name: offer for offer in self._offers()}
        possible = [offer for offer in offers.values() if offer.action.bar and offer.keys]
        self._possible = sorted(possible, key=lambda offer: (*self._order(offer.action), offer.action.bar))

    def _line(self) -> list[BarPiece]:
        self.ask()
        return super()._line()

    def _order(self, action: Action) -> tuple[bool, bool]:
        """The one thing to press comes first, then what is of the place."""
        return action.name != self.primary, action.context == EVERYWHERE

    def _part(self, offer: Offer) -> list[BarPiece]:
        action = offer.action
        if action.name == self.primary and self.is_button:
            label = f" {shown(offer.keys[0])} {action.label(self._texts.lang)} "
            return [BarPiece("badge-press", label, action.name), BarPiece("plain", " ")]
        return [
            BarPiece("key", f" {shown(offer.keys[0])} ", action.name),
            BarPiece("plain", f"{action.label(self._texts.lang)} ", action.name),
        ]
