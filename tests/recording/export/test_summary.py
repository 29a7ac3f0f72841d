"""What a session comes to."""

import pytest

from maillab.events import REMOVED, Carried, Deferred, Delivered, Failed, Leg, Opened, Queued, Side, Submitted
from maillab.mail.content import Content
from maillab.recording.export.summary import MessageSummary, summary
from maillab.recording.session import Header, Session, load
from tests.recording.export.sample import hostile, sample, session, talk
from tests.serving import ROOT

ALICE, BOB = "alice@sender.test", "bob@recipient.test"


def test_a_message():
    """Who wrote to whom, about what; that it was put off, and arrived and was read; talks, lines and seconds."""
    found = summary(sample())
    subject, reason = "Xin chào; #1 <b>", "450 4.7.1 Greylisted"
    assert found.messages == (MessageSummary(ALICE, (BOB,), subject, "read", reason, is_report=False),)
    assert (found.talks, found.seconds) == (5, (len(sample().entries) - 1) / 4)
    assert found.lines == len(sample().entries)  # as the window counts them


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("bounce", [("failed", False), ("read", True)]),
        ("null-mx", [("failed", False), ("read", True)]),
        ("tls", [("read", False), ("read", False)]),
        ("classic", [("read", False)]),
    ],
)
def test_stories(name, outcomes):
    """What failed is told with its reason, and the report about it is another message, without a sender."""
    messages = summary(load(ROOT / "examples" / "sessions" / f"{name}.maillab")).messages
    assert [(message.outcome, message.is_report) for message in messages] == outcomes
    assert all(bool(message.reason) == (message.outcome == "failed") for message in messages)
    assert all((message.sender == "") == message.is_report for message in messages)


def test_a_message_on_its_way():
    """A message that waits says why; one that is stored is not read yet; one of which nothing more is known is under way."""
    begun = [Opened("submit-1", Leg.SUBMIT, "smtp", "mail"), Submitted("submit-1", "L1", ALICE, (BOB,), 9)]
    queued = [*begun, Queued("L1.1", "L1", "recipient.test", (BOB,))]
    [waits] = summary(session(*queued, Deferred("L1.1", (BOB,), "451 later", 300))).messages
    assert (waits.outcome, waits.reason) == ("waiting", "451 later")
    assert [message.outcome for message in summary(session(*queued)).messages] == ["open"]
    removed = summary(session(*queued, Failed("L1.1", (BOB,), REMOVED))).messages
    assert [message.outcome for message in removed] == ["removed"]
    stored = [Opened("relay-1", Leg.RELAY, "smtp", "mx"), Delivered("relay-1", BOB, 1, 9)]
    assert [message.outcome for message in summary(session(*stored)).messages] == ["stored"]


def test_nothing_and_strangers(tmp_path):
    """A session without entries comes to nothing; strangers' words are safe; a message whose file is gone has no subject."""
    assert summary(Session(Header(), ())).messages == ()
    for message in summary(hostile()).messages:
        assert all(
            text.isprintable() for text in (message.sender, *message.recipients, message.subject, message.reason)
        )
    gone = Carried("submit-1", Side.CLIENT, Content(b"", tmp_path / "gone", 0, 9))
    assert summary(session(*talk("submit-1", "C: DATA"), gone)).messages == ()
