"""The line above the keys: how many lines are seen and how, what is filtered, what the line under the cursor means."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.reactive import reactive

from maillab.tui.looks import sink
from maillab.tui.widgets.bar import Bar, BarPiece


class StatusBar(Bar):
    """`facts` stand at the left, `meaning` behind them, `news` at the right edge."""

    facts: reactive[str] = reactive("")
    meaning: reactive[str] = reactive("")
    news: reactive[str] = reactive("")
    word: reactive[str] = reactive("")  # that is said for a moment, before everything else

    def __init__(self) -> None:
        super().__init__(id="statusbar")

    def left(self, cells: int) -> Sequence[BarPiece]:
        """What is seen, and what it means."""
        if self.word:
            return [BarPiece("accent", sink.piece("", f" {self.word}")[1])]
        facts = sink.piece("dim", f" {self.facts} ")[1]
        room = cells - cell_len(facts) - 3
        meaning = sink.piece("", self.meaning)[1]
        return [
            BarPiece("dim", facts),
            *([BarPiece("plain", f"‹ {sink.fit(meaning, room)}")] if meaning and room > 10 else []),
        ]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """What came meanwhile."""
        return [BarPiece("accent", f" {self.news} ")] if self.news else []
