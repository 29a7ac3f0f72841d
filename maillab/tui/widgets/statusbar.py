"""The line above the keys: how many lines are seen and how, what is filtered, what the line under the cursor means.

What is said for a moment stands in its place, the newest alone. It ends with the key that helps, so one that is longer
than the line goes on below it: an error in the lines it needs, everything else in one more. Of good
news only the sign has a colour: the result stands above.
"""

import re
from collections.abc import Sequence

from rich.cells import cell_len
from textual.geometry import Size
from textual.reactive import reactive

from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.state.said import SaidWord
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.views.fitting import by_words

SIGNS = {"plain": "· ", "good": "✓ ", "warn": "! ", "bad": "✗ "}
STYLES = {"plain": "dim"}
EXPLAINS = "transcript.open"  # the action that shows more of a meaning
LOUD = ("warn", "bad")  # what has a ground of its own: good news are told by the result already
MOST, MOST_OF_AN_ERROR = 2, 4  # lines of what is said
SOURCE = re.compile(r" \((?:RFC |no RFC|IANA)[^()]*\)\Z")  # behind a meaning: where that is written
MEANING = 24  # cells that a meaning has at least, where it is said how to read more of it


class StatusBar(Bar):
    """`facts` stand at the left, `meaning` behind them and how to read `more` of it, `news` at the right edge; `words`
    in place of all but the last. A click on `more` or on the news does what their keys do: `EXPLAINS`, `goes_on`.
    """

    DEFAULT_CSS = "StatusBar { height: auto; }"

    facts: reactive[str] = reactive("")
    meaning: reactive[str] = reactive("")
    more: reactive[str] = reactive("")
    news: reactive[str] = reactive("")
    words: reactive[tuple[SaidWord, ...]] = reactive((), layout=True)

    def __init__(self) -> None:
        super().__init__(id="statusbar")
        self.is_spare = True  # what the facts say: they go where a meaning has no room
        self.goes_on = ""  # the name of the action that the news speak of

    def watch_words(self, words: tuple[SaidWord, ...]) -> None:
        self.set_class(bool(words) and words[-1].level in LOUD, "-said")
        self._tell_whether_blank()

    def watch_facts(self) -> None:
        self._tell_whether_blank()

    def watch_meaning(self) -> None:
        self._tell_whether_blank()

    def watch_news(self) -> None:
        self._tell_whether_blank()

    def _tell_whether_blank(self) -> None:
        """A window of few lines has none for a blank one."""
        self.set_class(not (self.words or self.facts or self.meaning or self.news), "-blank")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line, or as many as what is said takes."""
        return max(1, len(self._said(width)))

    def below(self, y: int) -> Line:
        """What is said goes on."""
        said = self._said(self.size.width)
        return said[y] if y < len(said) else ()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """What is said, else what is seen and what it means."""
        if self.words:
            return [BarPiece(style, text) for style, text in self._said(self.size.width)[0]]
        facts = sink.piece("dim", f" {self.facts} " if self.facts else " ")[1]
        more = f" · {self.more}" if self.more else ""
        room = cells - cell_len(facts) - 3
        if self.meaning and self.is_spare and room <= MEANING + cell_len(more) < cells - 4:
            facts, room = " ", cells - 4  # how to read all of a meaning counts for more
        meaning = sink.piece("", self.meaning)[1]
        if not meaning or room <= 10:
            return [BarPiece("dim", facts)]
        more = more if room > MEANING + cell_len(more) else ""
        most = room - cell_len(more)
        if cell_len(meaning) > most:
            meaning = SOURCE.sub("", meaning)  # half of it leads nowhere, and more of the meaning has room
        meaning = by_words(meaning, most)
        way = [BarPiece("dim", more, EXPLAINS)] if more else []
        return [BarPiece("dim", facts), BarPiece("plain", f"‹ {meaning}"), *way]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """What came meanwhile, when nothing is said."""
        return [BarPiece("accent", f" {self.news} ", self.goes_on)] if self.news and not self.words else []

    def _said(self, cells: int) -> list[Line]:
        """What is said, in lines of so many cells."""
        if not self.words:
            return []
        word = self.words[-1]
        sign, style = SIGNS[word.level], STYLES.get(word.level, word.level)
        texts = [sink.piece("", text)[1] for text in word.text.split("\n")]
        parts = [part for text in texts for part in sink.wrapped(text, cells - 2 - len(sign))]
        heads = [sign, *[" " * len(sign)] * (len(parts) - 1)]
        most = MOST_OF_AN_ERROR if word.level == "bad" else MOST
        if len(parts) > most and word.level != "bad":
            parts = [*parts[: most - 1], by_words(" ".join(parts[most - 1 :]), cells - 2 - len(sign))]
        under = style if word.level in LOUD else "dim"
        lines: list[Line] = [((style, f" {head}"), (under, part)) for head, part in zip(heads, parts, strict=False)]
        return lines[:most]
