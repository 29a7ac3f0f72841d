"""The lab as a fixture."""

import smtplib
import ssl

import pytest

from maillab.events import Bounced
from maillab.testing import RunningLab, cassette, maillab  # noqa: F401 - the fixture itself
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


def hand_over(door, recipient="bob@recipient.test"):
    """A program that logs in through TLS and sends a letter."""
    with smtplib.SMTP(door.host, door.port, "me.test", timeout=10) as wire:
        wire.starttls(context=ssl.create_default_context(cafile=door.authority))
        wire.login("alice@sender.test", "alice")
        return wire.sendmail("alice@sender.test", [recipient], b"Subject: hi\r\n\r\nHello\r\n")


def test_cassette(tmp_path):
    """The first run is recorded, without the password; the second is played, and knows nothing else."""
    path = tmp_path / "sign-up.maillab"
    for _ in range(2):
        with cassette(path, service="submission") as door:
            assert hand_over(door) == {}
    before = path.read_bytes()
    assert b'"alice"' not in before
    assert b"relay-1" not in before
    with cassette(path, "none") as door:
        hand_over(door)
    with (
        pytest.raises(AssertionError, match="does not know"),
        cassette(path, "none") as door,
        smtplib.SMTP(door.host, door.port, "me.test", timeout=10) as wire,
    ):
        assert wire.docmd("VRFY", "bob")[0] == 451
    with cassette(path, "all", service="submission") as door:
        hand_over(door)
    assert path.read_bytes() != before


def test_a_cassette_that_is_not_there(tmp_path):
    """`none` never records."""
    with pytest.raises(OSError), cassette(tmp_path / "none", "none"):  # noqa: PT011 - the system's own words
        pass
