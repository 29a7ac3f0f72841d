"""What is marked as deleted goes."""

from maillab.protocols.imap.names import INBOX
from maillab.recipient.maildrop import NotRemoved
from tests.recipient.imap.staging import Stage


def test_what_the_disk_does_not_remove():
    """Those that are gone are told, those that are not stay, and the answer is NO."""
    stage = Stage(["selected"])

    def expunge(uids=None):
        stage.shelves.bob.all[INBOX].remove([1])
        raise NotRemoved((1,), "OSError: [Errno 5] Input/output error")

    stage.dialogue.session.looking.view.expunge = expunge
    assert stage.heard(b"a EXPUNGE\r\n") == [
        "removes 1",
        "stumbles NotRemoved: OSError: [Errno 5] Input/output error",
        b"* 1 EXPUNGE\r\n",
        b"a NO [UNAVAILABLE] The disk cannot do it now; reference n1\r\n",
    ]


def test_two_who_expunge():
    """What another session has expunged is not told twice."""  # T211
    stage = Stage(["selected"])
    stage.hear(b"a STORE 1:2 +FLAGS.SILENT \\Deleted\r\n")
    stage.happens(["goes", "1"])
    assert stage.heard(b"b EXPUNGE\r\n") == ["removes 2", b"* 1 EXPUNGE\r\n", b"* 1 EXPUNGE\r\n", b"b OK Expunged\r\n"]
