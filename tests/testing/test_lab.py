"""A lab for a test, with or without pytest."""

import smtplib
import unittest

import pytest

from maillab.events import Bounced
from maillab.testing import RunningLab
from maillab.views.filter import FilterError


def send(lab, to):
    door = lab.endpoint("sender.test", "smtp")
    with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
        smtp.sendmail("alice@sender.test", [to], b"Subject: Welcome\r\n\r\nx\r\n")


@pytest.fixture
def lab(tmp_path):
    with RunningLab(folder=tmp_path / "lab") as running:
        yield running


def test_a_program_is_tested_with_it(lab):
    """A message that a program sends to the lab is read from the recipient's mailbox by POP3."""
    send(lab, "bob@recipient.test")
    [message] = lab.fetch("bob@recipient.test", at_least=1)
    assert b"Subject: Welcome" in message
    assert lab.fetch("carol@recipient.test") == []


def test_messages_that_were_caught(lab):
    """The messages for an address that nobody has, and that was caught, are fetched by that address."""
    send(lab, "someone@example.com")
    send(lab, "Someone.Else@shop.example")
    send(lab, "alice@example.org")
    [message] = lab.fetch("someone@example.com", at_least=1)
    assert b"Delivered-To: someone@example.com\r\n" in message
    assert len(lab.fetch("someone.else@SHOP.example", at_least=1)) == 1
    assert len(lab.fetch("alice@example.org", at_least=1)) == len(lab.fetch("alice@sender.test")) == 1
    assert len(lab.fetch("caught@recipient.test")) == 2
    with pytest.raises(LookupError):
        lab.fetch("someone@elsewhere.net")


def test_messages(lab):
    """Messages are found by a query, without a word in the transcript."""
    send(lab, "bob@recipient.test")
    send(lab, "carol@recipient.test")
    assert len(lab.wait_for_messages(count=2)) == 2
    before = lab.entries_so_far
    [message] = lab.messages("to:bob subject:welcome")
    assert message.mailbox == "bob@recipient.test"
    assert message.envelope.sender == "alice@sender.test"
    assert lab.messages("to:eve") == []
    assert not lab.entries("leg:retrieve")
    with pytest.raises(TimeoutError, match=r"1 of 2 messages \(to:bob\) within"):
        lab.wait_for_messages("to:bob", 2, timeout=0.01)
    assert "RCPT TO:<bob@recipient.test>" in lab.said(1000)
    assert len(lab.said(3).split("\n")) == 3
    assert lab.said(3, since=lab.entries_so_far) == ""
    assert before <= lab.entries_so_far


def test_settled(lab):
    """When nothing is on its way, the bounce of a message has arrived, too."""
    for _ in range(3):
        send(lab, "nobody@recipient.test")
    lab.settle()
    assert len(lab.messages("to:alice from:<>")) == 3


def test_events_can_be_waited_for(lab):
    """A test waits for what the lab decides, past or to come, and is told when it does not happen."""
    send(lab, "nobody@recipient.test")
    lab.wait(lambda event: isinstance(event, Bounced))
    with pytest.raises(TimeoutError):
        lab.wait(lambda event: False, timeout=0.01)
    with pytest.raises(LookupError):
        lab.password("nobody@recipient.test")


def test_entries_are_filtered(lab):
    """A test asks what was said and decided in the filter language; a wrong filter is an error."""
    send(lab, "nobody@recipient.test")
    lab.wait(lambda event: isinstance(event, Bounced))
    [refusal] = lab.entries("leg:relay verb:rcpt code:5xx")
    assert refusal.event.line.startswith(b"550 5.1.1 ")
    assert [type(entry.event) for entry in lab.entries("event:bounced to:alice")] == [Bounced]
    assert len(lab.entries()) > 50
    with pytest.raises(FilterError):
        lab.entries("leg:sideways")


def test_a_lab_that_cannot_start_raises_where_it_was_asked_for(tmp_path):
    """A failure in the lab's thread is the test's failure."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot live in"), RunningLab(folder=tmp_path / "file" / "lab"):
        pass


def test_unittest():
    """A test case of the standard library has a lab without pytest's fixtures."""

    class Case(unittest.TestCase):
        def setUp(self):
            self.lab = self.enterContext(RunningLab())

        def test_it(self):
            send(self.lab, "bob@recipient.test")
            [message] = self.lab.wait_for_messages("to:bob")
            assert message.subject == "Welcome"

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])
