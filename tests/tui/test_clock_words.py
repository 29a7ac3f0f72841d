"""The clock of the lab in words."""

from datetime import datetime

import pytest

from maillab.tui.clock_words import lab_clock, turned_words
from maillab.tui.texts import Texts

FRIDAY = datetime(2026, 12, 4, 8, 5).astimezone().timestamp()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Fri 4 Dec 08:05  +5 d", "Fri 08:05  +5 d", "08:05 +5 d", "08:05")),
        ("vi", ("T6 4/12 08:05  +5 d", "T6 08:05  +5 d", "08:05 +5 d", "08:05")),
    ],
)
def test_day_and_time(lang, words):
    """The day, the time, and how many days it was turned; shorter and shorter."""
    assert lab_clock(FRIDAY, 432_000.0, Texts(lang)) == words


def test_a_clock_that_was_not_turned():
    """It says nothing of a turn."""
    assert lab_clock(FRIDAY, 0.0, Texts("en"))[0] == "Fri 4 Dec 08:05"


def test_every_day_and_month_has_a_name():
    """Seven days and twelve months, in both languages."""
    for lang in ("en", "vi"):
        texts = Texts(lang)
        assert len(texts("clock.days").split()) == 7
        assert len(texts("clock.months").split()) == 12


@pytest.mark.parametrize(
    ("seconds", "words"), [(30, "+30 s"), (300, "+5 min"), (86_400, "+1 d"), (90_000, "+1 d"), (129_600, "+1.5 d")]
)
def test_how_far_it_was_turned(seconds, words):
    """In its largest unit."""
    assert turned_words(seconds) == words
