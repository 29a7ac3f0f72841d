"""Letters."""

from maillab.mail.content import Content
from maillab.mail.envelope import Envelope
from maillab.mail.letter import Letter


def test_two_equal_letters_are_equal():
    """A letter is a value."""
    assert Letter(Envelope(None, ()), Content(b"x")) == Letter(Envelope(None, ()), Content(b"x"))
