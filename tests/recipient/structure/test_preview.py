"""The first words of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import tree
from maillab.recipient.structure.preview import CHARACTERS, preview


def shown(octets):
    """The preview of a message."""
    return preview(Headers(octets), tree(Headers(octets)))


def parts(*found, kind=b"alternative"):
    """A multipart."""
    return (
        b"Content-Type: multipart/"
        + kind
        + b"; boundary=b\r\n\r\n"
        + b"".join(b"--b\r\n" + part + b"\r\n" for part in found)
        + b"--b--"
    )


HTML = b"Content-Type: text/html\r\n\r\n<p>Page</p>"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\r\n  Hello,\r\n\r\n\tBob \r\n", "Hello, Bob"), (b"\r\n", ""), (b"", ""), (HTML, "Page"), (parts(HTML, b"\r\nText"), "Text"),
        (parts(b"\r\n  ", HTML), "Page"), (b"\r\n> you said\r\n\r\nYes\r\n", "Yes"), (b"\r\n> only quoted\r\n", "> only quoted"),
        (parts(b"Content-Type: image/png\r\n\r\nx", kind=b"mixed"), ""), (b"\r\na\x00\x1b[31mb\xe2\x80\xae\xe2\x80\x8bc", "a [31mb c"),
        ("\r\nChào em".encode(), "Chào em"),
    ],
)  # fmt: skip
def test_previews(octets, text):
    """The first words of the plain text, else of the page; quotations are passed over, invisible characters are none."""
    assert shown(octets) == text


@given(st.binary(max_size=300))
def test_any_octets(octets):
    """A preview is one line of at most 200 characters (RFC 8970 3.1)."""
    found = shown(octets)
    assert len(found) <= CHARACTERS
    assert "\n" not in found
    assert len(shown(b"\r\n" + b"word " * 1_000)) <= CHARACTERS
