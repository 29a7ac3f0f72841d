"""The clock of the lab in words: day and time, and how far a person has turned it forward.

Rules for this file: no clock of its own; the moment comes in, and what is said fits where it is wanted.
"""

from datetime import datetime

from maillab.tui.texts import Texts

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def lab_clock(now: float, turned: float, texts: Texts) -> tuple[str, ...]:
    """The moment, from the longest way to say it to the shortest.

    >>> [len(words) for words in lab_clock(1_700_000_000.0, 432_000.0, Texts("en"))]
    [22, 15, 10, 5]
    """
    moment = datetime.fromtimestamp(now).astimezone()
    day = texts("clock.days").split()[moment.weekday()]
    time, on = f"{moment:%H:%M}", turned_words(turned)
    gap = "  " if on else ""
    date = texts("clock.date", day=day, date=moment.day, month=texts("clock.months").split()[moment.month - 1])
    return f"{date} {time}{gap}{on}", f"{day} {time}{gap}{on}", f"{time}{gap[1:]}{on}", time


def turned_words(seconds: float) -> str:
    """How far the clock was turned, in its largest unit; "" where it was not.

    >>> turned_words(432_000), turned_words(5_400), turned_words(60), turned_words(0)
    ('+5 d', '+1.5 h', '+1 min', '')
    """
    for size, unit in _UNITS:
        if seconds >= size:
            return f"+{f'{seconds / size:.1f}'.removesuffix('.0')} {unit}"
    return ""
