"""The tabs of a pane: what it shows of one thing, in several ways."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from textual.reactive import reactive

from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece


class TabBar(Bar):
    """`current` is the tab that is shown; `kind` says which catalogue entries name them.

    `filled` are those that hold something, which the others are dimmer than, or less bold where there are no colours.
    """

    current: reactive[str] = reactive("")
    filled: reactive[Collection[str]] = reactive(())

    def __init__(self, texts: Texts, kind: str, tabs: Sequence[str]) -> None:
        super().__init__(classes="tabbar")
        self._texts = texts
        self._kind = kind
        self.tabs = tabs
        self.set_reactive(TabBar.current, tabs[0])

    def left(self, cells: int) -> Sequence[BarPiece]:
        """One after the other; closer together where there is not room for all."""
        labels = [self._texts(f"tab.{self._kind}.{name}") for name in self.tabs]
        free = cells - sum(cell_len(label) + 2 for label in labels)
        gap, between = " " if free >= 0 else "", " " if free >= len(labels) else ""
        pieces: list[BarPiece] = []
        for name, label in zip(self.tabs, labels, strict=True):
            pieces += [BarPiece("plain", between)] if between and pieces else []
            pieces.append(BarPiece(self._style(name), f"{gap}{label} ", name))
        return pieces

    def _style(self, name: str) -> str:
        return "tab" if name == self.current else "full" if name in self.filled else "dim"

    def step(self, by: int) -> str:
        """The tab after the current one, or before, that holds something; any, where it is not known which do."""
        place = self.tabs.index(self.current)
        others = [self.tabs[(place + by * n) % len(self.tabs)] for n in range(1, len(self.tabs) + 1)]
        return next((name for name in others if name in self.filled), others[0])
