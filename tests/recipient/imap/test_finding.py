"""What SEARCH, SORT and THREAD have in common."""

from maillab.protocols.imap.search import AndKey, EveryKey, ModSeqKey, NotKey, OrKey
from maillab.recipient.imap.finding import names_modseq
from tests.recipient.imap.staging import Stage


def test_where_modseq_is_asked_for():
    """MODSEQ may stand anywhere in the conditions."""
    key = ModSeqKey(5)
    assert all(map(names_modseq, (key, NotKey(key), OrKey(EveryKey(), key), AndKey((EveryKey(), NotKey(key))))))
    assert not names_modseq(AndKey((EveryKey(), NotKey(EveryKey()))))


def test_a_message_that_keeps_its_number_is_not_found():
    """A message that is gone, and not told, is found by no search; the numbers of the others stay."""
    stage = Stage(["selected"])
    stage.happens(["goes", "1"])
    stage.hear(b"a FETCH 2 FLAGS\r\n")
    assert stage.heard(b"b SEARCH ALL\r\n")[0] == b"* SEARCH 2 3\r\n"
