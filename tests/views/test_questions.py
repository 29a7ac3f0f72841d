"""What a name server was asked."""

import dns.message

from maillab.events import Entry, Packet, Side
from maillab.nameserver.zone import Zones
from maillab.views.questions import LookupFact, looked_up
from tests.recording.told import told

ZONES = Zones.read(
    [("b.test", "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\n@ MX 10 mx\n@ MX 20 mx2\n@ MX 30 mx3\n@ MX 40 mx4\n")]
)


def talk(name, kind):
    wire = dns.message.make_query(name, kind, id=1).to_wire()
    answer = ZONES.answer(wire, tcp=False)
    return [
        Entry(1, 1.0, Packet("lookup-1", Side.CLIENT, wire)),
        Entry(2, 1.0, Packet("lookup-1", Side.SERVER, answer)),
    ]


def test_question_and_answer():
    """The name and the type that were asked for; the data of the first records, and how many more there are."""
    [fact] = looked_up(talk("b.test", "MX"))
    assert fact == LookupFact("b.test MX?", "10 mx.b.test, 20 mx2.b.test, 30 mx3.b.test +1", True)


def test_answers_that_are_none():
    """No such name, no such type, nothing of ours: the code."""
    assert looked_up(talk("x.b.test", "A")) == [LookupFact("x.b.test A?", "NXDOMAIN")]
    assert looked_up(talk("b.test", "AAAA")) == [LookupFact("b.test AAAA?", "NODATA")]
    assert looked_up(talk("other.test", "MX")) == [LookupFact("other.test MX?", "REFUSED")]


def test_a_question_without_an_answer():
    """It stands alone until it is answered; octets that are no message are left out."""
    assert looked_up(talk("b.test", "MX")[:1]) == [LookupFact("b.test MX?")]
    assert looked_up([Entry(1, 1.0, Packet("lookup-1", Side.CLIENT, b"\x00"))]) == []


def test_of_a_story():
    """As the lab asks and answers itself."""
    entries = [entry for entry in told("seven-steps") if getattr(entry.event, "talk", "") == "lookup-1"]
    assert looked_up(entries) == [LookupFact("recipient.test MX?", "10 mx.recipient.test", True)]
