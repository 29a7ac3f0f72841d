"""What the terminal in the browser says, as textual-serve's script says it: lists of JSON, a word first.

Quiet. Whatever else is said ends the conversation.
"""

from dataclasses import dataclass

import msgspec

from maillab.web.numbers import whole_number

SMALLEST, LARGEST = 20, 500  # columns and rows
LONGEST_PING = 20  # signs: the script says a time in milliseconds


class Unheard(ValueError):  # noqa: N818 - said of what was said
    """Nobody who shows a terminal says this."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, the mouse, and what a terminal answers by itself."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The terminal has so many columns and rows, within bounds."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Pinged:
    """It wants to hear this again."""

    word: str


TerminalWord = Typed | Resized | Pinged


def heard(text: str) -> TerminalWord | None:
    """What was said; `None` for what changes nothing here. Raises `Unheard`.

    >>> heard('["stdin", "q"]'), heard('["resize", {"width": 1000000000, "height": -3}]'), heard('["focus"]')
    (Typed(octets=b'q'), Resized(columns=500, rows=20), None)
    """
    try:
        said = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unheard(str(error)) from None
    match said:
        case ["stdin", str(keys)]:
            return Typed(keys.encode("utf-8", "replace"))
        case ["resize", {"width": int(width), "height": int(height)}]:
            return Resized(within(width), within(height))
        case ["ping", str(word)] if len(word) <= LONGEST_PING:
            return Pinged(word)
        case ["focus"] | ["blur"]:
            return None
    raise Unheard("no word of a terminal")


def within(cells: int) -> int:
    """A width or a height that a terminal can have."""
    return max(SMALLEST, min(cells, LARGEST))


def size_in(width: str, height: str) -> Resized:
    """The size that an address says, within bounds; a usual one where it says none.

    >>> size_in("120", "x"), size_in("-1", "1e9")
    (Resized(columns=120, rows=24), Resized(columns=80, rows=24))
    """
    columns, rows = whole_number(width), whole_number(height)
    return Resized(80 if columns is None else within(columns), 24 if rows is None else within(rows))
