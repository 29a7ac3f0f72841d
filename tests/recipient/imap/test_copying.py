"""Messages into another folder: what the dialogue of its name does not say."""

from tests.recipient.imap.staging import Stage


def test_a_message_that_is_gone_is_not_copied():
    """Of messages that are gone no copy is named."""
    stage = Stage(["selected"])
    stage.happens(["goes", "2"])
    assert stage.heard(b"a UID COPY 2 Archive\r\n") == [b"* 2 EXPUNGE\r\n", b"a OK Copied\r\n"]


def test_into_the_same_folder():
    """A copy may stand in the same folder; it is told as new."""
    stage = Stage(["selected"])
    told = stage.heard(b"a COPY 1 INBOX\r\n")
    assert told == [b"* 4 EXISTS\r\n", b"* 0 RECENT\r\n", b"a OK [COPYUID 1 1 4] Copied\r\n"]
