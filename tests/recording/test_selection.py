"""What a filter chooses of a session."""

import pytest

from maillab.recording.selection import selected
from maillab.recording.session import load
from maillab.views.filter import FilterError
from tests.house import ROOT

BOUNCE = load(ROOT / "examples" / "sessions" / "bounce.maillab")


def test_what_matches():
    """The entries alone, or with every conversation of which one matches; marks stay, an empty part has none."""
    lines = selected(BOUNCE, "verb:rcpt side:client", whole=False)
    talks = selected(BOUNCE, "verb:rcpt side:client", whole=True)

    assert {entry.talk for entry in lines.entries} == {entry.talk for entry in talks.entries} - {""}
    assert len(lines.entries) < len(talks.entries) < len(BOUNCE.entries)
    assert (lines.header, lines.notes) == (BOUNCE.header, BOUNCE.marks)
    assert selected(BOUNCE, "talk:nothing-1", whole=True).notes == ()


def test_everything_and_nothing_that_can_be_read():
    """An empty filter chooses all; one that is none is refused."""
    assert selected(BOUNCE, "", whole=True) is BOUNCE
    with pytest.raises(FilterError):
        selected(BOUNCE, "odd:x", whole=True)
