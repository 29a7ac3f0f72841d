"""Mistyped words."""

import pytest

from maillab.spelling import distance, nearest

EFFECTS = ("answer", "drop", "reset", "stall", "delay", "throttle", "replace", "truncate")


@pytest.mark.parametrize(
    ("word", "other", "slips"),
    [
        ("", "", 0),
        ("", "ab", 2),
        ("drop", "drop", 0),
        ("dorp", "drop", 1),
        ("recrod", "record", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_distance(word: str, other: str, slips: int) -> None:
    """A slip is a letter left out, added, mistaken, or exchanged with its neighbour."""
    assert distance(word, other) == distance(other, word) == slips


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("anwser", "answer"),
        ("DELAY", "delay"),
        ("trottel", "throttle"),
        ("trun", "truncate"),
        ("stop", ""),
        ("refuse", ""),
        ("wait", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_nearest(word: str, meant: str) -> None:
    """A word is guessed from two slips at most, in a short one from one; from none, nothing is guessed."""
    assert nearest(word, EFFECTS) == meant


def test_one_of_several() -> None:
    """What two words hold is no guess; no words, no guess."""
    assert nearest("port", ["import", "export"]) == "" == nearest("port", [])
