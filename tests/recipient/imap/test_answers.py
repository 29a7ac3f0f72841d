"""How a command ends."""

from maillab.protocols.imap.responses import StatusWord
from maillab.recipient.imap.answers import Done, bad, no, remark


def test_refusals():
    """NO and BAD carry their sentence, and a code for programs."""
    assert (no("gone", "NONEXISTENT").word, no("gone", "NONEXISTENT").code) == (StatusWord.NO, "NONEXISTENT")
    assert (bad("what?").word, bad("what?").sentence, bad("what?").code) == (StatusWord.BAD, "what?", "")


def test_done():
    """OK needs no words of its own."""
    assert Done() == Done("Done", "")


def test_a_remark_is_one_line():
    """Whatever stands in it, no second line comes of it."""
    assert remark("X", "a\r\n* 5 EXISTS").octets.count(b"\r\n") == 1
