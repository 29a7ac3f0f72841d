"""One message's way as facts."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from maillab.events import (
    REMOVED,
    Attempted,
    Bounced,
    Deferred,
    Delivered,
    Entry,
    Failed,
    Leg,
    Opened,
    Queued,
    Routed,
    Said,
    Side,
    Submitted,
)
from maillab.tui.machines.way import hop_name, hops_seen, on_hold, result, way, way_ahead
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.journey import Hop, HopState, HostTry, Trip
from maillab.views.units import duration
from tests.recording.told import told

EN, VI = Texts("en"), Texts("vi")
REFUSED = "451 4.4.1 No connection to mx.b.test: Connection refused"


def model_of(story, until=None):
    model = Model()
    for entry in told(story):
        model.take([entry])
        if until is not None and isinstance(entry.event, until):
            break
    return model


def line(trip, cells=160, texts=EN, now=0.0, report=None):
    return "".join(piece.text for piece in way(trip, texts, now, cells, report=report))


def trip_of(**facts):
    trip = Trip("L1", "alice@a.test", ("bob@b.test",), 1, service="submission", accepted=1.0)
    trip.hops |= {Hop.SUBMIT: HopState.DONE, Hop.LOOKUP: HopState.DONE}
    return replace(trip, hosts=("mx.b.test",), **facts)


def test_the_way_of_a_draft():
    """Grey, without a sign, and no station of it can be chosen; who writes and to whom is taken as it is typed."""
    pieces = way_ahead("Alice <alice@a.test>", "Bob <bob@b.test>", EN, 120)
    assert "".join(piece.text for piece in pieces) == "alice ─▷ submit ─▷ MX ─▷ relay ─▷ bob's mailbox"
    assert {(piece.style, piece.hop) for piece in pieces} == {("dim", None)}
    assert "".join(piece.text for piece in way_ahead("", "bob@b.test, carol@b.test", EN, 120)).endswith(
        "0 of 2 mailboxes"
    )
    assert "".join(piece.text for piece in way_ahead("", "", EN, 120)) == "you ─▷ submit ─▷ MX ─▷ relay ─▷ mailbox"


def test_a_blank_on_either_side_of_an_arrow():
    """As long as there is any other way to save room."""
    for cells in (60, 80, 120):
        said = line(model_of("seven-steps").trip, cells)
        assert said.startswith("alice ━▶ submi" if cells > 80 else ("alice ━▶ submi", "alice ▶ submi")), cells


def test_a_message_that_arrived():
    """Which service took it, which host, how long that took, whose mailbox it is in, and whether it was fetched."""
    said = line(model_of("seven-steps").trip)
    assert said.startswith("alice ━▶ submit ✓ ━▶ MX mx.recipient.test ✓ ━▶ relay ✓ ━▶ bob's mailbox ✓ ")
    assert said.endswith(" ms ━▶ fetched ✓")


def test_another_host_took_it():
    """A host that was tried in vain is named with what went wrong, and the one that took the message."""
    said = line(model_of("mx-failover").trip)
    assert "MX mx1 ✗ refused, mx2 ✓ ━▶ relay ✓" in said


def test_another_host_answered():
    """Where nobody took it, the host that put it off or refused it is named, not the one that never spoke."""
    tries = [HostTry("dead.b.test", 0, "no answer"), HostTry("mx.b.test", 450)]
    trip = replace(trip_of(reason="450 4.2.0 Greylisted", retry=300.0, tries=tries), hosts=("dead.b.test", "mx.b.test"))
    trip.hops[Hop.RELAY] = HopState.WAITING
    assert "MX dead ✗ no answer, mx 450 ━▶ relay … greylisted, retry in 4:57" in line(trip, now=3.0)
    assert "MX mx 450 (1 ✗)" in line(trip, 90, now=3.0)
    trip.tries[1] = HostTry("mx.b.test", 550)
    assert "mx 550 ━▶" in line(trip)


def test_nobody_has_answered_yet():
    """A host that was found has its tick until it is tried in vain; where there are several, those are named."""
    trip = trip_of()
    assert "MX mx.b.test ✓ ─▷ relay" in line(trip)
    trip.hops[Hop.RELAY] = HopState.NOW
    assert "MX mx.b.test ✓ ━▶ relay ●" in line(trip)
    trip.hops[Hop.RELAY] = HopState.AHEAD
    trip.tries = [HostTry("mx.b.test", 0, "451 4.4.1 No connection to mx.b.test: Connection refused")]
    assert "MX mx.b.test ─▷ relay" in line(trip)
    several = replace(trip, hosts=("mx.b.test", "mx2.b.test"))
    assert "MX mx ✗ refused ─▷ relay" in line(several)
    several.tries = [*trip.tries, HostTry("mx2.b.test", 0, "451 4.4.1 mx2.b.test: timeout")]
    assert "MX mx ✗ refused, mx2 ✗ no answer ─▷ relay" in line(several)
    assert all(cell_len(line(several, cells)) <= cells for cells in range(40, 120))
    several.tries[1] = HostTry("mx2.b.test", 250)
    assert "MX mx ✗ refused, mx2 ✓ ─▷ relay" in line(several)


def test_one_of_two_has_it():
    """A message that came back for one recipient and reached the other says both, and whom the report goes to."""
    model = Model()
    events = [
        Submitted("submit-1", "L1", "alice@a.test", ("bob@b.test", "nobody@b.test"), 9),
        Queued("L1.1", "L1", "b.test", ("bob@b.test", "nobody@b.test")), Routed("L1.1", ("mx.b.test",)),
        Opened("relay-1", Leg.RELAY, "smtp", "mx.b.test"),
        *(Said("relay-1", Side.CLIENT, line) for line in (b"MAIL FROM:<alice@a.test>\r\n", b"RCPT TO:<bob@b.test>\r\n")),
        Delivered("relay-1", "bob@b.test", 1, 9), Attempted("L1.1", "mx.b.test", 250),
        Failed("L1.1", ("nobody@b.test",), "550 5.1.1 no such user"), Bounced("L1.1", "alice@a.test", "failed", "L2"),
    ]  # fmt: skip
    model.take([Entry(number, float(number), event) for number, event in enumerate(events, 1)])
    trip = model.journeys.trips[0]
    assert result(trip, EN) == ("badge-later", "1 OF 2 DELIVERED")
    said = line(trip, report=model.journeys.report_about(trip))
    assert "relay ✗ 550 no such user ━▶ 1 of 2 mailboxes ✓" in said
    assert said.endswith("─▷ not fetched ━▶ report to alice")
    waits = Deferred("L1.1", ("carol@b.test",), "450 later", 300)
    model.take([Entry(99, 99.0, waits)])
    assert result(trip, EN) == ("badge-later", "QUEUED")


def test_a_message_that_was_removed():
    """It did not come back: nobody has it, and nobody is told. One that also came back for somebody did."""
    model, both = Model(), ("bob@b.test", "nobody@c.test")
    events = [
        Submitted("submit-1", "L1", "alice@a.test", both, 9),
        Queued("L1.1", "L1", "b.test", both[:1]), Queued("L1.2", "L1", "c.test", both[1:]),
        Failed("L1.1", both[:1], REMOVED),
    ]  # fmt: skip
    model.take([Entry(number, float(number), event) for number, event in enumerate(events, 1)])
    trip = model.journeys.trips[0]
    assert result(trip, EN) == ("badge-later", "REMOVED")
    assert "relay ✗ removed by hand" in line(trip)
    model.take([Entry(99, 99.0, Failed("L1.2", both[1:], "550 no"))])
    assert result(trip, EN) == ("badge-refused", "BOUNCED")
    assert result(replace(trip, sender=""), EN) == ("badge-refused", "FAILED")  # <>: it comes back to nobody


def test_a_queue_on_hold():
    """What nobody carries waits, and it is said why; what has arrived, or is on its way, does not."""
    trip = Trip("L1", "alice@a.test", ("bob@b.test",), 1, service="submission", accepted=1.0)
    trip.hops[Hop.SUBMIT] = HopState.DONE
    held = on_hold(trip)
    assert line(held) == "alice ━▶ submit ✓ ━▶ relay … queue on hold ─▷ bob's mailbox"
    assert result(held, EN) == ("badge-later", "QUEUED")
    assert trip.hops[Hop.RELAY] is HopState.AHEAD
    put_off = trip_of(reason=REFUSED, retry=300.0)
    put_off.hops[Hop.RELAY] = HopState.WAITING
    assert "relay … queue on hold ─▷" in line(on_hold(put_off))
    arrived = model_of("seven-steps").trip
    assert on_hold(arrived) is arrived
    assert on_hold(replace(trip, message="")).held is False


def test_a_message_that_waits():
    """Why, and how long."""
    trip = trip_of(reason=REFUSED, retry=300.0, tries=[HostTry("mx.b.test", 0, REFUSED)])
    trip.hops[Hop.RELAY] = HopState.WAITING
    assert line(trip, now=3.0) == (
        "alice ━▶ submit ✓ ━▶ MX mx.b.test ━▶ relay … connection refused, retry in 4:57 ─▷ bob's mailbox"
    )
    assert "not tried, its host was down, retry in 4:57" in line(replace(trip, rests=True), now=3.0)


def test_a_message_that_came_back():
    """The line ends with the report about it: who has it, or that it is on its way; not with a mailbox ahead."""
    journeys = model_of("bounce").journeys
    bounced = journeys.trips[0]
    said = line(bounced, report=journeys.report_about(bounced))
    assert said.endswith(" ━▶ report to alice ✓")
    assert "nobody's mailbox" not in said
    on_its_way = replace(journeys.report_about(bounced), hops=dict.fromkeys(Hop, HopState.AHEAD))
    assert line(bounced, report=on_its_way).endswith(" ━▶ report to alice")


@pytest.mark.parametrize(("lang", "words"), [("en", "report to alice dropped"), ("vi", "báo lỗi cho alice bị bỏ")])
def test_a_report_that_was_dropped(lang, words):
    """No report of a report: alice gets nothing, so no arrow comes to her, at whatever station it failed."""
    journeys = model_of("bounce").journeys
    report = journeys.report_about(journeys.trips[0])
    for hop in (Hop.LOOKUP, Hop.RELAY):
        lost = replace(report, hops=dict.fromkeys(Hop, HopState.AHEAD) | {hop: HopState.FAILED}, boxes={})
        assert line(journeys.trips[0], texts=Texts(lang), report=lost).endswith(f" ─▷ {words} ✗")


def test_all_the_room_there_is():
    """What a server said has it before stations that went well; nothing is cut while columns are free."""
    journeys = model_of("bounce").journeys
    whole = "550 No mailbox here by the name of nobody@recipient.test"
    said = line(journeys.trips[0], 150, report=journeys.report_about(journeys.trips[0]))
    assert f"✗ {whole} ━▶" in said
    for cells in range(70, 130):
        longer = line(journeys.trips[0], cells, report=journeys.report_about(journeys.trips[0]))
        assert cells - len(longer) < 8 or whole in longer
    said = line(journeys.trips[0], 96, report=journeys.report_about(journeys.trips[0]))
    assert " ━▶ relay ✗ 550 No mailbox" in said
    assert said.endswith(" ━▶ report to alice ✓")
    assert "MX mx.recipient.test" in line(model_of("seven-steps").trip, 96)


def test_a_host_that_does_not_fit_is_left_out():
    """A name that is cut says no more than that it is a host."""
    trip = model_of("seven-steps").trip
    for cells in range(40, 140):
        said = line(trip, cells)
        assert "MX mx.recipient.test ✓" in said or " mx" not in said, cells


def test_how_long_it_took_is_said_as_in_the_notice():
    """From the queue that took it to the mailbox: one number for one thing."""
    trip = model_of("seven-steps").trip
    assert f"bob's mailbox ✓ {duration(trip.took)} ━▶" in line(trip)


def test_a_mailbox_of_nobody():
    """Mail that the lab has caught is in a mailbox of that name, which is nobody's."""
    trip = trip_of()
    trip.boxes = {("caught@b.test", 1): False}
    assert line(trip).endswith("mailbox “caught”")


