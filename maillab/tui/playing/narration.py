"""What a narrator says, always in as many lines: nothing below it moves when the next sentence is a longer one."""

from collections.abc import Sequence

from maillab.tui.looks.sink import Line, piece, wrapped

MOST = 4  # lines


def narration(words: str, all_words: Sequence[str], cells: int) -> list[Line]:
    """The words in so many cells, filled up to the height of the longest that are said in this session.

    >>> narration("one two", ["one two", "one two three"], 8)
    [(('heading', 'one two'),), ()]
    """
    height = min(MOST, max((len(_lines(said, cells)) for said in all_words), default=0))
    lines: list[Line] = [(piece("heading", line),) for line in _lines(words, cells)[:MOST]] if words else []
    return [*lines, *([()] * (height - len(lines)))]


def _lines(words: str, cells: int) -> list[str]:
    return [line for part in words.split("\n") for line in wrapped(part, cells)]
