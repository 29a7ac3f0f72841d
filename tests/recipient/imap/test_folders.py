"""Folders by their names: what the dialogues do not say."""

import pytest

from tests.recipient.imap.staging import Stage


@pytest.mark.parametrize("said", [b'"a\x00b"', b'"a\r\nb"', b"{3+}\r\na\0b", b"x" * 2000, b"", b'""x'])
def test_names_that_are_no_names(said):
    """What cannot be said as a name is refused as it is read, and the talk goes on."""  # T199
    stage = Stage(["logged in", "patient"])
    told = stage.heard(b"a CREATE " + said + b"\r\n")
    assert told[0].split(b" ")[1] in (b"BAD", b"NO")
    assert stage.heard(b"z NOOP\r\n")[-1] == b"z OK Done\r\n"


def test_two_uses_are_refused():
    """A folder is for one use."""
    stage = Stage(["logged in"])
    assert stage.heard(b"a CREATE x (USE (\\Sent \\Junk))\r\n") == [b"a NO [USEATTR] A folder is for one use\r\n"]


def test_asking_for_modseq_switches_it_on():
    """RFC 7162 section 3.1: STATUS with HIGHESTMODSEQ tells that the client wants to hear of it."""
    stage = Stage(["logged in"])
    stage.hear(b"a STATUS INBOX (HIGHESTMODSEQ)\r\n")
    assert stage.dialogue.session.tells_modseq
