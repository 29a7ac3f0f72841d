"""Where every message stands."""

import pytest

from maillab.events import (
    Attempted,
    Carried,
    Closed,
    Deferred,
    Delivered,
    Entry,
    Failed,
    Leg,
    Opened,
    Packet,
    Queued,
    Read,
    Routed,
    Said,
    Side,
    Submitted,
)
from maillab.mail.content import Content
from maillab.stories.script import NAMES
from maillab.views.context import Context
from maillab.views.journey import Hop, HopState, Journeys
from tests.recording.told import told


def follow(entries, until=None):
    """The journeys after these entries; `until` ends it after the first entry that it says yes to."""
    context, journeys = Context(), Journeys()
    for entry in entries:
        context.hear(entry)
        journeys.hear(entry, context)
        if until is not None and until(entry.event):
            break
    return journeys


def states(trip):
    return "".join(
        {"ahead": "-", "now": "*", "done": "+", "waiting": "w", "failed": "x", "skipped": "."}[trip.hops[hop]]
        for hop in Hop
    )


def test_the_seven_steps():
    """A message is at one station after another, and at the end it has gone them all; its talks are known."""
    entries = told("seven-steps")
    moments = [
        (lambda e: isinstance(e, Said) and e.line.startswith(b"RCPT"), "*----"),
        (lambda e: isinstance(e, Submitted), "+----"),
        (lambda e: isinstance(e, Packet) and e.talk == "lookup-1", "+*---"),
        (lambda e: isinstance(e, Said) and e.talk == "relay-1" and e.line.startswith(b"RCPT"), "++*--"),
        (lambda e: isinstance(e, Delivered), "++*+-"),
        (lambda e: isinstance(e, Read), "+++++"),
    ]
    for until, expected in moments:
        [trip] = follow(entries, until).trips
        assert states(trip) == expected
    [trip] = follow(entries).trips
    assert (trip.message, trip.sender, trip.recipients) == ("L1", "alice@sender.test", ("bob@recipient.test",))
    assert trip.settled
    assert trip.talks == {
        Hop.SUBMIT: ["submit-1"], Hop.LOOKUP: ["lookup-1", "lookup-2"], Hop.RELAY: ["relay-1"],
        Hop.STORE: ["relay-1"], Hop.FETCH: ["retrieve-1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("bounce", ["++x--", ".++++"]),
        ("null-mx", ["+x---", ".++++"]),
        ("greylist-then-retry", ["+++++"]),
        ("mx-failover", ["+++++"]),
        ("classic", ["..+++"]),
        ("tls", ["+++++", "+++++"]),
    ],
)
def test_stories(story, expected):
    """A message that fails has failed where it did, and its report has a journey of its own."""
    journeys = follow(told(story))
    assert [states(trip) for trip in journeys.trips][: len(expected)] == expected
    if story == "bounce":
        assert journeys.trips[0].reason.startswith("550 5.1.1")
        assert journeys.trips[1].report_of == "L1"
        assert journeys.newest is journeys.trips[0]


def test_a_message_that_waits():
    """While a host says later the message waits, and the reason is known."""
    journeys = follow(told("greylist-then-retry"), lambda event: type(event).__name__ == "Deferred")
    assert states(journeys.trips[0]) == "++w--"
    assert "Greylisted" in journeys.trips[0].reason


