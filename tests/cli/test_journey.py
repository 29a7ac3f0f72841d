"""A message is followed from event to event until it is known what became of every copy."""

from maillab.cli.journey import Fate, Journey
from maillab.events import Attempted, Bounced, Deferred, Delivered, Failed, Queued, Submitted

BOB, CAROL = "bob@recipient.test", "carol@recipient.test"


def taken(*recipients: str) -> Journey:
    """A journey whose message L1 waits, as job L1.1, for these."""
    journey = Journey()
    journey.hear(Submitted("submit-1", "L1", "alice@sender.test", recipients, 9))
    assert not journey.settled
    journey.hear(Queued("L1.1", "L1", "recipient.test", recipients))
    assert not journey.settled
    return journey


def test_each_copy_counts() -> None:
    """The journey is over when every copy is somewhere."""
    journey = taken(BOB, CAROL)
    journey.hear(Delivered("relay-1", BOB, 1, 9))
    assert not journey.settled
    journey.hear(Failed("L1.1", (CAROL,), "550 no"))
    assert journey.settled
    assert journey.those("L1", Fate.DELIVERED) == (BOB,)
    assert journey.those("L1", Fate.FAILED) == (CAROL,)
    assert journey.reasons == {CAROL: "550 no"}


def test_deferred_then_delivered() -> None:
    """What had to wait is not on its way; when it arrives after all, it is delivered."""
    journey = taken(BOB)
    journey.hear(Deferred("L1.1", (BOB,), "450 later", 300))
    assert (journey.settled, journey.those("L1", Fate.DEFERRED)) == (True, (BOB,))
    journey.hear(Delivered("relay-2", BOB, 1, 9))
    assert journey.those("L1", Fate.DELIVERED) == (BOB,)


def test_plus_and_case() -> None:
    """A copy for bob+shop lies in bob's mailbox."""
    journey = taken("Bob+shop@recipient.test")
    journey.hear(Delivered("relay-1", BOB, 1, 9))
    assert journey.settled


def test_other_mailbox() -> None:
    """What a host took and stored under another name is presumed delivered, when nothing more is heard."""
    journey = taken("anybody@recipient.test")
    journey.hear(Delivered("relay-1", "caught@recipient.test", 1, 9))
    assert not journey.presumable
    journey.hear(Attempted("L1.1", "mx.recipient.test", 250))
    assert (journey.settled, journey.presumable) == (False, True)
    journey.presume()
    assert (journey.settled, journey.presumable) == (True, False)


def test_report_is_followed() -> None:
    """A bounce is a message too, and its copy is waited for; it does not change what became of the first."""
    journey = taken(BOB)
    journey.hear(Failed("L1.1", (BOB,), "550 no"))
    journey.hear(Bounced("L1.1", "alice@sender.test", "failed", "L2"))
    journey.hear(Queued("L2.1", "L2", "sender.test", ("alice@sender.test",)))
    assert not journey.settled
    journey.hear(Delivered("relay-2", "alice@sender.test", 1, 9))
    assert journey.settled
    assert (journey.messages, journey.those("L1", Fate.FAILED)) == (["L1", "L2"], (BOB,))


def test_others_do_not_count() -> None:
    """Jobs from before, and outcomes of jobs that are not known, are nobody's here."""
    journey = Journey()
    journey.hear(Queued("L0.1", "L0", "recipient.test", (BOB,)))
    journey.hear(Failed("L0.1", (BOB,), "550 no"))
    assert (journey.settled, journey.reasons) == (False, {})
