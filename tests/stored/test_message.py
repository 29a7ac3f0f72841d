"""A stored message, opened."""

import pytest

from maillab.stored.message import Addresses, StoredMessage

RAW = b"""Return-Path: <shop@sender.test>\r
Delivered-To: bob+orders@recipient.test\r
Received: from x by y;\r
\tSun, 29 Nov 2026 00:00:00 +0000\r
From: Shop <news@sender.test>\r
To: Bob <bob@recipient.test>\r
Subject: =?utf-8?q?M=C3=A3_c=E1=BB=A7a_b=E1=BA=A1n?=\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: multipart/alternative; boundary=a\r
\r
--a\r
\r
Your code is 482910.\r
--a\r
Content-Type: text/html\r
\r
<p>Your <a href="https://x.test/c?n=482910">code</a></p>\r
--a--\r
--b\r
Content-Disposition: attachment; filename=bill.txt\r
\r
one\r
--b--\r
"""


def test_opened():
    """Everything that a test asks of a message is there, decoded, and the octets as they came."""
    message = StoredMessage(RAW, "bob@recipient.test")
    assert message.envelope == Addresses("shop@sender.test", ("bob+orders@recipient.test",))
    assert message.subject == message.message["Subject"] == "Mã của bạn"
    assert message.header("from") == "Shop <news@sender.test>"
    assert message.text.strip() == "Your code is 482910."
    assert "<p>Your" in message.html
    assert message.links() == ["https://x.test/c?n=482910"]
    assert message.code() == "482910"
    assert [(one.name, one.octets) for one in message.attachments] == [("bill.txt", b"one")]
    assert message.raw is RAW
    assert repr(message) == "<Message from shop@sender.test to bob+orders@recipient.test: 'Mã của bạn'>"


def test_without_a_trace():
    """A message that no machine has written on has no envelope; one from <> has no sender; one without code says so."""
    bare = StoredMessage(b"Return-Path: <>\r\nSubject: x\r\n\r\nDelivered-To: not@here.test\r\n")
    assert bare.envelope == Addresses("", ())
    with pytest.raises(LookupError, match="no one-time code"):
        bare.code()
