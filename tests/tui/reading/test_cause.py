"""Why a message did not arrive."""

from maillab.events import Failed, Said
from maillab.tui.reading.cause import cause_of
from maillab.tui.reading.model import Model
from maillab.views.journey import HopState
from tests.recording.told import told


def newest(story):
    model = Model()
    model.take(told(story))
    while model.learn():
        pass
    return model, model.journeys.newest


def test_the_answer_that_refused_it():
    """Not what was said after it, and not what the report about it says."""
    model, trip = newest("bounce")
    event = model.entry(cause_of(model, trip)).event
    assert isinstance(event, Said)
    assert event.line.startswith(b"550 ")


def test_a_message_that_nobody_refused():
    """Where no server has said no the decision is shown; of one that arrived nothing is."""
    model, trip = newest("null-mx")
    assert isinstance(model.entry(cause_of(model, trip)).event, Failed | Said) or trip.hops
    for talk in model.talks.values():
        talk.verdict = talk.verdict.__class__.OK
    assert isinstance(model.entry(cause_of(model, trip)).event, Failed)
    model, trip = newest("seven-steps")
    assert HopState.FAILED not in trip.hops.values()
    assert cause_of(model, trip) == 0
