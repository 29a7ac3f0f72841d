"""The first line: the modes, and what is going on: living lab or session, recording, paused."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.reactive import reactive

from maillab.tui.machines.title import TitleWord, fitted
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece

MODES = ("lab", "mail", "wire", "sessions")


class TitleBar(Bar):
    """`mode` is the one that is shown, `state` the words at the right edge, as many of them as have room."""

    mode: reactive[str] = reactive("lab")
    state: reactive[tuple[TitleWord, ...]] = reactive(())

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="titlebar")
        self._texts = texts

    def left(self, cells: int) -> Sequence[BarPiece]:
        """maillab, and the modes with their keys."""
        gap = "   " if cells > 70 else " " if cells < 50 else "  "
        parts = [BarPiece("bold", " maillab "), BarPiece("plain", gap[:-1])] if cells > 44 else []
        for number, mode in enumerate(MODES, 1):
            label = f" {number} {self._texts(f'mode.{mode}')} "
            parts += [BarPiece("on" if mode == self.mode else "plain", label, mode), BarPiece("plain", gap[:-2])]
        return parts

    def right(self, cells: int) -> Sequence[BarPiece]:
        """The state, in the room that the modes leave."""
        modes = sum(cell_len(part.text) for part in self.left(cells))
        return [BarPiece(style, text) for style, text in fitted(self.state, cells - modes)]
