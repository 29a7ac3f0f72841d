"""Recorded once, played afterwards."""

import smtplib
import ssl

import pytest

from maillab.events import Opened
from maillab.recording.session import load
from maillab.testing import cassette


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


def names(path):
    """The talks on a cassette, in their order."""
    return [entry.event.talk for entry in load(path).entries if isinstance(entry.event, Opened)]


def test_new_talks_are_added(tmp_path):
    """`new` plays what is there and records what comes after it; played later, both are there."""
    path = tmp_path / "grows.maillab"
    with cassette(path, "new", service="submission") as door:
        hand_over(door)
    first = path.read_bytes()
    with cassette(path, "new", service="submission") as door:
        hand_over(door)
    assert path.read_bytes() == first
    with cassette(path, "new", service="submission") as door:
        hand_over(door)
        with pytest.raises(smtplib.SMTPRecipientsRefused):  # the lab itself answers the second connection
            hand_over(door, "nobody@elsewhere.internal")
    assert path.read_bytes().startswith(first)
    assert names(path) == ["submit-1", "submit-2"]
    with cassette(path, "none") as door:
        hand_over(door)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            hand_over(door, "nobody@elsewhere.internal")


def test_new_and_something_unknown(tmp_path):
    """What an old talk does not know is an error in `new`, too: no talk is half played and half recorded."""
    path = tmp_path / "grows.maillab"
    with cassette(path, "new", service="submission") as door:
        hand_over(door)
    with (
        pytest.raises(AssertionError, match="does not know"),
        cassette(path, "new", service="submission") as door,
        smtplib.SMTP(door.host, door.port, "me.test", timeout=10) as wire,
    ):
        assert wire.docmd("VRFY", "bob")[0] == 451
    assert names(path) == ["submit-1"]
