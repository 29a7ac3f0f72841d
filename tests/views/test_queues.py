"""What waits in the queues."""

from maillab.events import REMOVED, Attempted, Bounced, Deferred, Entry, Failed, Queued, Routed
from maillab.views.queues import Queues
from tests.recording.told import told

BOB, CAROL = "bob@b.test", "carol@b.test"


def after(*events):
    """The queues after these events, a second apart."""
    queues = Queues()
    for number, event in enumerate(events, 1):
        queues.hear(Entry(number, float(number), event))
    return queues


def test_a_job_is_gone_when_it_was_taken():
    """A job waits until a host takes it or it fails for good."""
    queued = Queued("L1.1", "L1", "b.test", (BOB,))
    assert [job.job for job in after(queued).waiting] == ["L1.1"]
    taken, failed = after(queued, Attempted("L1.1", "mx", 250)), after(queued, Failed("L1.1", (BOB,), "550 no"))
    assert (taken.waiting, taken.done, taken.failed) == ([], {"L": 1}, {})
    assert (failed.waiting, failed.done, failed.failed) == ([], {}, {"L": 1})


def test_a_job_that_waits_on():
    """Whoever of its recipients must wait keeps the job alive, with the reason and the moment of the next attempt."""
    queues = after(
        Queued("L1.1", "L1", "b.test", (BOB, CAROL)),
        Attempted("L1.1", "mx", 250),
        Deferred("L1.1", (CAROL,), "450 later", 300),
    )
    [job] = queues.waiting
    assert (job.recipients, job.attempts, job.next, job.reason, job.domain) == (
        (CAROL,),
        1,
        303.0,
        "450 later",
        "b.test",
    )


def test_some_recipients_are_refused():
    """Each recipient is counted by itself: those to whom it was sent, and those who were refused."""
    queued = Queued("L1.1", "L1", "b.test", (BOB, CAROL, "dave@b.test"))
    taken = [queued, Attempted("L1.1", "mx", 250)]
    assert after(*taken).done == {"L": 3}
    partly = after(*taken, Failed("L1.1", (CAROL,), "550 no"))
    assert (partly.waiting, partly.done, partly.failed) == ([], {"L": 2}, {"L": 1})
    later = [*taken, Failed("L1.1", (CAROL,), "550 no"), Deferred("L1.1", (BOB,), "450 later", 300)]
    assert (after(*later).done, after(*later).failed) == ({"L": 1}, {"L": 1})
    sent = after(*later, Attempted("L1.1", "mx", 250))
    assert (sent.waiting, sent.done, sent.failed) == ([], {"L": 2}, {"L": 1})


def test_reports_are_not_counted():
    """The message that one is about was: it waits as any other, and whether it arrives counts neither way."""
    bounced = [
        Queued("L1.1", "L1", "b.test", (BOB,)),
        Failed("L1.1", (BOB,), "550 no"),
        Bounced("L1.1", "alice@a.test", "failed", "L2"),
        Queued("L2.1", "L2", "a.test", ("alice@a.test",)),
    ]
    assert [job.job for job in after(*bounced).waiting] == ["L2.1"]
    for end in (Attempted("L2.1", "mx.a.test", 250), Failed("L2.1", ("alice@a.test",), "550 no")):
        queues = after(*bounced, end)
        assert (queues.waiting, +queues.done, queues.failed) == ([], {}, {"L": 1})


def test_what_was_removed_did_not_fail():
    """A person threw it away: nothing comes back, so it is counted apart."""
    queues = after(Queued("L1.1", "L1", "b.test", (BOB,)), Failed("L1.1", (BOB,), REMOVED))
    assert (queues.waiting, queues.failed, queues.removed) == ([], {}, {"L": 1})


def test_nobody_is_served_at_once():
    """Refusals of different kinds come one after the other; whoever is left waits on."""
    queued = Queued("L1.1", "L1", "b.test", (BOB, CAROL))
    first = [queued, Attempted("L1.1", "mx", 550), Failed("L1.1", (BOB,), "550 no")]
    assert [job.recipients for job in after(*first).waiting] == [(CAROL,)]
    both = after(*first, Failed("L1.1", (CAROL,), "552 full"))
    assert (both.waiting, both.done["L"], both.failed) == ([], 0, {"L": 2})


def test_one_attempt_at_several_hosts():
    """All hosts of a domain are tried in one attempt; the next attempt comes when it is due."""
    tries = [Attempted("L1.1", "mx1", 0), Attempted("L1.1", "mx2", 0)]
    deferred = Deferred("L1.1", (BOB,), "451 no", 300)
    queued, routed = Queued("L1.1", "L1", "b.test", (BOB,)), Routed("L1.1", ("mx1", "mx2"))
    assert after(queued, routed, *tries).waiting[0].attempts == 1
    assert after(queued, routed, *tries, deferred, routed, *tries, deferred).waiting[0].attempts == 2


def test_a_job_that_was_not_tried():
    """A job that is put off because its host was down a while ago knows since when; a try of its own forgets that."""
    down = [Queued("L1.1", "L1", "b.test", (BOB,)), Attempted("L1.1", "mx", 0, "connection refused")]
    late = [Deferred("L1.1", (BOB,), "451 no", 300), Queued("L2.1", "L2", "b.test", (BOB,))]
    first, second = after(*down, *late, Deferred("L2.1", (BOB,), "451 no", 298)).waiting
    assert (first.down, second.down, second.attempts) == (0.0, 2.0, 0)
    tried = [Attempted("L2.1", "mx", 0), Deferred("L2.1", (BOB,), "451 no", 300)]
    assert after(*down, *late, Deferred("L2.1", (BOB,), "451 no", 298), *tried).waiting[1].down == 0.0


def test_a_job_from_before():
    """A job whose beginning was not heard is known from its first sign."""
    [job] = after(Deferred("L7.1", (BOB,), "450 later", 60)).waiting
    assert (job.message, job.recipients) == ("L7", (BOB,))


def test_every_story_leaves_an_empty_queue():
    """At the end of a story nothing waits."""
    for name in ("seven-steps", "bounce", "greylist-then-retry", "null-mx"):
        queues = Queues()
        for entry in told(name):
            queues.hear(entry)
        assert queues.waiting == []
