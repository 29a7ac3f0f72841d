"""What may stand behind a colon."""

import pytest

from maillab.views.filter_values import Value, WrongValueError
from maillab.views.pattern import PatternError


@pytest.mark.parametrize(
    ("pattern", "name", "is_it"),
    [
        ("submit-1", "Submit-1", True),
        ("submit-1", "submit-10", False),
        ("submit-*", "submit-", True),
        ("*-1", "relay-1", True),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "aXc", False),
        ("ab*ba", "aba", False),
        ("*", "", True),
    ],
)
def test_names(pattern, name, is_it):
    """A name is the whole name; a star stands for any characters."""
    assert Value(pattern).name_test()(name) is is_it


def test_stars_do_not_hang():
    """Many stars on a long name are tried once each."""
    assert not Value("a*" * 300 + "b").name_test()("a" * 100_000)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1", 1), ("1.5s", 1.5), ("200ms", 0.2), ("2m", 120), ("1H", 3600), ("1d", 86400)]
)
def test_moments(text, seconds):
    """A moment is a number with its unit, seconds where none is said."""
    assert Value(text).moment() == seconds


@pytest.mark.parametrize("value", [Value(""), Value("-1"), Value("1e9"), Value("9" * 20), Value("1", is_pattern=True)])
def test_what_is_no_moment(value):
    """Anything else is refused."""
    with pytest.raises(WrongValueError):
        value.moment()


def test_choices_and_texts():
    """A word of a list, in any case; a text or a pattern, found anywhere."""
    assert Value("Relay").choice("submit", "relay") == "relay"
    with pytest.raises(WrongValueError, match="possible here: submit, relay"):
        Value("relay", is_pattern=True).choice("submit", "relay")
    assert Value("CHÀO").text_test()("Xin cha\u0300o")
    assert Value("^x", is_pattern=True).text_test()("Xin")
    with pytest.raises(PatternError):
        Value("(", is_pattern=True).name_test()