def test_put_off_without_a_question():
    """A message whose host is known to be down is put off at once: no station stands between, reached by nobody."""
    trip = trip_of(reason=REFUSED, retry=300.0, rests=True)
    trip.hops |= {Hop.LOOKUP: HopState.AHEAD, Hop.RELAY: HopState.WAITING}
    assert "submit ✓ ━▶ relay … not tried" in line(trip, now=3.0)


def test_nothing_is_made_up():
    """Without a reason nothing stands behind the sign, and without a recipient nobody has a mailbox."""
    trip = trip_of()
    trip.hops[Hop.RELAY] = HopState.WAITING
    assert "relay … ─▷ bob's mailbox" in line(trip)
    assert line(replace(trip, recipients=())).endswith("─▷ mailbox")


def test_a_message_that_failed():
    """What the server said, or that it was given up."""
    assert "relay ✗ 550 " in line(model_of("bounce").journeys.trips[0])
    trip = trip_of(
        reason="554 5.4.7 Not delivered in 5 days; last error: No connection to mx.b.test: Connection refused"
    )
    trip.hops[Hop.RELAY] = HopState.FAILED
    assert "relay ✗ gave up after 5 days" in line(trip)
    assert line(model_of("null-mx").journeys.trips[0]).count("✗ accepts no mail (null MX)") == 1


