"""Messages."""

from maillab.mail.content import Content
from maillab.mail.envelope import Envelope
from maillab.mail.message import Message


def test_two_equal_messages_are_equal():
    """A message is a value."""
    assert Message(Envelope(None, ()), Content(b"x")) == Message(Envelope(None, ()), Content(b"x"))
