"""The right side of the title."""

import pytest

from maillab.tui.sink import width
from maillab.tui.title_words import TitleWord, fitted

WORDS = [
    TitleWord("warn", ("INSECURE ON PURPOSE", "INSECURE"), 2),
    TitleWord("good", ("● LIVE",), 3),
    TitleWord("warn", ("TEMP",), 2),
    TitleWord("bad", ("REC 02:10", "REC"), 2),
    TitleWord("dim", ("Fri 4 Dec 08:05  +5 d", "Fri 08:05  +5 d", "08:05 +5 d", "08:05", ""), 1),
]


def said(cells, words=WORDS):
    return "".join(text for _, text in fitted(words, cells))


def test_all_of_it():
    """Where there is room everything is said, and a blank stands at the edge."""
    assert said(80) == "INSECURE ON PURPOSE  ● LIVE  TEMP  REC 02:10  Fri 4 Dec 08:05  +5 d "


def test_what_is_shortened_first():
    """The clock, then the others; the state itself stays."""
    assert said(60) == "INSECURE ON PURPOSE  ● LIVE  TEMP  REC 02:10  08:05 +5 d "
    assert said(40) == "INSECURE  ● LIVE  TEMP  REC 02:10 "
    assert said(30) == "INSECURE  ● LIVE  TEMP  REC "
    assert "● LIVE" in said(1)


@pytest.mark.parametrize("cells", range(28, 90, 3))
def test_it_fits(cells):
    """At every size, as long as the shortest of all has room."""
    assert width(fitted(WORDS, cells)) <= cells
