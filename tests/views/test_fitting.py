"""Text in the room that there is."""

import pytest

from maillab.views.fitting import by_words, fitting


@pytest.mark.parametrize(
    ("width", "shown"), [(9, "one two"), (7, "one two"), (6, "one…"), (4, "one…"), (3, "on…"), (1, "…"), (0, "")]
)
def test_words_are_whole(width: int, shown: str) -> None:
    """All but a first one that has no room; never more cells than there are."""
    assert by_words("one two", width) == shown
    assert by_words("  onetwo", 6) == "  one…"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "One, with two: three; four. Five is here."),
        (30, "One, with two: three; four."),
        (24, "One, with two: three"),
        (15, "One, with two"),
        (5, "One"),
        (2, "O…"),
    ],
)
def test_what_fits_is_whole(width: int, shown: str) -> None:
    """Sentences, then parts of the first, and only then letters."""
    assert fitting("One, with two: three; four. Five is here.", width) == shown