def test_a_report():
    """It has no sender, was handed in nowhere, and goes to whoever wrote the message."""
    report = model_of("bounce").journeys.trips[1]
    assert line(report).startswith("no sender (bounce) ━▶ MX mx.sender.test ✓ ━▶ relay ✓")
    assert "alice's mailbox ✓" in line(report)


def test_a_message_that_was_not_taken():
    """It ends where it was handed in: the server's words, or that whoever handed it in left."""
    trip = Trip("", "alice@a.test", (), 1, service="smtp", reason="550 5.1.1 nobody")
    trip.hops[Hop.SUBMIT] = HopState.FAILED
    assert line(trip).startswith("alice ━▶ port 25 ✗ 550 nobody ─▷ MX")
    assert "✗ broken off" in line(replace(trip, reason=""))


@pytest.mark.parametrize("texts", [EN, VI])
def test_a_message_that_was_not_submitted(texts):
    """What came in at port 25 never stands there as submitted, however little room there is; nor as what is chosen."""
    trip = trip_of()
    trip.service = "smtp"
    port = texts("way.port", port=25)
    assert all(f"{port} ✓" in line(trip, cells, texts) for cells in range(20, 160))
    assert hop_name(Hop.SUBMIT, trip, texts) == port
    assert hop_name(Hop.RELAY, trip, texts) == texts("hop.relay")
    trip.service = "submission"
    assert hop_name(Hop.SUBMIT, trip, texts) == hop_name(Hop.SUBMIT, None, texts) == texts("hop.submit")


