"""A text to read: lines that were made by somebody else, broken at the edge, without a cursor."""

from collections.abc import Sequence

from maillab.tui.sink import Line, width, wrapped
from maillab.tui.widgets.rows import Rows


class TextRows(Rows):
    """Shows lines of pieces; a line that is too long goes on below."""

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        id: str | None = None,
        classes: str | None = None,
        has_cursor: bool = False,
    ) -> None:
        super().__init__(id=id, classes=classes, has_cursor=has_cursor)
        self._texts: Sequence[Line] = lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Another text."""
        self._texts = lines
        self.changed()

    def count(self) -> int:
        """As many lines as there are."""
        return len(self._texts)

    @property
    def uneven(self) -> bool:
        """Long lines are broken."""
        return True

    def height(self, index: int, cells: int) -> int:
        """As many as it takes."""
        line = self._texts[index]
        if sum(len(text) for _, text in line) <= cells and all(text.isascii() for _, text in line):
            return 1
        return len(self.item(index, cells))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """One line in pieces."""
        return broken(self._texts[index], cells)


def broken(line: Line, cells: int) -> list[Line]:
    """A line of pieces as lines of at most so many cells: it is broken in its last piece, and goes on under it.

    >>> broken([("key", "To: "), ("plain", "bob and carol")], 12)[1]
    (('plain', '    '), ('plain', 'carol'))
    """
    if not line:
        return [()]
    *head, (style, text) = line
    before = width(head)
    margin = before if before < cells // 2 else 0
    first, *others = wrapped(text, cells - before)
    return [(*head, (style, first)), *((("plain", " " * margin), (style, part)) for part in others)]
