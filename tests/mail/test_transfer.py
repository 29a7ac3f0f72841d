"""Transfer encodings undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.transfer import unpacked


@pytest.mark.parametrize(
    ("body", "encoding", "octets"),
    [
        (b"aGk=", "base64", b"hi"),
        (b"=\r\nh=69", "quoted-printable", b"hi"),
        (b"a= \t\r\nb  \r\nc=20\nd\t", "quoted-printable", b"ab\r\nc \nd"),  # blanks at line ends come from on the way
        (b"hi", "", b"hi"),
        (b"begin 644 a.txt\n%:&5L;&\\\n`\nend\n", "x-uuencode", b"hello"),
    ],
)
def test_known_encodings(body: bytes, encoding: str, octets: bytes) -> None:
    """What is known is undone; where there is nothing to undo the body stays as it is."""
    found = unpacked(body, encoding)

    assert found.octets == octets
    assert found.is_known


@pytest.mark.parametrize("encoding", ["x-none", "uuencode"])
def test_an_unknown_encoding(encoding: str) -> None:
    """Of an encoding that nobody knows, or of a file that is none, the body stays as it is."""
    found = unpacked(b"hi", encoding)

    assert (found.octets, found.is_known) == (b"hi", False)


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable", "uuencode", "x"]))
def test_nothing_raises(body: bytes, encoding: str) -> None:
    """Any bytes are decoded to something."""
    unpacked(body, encoding)
