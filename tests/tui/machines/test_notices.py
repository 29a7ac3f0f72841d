"""What a person should hear of at once."""

import pytest

from maillab.events import (
    REMOVED,
    Adjusted,
    Attempted,
    Bounced,
    Deferred,
    Delivered,
    Dropped,
    Entry,
    Failed,
    Leg,
    Opened,
    Queued,
    Routed,
    RulePlayed,
    Said,
    Side,
    Stumbled,
    Submitted,
)
from maillab.tui.machines.notices import Notices
from maillab.tui.reading.model import Model
from tests.recording.told import told
from tests.tui.words import words

BOB = ("bob@b.test",)
REFUSED = "451 4.4.1 No connection to mx.b.test: Connection refused"


def numbered(*events):
    return [Entry(number, float(number), event) for number, event in enumerate(events, 1)]


def heard(entries, lang="en", held=()):
    """The notices after these entries, told at once; the queues of these messages are held."""
    notices, model = Notices(words(lang), held.__contains__, lambda: False), Model()
    model.take(entries)
    notices.hear(entries, model)
    return notices


def texts(*events, lang="en"):
    entries = numbered(*events)
    return [(notice.level, notice.text) for notice in heard(entries, lang).due(0.0, entries[-1].at)]


QUEUED = (Submitted("submit-1", "L1", "alice@a.test", BOB, 9), Queued("L1.1", "L1", "b.test", BOB))
TRIED = (Attempted("L1.1", "mx.b.test", 0, "connection refused"), Deferred("L1.1", BOB, REFUSED, 300))


def test_a_message_that_arrived():
    """Who has it, how long it took, and the key that reads it."""
    [notice] = heard(told("seven-steps")).due(0.0, 0.0)
    assert notice.level == "good"
    assert notice.text.startswith("L1 delivered to bob in ")
    assert notice.text.endswith(" ms. Press 2 to read it.")
    assert (
        texts(Delivered("relay-9", "bob@b.test", 1, 9))[0][1] == "The message is in bob's mailbox. Press 2 to read it."
    )


def test_a_message_that_was_caught():
    """A domain may have been mistyped: that the lab does not have it is said, and where the message is."""
    whom = ("bob@nowhere.invalid", "carol@b.test")
    events = [
        Submitted("submit-1", "L1", "alice@a.test", whom, 9),
        Queued("L1.1", "L1", "nowhere.invalid", whom[:1]), Routed("L1.1", ("mx.b.test",)),
        Opened("relay-1", Leg.RELAY, "smtp", "mx.b.test"),
        Said("relay-1", Side.CLIENT, b"MAIL FROM:<alice@a.test>\r\n"),
        Said("relay-1", Side.CLIENT, b"RCPT TO:<bob@nowhere.invalid>\r\n"),
        Delivered("relay-1", "caught@b.test", 1, 9),
    ]  # fmt: skip
    caught = "“caught”: this lab has no domain nowhere.invalid. Press 2 to read it; F9 can refuse such mail."
    assert texts(*events) == [("good", f"L1 kept in {caught}")]
    assert "lab này không có tên miền nowhere.invalid" in texts(*events, lang="vi")[0][1]
    [(_, direct)] = texts(Delivered("relay-9", "caught@b.test", 1, 9))
    assert direct == "The message is in caught's mailbox. Press 2 to read it."


def test_a_rule_that_made_it_wait():
    """What became of the message is said last, where it is read; in whatever order both happened."""
    played = RulePlayed("relay-1", "be-slow", "answer 451")
    for events in ((*QUEUED, played, *TRIED), (*QUEUED, *TRIED, played)):
        rule, message = texts(*events)
        assert rule[1].startswith("Rule applied")
        assert message[1].startswith("L1 queued")


def test_a_message_that_waits():
    """A connection that was refused is called so; when it is tried again, and the key that tries it now."""
    assert texts(*QUEUED, *TRIED) == [
        ("warn", "L1 queued: mx.b.test refused the connection. Retry in 5:00; press r to try now."),
    ]
    greylisted = Deferred("L1.1", BOB, "450 4.7.1 Greylisted: come back in 120 seconds", 120)
    assert texts(*QUEUED, greylisted)[0][1] == "L1 queued: greylisted. Retry in 2:00; press r to try now."
    said = Deferred("L1.1", BOB, "452 4.2.2 mailbox full", 120)
    assert texts(*QUEUED, said)[0][1].startswith("L1 queued: 452 mailbox full. Retry")


def test_a_wait_is_what_is_left_when_it_is_said():
    """The lab's clock may have been turned since the queue wrote it down."""
    assert "Retry in 4:10;" in heard(numbered(*QUEUED, *TRIED)).due(0.0, 54.0)[0].text
    assert "Retry in 0 s;" in heard(numbered(*QUEUED, *TRIED)).due(0.0, 999.0)[0].text


