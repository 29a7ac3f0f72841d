"""What the terminal in the browser says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.web.terminal.heard import LARGEST, LONGEST_PING, SMALLEST, Pinged, Resized, Typed, Unheard, heard, size_in


def test_words():
    """Keys, sizes, and a word that it wants to hear again; of the focus the terminal itself tells."""
    assert heard('["stdin", "Ch\\u00e0o\\u001b[A"]') == Typed("Chào\x1b[A".encode())
    assert heard('["resize", {"width": 120, "height": 40}]') == Resized(120, 40)
    assert heard('["ping", "1796089709000"]') == Pinged("1796089709000")
    assert heard('["focus"]') is None


@pytest.mark.parametrize(
    "text",
    ['{"a":1}', "[]", '["stdin"]', '["stdin", 1]', '["stdin", "a", "b"]', '["resize", {"width": "1", "height": 1}]',
     '["resize", {}]', '["ping", "%s"]' % ("1" * (LONGEST_PING + 1)), '["ping", 17]', "[" * 100_000, '{"a":' * 100_000, "", "null", "NaN", '["x"]',
     '["resize", {"width": 1e400, "height": 1}]', '["stdin", "\\ud800"]', "\x00"],
)  # fmt: skip
def test_what_is_no_word(text):
    """T289: it is refused, whatever it is."""
    with pytest.raises(Unheard):
        heard(text)


@pytest.mark.parametrize("size", ["1000000000", "-1", "0", "x", "", "4000", "1e9", "٣٣", "9" * 100])
def test_sizes_of_an_address(size):
    """T288: whatever it says, the terminal is one that can be."""
    found = size_in(size, size)
    assert SMALLEST <= found.columns <= LARGEST
    assert SMALLEST <= found.rows <= LARGEST


@given(st.integers(), st.integers())
def test_sizes(width, height):
    """T288: so is one that is told later."""
    found = heard(f'["resize", {{"width": {width}, "height": {height}}}]') if abs(width | height) < 1 << 62 else None
    assert found is None or (SMALLEST <= found.columns <= LARGEST and SMALLEST <= found.rows <= LARGEST)


@given(st.text(max_size=40))
def test_any_text(text):
    """It is a word, or it is refused."""
    try:
        heard(text)
    except Unheard:
        pass
