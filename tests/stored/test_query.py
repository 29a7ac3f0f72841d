"""Which messages a query means."""

import pytest

from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery, quoted
from maillab.views.filter import FilterError

MESSAGE = StoredMessage(
    b"Return-Path: <shop@sender.test>\r\nDelivered-To: bob@recipient.test\r\n"
    b"From: Alice <alice@sender.test>\r\nTo: carol@recipient.test\r\n"
    b'Subject: =?utf-8?b?Q2jDoG8=?= "you"\r\nX-Mailer: test\r\n\r\nYour code is 1234\r\n'
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "to:bob",
        "to:carol",
        "from:shop",
        "from:alice",
        "subject:chào",
        'body:"code is"',
        "header:/^x-mailer: t/",
        "1234",
        "to:bob or to:eve",
        "-to:eve from:alice",
        quoted("subject", '"you"'),
    ],
)
def test_meant(text):
    """Envelope and header, subject, body and words are asked as in the filter of the transcript."""
    assert MessageQuery.parse(text).means(MESSAGE)
    assert not text or not MessageQuery.parse(f"-({text})").means(MESSAGE)


@pytest.mark.parametrize("text", ["to:eve", "subject:code", "body:chào", "to:bob to:eve", "-bob"])
def test_not_meant(text):
    """What the message does not have is not found in it."""
    assert not MessageQuery.parse(text).means(MESSAGE)


def test_terms_of_talks():
    """A term that only a transcript can answer is an error."""
    with pytest.raises(FilterError, match="there is no term “leg”"):
        MessageQuery.parse("leg:relay")
