"""What differs between two sessions, or between a conversation and the same one today: told so that one can read it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from maillab.tui.looks.sides import as_in_the_wire
from maillab.tui.looks.sink import Line, piece
from maillab.tui.texts import Texts

if TYPE_CHECKING:
    from maillab.recording.compare import ComparedRow

_LOOKS = {" ": "dim", "-": "bad", "+": "good"}
_SIGNS = {" ": " ", "-": "−", "+": "+"}
AROUND = 2  # lines that are common, before and behind a difference


def difference_lines(first: str, second: str, rows: "Sequence[ComparedRow]", texts: Texts) -> list[Line]:
    """What stands only in the first, only in the second, and around it what is common; conversation by conversation."""
    if not rows:
        return [(("good", "✓ "), ("plain", texts("compare.same"))), (("dim", texts("compare.what")),)]
    counts = {mark: sum(row.mark == mark for row in rows) for mark in "-+"}
    lines: list[Line] = [
        (("bad", "− "), piece("plain", texts("compare.only", name=first, count=counts["-"]))),
        (("good", "+ "), piece("plain", texts("compare.only", name=second, count=counts["+"]))),
    ]
    for number, row in enumerate(rows):
        if row.mark == "@":
            lines += [(), (piece("bold", row.text),)]
        elif row.mark != " " or _is_near(rows, number):
            look = _LOOKS[row.mark]
            lines.append((("plain", "  "), (look, f"{_SIGNS[row.mark]} "), piece(look, as_in_the_wire(row.text))))
        elif _is_near(rows, number - 1) or rows[number - 1].mark == "@":
            lines.append((("dim", "    ⋯"),))
    return lines


def _is_near(rows: "Sequence[ComparedRow]", number: int) -> bool:
    """Is a difference so near that this line helps to understand it?"""
    return any(row.mark in "+-" for row in rows[max(0, number - AROUND) : number + AROUND + 1])
