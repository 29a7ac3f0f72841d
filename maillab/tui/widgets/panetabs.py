"""The names of the panes, where only one of them fits on the screen."""

from collections.abc import Sequence

from textual.reactive import reactive

from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece


class PaneTabs(Bar):
    """`current` is the one in front."""

    current: reactive[str] = reactive("")

    def __init__(self, texts: Texts, panes: Sequence[str]) -> None:
        super().__init__(id="panetabs")
        self._texts = texts
        self._panes = panes

    def left(self, cells: int) -> Sequence[BarPiece]:
        """One after the other."""
        return [
            BarPiece("on" if name == self.current else "plain", f" {self._texts(f'pane.{name}')} ", name)
            for name in self._panes
        ]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """How to get to the next."""
        return [BarPiece("dim", self._texts("panetabs.hint"))] if cells > 70 else []
