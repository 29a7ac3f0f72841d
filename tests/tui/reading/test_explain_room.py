"""How many lines the pane that explains gets."""

from maillab.tui.reading.explain_room import LEAST, explain_room


def test_it_is_a_share_of_the_window():
    """A third, and half where a story is told; never so few that nothing can be read."""
    assert explain_room(34, told=False) == 11
    assert explain_room(34, told=True) == 17
    assert explain_room(9, told=False) == explain_room(9, told=True) == LEAST
