"""The octets of a message."""

import pytest

from maillab.mail.content import Content


def filed(tmp_path, octets=b"Subject: x\r\n\r\nbody\r\n"):
    path = tmp_path / "message"
    path.write_bytes(b"junk" + octets)
    return Content(b"Received: a\r\n", path, 4, len(octets))


def test_memory_and_file_read_as_one(tmp_path):
    """Octets in memory and octets in a file read as one message, in blocks of any size."""
    content = filed(tmp_path)
    whole = b"Received: a\r\nSubject: x\r\n\r\nbody\r\n"

    assert content.whole() == whole
    assert len(content) == len(whole)
    for size in (1, 3, 7, 1000):
        assert b"".join(content.blocks(size)) == whole


def test_prefixed_adds_before_and_leaves_the_rest(tmp_path):
    """A trace header is added without touching the rest."""
    assert filed(tmp_path).prefixed(b"X: y\r\n").whole().startswith(b"X: y\r\nReceived: a\r\n")


def test_head_ends_with_the_empty_line(tmp_path):
    """The head is everything up to and with the empty line; a message without one is all head."""
    assert filed(tmp_path).head() == b"Received: a\r\nSubject: x\r\n\r\n"
    assert Content(b"no end").head() == b"no end"
    assert Content(b"\r\nbody").head() == b"\r\n"


def test_a_file_cut_short_is_told(tmp_path):
    """A file shorter than announced raises, so that half a message is never sent as a whole one."""
    content = filed(tmp_path)
    content.path.write_bytes(b"junkSub")
    with pytest.raises(OSError, match="shorter"):
        content.whole()
