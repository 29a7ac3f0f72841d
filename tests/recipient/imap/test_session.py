"""A talk as commands see it."""

import pytest

from maillab.protocols.imap.sequence import parse_sequence_set
from maillab.recipient.imap.answers import ImapRefusal
from maillab.recipient.imap.session import QRESYNC, UTF8, Inside, Looking
from tests.recipient.imap.staging import Stage


def test_the_state_is_a_type():
    """Who looks into a folder is also logged in; who is not logged in is neither."""
    stage = Stage()
    session = stage.dialogue.session
    assert not isinstance(session.state, Inside)
    stage.hear(b"a LOGIN bob bob\r\n")
    assert isinstance(session.inside, Inside)
    assert not isinstance(session.state, Looking)
    stage.hear(b"b SELECT INBOX\r\n")
    assert session.looking.user == "bob@recipient.test"


def test_what_was_enabled():
    """QRESYNC brings CONDSTORE with it; UTF8 lets UTF-8 into quotes."""
    session = Stage().dialogue.session
    assert (session.tells_modseq, session.utf8) == (False, False)
    session.enable([QRESYNC, UTF8])
    assert (session.tells_modseq, session.utf8) == (True, True)


def test_named_messages():
    """By number, by UID, or by the result of a search; a number that no message has is refused."""
    looking = Stage(["selected"]).dialogue.session.looking
    looking.saved = (2, 77)
    assert looking.named(parse_sequence_set(b"$"), by_uid=False) == [(2, 2)]
    assert looking.named(parse_sequence_set(b"3"), by_uid=True) == [(3, 3)]
    with pytest.raises(ImapRefusal):
        looking.named(parse_sequence_set(b"4"), by_uid=False)


def test_rows_of_messages():
    """Rows stand beside their numbers, also behind one that is gone, which has none."""
    stage = Stage(["selected"])
    looking = stage.dialogue.session.looking

    def rows(said):
        found, gone = looking.rows(parse_sequence_set(said), by_uid=False)
        return [(number, row.uid) for number, row in found], gone

    looking.saved = (1, 2)
    assert rows(b"1:*") == ([(1, 1), (2, 2), (3, 3)], 0)
    assert rows(b"1,3") == ([(1, 1), (3, 3)], 0)
    stage.happens(["goes", "1"])
    stage.hear(b"c FETCH 1:* FLAGS\r\n")
    assert rows(b"1:*") == ([(2, 2), (3, 3)], 1)
    assert rows(b"$") == ([(2, 2)], 1)
    with pytest.raises(ImapRefusal):
        rows(b"4")
