"""Complaints that point at their place."""

from maillab.views.pointed import SHOWN, pointed


def test_the_caret_stands_under_the_column() -> None:
    """Whatever is before it is made safe, and as wide as it is shown."""
    assert pointed("no", "ab\x1bc", 4) == "no\n  ab␛c\n     ^"
    assert pointed("no", "日c", 2) == "no\n  日c\n    ^"
    assert pointed("no", "ab", 3) == "no\n  ab\n    ^"


def test_a_long_expression_is_cut_on_both_sides() -> None:
    """The place itself is always seen."""
    _, shown, caret = pointed("no", "a" * 500 + "X" + "b" * 500, 501).split("\n")
    assert shown[len(caret) - 1] == "X"
    assert len(shown) < 2 * SHOWN
