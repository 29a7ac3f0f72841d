"""What was said at a station of a message."""

from maillab.events import Entry, Queued, Routed, Submitted
from maillab.tui.reading.model import Model
from maillab.tui.reading.station import station_name, talks_at
from maillab.tui.texts import Texts
from maillab.views.journey import Hop
from tests.recording.told import told

EN = Texts("en")


def after(story, *recipients):
    """The model of a story and of messages that came after it, for which nobody had to ask again."""
    model = Model()
    model.take(told(story))
    for number, to in enumerate(recipients, 7):
        name, seq, at = f"L{number}", model.entries[-1].seq, model.now
        events = [
            Submitted(f"submit-{number}", name, "alice@sender.test", (to,), 9),
            Queued(f"{name}.1", name, to.partition("@")[2], (to,)),
            Routed(f"{name}.1", ("mx.recipient.test",)),
        ]
        model.take([Entry(seq + place, at + place, event) for place, event in enumerate(events, 1)])
    model.learn()
    return model


def test_its_own_talks():
    """Whatever was said there; nothing where the message has not been yet."""
    model = after("seven-steps")
    assert talks_at(model, model.trip, Hop.LOOKUP) == ["lookup-1", "lookup-2"]
    assert station_name(model, model.trip, Hop.LOOKUP, EN) == EN("hop.lookup")
    assert talks_at(model, after("seven-steps", "bob@recipient.test").trip, Hop.RELAY) == []


def test_an_answer_from_the_cache():
    """What was asked for an earlier message to the same domain, and it is said that nobody asked again."""
    model = after("seven-steps", "Carol@Recipient.test", "dave@elsewhere.test")
    _, carols, daves = model.journeys.trips
    assert talks_at(model, carols, Hop.LOOKUP) == ["lookup-1", "lookup-2"]
    assert station_name(model, carols, Hop.LOOKUP, EN) == "DNS MX, answered from the cache"
    assert talks_at(model, daves, Hop.LOOKUP) == []
    assert station_name(model, daves, Hop.LOOKUP, EN) == EN("hop.lookup")