def test_what_it_does_not_pass_is_not_shown():
    """A message that was handed to the receiving machine at once has no queue and no look-up."""
    classic = model_of("classic").trip
    assert Hop.LOOKUP not in hops_seen(classic)
    assert "MX" not in line(classic)
    assert Hop.FETCH not in hops_seen(trip_of())


def test_several_mailboxes():
    """How many of them have it."""
    trip = trip_of(recipients=("bob@b.test", "carol@b.test"))
    trip.hops[Hop.STORE] = HopState.DONE
    trip.boxes = {("bob@b.test", 1): False}
    assert "1 of 2 mailboxes ✓" in line(trip)
    trip.boxes[("carol@b.test", 1)] = False
    assert "2 of 2 mailboxes ✓" in line(trip)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [60, 72, 80, 112, 120])
@pytest.mark.parametrize("story", ["seven-steps", "bounce", "mx-failover", "null-mx", "greylist-then-retry", "classic"])
def test_it_fits(story, cells, lang):
    """At every size; what matters most is said longest."""
    model = model_of(story, until=Deferred | Failed)
    for trip in model.journeys.trips:
        said = line(trip, cells - 9, Texts(lang), model.now)
        assert cell_len(said) <= cells - 9
        assert said.startswith(("alice", "no", "không", "sender"))


def test_brevity_spares_what_matters():
    """The station where it waits keeps its words when the others have lost theirs."""
    trip = trip_of(reason=REFUSED, retry=300.0)
    trip.hops[Hop.RELAY] = HopState.WAITING
    assert "relay … connection refused, retry in 4:57" in line(trip, 72, now=3.0)


def test_the_chosen_station():
    """Its name is marked."""
    [piece] = [piece for piece in way(trip_of(), EN, 0.0, 120, Hop.RELAY) if piece.style == "on"]
    assert (piece.text, piece.hop) == ("relay", Hop.RELAY)


def test_controls_are_pictures():
    """Whatever a server said (T261)."""
    trip = trip_of(reason="550 \x1b[31m\u202e")
    trip.hops[Hop.RELAY] = HopState.FAILED
    assert not {"\x1b", "\u202e"} & set(line(replace(trip, sender="\x1b@x", hosts=("\x1b.test",))))
    assert isinstance(Attempted("L1.1", "mx", 0).why, str)
