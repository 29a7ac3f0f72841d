"""What is known of the lab, made of entries."""

import pytest

from maillab.events import (
    Adjusted,
    Carried,
    Closed,
    Delivered,
    Entry,
    Leg,
    Opened,
    Read,
    Removed,
    Said,
    Secured,
    Side,
    Submitted,
)
from maillab.mail.content import Content
from maillab.stories.script import NAMES
from maillab.tui.reading.model import AT_ONCE, Held, LinePart, Model
from maillab.views.verdict import Verdict
from tests.recording.told import record, told


def after(entries):
    model = Model()
    model.take(entries)
    return model


def numbered(*events):
    return [Entry(number, float(number), event) for number, event in enumerate(events, 1)]


def test_talks():
    """Every talk with its leg, its server, its state, how long it took, who logged in and whether it went well."""
    model = after(told("tls"))
    talk = model.talks["submit-1"]
    assert (talk.leg, talk.service) == (Leg.SUBMIT, "submission")
    assert talk.server.endswith("sender.test")
    assert talk.secure
    assert talk.user == "alice@sender.test"
    assert talk.closed is not None
    assert talk.verdict is Verdict.OK
    assert [entry.seq for entry in model.of_talk("submit-1")] == list(talk.seqs)


def test_the_worst_answer_counts():
    """A talk is as good as its worst answer."""
    assert after(record("C: RCPT TO:<x>\nS: 250 ok\nS: 450 later\nS: 250 ok")).talks["relay-1"].verdict is Verdict.WARN
    assert after(record("S: 550 no\nS: 250 ok")).talks["relay-1"].verdict is Verdict.ERROR


@pytest.mark.parametrize("name", NAMES)
def test_one_by_one_or_at_once(name):
    """It comes to the same, whether entries come one by one or all at once, and after a new beginning."""
    entries = told(name)
    whole, single = after(entries), Model()
    for entry in entries:
        single.take([entry])
    single.reset()
    single.take(entries)
    assert whole.talks == single.talks
    assert whole.boxes == single.boxes
    assert whole.held == single.held
    assert [trip.hops for trip in whole.journeys.trips] == [trip.hops for trip in single.journeys.trips]
    assert whole.queues.waiting == single.queues.waiting
    assert whole.now == entries[-1].at
    assert whole.start == entries[0].at


def test_a_talk_without_a_beginning():
    """Of a talk whose beginning was not heard its name tells something."""
    model = after(
        numbered(Said("relay-7", Side.CLIENT, b"QUIT\r\n"), Secured("relay-7", ""), Closed("relay-7", "lost"))
    )
    talk = model.talks["relay-7"]
    assert (talk.leg, talk.server, talk.why) == (Leg.RELAY, "", "lost")


def test_mailboxes():
    """Messages stored, fetched, removed."""
    model = after(
        numbered(
            Delivered("relay-1", "bob@b.test", 1, 10),
            Delivered("relay-1", "bob@b.test", 2, 10),
            Read("retrieve-1", "bob@b.test", 1),
            Removed("retrieve-1", "bob@b.test", (1,)),
        )
    )
    box = model.boxes["bob@b.test"]
    assert (box.stored, box.removed, len(box.unread)) == (2, 1, 1)


def test_what_people_have():
    """A message is its writer's when it was taken, and its reader's when it was fetched."""
    held = after(told("seven-steps")).held
    assert [(one.account, one.sent) for one in held] == [("alice@sender.test", True), ("bob@recipient.test", False)]


def test_chunks_belong_together():
    """A message that comes in pieces after BDAT is one, and no dots are taken from it."""
    model = after(
        numbered(
            Opened("submit-1", Leg.SUBMIT, "submission", "mx.a.test"),
            Said("submit-1", Side.CLIENT, b"BDAT 3\r\n"),
            Carried("submit-1", Side.CLIENT, Content(b".a\n")),
            Said("submit-1", Side.CLIENT, b"BDAT 3 LAST\r\n"),
            Carried("submit-1", Side.CLIENT, Content(b"..\n")),
            Submitted("submit-1", "L1", "a@a.test", ("b@b.test",), 6),
        )
    )
    assert model.held == [Held("a@a.test", (3, 5), sent=True)]
    assert model.chunks == {3, 5}


