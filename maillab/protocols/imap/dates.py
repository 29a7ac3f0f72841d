"""Dates of IMAP (RFC 9051 §9): a day, 1-Feb-1994, and a moment, " 1-Feb-1994 21:52:25 -0800"."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from maillab.protocols.imap.lexer import BadSyntax

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER_OF = {name.lower().encode("ascii"): number for number, name in enumerate(_MONTHS, 1)}
_DAY = re.compile(rb"([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})")
_MOMENT = re.compile(
    rb"([ 0-9]?[0-9])-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)
LATEST = 253402300799.0  # the last second of the year 9999


def parse_day(octets: bytes) -> date:
    """Read a day, without quotes. Raises `BadSyntax`.

    >>> parse_day(b"1-Feb-1994")
    datetime.date(1994, 2, 1)
    """
    match = _DAY.fullmatch(octets)
    try:
        if match:
            return date(int(match[3]), _NUMBER_OF[match[2].lower()], int(match[1]))
    except (KeyError, ValueError):
        pass  # no such month, or no such day in it
    raise BadSyntax("A date is said like this: 1-Feb-1994")


def parse_moment(octets: bytes) -> float:
    """Read a moment, without quotes, as seconds since 1970. Raises `BadSyntax`.

    >>> parse_moment(b" 1-Jan-1970 01:00:00 +0100"), parse_moment(b"17-Jul-1996 02:44:25 -0700")
    (0.0, 837596665.0)
    """
    match = _MOMENT.fullmatch(octets)
    try:
        if match:
            zone = timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == b"-" else 1)
            said = datetime(
                int(match[3]), _NUMBER_OF[match[2].lower()], int(match[1]), int(match[4]), int(match[5]),
                min(59, int(match[6])), tzinfo=timezone(zone),
            )  # fmt: skip
            return said.timestamp()
    except (KeyError, ValueError, OverflowError):
        pass  # no such month, day, hour or zone
    raise BadSyntax('A date and time is said like this: "17-Jul-1996 02:44:25 -0700"')


def moment(seconds: float) -> bytes:
    """Seconds since 1970 as a moment, with its quotes; of no year that a date can have, the nearest that it can.

    >>> moment(0.0), moment(1e30)
    (b'" 1-Jan-1970 00:00:00 +0000"', b'"31-Dec-9999 23:59:59 +0000"')
    """
    when = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(min(max(seconds, 0.0), LATEST)))
    return (
        f'"{when.day:2}-{_MONTHS[when.month - 1]}-{when.year:04} '
        f'{when.hour:02}:{when.minute:02}:{when.second:02} +0000"'
    ).encode("ascii")
