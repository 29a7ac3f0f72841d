"""A message as far as FETCH asks for it."""

from maillab.mail.content import Content
from maillab.recipient.imap.fetched import FetchedMessage
from maillab.recipient.structure.summary import summarise
from tests.recipient.structure.listed import ListedFolder

OCTETS = b"Subject: hi\r\n\r\nHello\r\n"


def asked(blob):
    """A message, and what was asked of its view."""
    view = ListedFolder()
    view.add(OCTETS)
    return FetchedMessage(view, view.rows[0], blob), view.asked


def test_nothing_is_asked_twice():
    """Its octets are read when they are asked for, once."""
    message, questions = asked(None)
    assert questions == []
    assert (message.content.start, message.outline.preview) == (OCTETS, "Hello")
    assert (message.tree.end, questions) == (len(OCTETS), ["content 10"])


def test_what_the_index_knows_is_not_read():
    """With its summary, no file is opened."""
    message, questions = asked(summarise(Content(OCTETS)))
    assert (message.outline.preview, message.tree.body, questions) == ("Hello", 15, [])
