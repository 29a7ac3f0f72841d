"""Text in the room that there is."""

import pytest

from maillab.views.fitting import fitting


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
