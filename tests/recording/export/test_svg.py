"""The drawing of the ladder."""

import xml.etree.ElementTree as ET

from maillab.events import Leg, Opened
from maillab.recording.export.ladder import ladder
from maillab.recording.export.svg import DRAWN, draw
from tests.recording.export.sample import hostile, sample, session, talk

NS = "{http://www.w3.org/2000/svg}"


def drawn(one):
    return ET.fromstring("".join(draw(ladder(one))))


def test_well_formed():
    """The drawing is XML, also of strangers' words, with a group for every rung."""
    for one in (sample(), hostile()):
        assert len(drawn(one).findall(f"{NS}g")) == len(ladder(one).rungs)


def test_arrows_point_at_who_listens():
    """A client's arrow goes from the client's line to the server's."""
    root = drawn(sample())
    places = {text.text: text.get("x") for text in root.findall(f"{NS}text")}
    arrow = next(g for g in root.findall(f"{NS}g") if g.get("data-side") == "client")
    line = arrow.find(f"{NS}line")
    assert (line.get("x1"), line.get("x2")) == (places["laptop.sender.test"], places["mail.sender.test"])


def test_long_session():
    """Of a long session the first rungs are drawn, and the others are counted."""
    said = [line for _ in range(DRAWN) for line in talk("relay-1", "C: NOOP")]
    root = drawn(session(Opened("relay-1", Leg.RELAY, "smtp", "mx.test"), *said))
    assert len(root.findall(f"{NS}g")) == DRAWN
    assert root.findall(f"{NS}text")[-1].text == "and 1 more: see the transcript"


def test_a_machine_that_talks_to_itself():
    """Where both ends are one machine the arrow still has a length."""
    root = drawn(session(Opened("relay-1", Leg.RELAY, "smtp", "mx.test"), *talk("relay-1", "C: EHLO mx.test")))
    line = root.findall(f"{NS}g")[-1].find(f"{NS}line")
    assert line.get("x1") != line.get("x2")
