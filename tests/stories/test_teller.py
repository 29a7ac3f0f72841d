"""Every story, told: the exact list of what was decided."""

import pytest

from maillab import events
from maillab.config import default
from maillab.events import (
    Attempted,
    Authenticated,
    Bounced,
    Deferred,
    Delivered,
    Failed,
    Queued,
    Read,
    Routed,
    Submitted,
    Tolerated,
)
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.stories.script import NAMES, Forward, Look, ReplyStep, Story, Watch, Words, load
from maillab.stories.teller import StoryError, StoryTeller
from tests.support import run

DECIDED = events.DecidedEvent
BOB = ("bob@recipient.test",)


def told(name, tmp_path):
    """The decided events of a story, in order; octets are left out of the comparison, everything else is exact."""

    async def story():
        with LabFolder(tmp_path / "lab") as folder:
            async with Lab(load(name).config, folder.path, auto_ports=True, now=1_700_000_000.0) as lab:
                await StoryTeller(load(name), lab, lambda _: None).tell()
                return [entry.event for entry in lab.logbook.since(0)]

    return run(story())


def decided(name, tmp_path):
    return [event for event in told(name, tmp_path) if isinstance(event, DECIDED)]


def test_seven_steps(tmp_path):
    """Alice logs in and submits, the message is routed, her server logs in at Bob's, it is stored, then known as handed over, then read."""
    seen = decided("seven-steps", tmp_path)
    assert [type(event) for event in seen] == [
        Authenticated,
        Submitted,
        Queued,
        Routed,
        Authenticated,
        Delivered,
        Attempted,
        Authenticated,
        Read,
    ]
    assert seen[0] == Authenticated("submit-1", "alice@sender.test", "SCRAM-SHA-256")
    assert seen[2] == Queued(seen[2].job, seen[1].message, "recipient.test", BOB)
    assert seen[3] == Routed(seen[2].job, ("mx.recipient.test",))
    assert seen[4] == Authenticated("relay-1", "relay@recipient.test", "SCRAM-SHA-256")
    assert (seen[5].talk, seen[5].mailbox, seen[5].uid) == ("relay-1", "bob@recipient.test", 1)
    assert seen[6] == Attempted(seen[2].job, "mx.recipient.test", 250)
    assert seen[8] == Read("retrieve-1", "bob@recipient.test", 1)


def test_classic(tmp_path):
    """The textbook dialogue is answered 250, 250, 250, 354, 250, 221, and each liberty is named."""
    seen = decided("classic", tmp_path)
    assert {event.rule for event in seen if isinstance(event, Tolerated)} == {
        "RFC 5321 section 4.1.1.1",
        "RFC 5321 section 3.3",
        "RFC 5321 section 4.1.2",
    }
    assert [event.mailbox for event in seen if isinstance(event, Delivered | Read)] == ["recipient@example.com"] * 2


def test_mx_failover(tmp_path):
    """The dead first host costs no new attempt: the second is tried in the same one (T063)."""
    seen = [e for e in decided("mx-failover", tmp_path) if isinstance(e, Routed | Attempted | Delivered | Deferred)]
    job = seen[0].job
    assert seen[0] == Routed(job, ("mx1.recipient.test", "mx2.recipient.test"))
    assert seen[1] == Attempted(job, "mx1.recipient.test", 0, "connection refused")
    assert isinstance(seen[2], Delivered)
    assert seen[3:] == [Attempted(job, "mx2.recipient.test", 250)]


def test_greylist_then_retry(tmp_path):
    """450 defers the message for five minutes, and the second attempt delivers it (T049)."""
    seen = [e for e in decided("greylist-then-retry", tmp_path) if isinstance(e, Attempted | Deferred | Delivered)]
    assert [type(event) for event in seen] == [Attempted, Deferred, Delivered, Attempted]
    assert [event.code for event in seen if isinstance(event, Attempted)] == [450, 250]
    assert 300 <= seen[1].seconds <= 360


def test_bounce(tmp_path):
    """550 fails the message, and the report is delivered to its sender."""
    seen = decided("bounce", tmp_path)
    kinds = [type(e) for e in seen if isinstance(e, Attempted | Failed | Bounced | Delivered)]
    assert kinds[:3] == [Attempted, Failed, Bounced]
    assert kinds.count(Delivered) == 1
    [bounced] = [event for event in seen if isinstance(event, Bounced)]
    assert (bounced.to, bounced.kind) == ("alice@sender.test", "failed")
    [failed] = [event for event in seen if isinstance(event, Failed)]
    assert failed.recipients == ("nobody@recipient.test",)
    assert "5.1.1" in failed.reason


def test_null_mx(tmp_path):
    """A null MX fails the message without any connection (T066)."""
    seen = told("null-mx", tmp_path)
    [failed] = [event for event in seen if isinstance(event, Failed)]
    assert "5.1.10" in failed.reason
    assert failed.recipients == ("info@nomail.test",)
    opened = [event.leg for event in seen if isinstance(event, events.Opened)]
    assert opened.count(events.Leg.RELAY) == 1  # the report's own


