"""Which talk serves which job."""

from maillab.events import Attempted, Bounced, Deferred, Failed, Queued, Routed, Submitted
from maillab.views import jobs as room
from maillab.views.jobs import Jobs

BOB = "bob@recipient.test"


def two():
    jobs = Jobs()
    for number in (1, 2):
        jobs.hear(Submitted(f"submit-{number}", f"L{number}", "alice@sender.test", (BOB,), 1))
        jobs.hear(Queued(f"L{number}.1", f"L{number}", "recipient.test", (BOB,)))
        jobs.hear(Routed(f"L{number}.1", ("mx.recipient.test",)))
    return jobs


def test_messages_for_one_person_are_kept_apart():
    """Two talks that name the same recipient carry two jobs, the older first; one talk goes on with its own."""
    jobs = two()
    for talk in ("relay-1", "relay-1", "relay-2"):
        jobs.carried(talk, "mx.recipient.test", "<alice@sender.test>", BOB)
    assert (jobs.of["relay-1"], jobs.of["relay-2"]) == ({"L1.1"}, {"L2.1"})


def test_the_message_says_which_one_it_is():
    """Where an envelope fits several jobs, the id that the sending machine wrote on the message decides."""
    jobs = two()
    trace = "Received: from x (y)\r\n\tby mail.sender.test with ESMTPSA id {};\r\n\tThu, 01 Jan 1970 00:00:00 +0000\r\n"
    for talk, message in (("relay-1", "L2"), ("relay-2", "L1")):
        jobs.carried(talk, "mx.recipient.test", "<alice@sender.test>", BOB)
        jobs.shown(talk, trace.format(message).encode(), [BOB])
    assert (jobs.of["relay-1"], jobs.of["relay-2"]) == ({"L2.1"}, {"L1.1"})
    for content in (b"", b"Subject: x\r\n", trace.format("L9").encode(), trace.format("L2").encode()[:60]):
        jobs.shown("relay-2", content, [BOB])
    assert jobs.carrying == {"relay-1": "L2.1", "relay-2": "L1.1"}


def test_guesses_that_were_wrong():
    """A wrong guess takes nothing from the talk that really carries the job; what was certain is never taken back."""
    jobs = two()
    jobs.hear(Submitted("submit-3", "L3", "alice@sender.test", (BOB,), 1))
    jobs.hear(Queued("L3.1", "L3", "recipient.test", (BOB,)))
    trace = "Received: from x (y)\r\n\tby mail.sender.test with ESMTPSA id {};\r\n\tThu\r\n"

    def named(talk):
        jobs.begun(talk)
        jobs.carried(talk, "mx.recipient.test", "<alice@sender.test>", BOB)

    named("relay-1")
    named("relay-2")
    jobs.shown("relay-1", trace.format("L2").encode(), [BOB])
    jobs.shown("relay-2", trace.format("L1").encode(), [BOB])
    named("relay-3")
    assert [jobs.of[f"relay-{n}"] for n in (1, 2, 3)] == [{"L2.1"}, {"L1.1"}, {"L3.1"}]
    for job in ("L1.1", "L2.1"):
        jobs.hear(Attempted(job, "mx.recipient.test", 250))
    jobs.begun("relay-1")  # nobody else is to be guessed here: relay-3 has the last one
    jobs.carried("relay-1", "mx.recipient.test", "<alice@sender.test>", BOB)
    jobs.shown("relay-1", trace.format("L3").encode(), [BOB])
    assert jobs.of["relay-1"] == {"L2.1", "L3.1"}


def test_what_does_not_fit_is_not_linked():
    """Another sender or another recipient is no job of ours."""
    jobs = two()
    jobs.carried("relay-1", "mx.recipient.test", "<eve@sender.test>", BOB)
    jobs.carried("relay-1", "mx.recipient.test", "<alice@sender.test>", "eve@recipient.test")
    assert "relay-1" not in jobs.of


def test_a_host_by_another_name():
    """A host may greet by a name that nobody looked up (mx2 is a second name of mx); the one looked up comes first."""
    jobs = two()
    jobs.hear(Routed("L2.1", ("mx.other.test",)))
    jobs.carried("relay-1", "mx.other.test", "<alice@sender.test>", BOB)
    jobs.carried("relay-2", "mx.unheard.test", "<alice@sender.test>", BOB)
    assert (jobs.of["relay-1"], jobs.of["relay-2"]) == ({"L2.1"}, {"L1.1"})


def test_a_job_that_was_tried_rests_until_it_is_deferred():
    """After its attempt nobody carries a job; a deferred one is carried again, by a later talk."""
    jobs = two()
    jobs.hear(Failed("L2.1", (BOB,), "no"))
    jobs.carried("relay-1", "", "<alice@sender.test>", BOB)
    jobs.hear(Attempted("L1.1", "mx.recipient.test", 451))
    jobs.carried("relay-2", "", "<alice@sender.test>", BOB)
    jobs.hear(Deferred("L1.1", (BOB,), "later", 60))
    jobs.carried("relay-3", "", "<alice@sender.test>", BOB)
    assert [jobs.of.get(f"relay-{number}") for number in (1, 2, 3)] == [{"L1.1"}, None, {"L1.1"}]


def test_a_talk_that_named_nobody():
    """A relay that ended before a recipient was named belongs to the job that was tried there."""
    jobs = two()
    jobs.opened("relay-1", "mx.recipient.test")
    jobs.hear(Attempted("L1.1", "mx.recipient.test", 0))
    assert jobs.of["relay-1"] == {"L1.1"}


def test_look_ups_of_look_ups():
    """A look-up belongs to the jobs that wait for its name, also where the name came from another look-up."""
    jobs = Jobs()
    jobs.hear(Bounced("L0.1", BOB, "failed", "L1"))
    jobs.hear(Queued("L1.1", "L1", "recipient.test", (BOB,)))
    jobs.asked("lookup-1", "recipient.test")
    jobs.answered("lookup-1", ["mx.recipient.test"])
    jobs.asked("lookup-2", "mx.recipient.test")
    jobs.asked("lookup-3", "other.test")
    assert (jobs.known["L1.1"].sender, jobs.of) == ("<>", {"lookup-1": {"L1.1"}, "lookup-2": {"L1.1"}})


def test_the_oldest_are_forgotten(monkeypatch):
    """Jobs, messages and waiting names are bounded."""
    monkeypatch.setattr(room, "KEPT", 3)
    jobs = Jobs()
    for number in range(10):
        jobs.hear(Submitted(f"submit-{number}", f"L{number}", "", (BOB,), 1))
        jobs.hear(Queued(f"L{number}.1", f"L{number}", f"d{number}.test", (BOB,)))
    assert list(jobs.known) == ["L7.1", "L8.1", "L9.1"]
    assert set(jobs._waiting) == {BOB, "d7.test", "d8.test", "d9.test"}
