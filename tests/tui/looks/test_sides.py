"""The signs of who speaks."""

from maillab.tui.looks.sides import SIDES, as_in_the_wire
from maillab.views.notation import MARKS


def test_every_mark_has_its_sign():
    """Those of client, server, connection and decision; words that begin a line are no marks."""
    marks = MARKS["rfc"]
    assert {marks.client, marks.server, marks.state, marks.fact} <= set(SIDES)
    assert [as_in_the_wire(mark) for mark in SIDES] == list(SIDES.values())
    assert as_in_the_wire("Subject: C: is no mark here") == "Subject: C: is no mark here"