def test_a_message_that_is_never_taken():
    """A message that was begun and broken off has failed at its first station."""
    events = [
        Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
        Said("submit-1", Side.SERVER, b"220 mail\r\n"),
        Said("submit-1", Side.CLIENT, b"MAIL FROM:<alice@sender.test>\r\n"),
        Said("submit-1", Side.SERVER, b"250 2.1.0 ok\r\n"),
        Said("submit-1", Side.CLIENT, b"RCPT TO:<nobody@b.test>\r\n"),
        Said("submit-1", Side.SERVER, b"550 5.1.1 no such mailbox\r\n"),
    ]
    entries = [Entry(n, float(n), event) for n, event in enumerate(events, 1)]
    assert states(follow(entries).newest) == "*----"
    [trip] = follow([*entries, Entry(7, 7.0, Closed("submit-1", "quit"))]).trips
    assert (states(trip), trip.sender, trip.settled) == ("x----", "alice@sender.test", True)
    assert (trip.seq, trip.service, trip.reason) == (3, "submission", "550 5.1.1 no such mailbox")
    assert (trip.recipients, trip.asked) == ((), ("nobody@b.test",))
    again = [Entry(7, 7.0, entries[2].event), Entry(8, 8.0, entries[3].event)]
    assert [states(trip) for trip in follow([*entries, *again]).trips] == ["x----", "*----"]


def test_a_sender_who_is_refused():
    """What is refused at MAIL is no message: nothing is told of one that never was."""
    events = [
        Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
        Said("submit-1", Side.SERVER, b"220 mail\r\n"),
        Said("submit-1", Side.CLIENT, b"MAIL FROM alice@sender.test\r\n"),
        Said("submit-1", Side.SERVER, b"501 5.5.4 addresses stand in <>\r\n"),
        Closed("submit-1", "quit"),
    ]
    assert follow([Entry(n, float(n), event) for n, event in enumerate(events, 1)]).trips == []


def test_facts_of_a_way():
    """Where it was handed in, which hosts were tried with what, when it was accepted and when stored."""
    [trip] = follow(told("mx-failover")).trips
    assert trip.service == "submission"
    assert [(tried.host, tried.took, tried.why) for tried in trip.tries] == [
        ("mx1.recipient.test", False, "connection refused"), ("mx2.recipient.test", True, ""),
    ]  # fmt: skip
    assert trip.hosts == ("mx1.recipient.test", "mx2.recipient.test")
    assert (trip.rounds, trip.rests) == (1, False)
    assert 0 < trip.accepted < trip.stored
    assert trip.took == trip.stored - trip.accepted


def test_when_it_is_tried_again():
    """A message that waits knows when it is tried again; one that was never tried knows that it rests with others."""
    job = ("L1.1", ("bob@b.test",), "451 4.4.1 No connection to mx: Connection refused", 300)
    begin = [
        Submitted("submit-1", "L1", "a@sender.test", ("bob@b.test",), 9),
        Queued("L1.1", "L1", "b.test", ("bob@b.test",)),
    ]
    tried = [Routed("L1.1", ("mx",)), Attempted("L1.1", "mx", 0, "connection refused")]

    def after(*events):
        [trip] = follow([Entry(n, float(n), event) for n, event in enumerate((*begin, *events), 1)]).trips
        return trip.retry, trip.rests, trip.rounds

    assert after(*tried, Deferred(*job)) == (305.0, False, 1)
    assert after(Deferred(*job)) == (303.0, True, 0)
    assert after(*tried, Deferred(*job), *tried) == (0.0, False, 2)
    assert after(*tried, Deferred(*job), *tried, Failed("L1.1", ("bob@b.test",), "550 no")) == (0.0, False, 2)


def test_counts():
    """Messages for which a machine took responsibility: its queue's by their names, its mailboxes' by their domain."""
    journeys = follow(told("bounce"))
    assert journeys.accepted == {"L": 1}
    assert journeys.stored == {}  # a report is none
    assert follow(told("seven-steps")).stored == {"recipient.test": 1}


def test_a_message_to_ones_own_site():
    """A message for the site where it is handed over goes straight into the mailbox."""
    events = [
        Opened("submit-1", Leg.SUBMIT, "smtp", "mx.sender.test"),
        Said("submit-1", Side.SERVER, b"220 mail\r\n"),
        Said("submit-1", Side.CLIENT, b"MAIL FROM:<x@sender.test>\r\n"),
        Said("submit-1", Side.SERVER, b"250 ok\r\n"),
        Delivered("submit-1", "alice@sender.test", 1, 9),
        Read("retrieve-1", "alice@sender.test", 1),
    ]
    [trip] = follow([Entry(n, float(n), event) for n, event in enumerate(events, 1)]).trips
    assert states(trip) == "+..++"