@pytest.mark.parametrize(
    "event", [Routed("L1.1", ("mx.b.test",)), Failed("L1.1", BOB, REFUSED), Adjusted("clock", "clock", "60")]
)
def test_a_wait_that_was_said_and_is_over(event):
    """It holds no longer once the message is tried again, is given up, or the clock was turned; and is taken back once."""
    model, notices = Model(), Notices(words(), lambda _: False, lambda: False)
    entries = numbered(*QUEUED, *TRIED, Routed("L2.1", ("mx.c.test",)), event)
    model.take(entries)
    notices.hear(entries[:4], model)
    [said] = notices.due(0.0, 4.0)
    notices.hear(entries[4:5], model)
    assert notices.outdated() == set()
    notices.hear(entries[5:], model)
    assert notices.outdated() == {said.text}
    notices.hear(entries[5:], model)
    assert notices.outdated() == set()


def test_a_message_that_was_never_tried():
    """Its host was down a while ago: it is said when that was, and nothing of older messages, for there may be none."""
    later = (Queued("L2.1", "L2", "b.test", BOB), Deferred("L2.1", BOB, REFUSED, 298))
    notices, model = Notices(words(), lambda _: False, lambda: False), Model()
    model.take(numbered(*QUEUED, *TRIED, *later))
    notices.hear([Entry(6, 363.0, later[-1])], model)
    [notice] = notices.due(0.0, 363.0)
    assert (
        notice.text == "L2 queued, not tried yet: mx.b.test was down 6 min ago. First try in 4:58; press r to try now."
    )


def test_a_message_that_came_back():
    """The server's words, and who has the report; its delivery is no news any more."""
    notices = heard(told("bounce")).due(0.0, 0.0)
    assert [notice.level for notice in notices] == ["bad"]
    assert notices[0].text.startswith("L1 bounced: 550 ")
    assert notices[0].text.endswith("The report goes to alice; press 2 to read it.")


def test_a_message_that_was_given_up():
    """After how long, and why."""
    reason = "554 5.4.7 Not delivered in 5 days; last error: No connection to mx.b.test: Connection refused"
    over = (Failed("L1.1", BOB, reason), Bounced("L1.1", "alice@a.test", "failed", "L2"))
    assert texts(*QUEUED, *TRIED[:1], *over) == [
        ("bad", "L1: gave up after 5 days (connection refused). The report goes to alice; press 2 to read it."),
    ]
    late = Bounced("L1.1", "alice@a.test", "delayed", "L2")
    tried = TRIED * 100  # while days passed in a second: that it waited so often is no news when it is over
    assert [text.partition(" ")[0] for _, text in texts(*QUEUED, *tried, late, *tried, *over)] == ["L1", "L1:"]
    assert len(texts(*QUEUED, *tried)) == 1
    assert texts(*QUEUED, *TRIED, Attempted("L1.1", "mx.b.test", 250, "ok")) == []
    assert texts(*QUEUED, late)[0][0] == "warn"
    assert texts(*QUEUED, Bounced("L1.1", "alice@a.test", "relayed", "L2")) == []


def test_what_is_lost_and_what_is_disturbed():
    """A report of a report is dropped, and that is said; so is a rule that was played, and a fault of the lab."""
    assert texts(Dropped("L1.1", "never a bounce of a bounce")) == [
        ("bad", "A report was dropped: never a bounce of a bounce.")
    ]
    assert texts(RulePlayed("relay-1", "at rcpt answer 451", "answer 451")) == [
        ("warn", "Rule applied in relay-1: answer 451.")
    ]
    assert texts(Stumbled("queue", "X7", "KeyError")) == [("bad", "Internal error of the lab in queue, reference X7.")]


REFUSED_BOTH = (
    *QUEUED, Failed("L1.1", BOB, "550 5.7.1 no"), Bounced("L1.1", "alice@a.test", "failed", "L2"),
    Queued("L2.1", "L2", "a.test", ("alice@a.test",)),
    Failed("L2.1", ("alice@a.test",), "550 5.7.1 never"), Dropped("L2.1", "reports are never bounced"),
)  # fmt: skip


def test_a_report_that_was_lost():
    """One notice says both: that the message came back, and that nobody will read so, and why."""
    whole = "L1 bounced: 550 no. The report to alice was dropped: 550 never."
    assert texts(*REFUSED_BOTH) == [("bad", whole)]
    assert texts(*REFUSED_BOTH, lang="vi") == [
        ("bad", "L1 bị trả lại: 550 no. Thư báo lỗi cho alice bị bỏ: 550 never.")
    ]
    delayed = Bounced("L1.1", "alice@a.test", "delayed", "L2")
    said = texts(*QUEUED, delayed, *REFUSED_BOTH[-3:])
    assert said[-1] == ("bad", "The report about L1 to alice was dropped: 550 never.")


