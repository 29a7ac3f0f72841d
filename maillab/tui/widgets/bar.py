"""One line of the screen whose parts can be clicked: the title, the hops, the tabs, the keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from maillab.tui.looks import sink, theme
from maillab.tui.looks.sink import Line


@dataclass(frozen=True, slots=True)
class BarPiece:
    """A piece of a bar; `says` is told to the screen when it is clicked, "" for nothing."""

    style: str
    text: str
    says: str = ""


class Bar(Widget):
    """A line of parts, and one at the right edge where there is room."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    class Pressed(Message):
        """A part was clicked."""

        def __init__(self, bar: "Bar", says: str) -> None:
            super().__init__()
            self.bar, self.says = bar, says

        @property
        def control(self) -> "Bar":
            """The bar."""
            return self.bar

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._parts: list[BarPiece] = []
        self._styles: dict[str, Style] = {}

    def left(self, cells: int) -> Sequence[BarPiece]:
        """What stands at the left, in so many cells."""
        return ()

    def right(self, cells: int) -> Sequence[BarPiece]:
        """What stands at the right edge."""
        return ()

    def below(self, y: int) -> Line:
        """What stands in a line below the first, where there is one."""
        return ()

    def changed(self) -> None:
        """Draw it anew, if it looks different."""
        if self.is_mounted and self.size.width and self._line() != self._parts:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        under = self.rich_style
        if not y:
            self._parts = self._line()
        line = self.below(y) if y else [(part.style, part.text) for part in self._parts]
        return sink.strip(line, self.looks, under).adjust_cell_length(self.size.width, under)

    @property
    def looks(self) -> dict[str, Style]:
        """The styles of pieces, in the colours of the theme."""
        if not self._styles:
            self._styles = theme.bars(self.app.theme_variables)
        return self._styles

    def _line(self) -> list[BarPiece]:
        """Its pieces."""
        cells = self.size.width
        right = list(self.right(cells))
        wide = sum(cell_len(part.text) for part in right)
        left, used = [], 0
        for part in self.left(cells - wide):
            room = cells - wide - used
            if cell_len(part.text) > room:
                if room > 0:
                    left.append(BarPiece(part.style, sink.fit(part.text, room), part.says))
                used = cells - wide
                break
            left.append(part)
            used += cell_len(part.text)
        gap = max(0, cells - wide - used)
        return [*left, BarPiece("plain", " " * gap), *right]

    def notify_style_update(self) -> None:
        """The theme has changed."""
        super().notify_style_update()
        self._styles = {}

    def places(self) -> Iterator[tuple[str, int]]:
        """What can be clicked, and the column at which each begins: that of a blank, where there is room for one."""
        column, seen = 0, set[str]()
        for part in self._line():
            if part.says and part.says not in seen:
                seen.add(part.says)
                yield part.says, column
            column += cell_len(part.text)

    def letter_column(self, column: int) -> int:
        """Where the letter stands by which one jumps to what begins here: before it, or on its own blank where any of
        the line would touch the word before.
        """
        text = "".join(part.text for part in self._line())
        is_close = any(not set_cell_size(text, place - 1).endswith(" ") for _, place in self.places() if place > 1)
        begins_blank = set_cell_size(text, column + 1).endswith(" ")
        return column if is_close and begins_blank else max(0, column - 1)

    def on_click(self, event: events.Click) -> None:
        column = event.x
        for part in self._parts:
            size = cell_len(part.text)
            if column < size:
                if part.says:
                    self.post_message(self.Pressed(self, part.says))
                return
            column -= size
