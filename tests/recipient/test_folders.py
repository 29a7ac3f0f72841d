"""The port between IMAP and its store: errors carry their code, and no news is nothing."""

import pytest

from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import NO_NEWS, SPECIAL, FolderRefusal, MessageRow, News


def kinds(error):
    return [error, *(kind for below in error.__subclasses__() for kind in kinds(below))]


@pytest.mark.parametrize("error", kinds(FolderRefusal)[1:])
def test_every_refusal_has_a_code(error):
    """A client can tell one NO from another: every kind has a response code in capitals."""
    assert error.code.isupper()
    assert error.code.isascii()


def test_no_news():
    """News of which nothing came is false; of one message it is true."""
    row = MessageRow(1, frozenset(), 1, 0.0, 0, 0.0, "M")

    assert not NO_NEWS
    assert News(added=[row])
    assert News(changed=[row])
    assert News(gone=[1])


def test_special_folders():
    """Every use is one of RFC 6154, and INBOX is none of them."""
    assert set(SPECIAL.values()) == {"\\Sent", "\\Drafts", "\\Trash", "\\Junk", "\\Archive"}
    assert INBOX not in SPECIAL
