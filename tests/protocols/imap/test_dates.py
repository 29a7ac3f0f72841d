"""Days and moments."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.dates import moment, parse_day, parse_moment
from maillab.protocols.imap.lexer import BadSyntax


@pytest.mark.parametrize(
    ("octets", "day"),
    [(b"1-Feb-1994", date(1994, 2, 1)), (b"01-fEB-1994", date(1994, 2, 1)), (b"29-Feb-2024", date(2024, 2, 29))],
)
def test_days(octets, day):
    """A day has an English month in any case."""
    assert parse_day(octets) == day


@pytest.mark.parametrize(
    "octets",
    [b"", b"30-Feb-2024", b"1-Feb-94", b"1-Feb-0000", b"1 Feb 1994", b"0-Jan-2000", b"1-Tet-2000", b"1-Feb-19944"],
)
def test_no_days(octets):
    """What the calendar has not is bad syntax."""
    with pytest.raises(BadSyntax):
        parse_day(octets)


@pytest.mark.parametrize(
    ("octets", "seconds"),
    [
        (b" 1-Jan-1970 00:00:00 +0000", 0),
        (b"1-Jan-1970 00:00:01 +0000", 1),
        (b"01-Jan-1970 07:00:00 +0700", 0),
        (b"31-Dec-1969 19:00:00 -0500", 0),
        (b"30-Jun-2015 23:59:60 +0000", 1435708799),  # a leap second
    ],
)
def test_moments(octets, seconds):
    """A moment has a zone."""
    assert parse_moment(octets) == seconds


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b" 1-Jan-1970 00:00:00",
        b" 1-Jan-1970 25:00:00 +0000",
        b" 1-Jan-1970 00:00:00 +9999",
        b" 1-Jan-0001 00:00:00 +2359x",
        b"1-1-1970 00:00:00 +0000",
    ],
)
def test_no_moments(octets):
    """What the clock has not is bad syntax."""
    with pytest.raises(BadSyntax):
        parse_moment(octets)


@given(st.integers(0, 253402300799))
def test_there_and_back(seconds):
    """A moment that is told is read as it was."""
    assert parse_moment(moment(float(seconds)).strip(b'"')) == seconds


@pytest.mark.parametrize("seconds", [-1e30, -1.0, 1e30])
def test_beyond_the_calendar(seconds):
    """A file may be of any year; it is told as one that a date can have."""  # T244
    parse_moment(moment(seconds).strip(b'"'))
