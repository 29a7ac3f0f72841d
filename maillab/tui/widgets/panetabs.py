"""The names of the panes, where only one of them fits on the screen."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
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
        self._names: Mapping[str, str] = {}

    def rename(self, names: Mapping[str, str]) -> None:
        """Panes that have names of their own: those of the machines in them."""
        if names != self._names:
            self._names = names
            self.changed()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """One after the other; where not all have room, of a machine the first part of its name."""
        names = [self._names.get(name) or self._texts(f"pane.{name}") for name in self._panes]
        if sum(cell_len(name) + 2 for name in names) > cells:
            names = [name.partition(".")[0] for name in names]
        is_airy = sum(cell_len(name) + 3 for name in names) <= cells
        pieces: list[BarPiece] = []
        for pane, name in zip(self._panes, names, strict=True):
            pieces += [BarPiece("plain", " ")] if is_airy else []
            pieces.append(BarPiece("on" if pane == self.current else "plain", f" {name} ", pane))
        return pieces

    def right(self, cells: int) -> Sequence[BarPiece]:
        """How to get to the next."""
        return [BarPiece("dim", self._texts("panetabs.hint"))] if cells > 70 else []
