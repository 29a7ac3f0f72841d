"""Which lines are seen, as a value."""

from dataclasses import replace

from maillab.events import Side
from maillab.tui.reading.model import Model
from maillab.tui.reading.sight import Sight, SightPart
from maillab.tui.texts import Texts
from maillab.views.filter import parse
from maillab.views.journey import Hop
from tests.recording.told import told

EN = Texts("en")


def seen(sight):
    model = Model()
    model.take(told("seven-steps"))
    view = sight.of(model)
    view.advance()
    return {view.entry(row).event.talk for row in range(len(view))} if not view.shows_all else None


def test_nothing_keeps_everything():
    """Without a filter, a talk or a side every line is seen, and nothing is said of it."""
    assert seen(Sight()) is None
    assert Sight().chips(EN) == []
    assert not Sight().is_of_some


def test_what_is_chosen_is_seen():
    """Some talks, of which a filter picks lines, on one side."""
    sight = Sight(parse("quit"), frozenset({"relay-1", "submit-1"}), Side.CLIENT)
    assert seen(sight) == {"relay-1", "submit-1"}
    assert sight.chips(EN) == [("quit", SightPart.FILTER), (EN("wire.side.client"), SightPart.SIDE)]
    assert seen(sight.of_all_talks()) == {"relay-1", "submit-1", "retrieve-1"}


def test_one_side_after_the_other():
    """The client, the server, both."""
    client = Sight().of_next_side()
    assert [client.side, client.of_next_side().side, client.of_next_side().of_next_side().side] == [
        Side.CLIENT,
        Side.SERVER,
        None,
    ]


def test_a_station_is_a_choice_of_talks():
    """Also while none of its talks is known yet; all talks are seen when one goes out of it."""
    at_a_hop = replace(Sight(parse("quit")), hop=Hop.RELAY)
    assert at_a_hop.is_of_some
    assert at_a_hop.of_all_talks() == Sight(at_a_hop.filter)