def test_a_message_of_which_nobody_hears():
    """Its sender is outside the lab: that it failed is said, with why no report was written."""
    outside = "no report can reach x@c.example: c.example is outside the lab"
    assert texts(*QUEUED, Failed("L1.1", BOB, "550 5.1.1 no such user"), Dropped("L1.1", outside)) == [
        ("bad", f"L1 failed: 550 no such user. No report was written: {outside.removesuffix(' lab')}…."),
    ]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_flood_is_counted(lang):
    """Many of one kind are one notice, with how many there were and for whom."""
    events = [
        Delivered("relay-1", f"{name}@b.test", n, 9) for n in range(50) for name in ("bob", "carol", "dan", "eve")
    ]
    [(_, text)] = texts(*events, lang=lang)
    assert "200" in text
    assert "bob, carol, dan +1" in text
    played = [RulePlayed(f"relay-{n}", "at rcpt answer 451", "answer 451") for n in range(3)]
    assert "at rcpt answer 451" in texts(*played, lang=lang)[0][1]
    three = [Deferred(f"L{number}.1", BOB, REFUSED, 300) for number in (1, 2, 3)]
    for many in (three, [Dropped("L1.1", "no")] * 3, [Stumbled("queue", "X", "x")] * 3, [Bounced("L1.1", "a@b", "failed", f"L{number}") for number in (2, 3, 4)], [Bounced("L1.1", "a@b", "delayed", "L2")] * 3):  # fmt: skip
        [(_, text)] = texts(*QUEUED, *many, lang=lang)
        assert "3" in text


def test_one_kind_is_told_once_in_a_while():
    """What follows at once waits for a moment, and is counted then; nothing is told twice."""
    notices, model = Notices(words(), lambda _: False, lambda: False), Model()

    def deliver(number):
        entry = Entry(number, 1.0, Delivered("relay-1", "bob@b.test", number, 9))
        model.take([entry])
        notices.hear([entry], model)

    deliver(1)
    assert len(notices.due(100.0, 0.0)) == 1
    for number in range(2, 12):
        deliver(number)
    assert notices.due(100.5, 0.0) == []
    [notice] = notices.due(102.5, 0.0)
    assert notice.text == "10 messages delivered: bob."
    assert notices.due(110.0, 0.0) == []
    deliver(12)
    notices.forget()
    assert notices.due(200.0, 0.0) == []


def test_controls_are_pictures():
    """Whatever a server said (T261)."""
    evil = "450 \x1b[31m\u202e" + "x" * 500
    [(_, text)] = texts(Queued("L1.1", "L1", "\x1b.test", BOB), Deferred("L1.1", BOB, evil, 9))
    assert not {"\x1b", "\u202e"} & set(text)
    assert len(text) < 150


def test_a_machine_that_is_switched():
    """It says so; one that starts says what waits for it, and the key that sends it from wherever one is."""
    stopped, started = Adjusted("b.test", "stopped", "smtp"), Adjusted("b.test", "started", "smtp")
    assert texts(stopped) == [("good", "b.test stopped. In Lab, o in its pane starts it.")]
    there = Notices(words(), lambda _: False, lambda: True)
    there.hear(numbered(stopped), Model())
    assert [notice.text for notice in there.due(0.0, 0.0)] == ["b.test stopped. o in its pane starts it."]
    assert texts(started) == [("good", "b.test started.")]
    told = texts(*QUEUED, *TRIED, started)
    assert told[-1] == ("good", "b.test started. 1 message waits for it; press r to send now.")
    assert texts(stopped, started) == [("good", "Started or stopped: b.test.")]


def test_a_report_that_waits():
    """In a queue that is on hold it can be read by nobody: the key that lets it go is said, not the one that reads."""
    gone = Failed("L1.1", BOB, "550 5.1.1 returned manually"), Bounced("L1.1", "alice@a.test", "failed", "L2")
    [notice] = heard(numbered(*QUEUED, *gone), held=("L2",)).due(0.0, 0.0)
    assert notice.text.endswith(
        "The report to alice waits in the same queue, which is on hold: p in its pane resumes it."
    )
    [notice] = heard(numbered(*QUEUED, *gone)).due(0.0, 0.0)
    assert notice.text.endswith("The report goes to alice; press 2 to read it.")


def test_some_of_several_recipients():
    """It is said for whom the message came back; others may have it."""
    both = (*BOB, "nobody@b.test")
    events = [
        Submitted("submit-1", "L1", "alice@a.test", both, 9), Queued("L1.1", "L1", "b.test", both),
        Failed("L1.1", both[1:], "550 5.1.1 no such user"), Bounced("L1.1", "alice@a.test", "failed", "L2"),
    ]  # fmt: skip
    [(level, text)] = texts(*events)
    assert level == "bad"
    assert text.startswith("L1 to nobody bounced: 550 no such user.")
    events[2:2] = [Failed("L1.2", BOB, REMOVED)]  # which is news to nobody: who removed it saw it
    assert texts(*events) == [(level, text)]
