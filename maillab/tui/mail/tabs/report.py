"""A delivery report (RFC 3464) as a table: each field, its value, and what it means."""

from collections.abc import Sequence

from maillab.tui.looks.sink import Line, fit, piece, wrapped
from maillab.tui.texts import Texts
from maillab.views.report import ReportField, meaning, read_report

WIDE = 76  # columns from which on the meaning stands beside the value
_NAME = 21  # columns of a field's name
_MOST = 200  # recipients that are shown


def report_lines(octets: bytes, texts: Texts, cells: int) -> list[Line]:
    """The fields of each recipient, what a reader wants to know first; then those about the message."""
    report = read_report(octets)
    groups = [group for group in (*report.recipients[:_MOST], report.about) if group]
    if not groups:
        return [(("dim", texts("report.empty")),)]
    longest = max(len(field.value) for group in groups for field in group)
    room = max(16, min(longest + 2, (cells - _NAME) // 2))
    lines: list[Line] = []
    for group in groups:
        lines += [()] if lines else []
        for field in group:
            lines += _row(field, texts, cells, room) if cells >= WIDE else _stacked(field, texts)
    return lines


def _row(field: ReportField, texts: Texts, cells: int, room: int) -> list[Line]:
    """Name, value and meaning beside one another, each wrapped in its column."""
    values = _column(field.value, room - 2)
    gloss = meaning(field, texts.lang)
    meanings = _column(gloss.text, cells - _NAME - room) if gloss is not None else []
    height = max(len(values), len(meanings))
    return [
        [
            ("client", fit(piece("", field.name)[1], _NAME - 1) + " " if row == 0 else " " * _NAME),
            (_style(field), fit(_at(values, row), room)),
            ("dim", _at(meanings, row)),
        ]
        for row in range(height)
    ]


def _stacked(field: ReportField, texts: Texts) -> list[Line]:
    """Where it is narrow: the meaning below the value."""
    gloss = meaning(field, texts.lang)
    head = ("client", fit(piece("", field.name)[1], _NAME - 1) + " ")
    lines: list[Line] = [[head, piece(_style(field), field.value)]]
    return [*lines, [("dim", " " * _NAME), ("dim", gloss.text)]] if gloss is not None else lines


def _column(text: str, cells: int) -> list[str]:
    return wrapped(piece("", text)[1], max(8, cells))


def _at(rows: Sequence[str], row: int) -> str:
    return rows[row] if row < len(rows) else ""


def _style(field: ReportField) -> str:
    """What the report comes to is coloured as an answer of a server would be."""
    match field.name.lower():
        case "action":
            return {"failed": "bad", "delayed": "warn"}.get(field.value.partition(" ")[0].lower(), "good")
        case "status":
            return {"5": "bad", "4": "warn", "2": "good"}.get(field.value.strip()[:1], "plain")
        case "final-recipient":
            return "bold"
        case _:
            return "plain"
