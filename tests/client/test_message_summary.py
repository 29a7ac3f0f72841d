"""What a list shows of a message."""

from hypothesis import given
from hypothesis import strategies as st

from maillab.client.message_summary import SHOWN, Digest, digest

MESSAGE = (
    b"From: =?utf-8?q?Nguy=E1=BB=85n?= <a@x.test>\r\nTo: bob@x.test\r\nSubject: =?utf-8?q?Ch=C3=A0o?=\r\n"
    b"Date: Thu, 1 Jan 1970 00:01:00 +0000\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
)


def test_decoded():
    """Names and subjects are decoded, the date is a moment, and files are announced."""
    assert digest(MESSAGE + b"x" * 1_000_000) == Digest("Nguyễn <a@x.test>", "bob@x.test", "Chào", 60.0, True)


def test_only_the_beginning_is_read():
    """A message without a header, with an endless one, or with none at all has a digest all the same."""
    assert digest(b"") == Digest("", "", "", None, False)
    assert digest(b"Subject: " + b"x" * 10_000_000).subject == "x" * SHOWN
    assert digest(b"\r\nSubject: no\r\n").subject == ""


@given(st.binary(max_size=300))
def test_nothing_raises(octets):
    """Any octets have a digest, on one line."""
    assert "\n" not in digest(octets).subject
