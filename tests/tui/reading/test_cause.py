"""What decided over a message."""

from maillab.events import Deferred, Delivered, Entry, Failed, Queued, Said, Submitted
from maillab.tui.reading.cause import cause_of, decided
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


def test_a_message_that_was_given_up_after_another():
    """The decision about that message is shown, and not the newest one, which is about another."""
    model, names = Model(), ("L1", "L2")
    events = [
        *(Submitted(f"submit-{name}", name, "a@sender.test", ("bob@b.test",), 9) for name in names),
        *(Queued(f"{name}.1", name, "b.test", ("bob@b.test",)) for name in names),
        *(Failed(f"{name}.1", ("bob@b.test",), "nobody answers") for name in names),
    ]
    model.take([Entry(seq, float(seq), event) for seq, event in enumerate(events, 1)])
    for name, seq in zip(names, (5, 6), strict=True):
        assert cause_of(model, model.journeys.of_message(name)) == seq


def test_what_became_of_it():
    """The refusal, the reason to wait, that a mailbox has it; of one that only a queue has, that it is there."""
    model, trip = newest("bounce")
    assert decided(model, trip) == cause_of(model, trip) != 0
    model, trip = newest("seven-steps")
    assert isinstance(model.entry(decided(model, trip)).event, Delivered)
    model = Model()
    events = [
        Submitted("submit-1", "L1", "a@sender.test", ("bob@b.test",), 9),
        Queued("L1.1", "L1", "b.test", ("bob@b.test",)),
        Deferred("L1.1", ("bob@b.test",), "450 later", 300),
    ]
    for seq, event in enumerate(events, 1):
        model.take([Entry(seq, float(seq), event)])
        if seq > 1:
            assert decided(model, model.trip) == seq
