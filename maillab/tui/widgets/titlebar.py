"""The first line: the modes, and what is going on: living lab or session, recording, paused."""

from collections.abc import Sequence

from textual.reactive import reactive

from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece

MODES = ("lab", "mail", "wire", "sessions")


class TitleBar(Bar):
    """`mode` is the one that is shown, `state` the words at the right edge, each with its style."""

    mode: reactive[str] = reactive("lab")
    state: reactive[tuple[tuple[str, str], ...]] = reactive(())

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
        """The state."""
        return [BarPiece(style, text) for style, text in self.state]
