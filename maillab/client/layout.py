"""Text on lines: paragraphs, lists, quotations, table cells and preformatted text, as far as plain text has them.

Rules for this file: it knows nothing of HTML's syntax and nothing of what is hidden. Linear in what it is given.
"""

import re
from dataclasses import dataclass, field

BULLET = "• "
NESTED = 20  # levels of lists that are indented

_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_PADDING = re.compile(r" ?(?:[\xad\u034f\u200b-\u200d\u2007\u2060\ufeff] ?){4,}")  # once white space is folded
_MARK = re.compile(r"\0\[\d+\]\0")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass
class _List:
    """A list that is open; `number` is that of the next item, `None` for bullets."""

    number: int | None
    kind: str = "1"


@dataclass
class Layout:
    """What was written so far. A blank line stands between paragraphs, one line break between lines."""

    _lines: list[tuple[int, str]] = field(default_factory=list)  # that are whole: depth of quotation, and text
    _line: list[str] = field(default_factory=list)  # pieces of the one that is being written
    _last: str = ""  # its last character
    _quotes: int = 0
    _lists: list[_List] = field(default_factory=list)

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
        if self._line:
            self._line[-1] = self._line[-1].rstrip()
        self._put(f"\0[{number}]\0")

    def end_line(self, *, always: bool = False) -> None:
        """What follows stands on a line of its own; `always`: even if nothing stands on this one."""
        if self._line or (always and (not self._lines or self._lines[-1][1])):
            self._end_line()

    def end_paragraph(self) -> None:
        """What follows stands below a blank line."""
        self.end_line()
        if self._lines and self._lines[-1][1]:
            self._end_line()

    def cell(self) -> None:
        """The next cell of a row."""
        if self._line:
            self._put("  ")

    def rule(self) -> None:
        """A line across the page."""
        self._put("----")
        self._end_line()

    def quote(self, step: int) -> None:
        """A quotation begins (1) or ends (-1)."""
        self._quotes = max(0, self._quotes + step)

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

    def text(self) -> str:
        """All lines, with the marks of footnotes."""
        return self._whole().replace("\0", "")

    def unmarked(self) -> str:
        """All lines, without the marks; brackets that the writer wrote stay."""
        return _MARK.sub("", self._whole())

    def _whole(self) -> str:
        lines = [*self._lines, (self._quotes, "".join(self._line).rstrip())]
        while lines and not lines[-1][1]:
            lines.pop()
        first = next((at for at, (_, text) in enumerate(lines) if text), 0)
        written = [_quoted(depth, text) for depth, text in _levelled(lines[first:])]
        return "".join(f"{line}\n" for line in written)

    def _put(self, text: str) -> None:
        if text:
            self._line.append(text)
            self._last = text[-1]

    def _end_line(self) -> None:
        self._lines.append((self._quotes, "".join(self._line).rstrip()))
        self._line, self._last = [], ""


def _levelled(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Blank lines belong to the shallower of the quotations above and below them."""
    levelled, below = [], 0
    for depth, text in reversed(lines):
        below = depth if text else min(depth, below)
        levelled.append((below, text))
    above = 0
    for at, (depth, text) in enumerate(reversed(levelled)):
        above = depth if text else min(depth, above)
        lines[at] = (above, text)
    return lines


def _quoted(depth: int, text: str) -> str:
    return f"{'>' * depth} {text}".rstrip() if depth else text


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
