"""What became of a talk, in a few words."""

import pytest
from msgspec import structs

from maillab.events import Closed, Delivered, Entry, Leg, Opened, Said, Side, Submitted
from maillab.tui.reading.model import Model
from maillab.tui.reading.outcome import outcome
from maillab.tui.texts import Texts


def test_the_first_cause_counts():
    """After all recipients were refused DATA is refused with 503: the talk is about the refusal before."""
    model = Model()
    lines = [b"450 4.7.1 Greylisted\r\n", b"503 5.5.1 No valid recipients\r\n"]
    said = [Opened("a-1", Leg.RELAY, "smtp", "mx.a.test"), *(Said("a-1", Side.SERVER, line) for line in lines)]
    model.take([Entry(number, number / 4, event) for number, event in enumerate(said, 1)])
    assert outcome(model.talks["a-1"], model.now, Texts("en"))[:3] == ("warn", "!", "450 Greylisted")


@pytest.mark.parametrize(
    ("answer", "why", "sign", "words"),
    [
        ("250 2.1.0 Ok", "quit", "✓", ""),
        ("250 2.1.0 Ok", "", "●", ""),
        ("554 5.7.1 outside the lab", "quit", "✗", "554 outside the lab"),
        ("450 4.2.0 Greylisted", "quit", "!", "450 Greylisted"),
        ("220 hi", "refused", "!", "closed by the server"),
        ("220 hi", "lost", "!", "connection lost"),
        ("220 hi", "the moon was full", "!", "the moon was full"),
    ],
)
def test_it_says_why(answer, why, sign, words):
    """A refusal comes before an end that nobody wished; what went well needs no words."""
    model = Model()
    events = [Opened("a-1", Leg.RELAY, "smtp", "mx.a.test"), Said("a-1", Side.SERVER, answer.encode() + b"\r\n")]
    events += [Closed("a-1", why)] if why else []
    model.take([Entry(number, number / 4, event) for number, event in enumerate(events, 1)])
    found = outcome(model.talks["a-1"], model.now, Texts("en"))
    assert (found.sign, found.words) == (sign, words)
    assert found.took.endswith(" ms")


def test_a_message_was_taken_nevertheless():
    """A command that was refused is told, but the talk has not failed: its server took a message."""
    model = Model()
    refused = Said("a-1", Side.SERVER, b"550 5.1.1 no such user\r\n")
    taken = Submitted("a-1", "L1", "a@a.test", ("b@b.test",), 9)
    said = [Opened("a-1", Leg.SUBMIT, "smtp", "mx.a.test"), refused, taken]
    model.take([Entry(number, number / 4, event) for number, event in enumerate(said, 1)])
    assert outcome(model.talks["a-1"], model.now, Texts("en"))[:3] == ("warn", "!", "550 no such user")
    delivered = Delivered("b-1", "b@b.test", 1, 9)
    said = [Opened("b-1", Leg.RELAY, "smtp", "mx.b.test"), structs.replace(refused, talk="b-1"), delivered]
    model.take([Entry(number, number / 4, event) for number, event in enumerate(said, 4)])
    assert outcome(model.talks["b-1"], model.now, Texts("en")).sign == "!"