def test_a_message_that_broke_off():
    """What was carried and never taken is nobody's; so is a report, which nobody wrote."""
    model = after(
        numbered(
            Carried("submit-1", Side.CLIENT, Content(b"a")),
            Closed("submit-1", "lost"),
            Submitted("submit-1", "L1", "a@a.test", (), 1),
            Carried("submit-2", Side.CLIENT, Content(b"a")),
            Submitted("submit-2", "L2", "", (), 1),
        )
    )
    assert model.held == []


def test_forgetting():
    """What is kept no longer is gone from everywhere, and numbers are found all the same."""
    entries = told("seven-steps")
    model = after(entries)
    generation, middle, place = model.generation, entries[60].seq, model.place(entries[60].seq)
    model.forget(middle)
    assert model.generation == generation
    assert model.place(middle) == place
    assert model.at(place) is entries[60]
    assert model.entries[0].seq == middle
    assert model.entry(entries[3].seq) is None
    assert model.entry(middle) is entries[60]
    assert model.index(10**6) == len(model.entries)
    assert "submit-1" not in model.talks
    assert "retrieve-1" in model.talks
    assert [held.sent for held in model.held] == [False]
    model.forget(middle)
    assert (model.gone, len(model.entries)) == (60, len(entries) - 60)


def test_numbers_with_gaps():
    """Entries of a filtered session have gaps between their numbers."""
    model = after([Entry(seq, 0.0, Closed("relay-1", "quit")) for seq in (3, 7, 8, 20)])
    assert [model.index(seq) for seq in (1, 3, 4, 8, 9, 20, 21)] == [0, 0, 1, 2, 3, 3, 4]
    assert model.entry(4) is None


def test_the_message_that_is_looked_at():
    """The newest, unless a person looks at another one."""
    model = after(told("tls"))
    first = model.journeys.trips[0]
    assert model.trip is model.journeys.newest
    model.chosen = first
    assert model.trip is first
    model.reset()
    assert model.trip is None


def test_the_lookups_and_the_clock():
    """The newest talks with the name server are known, how many there were, and how far the clock was turned."""
    model = Model()
    model.take(told("seven-steps"))
    assert (list(model.lookups), model.lookups_so_far, model.turned) == (["lookup-1", "lookup-2"], 2, 0.0)
    model.take([Entry(900, 1.0, Adjusted("clock", "clock", "300")), Entry(901, 1.0, Adjusted("clock", "clock", "60"))])
    assert model.turned == 360.0


def test_much_at_once_is_learned_a_slice_at_a_time():
    """The first of it is learned as it comes, the rest when there is time; it comes to the same."""
    entries = [Entry(n, float(n), Said("relay-1", Side.SERVER, b"250 ok\r\n")) for n in range(1, AT_ONCE + 1_001)]
    model = after(entries)
    assert len(model.entries) == AT_ONCE + 1_000
    assert model.learned == AT_ONCE
    assert model.learn(lambda: True)
    assert AT_ONCE < model.learned < AT_ONCE + 1_000
    model.forget(AT_ONCE + 700)
    assert model.learned == AT_ONCE + 1_000
    assert not model.learn()
    assert model.talks["relay-1"].lines == AT_ONCE + 1_000
    assert len(model.parts) == len(model.entries)


def test_what_a_line_is_of_an_answer():
    """Its first line, another one, or all of it; a message that is fetched is no list; an end that was due is marked."""
    assert parts(record("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250 DSN\nC: QUIT\nS: 221 bye")) == "WWWHMWWE"
    pop = told("seven-steps")[107:]
    assert parts(pop).count("M") == 2  # of UIDL, and none of RETR


def parts(entries):
    model = after(entries)
    return "".join(LinePart(part).name[0] for part in model.parts)


def test_which_message_the_screens_are_about():
    """The newest, or one that somebody steps to; at both ends they stay where they are."""
    model = after([])
    model.step_trip(-1)
    assert (model.trip_number, model.chosen) == (0, None)
    model = after(told("answer"))
    count = len(model.journeys.trips)
    assert count > 1
    assert model.trip is model.journeys.newest
    model.step_trip(-count)
    assert (model.trip_number, model.trip) == (1, model.journeys.trips[0])
    model.step_trip(count)
    assert model.trip_number == count
