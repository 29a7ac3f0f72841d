"""Fields as lines of so many cells: columns where there is room, else one below the other. For screens and for print.

Rules for this file: what comes out is safe; each piece has a role, and whoever shows it gives the role a look.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from maillab.views.fields.part import Across, Block, Part, Table, parts_of
from maillab.views.safe import cells, clip, safe

Role = Literal["text", "now", "meaning", "title"]
FieldLine = list[tuple[Role, str]]

GAPS = (4, 3, 2)  # between columns: the widest that fits
LEFT = 36  # cells of what stands in the line, where meanings stand beside it
NARROW = 46  # cells, below which a meaning stands under what it is of


def lines(blocks: Sequence[Block], width: int) -> list[FieldLine]:
    """All of them, with an empty line between two.

    >>> lines([Across((("10", "mx.test."),), ("preference", "host"))], 40)
    [[('text', '10            '), ('text', 'mx.test.')], [('meaning', 'preference    '), ('meaning', 'host')]]
    """
    made: list[FieldLine] = []
    for block in blocks:
        made += [[], *_block(block, width)] if made else _block(block, width)
    return made


def _block(block: Block, width: int) -> list[FieldLine]:
    head: list[FieldLine] = [[("title", safe(block.title))]] if block.title else []
    if isinstance(block, Across) and (columns := _columns(block, width)):
        return [*head, *columns]
    if isinstance(block, Table):
        return [*head, *(_table(block, width) or _row_by_row(block, width))]
    return [*head, *_below(parts_of(block), width)]


def _columns(block: Across, width: int) -> list[FieldLine]:
    """Rows, and the meanings below, the last of them broken where it has to be; [] where there is no room for this."""
    rows = [[safe(text) for text in row] for row in block.rows]
    meanings = [safe(text) for text in block.meanings]
    widths = [max(map(cells, column)) for column in zip(*rows, meanings, strict=True)]
    gap = next((gap for gap in GAPS if _total(widths, gap) <= width), 0)
    last = max([cells(row[-1]) for row in rows] + [len(word) for word in meanings[-1].split()])
    if not gap and _total([*widths[:-1], last], GAPS[-1]) <= width:
        gap, widths[-1] = GAPS[-1], width - _total([*widths[:-1], 0], GAPS[-1])
    if not gap:
        return []
    first, *others = wrapped(meanings[-1], widths[-1])
    indent = " " * (_total(widths[:-1], gap) + gap) if widths[1:] else ""
    return [
        *(_row("text", row, widths, gap) for row in rows),
        _row("meaning", [*meanings[:-1], first], widths, gap),
        *(_single("meaning", indent + words) for words in others),
    ]


def _table(block: Table, width: int) -> list[FieldLine]:
    """Headings, then rows, without as many spare columns as have no room; [] where there is no room for the others."""
    for spared in range(len(block.spare) + 1):
        table = block.without(block.spare[:spared])
        rows = [[safe(text) for text in row] for row in table.rows]
        headings = [safe(heading) for heading in table.headings]
        widths = [max(map(cells, column)) for column in zip(headings, *rows, strict=True)]
        gap = next((gap for gap in GAPS if _total(widths, gap) <= width), 0)
        if gap:
            return [_row("meaning", headings, widths, gap), *(_row("text", row, widths, gap) for row in rows)]
        if not rows[1:]:
            return []  # a single row has room below its headings, for all of it
    return []


def _row_by_row(block: Table, width: int) -> Iterator[FieldLine]:
    """Each row one below the other, with an empty line before the next."""
    for number, row in enumerate(block.rows):
        if number:
            yield []
        yield from _below(parts_of(block._replace(rows=(row,))), width)


def _single(role: Role, text: str) -> FieldLine:
    return [(role, text)]


def _total(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _row(role: Role, texts: Sequence[str], widths: Sequence[int], gap: int) -> FieldLine:
    *heads, last = texts
    padded = [text + " " * (size - cells(text) + gap) for text, size in zip(heads, widths, strict=False)]
    return [*((role, text) for text in padded), (role, last)]


def _below(parts: Sequence[Part], width: int) -> Iterator[FieldLine]:
    """What stands in the line at the left, its meaning beside it, or under it where that is too narrow."""
    texts = [safe(part.text) for part in parts]
    left = max((size for text in texts if (size := cells(text)) <= min(LEFT, width // 3)), default=0)
    for part, text in zip(parts, texts, strict=True):
        role: Role = "now" if part.now else "text"
        meaning = safe(part.meaning)
        if not meaning:
            yield [(role, text)]
        elif width < NARROW or cells(text) > left:
            yield [(role, clip(text, width) if width < NARROW else text)]
            indent = 2 if width < NARROW else left + 2
            yield from _told(" " * indent, "meaning", meaning, width)
        else:
            yield from _told(text + " " * (left + 2 - cells(text)), role, meaning, width)


def _told(head: str, role: Role, meaning: str, width: int) -> Iterator[FieldLine]:
    """The meaning, broken where it has to be, in a column of its own."""
    column = cells(head)
    for number, words in enumerate(wrapped(meaning, max(8, width - column))):
        yield [(role if not number else "meaning", head if not number else " " * column), ("meaning", words)]


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines of at most so many cells, broken at blanks where there are any.

    >>> wrapped("keep the mail and try again", 12)
    ['keep the', 'mail and try', 'again']
    """
    made: list[str] = []
    line = ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) > width:
            made.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
        while cells(line) > width:
            cut = next((n for n in range(min(width, len(line)), 0, -1) if cells(line[:n]) <= width), 1)
            made.append(line[:cut])
            line = line[cut:]
    return [*made, line] if line or not made else made
