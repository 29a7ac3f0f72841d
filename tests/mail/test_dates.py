"""Dates of strangers: every form of RFC 5322, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.dates import moment, written


@pytest.mark.parametrize(
    "date",
    [
        "", "x", "Mon, 1 Jan 99999999999 00:00:00 +0000", "Mon, 1 Jan 2024 00:00:00 +99999999999999999",
        "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 1 Jan 0001 00:00:00 +2359",
        "1 Jan 2024", "Mon, 1 Jan 2024 25:61:61 +0000", "(" * 100, "\x00",
    ],
)  # fmt: skip
def test_dates_that_are_none(date):
    """A date that cannot be read is none, and nothing fails."""  # T244
    found = moment(date)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 1 Jan 1970 00:01:00 +0000", "1 Jan 1970 00:01 GMT", "Thu, 01 Jan 70 00:01:00 UT",
        "Thu (day), 1 (x) Jan 1970 00(h):   01  :  00 (z (y)) +0000 (UTC)", "Wed, 31 Dec 1969 19:01:00 EST",
        "Thu,\t1 Jan 1970 00:00:60 +0000",
    ],
)  # fmt: skip
def test_forms_of_a_date(date):
    """Comments, blanks around colons, old zones and years of two digits are read (RFC 5322 4.3)."""
    assert moment(date) == 60.0


def test_dates_without_a_zone():
    """A date of zone -0000 is of UTC, wherever the reader sits."""
    assert moment("Thu, 1 Jan 1970 00:01:00 -0000") == 60.0


def test_the_day_of_its_writer():
    """The day is the one that stands in the date, wherever the reader sits."""
    clocks = ("00:00:01 +1400", "23:59:59 -1200", "12:00 nowhere")
    assert {written(f"Mon, 30 Nov 2026 {clock}")[1] for clock in clocks} == {"2026-11-30"}
    assert written("Thu, 1 Jan 1970 00:01:00 +0000") == (60.0, "1970-01-01")
    assert written("never") == (None, "")


@given(st.text(max_size=200))
def test_any_text(text):
    """Any text is a date or none."""
    assert (moment(text) is None) or written(text)[1]


@given(
    st.sampled_from(["", "Mon, ", "Sun, "]),
    st.integers(0, 99),
    st.sampled_from(["Jan", "Feb", "Nov", "nov"]),
    st.one_of(st.integers(1000, 9999), st.sampled_from([0, 68, 99, 1969, 1970, 2026])),
    st.lists(st.integers(0, 99), min_size=3, max_size=3),
    st.integers(-9999, 9999),
)
def test_the_usual_form_is_read_as_every_other(weekday, day, month, year, clock, zone):
    """A comment makes a date unusual, and no other date."""
    hour, minute, second = clock
    date = f"{weekday}{day} {month} {year:04} {hour:02}:{minute:02}:{second:02}"
    assert written(f"{date} {zone:+05}") == written(f"{date} (odd) {zone:+05}")
