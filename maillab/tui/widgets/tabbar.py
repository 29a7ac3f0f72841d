"""The tabs of a pane: what it shows of one thing, in several ways."""

from collections.abc import Sequence

from textual.reactive import reactive

from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece


class TabBar(Bar):
    """`current` is the tab that is shown; `kind` says which catalogue entries name them."""

    current: reactive[str] = reactive("")

    def __init__(self, texts: Texts, kind: str, tabs: Sequence[str]) -> None:
        super().__init__(classes="tabbar")
        self._texts = texts
        self._kind = kind
        self.tabs = tabs
        self.set_reactive(TabBar.current, tabs[0])

    def left(self, cells: int) -> Sequence[BarPiece]:
        """One after the other."""
        return [
            BarPiece("tab" if name == self.current else "dim", f" {self._texts(f'tab.{self._kind}.{name}')} ", name)
            for name in self.tabs
        ]

    def step(self, by: int) -> str:
        """The tab after the current one, or before."""
        return self.tabs[(self.tabs.index(self.current) + by) % len(self.tabs)]
