"""Files of messages older than MIME."""

import binascii
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.uuencode import taken_out


@given(st.binary(max_size=500))
def test_files_come_back(octets: bytes) -> None:
    """What a program encoded is found byte for byte, and the text around it stays."""
    lines = b"".join(binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45))
    text = b"before\nbegin 644 a b.bin\n" + lines + b"`\nend\nafter\n"

    assert taken_out(text) == (b"before\nafter\n", ((b"a b.bin", octets),))
    assert taken_out(text.replace(b"\n", b"\r\n"))[1] == ((b"a b.bin", octets),)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"begin 644 x\n",
        b"begin the day\nend\n",
        b"begin 644 x\nno code at all: \xff\xff\nend\n",
        b"to begin 644 x\n`\nend\n",
    ],
)
def test_text_stays_text(text: bytes) -> None:
    """What is no whole file is left as it is."""
    assert taken_out(text) == (text, ())


@pytest.mark.parametrize("unit", [b"begin 644 x\n", b"begin 644 x\nend\n", b"end\n", b"begin 644 x\n\xff\n"])
def test_hostile_texts_take_no_time(unit: bytes) -> None:
    """Many beginnings and ends are looked at once."""
    begun = time.process_time()
    taken_out(unit * 50_000 + b"end\n")

    assert time.process_time() - begun < 1


@given(st.binary())
def test_nothing_raises(octets: bytes) -> None:
    """Any octets are some text."""
    taken_out(b"begin 644 x\n" + octets + b"\nend\n")
