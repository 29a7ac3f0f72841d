"""How many lines the pane that explains gets."""

from maillab.tui.reading.explain_room import LEAST, SLACK, explain_room


def test_it_follows_its_text():
    """It grows at once, up to half of all."""
    assert explain_room(13, 8, 34, told=False) == 13
    assert explain_room(40, 8, 34, told=False) == 17
    assert explain_room(2, 2, 34, told=False) == LEAST


def test_it_does_not_jump():
    """A few lines less are no reason; many are."""
    assert explain_room(13 - SLACK + 1, 13, 34, told=False) == 13
    assert explain_room(13 - SLACK, 13, 34, told=False) == LEAST


def test_a_smaller_window():
    """What was half of more is too much now."""
    assert explain_room(14, 17, 24, told=False) == 12


def test_a_story():
    """While one is told it keeps its place, whatever each line needs."""
    assert {explain_room(needs, now, 34, told=True) for needs in (3, 30) for now in (8, 17)} == {17}