def message(number):
    """The events of a message up to its queue."""
    talk, name = f"submit-{number}", f"L{number}"
    return [
        Opened(talk, Leg.SUBMIT, "submission", "mail.sender.test"),
        Said(talk, Side.CLIENT, b"MAIL FROM:<alice@sender.test>\r\n"),
        Submitted(talk, name, "alice@sender.test", ("bob@recipient.test",), 9),
        Queued(f"{name}.1", name, "recipient.test", ("bob@recipient.test",)),
        Routed(f"{name}.1", ("mx.recipient.test",)),
    ]


def carried(talk, number, uid):
    """The events of a message in a relay."""
    trace = f"Received: from x ([127.0.0.1])\r\n\tby mail.sender.test with ESMTPSA id L{number};\r\n\tThu\r\n".encode()
    return [
        Said(talk, Side.CLIENT, b"MAIL FROM:<alice@sender.test>\r\n"),
        Said(talk, Side.CLIENT, b"RCPT TO:<bob@recipient.test>\r\n"),
        Carried(talk, Side.CLIENT, Content(trace + b"\r\nHello\r\n")),
        Delivered(talk, "bob@recipient.test", uid, 9),
        Attempted(f"L{number}.1", "mx.recipient.test", 250),
    ]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
@pytest.mark.parametrize("together", [True, False])
def test_messages_between_the_same_people(order, together):
    """Messages that look alike are kept apart: in a relay for each, begun at once, or all in one after the other."""
    events = [event for number in (1, 2, 3) for event in message(number)]
    if together:
        events.append(Opened("relay-1", Leg.RELAY, "smtp", "mx.recipient.test"))
        events += [event for uid, number in enumerate(order, 1) for event in carried("relay-1", number, uid)]
    else:
        talks = [(f"relay-{uid}", number, uid) for uid, number in enumerate(order, 1)]
        events += [Opened(talk, Leg.RELAY, "smtp", "mx.recipient.test") for talk, _, _ in talks]
        parts = [carried(*talk) for talk in talks]
        events += [event for step in zip(*parts, strict=True) for event in step]
    events += [Read("retrieve-1", "bob@recipient.test", uid) for uid in (1, 2, 3)]
    trips = follow([Entry(n, float(n), event) for n, event in enumerate(events, 1)]).trips
    assert [states(trip) for trip in trips] == ["+++++"] * 3
    for uid, number in enumerate(order, 1):
        talks = trips[number - 1].talks
        assert talks[Hop.RELAY] == talks[Hop.STORE] == ["relay-1" if together else f"relay-{uid}"]
        assert list(trips[number - 1].boxes) == [("bob@recipient.test", uid)]


@pytest.mark.parametrize("name", NAMES)
def test_every_story_ends(name):
    """At the end of every story no message is under way."""
    assert all(HopState.NOW not in trip.hops.values() for trip in follow(told(name)).trips)


def test_nothing_at_all():
    """Without a message there is none."""
    assert follow([]).newest is None


def test_lookups_of_old_sessions():
    """What a name server said in words, before sessions had its octets, belongs to the message it was asked for."""
    events = [
        Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
        Submitted("submit-1", "L1", "alice@sender.test", ("bob@recipient.test",), 9),
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test",)),
        Opened("lookup-1", Leg.LOOKUP, "dns", "ns.sender.test"),
        Said("lookup-1", Side.CLIENT, b"recipient.test. IN MX ?\r\n"),
        Said("lookup-1", Side.SERVER, b"NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test.\r\n"),
    ]
    [trip] = follow(Entry(number, 0.0, event) for number, event in enumerate(events, 1)).trips
    assert trip.talks[Hop.LOOKUP] == ["lookup-1"]
