"""Sizes and lengths of time, written and read."""

import pytest

from maillab.views.units import clock, duration, left, seconds_of, size


def test_sizes():
    """Steps of a thousand; what is under a thousand is exact."""
    assert [size(octets) for octets in (0, 999, 1000, 999_949, 1_000_000)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "999.9 kB",
        "1.0 MB",
    ]


def test_lengths():
    """How long it took, and how long is still to wait."""
    assert [duration(seconds) for seconds in (0.004, 1, 59.9, 60, 330, 3600, 5400)] == [
        "4 ms", "1.0 s", "59.9 s", "1 min", "5:30 min", "1 h", "1:30 h",
    ]  # fmt: skip
    assert [left(seconds) for seconds in (0, 59, 60, 3599, 3600)] == ["0 s", "59 s", "1:00", "59:59", "1:00 h"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("1.5s", 1.5),
        ("2:30", 150.0),
        ("1:00:05", 3605.0),
        ("200ms", 0.2),
        ("2m", 120),
        ("1H", 3600),
        ("1d", 86400),
    ],
)
def test_moments(text, seconds):
    """A moment is typed as a person thinks of it."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "-1", "1:2:3:4", "1::2", "1e5", "nan", "inf", "..", "9" * 400, "x", "1:30min", "9" * 12 + "d"]
)
def test_no_moments(text):
    """Anything else is refused in words."""
    with pytest.raises(ValueError, match=r".+"):
        seconds_of(text)


def test_clock():
    """Seconds, minutes, hours."""
    assert [clock(seconds) for seconds in (0, 59.99, 61, 3_599, 36_000)] == [
        "0:00.00", "0:59.99", "1:01.00", "59:59.00", "10:00:00",
    ]  # fmt: skip
