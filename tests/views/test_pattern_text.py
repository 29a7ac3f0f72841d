"""How a pattern is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.pattern_text import LONGEST, PatternError, read_pattern


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("(a", 1),
        ("ab)", 3),
        ("[a", 1),
        ("*a", 1),
        ("a**", 3),
        ("a++", 3),
        ("(?=a)", 2),
        (r"(a)\1", 4),
        ("a{3,2}", 2),
        ("a{1,101}", 2),
        ("a\\", 3),
        ("[b-a]", 2),
        ("^*", 2),
        ("((((((((((((((((((((((a", 21),
        ("a" * (LONGEST + 1), LONGEST + 1),
    ],
)
def test_what_is_no_pattern(text, column):
    """What is wrong is named with its column."""
    with pytest.raises(PatternError) as caught:
        read_pattern(text)
    assert caught.value.column == column


@given(st.text("a()[]{}|*+?^$\\\\-,1d", max_size=30))
def test_every_text_is_a_pattern_or_an_error(text):
    """Nothing but `PatternError` is raised, and its column is in the text or right behind it."""
    try:
        read_pattern(text)
    except PatternError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - an error is allowed, not required
