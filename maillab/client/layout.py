"""Text on lines: paragraphs, lists, quotations, tables and preformatted text, as far as plain text has them.

Rules for this file: it knows nothing of HTML's syntax and nothing of what is hidden. Linear in what it is given.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from maillab.views.safe import cells

Run = tuple[str, str]  # how it looks ("", "bold", "heading", "link", or one of those below), and text
Runs = tuple[Run, ...]

MARK = "mark"  # the number of a footnote
CELL = "cell"  # what stands between two cells of a table
QUOTE = "quote"  # what stands before a line of a quotation
TABLE_WIDTH = 110  # columns on the screen; a wider table is not aligned
BULLET = "• "
NESTED = 20  # levels of lists that are indented

_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_PADDING = re.compile(r" ?(?:[\xad\u034f\u200b-\u200d\u2007\u2060\ufeff] ?){4,}")  # once white space is folded
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass
class _List:
    """A list that is open; `number` is that of the next item, `None` for bullets."""

    number: int | None
    kind: str = "1"


@dataclass
class _Table:
    """A table that is open: the lines at which it and its row begin, the cells of that row.

    `is_simple`: each row is one line, and no other table stands in it.
    """

    first: int
    row: int
    cells: int = 0
    is_simple: bool = True


@dataclass
class Layout:
    """What was written so far. A blank line stands between paragraphs, one line break between lines.

    `look` is that of the words that come.
    """

    look: str = ""
    _lines: list[tuple[int, Runs]] = field(default_factory=list)  # that are whole: depth of quotation, and text
    _line: list[Run] = field(default_factory=list)  # pieces of the one that is being written
    _last: str = ""  # its last character
    _quotes: int = 0
    _lists: list[_List] = field(default_factory=list)
    _tables: list[_Table] = field(default_factory=list)

    def words(self, text: str) -> None:
        """Text whose white space is folded; invisible padding is one blank."""
        text = _PADDING.sub(" ", _SPACE.sub(" ", text)).replace("\0", "\ufffd")
        self._put(text.lstrip(" ") if self._last in ("", " ") else text)

    def lines(self, text: str) -> None:
        """Text whose white space is kept."""
        first, *others = text.replace("\0", "\ufffd").split("\n")
        self._put(first)
        for line in others:
            self._end_line()
            self._put(line)

    def mark(self, number: int) -> None:
        """The number of a footnote, behind the last word."""
        if self._line and self._line[-1][0] != CELL:
            look, text = self._line[-1]
            self._line[-1] = look, text.rstrip()
        self._put(f"[{number}]", MARK)

    def end_line(self, *, always: bool = False) -> None:
        """What follows stands on a line of its own; `always`: even if nothing stands on this one."""
        if not self._line and not always:
            self._last = ""
        elif any(look != CELL for look, _ in self._line) or (always and (not self._lines or self._lines[-1][1])):
            self._end_line()
        else:
            self._line, self._last = [], ""

    def end_paragraph(self) -> None:
        """What follows stands below a blank line."""
        self.end_line()
        if self._lines and self._lines[-1][1]:
            self._end_line()

    def rule(self) -> None:
        """A line across the page."""
        self._put("----")
        self._end_line()

    def quote(self, step: int) -> None:
        """A quotation begins (1) or ends (-1)."""
        self._quotes = max(0, self._quotes + step)

    # ── tables ──

    def begin_table(self) -> None:
        """A table begins, on a line of its own."""
        for outer in self._tables[-1:]:
            outer.is_simple = False
        self._tables.append(_Table(len(self._lines), len(self._lines)))

    def row(self) -> None:
        """The next row."""
        for table in self._tables[-1:]:
            self._end_row(table)

    def cell(self) -> None:
        """The next cell of a row."""
        for table in self._tables[-1:]:
            table.cells += 1
            if table.cells == 1:
                return
        self._put("  ", CELL)

    def end_table(self) -> None:
        """The innermost table ends: its cells come below one another, where each row is one line."""
        if not self._tables:
            return
        self.end_line()
        table = self._tables.pop()
        self._end_row(table)
        if table.is_simple:
            rows = self._lines[table.first :]
            aligned = _aligned([runs for _, runs in rows])
            self._lines[table.first :] = [(depth, runs) for (depth, _), runs in zip(rows, aligned, strict=True)]

    def _end_row(self, table: _Table) -> None:
        table.is_simple = table.is_simple and len(self._lines) <= table.row + 1
        table.row, table.cells = len(self._lines), 0

    # ── lists ──

    def begin_list(self, start: int | None, kind: str = "1") -> None:
        """A list begins, with bullets or (`start`) with numbers, which `kind` writes as 1, a, A, i or I."""
        self._lists.append(_List(start, kind))

    def end_list(self) -> None:
        """The innermost list ends."""
        if self._lists:
            self._lists.pop()

    def item(self, number: int | None = None) -> None:
        """The next item of the innermost list; `number` is its own where it has one."""
        self.end_line()
        margin = "  " * min(len(self._lists) - 1, NESTED)
        if not self._lists or self._lists[-1].number is None:
            self._put(margin + BULLET)
            return
        count = number if number is not None else self._lists[-1].number
        self._lists[-1].number = count + 1
        self._put(f"{margin}{_counted(count, self._lists[-1].kind)}. ")

    # ── what was written ──

    def text(self) -> str:
        """All lines, with the numbers of footnotes."""
        return "".join(f"{_text(line)}\n" for line in self.drawn())

    def unmarked(self) -> str:
        """All lines, without those numbers; brackets that the writer wrote stay."""
        return "".join(f"{_text(run for run in line if run[0] != MARK)}\n" for line in self.drawn())

    def drawn(self) -> list[Runs]:
        """All lines, with how their pieces look."""
        lines = [*self._lines, (self._quotes, _trimmed(self._line))]
        while lines and not lines[-1][1]:
            lines.pop()
        first = next((at for at, (_, runs) in enumerate(lines) if runs), 0)
        return [_quoted(depth, runs) for depth, runs in _levelled(lines[first:])]

    def _put(self, text: str, look: str | None = None) -> None:
        if text:
            self._line.append((self.look if look is None else look, text))
            self._last = text[-1]

    def _end_line(self) -> None:
        self._lines.append((self._quotes, _trimmed(self._line)))
        self._line, self._last = [], ""


def _text(runs: Iterable[Run]) -> str:
    return "".join(text for _, text in runs)


def _trimmed(runs: list[Run]) -> Runs:
    """Without blanks at the end."""
    while runs:
        look, text = runs[-1]
        if kept := text.rstrip():
            return (*runs[:-1], (look, kept))
        runs.pop()
    return ()


def _levelled(lines: list[tuple[int, Runs]]) -> list[tuple[int, Runs]]:
    """Blank lines belong to the shallower of the quotations above and below them."""
    levelled, below = [], 0
    for depth, runs in reversed(lines):
        below = depth if runs else min(depth, below)
        levelled.append((below, runs))
    above = 0
    for at, (depth, runs) in enumerate(reversed(levelled)):
        above = depth if runs else min(depth, above)
        lines[at] = (above, runs)
    return lines


def _quoted(depth: int, runs: Runs) -> Runs:
    while runs and runs[0] == (CELL, "  "):  # cells that hold nothing
        runs = runs[1:]
    if not depth:
        return runs
    return ((QUOTE, f"{'>' * depth}{' ' if runs else ''}"), *runs)


def _aligned(rows: Sequence[Runs]) -> list[Runs]:
    """The cells of rows below one another; rows as they are where they would become too wide.

    >>> _aligned([(("", "a"), (CELL, "  "), ("", "b")), (("", "long"), (CELL, "  "), ("", "c"))])[0]
    (('', 'a'), ('cell', '     '), ('', 'b'))
    """
    table = [_cells(row) for row in rows]
    widths: list[int] = []
    for row in table:
        widths += [0] * (len(row) - len(widths))
        widths[: len(row)] = map(max, widths, (cells(_text(cell)) for cell in row))
    if sum(widths) + 2 * len(widths) > TABLE_WIDTH:
        return list(rows)
    return [_padded(row, widths) for row in table]


def _cells(row: Runs) -> list[list[Run]]:
    split: list[list[Run]] = [[]]
    for run in row:
        if run[0] == CELL:
            split.append([])
        else:
            split[-1].append(run)
    return split


def _padded(row: list[list[Run]], widths: Sequence[int]) -> Runs:
    runs: list[Run] = []
    for cell, width in zip(row[:-1], widths, strict=False):
        runs += [*cell, (CELL, " " * (width - cells(_text(cell)) + 2))]
    return (*runs, *row[-1])


def _counted(number: int, kind: str) -> str:
    """The number of an item as its list writes numbers.

    >>> _counted(3, "1"), _counted(28, "a"), _counted(4, "I")
    ('3', 'ab', 'IV')
    """
    if kind not in ("a", "A", "i", "I") or not 0 < number < 400:
        return str(number)
    written = ""
    if kind in "aA":
        while number:
            number, rest = divmod(number - 1, 26)
            written = chr(97 + rest) + written
    else:
        for value, sign in _ROMAN:
            written += sign * (number // value)
            number %= value
    return written.upper() if kind in "AI" else written
