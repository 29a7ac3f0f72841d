"""Patterns that cannot hang."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.views import pattern
from maillab.views.pattern import LONGEST, REACH, Pattern, PatternError


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", "anything", True),
        ("rcpt", "RCPT TO:<bob@recipient.test>", True),
        ("^RCPT", "xRCPT", False),
        ("^5[0-9]{2}[ -]", "550 5.1.1 No", True),
        ("^5[0-9]{2}[ -]", "5500", False),
        (r"^\d+ \S+$", "1 526", True),
        (r"^\d+ \S+$", "1 526 ", False),
        ("a|b|^c$", "c", True),
        ("(?:ab){2,3}c", "ababc", True),
        ("(?:ab){2,3}c", "abc", False),
        ("x{2,}", "xx", True),
        ("colou?r", "COLOR", True),
        ("[A-Z]{3}", "abc", True),
        ("[^A-Z]", "abc", False),
        ("[]x]", "]", True),
        ("[a-]", "-", True),
        (r"[\d.]+", "...", True),
        (r"\[SYS/TEMP\]", "-ERR [sys/temp]", True),
        ("{", "a{b", True),
        ("Đ", "đường", True),
        ("a.*?b", "a--b", True),
        ("()*", "", True),
        ("^$", "", True),
        ("^$", "x", False),
    ],
)
def test_what_is_found(text, line, found):
    """Characters, classes, groups, counts and edges mean what they mean everywhere; case does not matter."""
    assert Pattern(text).is_in(line) is found


@pytest.mark.parametrize("text", ["(a{100}){100}", "((){100}){100}"])
def test_a_pattern_that_is_too_large(text):
    """Copies of copies are counted before they are made."""
    with pytest.raises(PatternError, match="too large"):
        Pattern(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("(a+)+$", "a" * (REACH - 1) + "b"),
        ("(a|a)*b", "a" * REACH),
        ("(a|aa)+$", "a" * (REACH - 1) + "b"),
        ("a*a*a*a*a*a*a*a*b", "a" * REACH),
        (".*.*.*.*.*=.*", "x" * REACH),
        ("(.*)*(.*)*x", "y" * REACH),
        ("a?" * 60 + "a" * 60, "a" * 59),
        ("([a-z]+)*[0-9]", "z" * REACH),
    ],
)
def test_no_pattern_hangs(text, line):
    """What makes other machines run for years is answered: every character is looked at once (T198)."""
    assert Pattern(text).is_in(line) is False


def test_only_so_much_of_a_line():
    """What stands behind the first 4,096 characters is not looked at."""
    assert Pattern("b").is_in("a" * (REACH - 1) + "b")
    assert not Pattern("b").is_in("a" * REACH + "b")


def test_the_automaton_begins_anew(monkeypatch):
    """An automaton that has grown too large forgets what it knew and answers as before."""
    monkeypatch.setattr(pattern, "STATES", 3)
    monkeypatch.setattr(pattern, "MOVES", 7)
    long = Pattern("(a|b)*abb(c|d)*$")
    for _ in range(3):
        assert long.is_in("ababbabacabb" * 50 + "abbccd")
        assert not long.is_in("ababbabacabb" * 50 + "abbccde")


PIECES = ["a", "b", ".", "[ab]", "[^a]", r"\d", "1", "(", "(?:", ")", "|", "*", "+", "?", "{1,2}", "{2}", "^", "$", "B"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.text("aAbB1c", max_size=12))
def test_the_automaton_and_re_agree(text, line):
    """Where both answer, the automaton says what `re` says, and `re` what Python's own ignoring of case says."""
    try:
        mine = Pattern(text)
    except PatternError:
        return
    expected = re.search(text.replace("$", r"\Z"), line, re.IGNORECASE | re.DOTALL) is not None
    assert mine.is_in(line) is expected
    assert mine._machine.is_in(line) is expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_else_is_raised(text, line):
    """Any text is a pattern or a `PatternError`, and a pattern answers about any line."""
    try:
        Pattern(text).is_in(line)
    except PatternError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - an error is allowed, not required


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("(a", 1),
        ("ab)", 3),
        ("[a", 1),
        ("*a", 1),
        ("a**", 3),
        ("a++", 2),
        ("b{1,2}+", 2),
        ("(?=a)", 1),
        (r"(a)\1", 4),
        ("a{3,2}", 3),
        ("a{1,101}", 2),
        ("a\\", 2),
        ("[b-a]", 2),
        ("^*", 2),
        ("((((((((((((((((((((((a", 22),
        ("a" * (LONGEST + 1), LONGEST + 1),
    ],
)
def test_what_is_no_pattern(text, column):
    """What is wrong is named with its column."""
    with pytest.raises(PatternError) as caught:
        Pattern(text)
    assert caught.value.column == column
