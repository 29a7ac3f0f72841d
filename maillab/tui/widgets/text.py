"""A text to read: lines that were made by somebody else, broken at the edge, without a cursor."""

from collections.abc import Callable, Sequence

from textual import events

from maillab.tui.looks.sink import Line, Piece, width, wrapped
from maillab.tui.widgets.rows import Rows

NUMBERED = 60  # cells from which on lines can have numbers
MadeLines = Callable[[int], Sequence[Line]]  # the lines of a text, for so many cells


class TextRows(Rows):
    """Shows lines of pieces; a line that is too long goes on below."""

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, has_cursor=False)
        self._texts: Sequence[Line] = lines
        self._made: MadeLines | None = None
        self.numbered = False  # does each say which one it is?
        self._seen = 0  # a line that is not to be out of sight, 0 for none

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Another text."""
        self._texts, self._made = lines, None
        self.changed()

    def show_made(self, made: MadeLines) -> None:
        """Another text, which depends on how many cells there are: with others it is made again."""
        is_laid_out = bool(self.size.width) or not self.is_attached
        self.show_lines(made(self.cells if is_laid_out else self.app.size.width))  # it will be, in a moment
        self._made = made

    def on_resize(self, _event: events.Resize) -> None:
        if self._made is not None:  # before Textual calls the handler of every list, which counts the lines
            self._texts = self._made(self.cells)
        if self._seen:
            self.call_after_refresh(self._go_to_seen)

    def show_from_top(self, lines: Sequence[Line] | MadeLines, seen: int = 0) -> None:
        """Another text, to be read from its beginning, or as near to it as the line `seen` is on the screen."""
        if callable(lines):
            self.show_made(lines)
        else:
            self.show_lines(lines)
        self._seen = seen
        self._go_to_seen()

    def _go_to_seen(self) -> None:
        end = self.line_of(self._seen + 1) + 1 if self._seen and self.size.height else 0
        self.scroll_to(y=max(0, end - self.size.height), animate=False, immediate=True, force=True)

    def count(self) -> int:
        """As many lines as there are."""
        return len(self._texts)

    @property
    def uneven(self) -> bool:
        """Long lines are broken."""
        return True

    def height(self, index: int, cells: int) -> int:
        """As many as it takes."""
        line, cells = self._texts[index], cells - self._margin(cells)
        if sum(len(text) for _, text in line) <= cells and all(text.isascii() for _, text in line):
            return 1
        return len(broken(line, cells))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """One line in pieces, its number before it."""
        margin = self._margin(cells)
        if not margin:
            return broken(self._texts[index], cells)
        first, *others = broken(self._texts[index], cells - margin)
        blank: Piece = ("dim", " " * margin)
        return [(("dim", f"{index + 1:>{margin - 1}} "), *first), *((blank, *other) for other in others)]

    def _margin(self, cells: int) -> int:
        """The cells that numbers take: none where there is little room."""
        return len(str(self.count())) + 1 if self.numbered and cells >= NUMBERED else 0


def broken(line: Line, cells: int) -> list[Line]:
    """A line of pieces as lines of at most so many cells: where there is room it goes on under its last piece.

    >>> broken([("key", "To: "), ("plain", "bob and carol")], 12)[1]
    (('plain', '    '), ('plain', 'carol'))
    """
    if not line:
        return [()]
    *head, (style, text) = line
    before = width(head)
    if before >= cells // 2:
        return _broken_anywhere(line, cells)
    first, *others = wrapped(text, cells - before)
    return [(*head, (style, first)), *((("plain", " " * before), (style, part)) for part in others)]


def _broken_anywhere(line: Line, cells: int) -> list[Line]:
    """Broken where the room ends, in whatever piece that is."""
    text = "".join(text for _, text in line)
    lines: list[Line] = []
    end = 0
    for part in wrapped(text, cells):
        start = text.find(part, end)
        end = start + len(part)
        lines.append(_between(line, start, end))
    return lines


def _between(line: Line, start: int, end: int) -> Line:
    """The characters of a line from `start` up to `end`, each in its style."""
    pieces, place = [], 0
    for style, text in line:
        cut = text[max(0, start - place) : max(0, end - place)]
        if cut:
            pieces.append((style, cut))
        place += len(text)
    return pieces
