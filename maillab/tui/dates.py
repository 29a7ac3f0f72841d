"""The date of something in a list, in the same words wherever the window says one.

Rules for this file: no Textual, no clock; it says nothing of a moment that no calendar has.
"""

from datetime import datetime

from maillab.tui.texts import Texts

WIDE = 12  # cells of the widest


def local(seconds: float | None) -> datetime | None:
    """A moment in local time; `None` for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds).astimezone() if seconds is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def date(seconds: float | None, now: float, texts: Texts) -> str:
    """Day, month and time of day where the reader is; in another year than now the year, and "" for no date.

    >>> date(None, 0.0, Texts("en"))
    ''
    """
    moment, today = local(seconds), local(now)
    if moment is None:
        return ""
    clock = f"{moment:%H:%M}" if today is None or moment.year == today.year else f"{moment.year}"
    month = texts("clock.months").split()[moment.month - 1]
    return texts("date.day", day=f"{moment.day:>2}", month=month, clock=clock)
