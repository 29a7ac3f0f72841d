"""Long lines on a terminal: broken between words, and set in; in a file or a pipe a line stays one line."""

import os
import re
from typing import TextIO

from maillab.views.safe import cells

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WORD = re.compile(r" *[^ ]+")
NARROW = 20  # columns, below which a terminal breaks lines itself


def columns(stream: TextIO) -> int:
    """How wide the terminal is now that a stream writes to; 0 where it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):  # closed, or in memory
        return 0


def wrapped(line: str, width: int, margin: int = 0) -> str:
    """The line, safe and perhaps in colours, in rows of so many columns; those after the first begin at the margin.

    >>> print(wrapped("S: 250 one two three four", 20, 3))
    S: 250 one two three
       four
    >>> wrapped("not for a terminal", 0)
    'not for a terminal'
    """
    if width < NARROW or (len(line) <= width and line.isascii()):
        return line
    margin = margin if margin <= width // 2 else 1
    rows, used = "", 0
    for found in _WORD.finditer(line):
        word = found[0]
        length = cells(_COLOUR.sub("", word))
        if used > margin and used + length > width:
            word = word.lstrip(" ")
            rows, used = f"{rows}\n{' ' * margin}", margin
            length = cells(_COLOUR.sub("", word))
        rows, used = rows + word, used + length
    return rows
