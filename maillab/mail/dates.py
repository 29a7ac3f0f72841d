"""The date of a message, as strangers write it (RFC 5322 §3.3; obsolete forms, §4.3). Nothing raises."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from maillab.mail.decode import without_comments

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_USUAL = re.compile(  # as most programs write it, without second 60: it is read in a third of the time
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([1-9][0-9]{{3}})"
    r" ([0-9]{2}):([0-9]{2}):([0-5][0-9]) ([+-])([0-9]{2})([0-9]{2})"
)
_CLOCK = re.compile(r"\b([0-9]{1,2}:[0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?(?![0-9:])")


def written(date: str) -> tuple[float | None, str]:
    """The moment of a date, as `moment` gives it, and the day that its writer had: "" for what is no date.

    >>> written("Thu, 1 Jan 1970 00:30:00 +1100")
    (-37800.0, '1970-01-01')
    """
    read = _read(date)
    return _moment(read), (read[0].date().isoformat() if read else "")


def moment(date: str) -> float | None:
    """A date of a header in seconds since 1970; `None` for what is none (T244).

    Comments and fractions of a second are read; second 60 is the first of the next minute (RFC 5322 §3.3).

    >>> moment("Thu, 1 Jan 1970 (new year) 00:01:00.5 +0000"), moment("yesterday")
    (60.5, None)
    """
    return _moment(_read(date))


def _moment(read: tuple[datetime, float] | None) -> float | None:
    if read is None:
        return None
    day, beyond = read
    try:
        at = day.timestamp() + beyond
        datetime.fromtimestamp(at, UTC)  # a zone can lead out of the years that there are
        return at
    except (ValueError, OverflowError, OSError):
        return None


def _read(date: str) -> tuple[datetime, float] | None:
    """The date, and seconds beyond it."""
    if usual := _USUAL.fullmatch(date):
        return _of_usual(*usual.groups())
    text = " ".join(without_comments(date[:200]).split()).replace(" :", ":").replace(": ", ":")  # RFC 5322 §4.3
    text = text.replace(" ,", ",")[:100]
    beyond = 0.0
    if clock := _CLOCK.search(text):
        leap = clock[2] == "60"
        beyond = leap + float(clock[3] or 0)
        text = f"{text[: clock.start()]}{clock[1]}:{'59' if leap else clock[2]}{text[clock.end() :]}"
    try:
        day = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return (day if day.tzinfo else day.replace(tzinfo=UTC)), beyond  # -0000: RFC 5322 §3.3


def _of_usual(
    day: str, month: str, year: str, hour: str, minute: str, second: str, sign: str, hours: str, minutes: str
) -> tuple[datetime, float] | None:
    east = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(east if sign == "+" else -east) if east else UTC  # -0000: RFC 5322 §3.3
        number = _MONTHS.index(month) + 1
        return datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone), 0.0
    except (ValueError, OverflowError):
        return None
