"""What a list shows of a message."""

from hypothesis import given
from hypothesis import strategies as st

from maillab.client.message_summary import SHOWN, Digest, digest

MESSAGE = (
    b"From: =?utf-8?q?Nguy=E1=BB=85n?= <a@x.test>\r\nTo: bob@x.test\r\nSubject: =?utf-8?q?Ch=C3=A0o?=\r\n"
    b"Date: Thu, 1 Jan 1970 00:01:00 +0000\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
)


def test_decoded():
    """Names and subjects are decoded, the date is a moment."""
    assert digest(MESSAGE + b"x" * 1_000_000) == Digest("Nguyễn <a@x.test>", "bob@x.test", "Chào", 60.0, 0)


def test_only_the_beginning_is_read():
    """A message without a header, with an endless one, or with none at all has a digest all the same."""
    assert digest(b"") == Digest("", "", "", None, 0)
    assert digest(b"Subject: " + b"x" * 10_000_000).subject == "x" * SHOWN
    assert digest(b"\r\nSubject: no\r\n").subject == ""


def test_without_a_date():
    """It is as old as its last hop; one that no server took has no date."""
    hops = b"Received: from b by c with ESMTP id 2;\r\n\tThu, 1 Jan 1970 00:02:00 +0000\r\n"
    hops += b"Received: from a by b with ESMTP id 1; Thu, 1 Jan 1970 00:01:30 +0000\r\n"
    assert digest(hops + b"Subject: x\r\n\r\n").at == 120.0
    assert digest(hops + b"Date: yesterday\r\n\r\n").at == 120.0
    assert digest(hops + MESSAGE).at == 60.0
    assert digest(b"Received: from a by b\r\n\r\n").at is None


def test_files_are_counted():
    """Every part that says it is attached counts, wherever it stands in the message; one that stands inline does not."""
    part = b"--x\r\ncontent-disposition:%s\r\n\r\n" + b"x" * 100_000 + b"\r\n"
    assert digest(MESSAGE + part % b" Attachment; filename=a" + part % b"attachment" + part % b"inline").files == 2


@given(st.binary(max_size=300))
def test_nothing_raises(octets):
    """Any octets have a digest, on one line."""
    assert "\n" not in digest(octets).subject
