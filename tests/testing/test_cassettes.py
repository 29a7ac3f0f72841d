"""Recorded once, played afterwards."""

import smtplib
import ssl

import pytest

from maillab.events import Opened
from maillab.recording.session import load
from maillab.recording.session_lines import SessionError
from maillab.testing import cassette


def hand_over(door, recipient="bob@recipient.test"):
    """A program that logs in through TLS and sends a message."""
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


def test_another_message(tmp_path):
    """Kind: a test that cannot fail. Another sender, recipient or subject is an error that names talk and command."""
    path = tmp_path / "c.maillab"

    def hand(door, sender="alice@sender.test", to="bob@recipient.test", subject="Your code: 482913", date="1"):
        message = (
            f"Date: {date}\r\nMessage-ID: <{date}@a>\r\nFrom: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHi\r\n"
        )
        with smtplib.SMTP(door.host, door.port, f"me{date}.test", timeout=10) as wire:
            wire.sendmail(sender, [to], message)

    with cassette(path) as door:
        hand(door)
    with cassette(path) as door:  # ids, dates, lengths, the name of the computer: all new, and the same program
        hand(door, subject="Your code: 7719", date="2026")
    for changed, said in (
        ({"sender": "carol@sender.test"}, "submit-1, command 2: the record has MAIL FROM:<alice@sender.test>; the program said MAIL FROM:<carol@sender.test>"),
        ({"to": "carol@recipient.test"}, "submit-1, command 3: the record has RCPT TO:<bob@recipient.test>; the program said RCPT TO:<carol@recipient.test>"),
        ({"subject": "Goodbye"}, "the record has Subject: Your code: #; the program said Subject: Goodbye"),
    ):  # fmt: skip
        with pytest.raises(AssertionError) as caught, cassette(path) as door:
            hand(door, **changed)
        assert str(path) in str(caught.value)
        assert said in str(caught.value)


def test_a_program_that_says_nothing(tmp_path):
    """Nor is a program green that does not come, or stops early; and of silence no cassette is made."""
    path = tmp_path / "c.maillab"
    with pytest.raises(AssertionError, match=r"nothing was said to smtp of sender\.test"), cassette(path):
        pass
    assert not path.exists()
    with cassette(path, service="submission") as door:
        hand_over(door)
    with pytest.raises(AssertionError, match="submit-1: the program did not connect"), cassette(path):
        pass
    with (
        pytest.raises(
            AssertionError, match=r"submit-1, command 2: the record has STARTTLS; the program said nothing more"
        ),
        cassette(path) as door,
        smtplib.SMTP(door.host, door.port, "me.test", timeout=10) as wire,
    ):
        wire.ehlo()


def test_a_file_that_is_no_cassette(tmp_path):
    """Kind: an output file over a file that a person had. `all` replaces cassettes only, and by something only."""
    (tmp_path / "thesis.doc").write_bytes(b"mine")
    with pytest.raises(SessionError), cassette(tmp_path / "thesis.doc", "all"):
        pass
    assert (tmp_path / "thesis.doc").read_bytes() == b"mine"
    path = tmp_path / "c.maillab"
    with cassette(path, service="submission") as door:
        hand_over(door)
    before = path.read_bytes()
    with pytest.raises(AssertionError, match="nothing was recorded"), cassette(path, "all"):
        pass
    assert path.read_bytes() == before
