"""To look into a folder, and to look away."""

from maillab.protocols.imap.names import INBOX
from tests.recipient.imap.staging import Stage


def test_a_folder_that_cannot_be_selected_leaves_none_selected():
    """RFC 9051 section 6.3.2: where SELECT fails, the folder before is not selected any more."""
    stage = Stage(["selected"])
    stage.hear(b"a SELECT Nowhere\r\n")
    assert stage.heard(b"b CHECK\r\n") == [b"b BAD Select a folder first\r\n"]
    assert stage.shelves.open_views == []


def test_close_removes_and_unselect_does_not():
    """CLOSE removes what is marked as deleted and tells nothing of it; UNSELECT leaves it."""
    stage = Stage(["selected"])
    stage.hear(b"a STORE 1:2 +FLAGS.SILENT (\\Deleted)\r\n")
    assert stage.heard(b"b UNSELECT\r\n") == [b"b OK Closed\r\n"]
    stage.hear(b"c SELECT INBOX\r\n")
    assert stage.heard(b"d CLOSE\r\n") == ["removes 1 2", b"d OK Closed\r\n"]
    assert stage.left() == "3"


def test_the_first_unseen_message_is_named():
    """UNSEEN names the first one, or nothing where all are seen."""
    stage = Stage(["logged in"])
    view = stage.shelves.bob.select(INBOX, lambda: None)
    view.store([1], "+", ["\\Seen"])
    assert b"* OK [UNSEEN 2] The first unseen message\r\n" in stage.heard(b"a SELECT INBOX\r\n")
    view.store([1, 2, 3], "+", ["\\Seen"])
    assert not any(b"UNSEEN" in line for line in stage.heard(b"b SELECT INBOX\r\n"))


def test_a_folder_that_somebody_deletes():
    """Whoever looks into a folder that is deleted sees it become empty."""
    stage = Stage(["logged in"])
    stage.hear(b"a APPEND Sent {4+}\r\na: b\r\n")
    stage.hear(b"b SELECT Sent\r\n")
    stage.shelves.bob.delete("Sent")
    assert stage.heard(b"c NOOP\r\n") == [b"* 1 EXPUNGE\r\n", b"c OK Done\r\n"]
