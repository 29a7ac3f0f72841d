"""THREAD: which messages answer which."""

from maillab.protocols.imap.names import INBOX
from tests.recipient.imap.staging import Stage

FIRST = b"Subject: a\r\nMessage-ID: <1@x.test>\r\n\r\n\r\n"
ANSWER = b"Subject: Re: a\r\nMessage-ID: <2@x.test>\r\nIn-Reply-To: <1@x.test>\r\n\r\n\r\n"


def test_threads():
    """An answer stands behind what it answers, by number or by UID; where nothing is found, nothing is named."""
    stage = Stage(["logged in", "empty"])
    folder = stage.shelves.bob.all[INBOX]
    folder.put(FIRST)
    folder.remove([1])
    for message in (FIRST, ANSWER):
        folder.put(message)
    stage.hear(b"a SELECT INBOX\r\n")
    assert stage.heard(b"b THREAD REFERENCES UTF-8 ALL\r\n")[0] == b"* THREAD (1 2)\r\n"
    assert stage.heard(b"c UID THREAD ORDEREDSUBJECT UTF-8 ALL\r\n")[0] == b"* THREAD (2 3)\r\n"
    assert stage.heard(b"d THREAD REFERENCES UTF-8 NOT ALL\r\n")[0] == b"* THREAD\r\n"
    assert stage.heard(b"e THREAD REFERENCES KOI8-R ALL\r\n")[0].startswith(b"e NO [BADCHARSET")
