"""What differs between two sessions, or between a conversation and the same one today: told so that one can read it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from maillab.tui.sink import Line, piece
from maillab.tui.texts import Texts

if TYPE_CHECKING:
    from maillab.recording.compare import ComparedRow

_LOOKS = {" ": "dim", "-": "bad", "+": "good"}
_SIGNS = {" ": " ", "-": "−", "+": "+"}


def difference_lines(title: str, first: str, second: str, rows: "Sequence[ComparedRow]", texts: Texts) -> list[Line]:
    """What stands only in the first, only in the second, and around it what is common; conversation by conversation."""
    lines: list[Line] = [(piece("heading", title),)]
    if not rows:
        return [*lines, (), (("good", "✓ "), ("plain", texts("compare.same"))), (("dim", texts("compare.what")),)]
    counted = texts(
        "compare.count", only=sum(row.mark == "-" for row in rows), new=sum(row.mark == "+" for row in rows)
    )
    lines += [
        (("plain", counted),),
        (("bad", "− "), piece("plain", texts("compare.only", name=first))),
        (("good", "+ "), piece("plain", texts("compare.only", name=second))),
    ]
    for row in rows:
        if row.mark == "@":
            lines += [(), (piece("bold", row.text),)]
        else:
            lines.append(
                (("plain", "  "), (_LOOKS[row.mark], f"{_SIGNS[row.mark]} "), piece(_LOOKS[row.mark], row.text))
            )
    return lines
