"""Names with stars in them."""

import pytest

from maillab.rules.glob import matches


@pytest.mark.parametrize(
    ("pattern", "name", "is_meant"),
    [
        ("bob", "BOB", True),
        ("bob", "bobby", False),
        ("", "", True),
        ("", "x", False),
        ("*", "", True),
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("ab*ba", "aba", False),
        ("*a*b*", "xxaxxbxx", True),
        ("*b*a*", "ab", False),
        ("điện*", "ĐIỆN thoại", True),
    ],
)
def test_a_star_stands_for_any_characters(pattern: str, name: str, is_meant: bool) -> None:
    """Also for none; what stands between stars is there in its order, and never counted twice."""
    assert matches(pattern, name) is is_meant


def test_a_hostile_pattern_costs_little() -> None:
    """Many stars are as quick as one."""
    assert not matches("*a" * 500 + "*b", "a" * 100_000)