def test_answer(tmp_path):
    """Bob reads, replies and forwards: three messages, each handed over, routed, stored and read, one after the other."""
    seen = decided("answer", tmp_path)
    steps = [Authenticated, Submitted, Queued, Routed, Delivered, Attempted, Authenticated, Read]
    assert [type(event) for event in seen] == steps * 3
    alice, bob, carol = "alice@sender.test", "bob@recipient.test", "carol@recipient.test"
    for turn, (sender, reader, host) in enumerate(
        [(alice, bob, "mx.recipient.test"), (bob, alice, "mx.sender.test"), (bob, carol, "mx.recipient.test")]
    ):
        login, submitted, queued, routed, delivered, attempted, opened, read = seen[8 * turn : 8 * turn + 8]
        number = turn + 1
        assert login == Authenticated(f"submit-{number}", sender, "SCRAM-SHA-256")
        assert (submitted.sender, submitted.recipients) == (sender, (reader,))
        assert queued == Queued(queued.job, submitted.message, reader.rpartition("@")[2], (reader,))
        assert routed == Routed(queued.job, (host,))
        assert (delivered.talk, delivered.mailbox, delivered.uid) == (f"relay-{number}", reader, 1)
        assert attempted == Attempted(queued.job, host, 250)
        assert opened == Authenticated(f"retrieve-{number}", reader, "USER")
        assert read == Read(f"retrieve-{number}", reader, 1)


def test_answer_names_the_message(tmp_path):
    """The reply refers to Alice's message by its id and quotes it; what Carol gets holds that message, byte for byte."""
    first, reply, forwarded = [
        event.content.start
        for event in told("answer", tmp_path)
        if isinstance(event, events.Carried) and event.talk.startswith("retrieve")
    ]
    assert b"In-Reply-To: <message-1@laptop.sender.test>\r\n" in reply
    assert b"Subject: Re: Lunch on Friday?\r\n" in reply
    assert b"> shall we have lunch on Friday?" in reply
    assert b"Subject: Fwd: Lunch on Friday?\r\n" in forwarded
    assert first in forwarded


@pytest.mark.parametrize("name", ["reply", "forward"])
def test_nobody_answers_what_they_have_not_read(name, tmp_path):
    """A story in which somebody answers before they have fetched a message is stopped with a sentence."""
    step = ReplyStep("bob@recipient.test", "Yes.") if name == "reply" else Forward("bob@recipient.test", (), "Look.")

    async def story():
        with LabFolder(tmp_path / "lab") as folder:
            async with Lab(default(), folder.path, auto_ports=True) as lab:
                await StoryTeller(Story(Words("", ""), Words("", ""), (step,)), lab, lambda _: None).tell()

    with pytest.raises(StoryError, match="has fetched no message to answer"):
        run(story())


@pytest.mark.parametrize("name", NAMES)
def test_every_story_goes_as_it_is_told(name, tmp_path):
    """Each story runs to its end, everybody says goodbye, and nothing of ours stumbles."""
    seen = told(name, tmp_path)
    assert not [event for event in seen if isinstance(event, events.Stumbled)]
    assert any(isinstance(event, Delivered) for event in seen)


def test_imap(tmp_path):
    """Bob is told of the second message while he waits, before the sending machine knows that it has arrived."""
    seen = told("imap", tmp_path)
    assert [(type(event), event.uid) for event in seen if isinstance(event, Delivered | Read)] == [
        (Delivered, 1), (Read, 1), (Delivered, 2), (Read, 2),
    ]  # fmt: skip
    lines = [event.line for event in seen if isinstance(event, events.Said) and event.talk.startswith("retrieve")]
    told_at = lines.index(b"* 2 EXISTS\r\n")
    assert b"IDLE" in lines[told_at - 2]
    assert lines[told_at + 1 :].index(b"DONE\r\n") <= 1
    assert next(line for line in lines if b" STORE " in line).endswith(b"+FLAGS.SILENT (\\Seen \\Flagged)\r\n")


def test_pop3_and_imap(tmp_path):
    """What was fetched by POP3 is unread by IMAP; what POP3 deletes is told to a program that waits."""
    lines = [event.line for event in told("pop3-and-imap", tmp_path) if isinstance(event, events.Said)]
    fetched = [line for line in lines if b" FETCH (UID 1 FLAGS" in line]
    assert b"FLAGS ()" in fetched[0]
    assert lines.index(b"* 1 EXPUNGE\r\n") > lines.index(b"DELE 1\r\n")


@pytest.mark.parametrize(
    ("step", "complaint"),
    [(Look("bob@recipient.test"), "sees 0 messages, not 1"), (Watch("bob@sender.test"), "bob@sender.test")],
)
def test_what_is_not_as_it_is_told(step, complaint, tmp_path):
    """A story whose reader sees something else, or cannot look, ends with the reason."""
    story = Story(Words("t", "t"), Words("", ""), (step,))

    async def tell():
        with LabFolder(tmp_path / "lab") as folder:
            async with Lab(default(), folder.path, auto_ports=True) as lab:
                await StoryTeller(story, lab, lambda _: None).tell()

    with pytest.raises((StoryError, LookupError), match=complaint):
        run(tell())


def test_tieng_viet_travels_as_utf8(tmp_path):
    """Vietnamese addresses need SMTPUTF8, and get it on every hop."""
    seen = told("tieng-viet", tmp_path)
    mails = [e.line for e in seen if isinstance(e, events.Said) and e.line.startswith(b"MAIL FROM")]
    assert len(mails) == 2
    assert all(
        "nguyễn@gui.example".encode() in line and b"SMTPUTF8" in line and b"BODY=8BITMIME" in line for line in mails
    )


def test_two_runs_of_a_story_are_equal(tmp_path):
    """Decided events hold no clock: told twice, they are the same."""
    assert decided("bounce", tmp_path / "a") == decided("bounce", tmp_path / "b")
