"""What a reader sees of an element."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.visible import Visibility, inside


def look(*elements: tuple[str, dict[str, str]]) -> Visibility:
    """The innermost of elements that stand in one another."""
    found = Visibility()
    for tag, attributes in elements:
        found = inside(found, tag, attributes)
    return found


def styled(style: str) -> tuple[str, dict[str, str]]:
    return "div", {"style": style}


@pytest.mark.parametrize(
    ("elements", "shows"),
    [
        ([styled("font-size:0"), styled("font-size:13px")], True),
        ([styled("font-size:0"), styled("font-size:1em")], False),  # of nothing
        ([styled("font-size:0"), styled("font-size:smaller")], False),
        ([styled("font-size:0px"), ("b", {})], False),
        ([styled("FONT-SIZE : 0.0PT !important")], False),
        ([styled("font-size:0.5px")], True),
        ([styled("mso-line-height-rule:exactly; line-height:0")], True),
        ([styled("visibility:hidden"), styled("visibility:visible")], True),
        ([styled("visibility:hidden"), ("b", {})], False),
        ([styled("display:none"), styled("display:block; font-size:9px; visibility:visible")], False),
        ([styled("display: none !important")], False),
        ([styled("display:none; display:block")], False),
        ([styled("mso-hide:all; display:inline-block")], True),
        ([("div", {"hidden": ""})], False),
        ([("div", {"class": "hidden"})], True),
        ([("svg", {}), ("text", {})], False),
        ([("svg", {}), ("p", {})], True),  # a p ends a drawing that was left open
        ([styled("display:none"), ("svg", {}), ("p", {})], False),
        ([("object", {}), ("p", {})], True),
        ([("head", {}), ("p", {})], True),
        ([("template", {})], False),
        ([("script", {})], False),
        ([styled("x" * 5_000 + ";display:none")], True),
    ],
)
def test_shows(elements: list[tuple[str, dict[str, str]]], shows: bool) -> None:
    """Hiding is inherited as CSS has it: for good, or until an element inside shows itself again."""
    assert look(*elements).shows is shows


@pytest.mark.parametrize(
    ("style", "pre"),
    [
        ("white-space:pre-wrap", True),
        ("white-space: break-spaces", True),
        ("white-space:nowrap", False),
        ("color:red", False),
    ],
)
def test_white_space(style: str, pre: bool) -> None:
    """White space is kept where the page says so."""
    assert look(styled(style)).pre is pre
    assert not look(("pre", {}), styled("white-space:normal")).pre


@given(st.text(max_size=300), st.sampled_from(["p", "svg", "x", ""]))
def test_nothing_raises(style: str, tag: str) -> None:
    """Any style is some look."""
    assert isinstance(inside(Visibility(), tag, {"style": style}).shows, bool)
