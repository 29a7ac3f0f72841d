"""Flags are changed."""

import pytest

from tests.recipient.imap.staging import Stage


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (b"+FLAGS (\\Seen)", "1S 2 3"),
        (b"FLAGS (\\Flagged \\Draft)", "1DF 2 3"),
        (b"-FLAGS \\Seen", "1 2 3"),
        (b"FLAGS.SILENT ()", "1 2 3"),
    ],
)
def test_changes(said, left):
    """Flags are added, taken away, or set."""
    stage = Stage(["selected"])
    assert stage.heard(b"a STORE 1 " + said + b"\r\n")[-1] == b"a OK Done\r\n"
    assert stage.left() == left


def test_recent_cannot_be_set():
    """No client sets Recent, nor a system flag that there is not."""
    stage = Stage(["selected"])
    assert stage.heard(b"a STORE 1 +FLAGS (\\Recent)\r\n")[0].startswith(b"a BAD")


def test_others_hear_of_it_and_we_do_not_twice():
    """What a session changed itself is not told again."""
    stage = Stage(["selected"])
    stage.hear(b"a STORE 1 +FLAGS (\\Seen)\r\n")
    assert stage.heard(b"b NOOP\r\n") == [b"b OK Done\r\n"]


def test_a_message_that_is_gone():
    """A message that is gone has no answer; the others have theirs."""
    stage = Stage(["selected"])
    stage.happens(["goes", "2"])
    told = stage.heard(b"a STORE 1:3 +FLAGS (\\Seen)\r\n")
    assert told == [b"* 1 FETCH (FLAGS (\\Seen))\r\n", b"* 3 FETCH (FLAGS (\\Seen))\r\n", b"a OK Done\r\n"]
    assert stage.heard(b"b NOOP\r\n") == [b"* 2 EXPUNGE\r\n", b"b OK Done\r\n"]


def test_whoever_keeps_in_step_hears_the_uid():
    """After ENABLE QRESYNC a message is named by its UID, also where its flags are not told."""
    stage = Stage(["logged in"])
    stage.hear(b"b ENABLE QRESYNC\r\nc SELECT INBOX\r\n")
    told = stage.heard(b"d STORE 1 +FLAGS.SILENT (\\Seen)\r\n")
    assert told == [b"* 1 FETCH (UID 1 MODSEQ (5))\r\n", b"d OK Done\r\n"]
