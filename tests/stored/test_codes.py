"""One-time codes, as programs write them."""

import pytest

from maillab.stored.codes import find_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your code is 123456.", "123456"),
        ("Your verification code: 482 910", "482910"),
        ("123-456 is your one-time code", "123456"),
        ("G-482910 is your verification code.", "482910"),
        ("Order 20391 of 2026 for 30.50.\nYour PIN:\n\n    7731\n\nValid for 10 minutes.", "7731"),
        ("Mã xác nhận của bạn là 904112", "904112"),
        ("Use X7K9Q2 to sign in", "X7K9Q2"),
        ("Enter 604513 to go on", "604513"),
        ("In 2026 we sent 5512", "5512"),
        ("Your code\n\n1234\n\nIt expires at 10:30, call +84 123456789", "1234"),
        ("Reset: https://x.test/reset?token=123456 within 24 hours", ""),
        ("Write to 123456@x.test, pay $1234 or 1,234.50", ""),
        ("Hello Bob", ""),
        ("", ""),
    ],
)
def test_find(text, code):
    """The code is found where it is named, however it is grouped; prices, years, links and addresses are no codes."""
    assert find_code(text) == code


def test_long_text():
    """A long text without a code is looked at once, and quickly."""
    assert find_code("code 1-" * 100_000) == ""
