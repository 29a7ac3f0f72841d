"""The lab as a fixture."""

import smtplib

import pytest

from maillab.events import Bounced
from maillab.testing import RunningLab, maillab  # noqa: F401 - the fixture itself
from maillab.views.filter import FilterError


def send(lab, to):
    door = lab.endpoint("sender.test", "smtp")
    with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
        smtp.sendmail("alice@sender.test", [to], b"Subject: Welcome\r\n\r\nx\r\n")


def test_a_program_is_tested_with_it(maillab):  # noqa: F811
    """A letter that a program sends to the lab is read from the recipient's mailbox by POP3."""
    send(maillab, "bob@recipient.test")
    [letter] = maillab.letters("bob@recipient.test", at_least=1)
    assert b"Subject: Welcome" in letter
    assert maillab.letters("carol@recipient.test") == []


def test_events_can_be_waited_for(maillab):  # noqa: F811
    """A test waits for what the lab decides, past or to come, and is told when it does not happen."""
    send(maillab, "nobody@recipient.test")
    maillab.wait(lambda event: isinstance(event, Bounced))
    with pytest.raises(TimeoutError):
        maillab.wait(lambda event: False, timeout=0.01)
    with pytest.raises(LookupError):
        maillab.password("nobody@recipient.test")


def test_entries_are_filtered(maillab):  # noqa: F811
    """A test asks what was said and decided in the filter language; a wrong filter is an error."""
    send(maillab, "nobody@recipient.test")
    maillab.wait(lambda event: isinstance(event, Bounced))
    [refusal] = maillab.entries("leg:relay verb:rcpt code:5xx")
    assert refusal.event.line.startswith(b"550 5.1.1 ")
    assert [type(entry.event) for entry in maillab.entries("event:bounced to:alice")] == [Bounced]
    assert len(maillab.entries()) > 50
    with pytest.raises(FilterError):
        maillab.entries("leg:sideways")


def test_a_lab_that_cannot_start_raises_where_it_was_asked_for(tmp_path):
    """A failure in the lab's thread is the test's failure."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot live in"), RunningLab(folder=tmp_path / "file" / "lab"):
        pass
