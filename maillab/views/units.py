"""Sizes and lengths of time: how they are written, the same in all languages, and read when people type them.

What is part of a sentence has its words in the catalogues instead (`Phrases.span`).
"""

import re

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_MOMENT = re.compile(r"((?:[0-9]{1,4}:){0,2})([0-9]{1,12}(?:\.[0-9]{1,9})?)(ms|s|min|m|h|d)?\Z", re.IGNORECASE)
_FARTHEST = 1e12  # seconds


def size(octets: int) -> str:
    """A number of octets in steps of a thousand.

    >>> size(512), size(1_500), size(26_214_400)
    ('512 B', '1.5 kB', '26.2 MB')
    """
    return f"{octets} B" if octets < 1000 else f"{octets / 1000:.1f} kB" if octets < 1e6 else f"{octets / 1e6:.1f} MB"


def duration(seconds: float) -> str:
    """How long something took, as short as it can be said.

    >>> duration(0.25), duration(12.34), duration(300), duration(330), duration(7200), duration(432388.65)
    ('250 ms', '12.3 s', '5 min', '5:30 min', '2 h', '5d 00:06:28')
    """
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return since(seconds) if hours >= 24 else f"{hours}:{minutes:02} h" if minutes else f"{hours} h"


def left(seconds: float) -> str:
    """A time that is still to wait: minutes and seconds, or hours and minutes.

    >>> left(8), left(300), left(7260)
    ('8 s', '5:00', '2:01 h')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02} h"


def clock(seconds: float) -> str:
    """A place in a recording, as on a player.

    >>> clock(12.34), clock(65.002), clock(3725)
    ('0:12.34', '1:05.00', '1:02:05')
    """
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{int(rest):02}" if hours else f"{minutes}:{rest:05.2f}"


def since(seconds: float) -> str:
    """A moment, counted from the beginning: thousandths matter in the first hour, days later.

    >>> since(0.1234), since(59.9996), since(3599.9999), since(3600), since(432388.65), since(-0.5)
    ('0.123', '60.000', '01:00:00', '01:00:00', '5d 00:06:28', '-0.500')
    """
    if round(seconds, 3) < 3600:
        return f"{seconds:.3f}"
    minutes, second = divmod(int(seconds + 0.0005), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"{days}d {hour:02}:{minute:02}:{second:02}" if days else f"{hour:02}:{minute:02}:{second:02}"


def time_of_day(seconds: float) -> str:
    """The same with thousandths through the first day, for a column of them.

    >>> time_of_day(0.1234), time_of_day(3600), time_of_day(432388.65)
    ('0.123', '01:00:00.000', '5d 00:06:28')
    """
    if round(seconds, 3) < 3600 or day(seconds):
        return since(seconds)
    whole = round(seconds, 3)
    return f"{since(int(whole))}.{round(whole % 1 * 1000):03}"


def day(seconds: float) -> int:
    """The days that have passed at a moment.

    >>> day(86399.9), day(432388.65)
    (0, 5)
    """
    return int((seconds + 0.0005) // 86400)


def seconds_of(text: str) -> float:
    """A length of time as it is typed: 12, 1.5s, 200ms, 2min, 2:30, 1:00:05. Raises `ValueError`.

    >>> seconds_of("1.5s"), seconds_of("2min"), seconds_of("2:30"), seconds_of("1:00:05")
    (1.5, 120.0, 150.0, 3605.0)
    """
    parts = _MOMENT.match(text.strip())
    if parts is None or (parts[1] and parts[3]):
        raise ValueError(f"{text} is not a line, a time or a mark: write 59, 1.5s, 2:30 or the name of a mark")
    total = float(parts[2]) * _SECONDS[(parts[3] or "").lower()]
    for place, number in enumerate(reversed(parts[1].split(":")[:-1]), 1):
        total += int(number) * 60.0**place
    if total > _FARTHEST:
        raise ValueError(f"{text} is too far away")
    return total
