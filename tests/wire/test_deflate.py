"""Octets deflated and as they were."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.wire.deflate import Deflater, Inflater


@given(st.lists(st.binary(max_size=200), max_size=10), st.integers(1, 100))
def test_everything_comes_back(pieces, most):
    """What is deflated in any pieces is the same again, octet by octet, and each piece can be read when it has come."""
    deflater, inflater = Deflater(), Inflater()
    for piece in pieces:
        squeezed, back = deflater.squeezed(piece), b""
        for at in range(len(squeezed)):
            inflater.feed(squeezed[at : at + 1])
            back += inflater.take(most)
            while inflater.waits:
                back += inflater.take(most)
        assert back == piece


def test_a_little_that_unfolds_to_very_much():
    """No more is unfolded than somebody takes."""
    inflater = Inflater()
    inflater.feed(Deflater().squeezed(b"x" * 50_000_000))
    assert len(inflater.take(65_536)) == 65_536
    assert inflater.waits


def test_what_is_not_deflated():
    """Something else raises an error, once it is looked at."""
    inflater = Inflater()
    inflater.feed(b"a NOOP\r\n\xff\xff\xff\xff")
    with pytest.raises(zlib.error):
        inflater.take(10)


def test_what_follows_the_end_of_a_stream():
    """What was said before it is heard; more is not deflated, and nothing of it is held, however much comes."""
    stream = zlib.compressobj(wbits=-15)
    inflater = Inflater()
    inflater.feed(stream.compress(b"a NOOP\r\n") + stream.flush() + b"more")
    assert (inflater.take(100), inflater.waits) == (b"a NOOP\r\n", True)
    with pytest.raises(zlib.error):
        inflater.take(100)
    assert not inflater.waits
