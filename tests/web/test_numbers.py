"""Numbers in what strangers ask for."""

import pytest

from maillab.web.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), ("99999999999", 99_999_999_999)])
def test_a_number(text, number):
    """Digits of ASCII."""
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " 1", "1\n", "+1", "-1", "1.0", "1e9", "0x1", "1_0", "٣", "²", "9" * 12, "9" * 10_000]
)
def test_no_number(text):
    """Anything else is none, whatever `int` makes of it, and however long it is."""
    assert whole_number(text) is None
