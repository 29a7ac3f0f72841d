"""The top of a message, and messages that are read before somebody asks for them."""

from collections.abc import Sequence

import pytest

from maillab.mail.content import Content
from maillab.recipient.maildrop import AHEAD, Kept, ReadAhead, top

HEAD = b"Subject: a\r\nTo: b\r\n\r\n"


@pytest.mark.parametrize(
    ("message", "lines", "expected"),
    [
        (HEAD + b"1\r\n2\r\n3", 0, HEAD),
        (HEAD + b"1\r\n2\r\n3", 2, HEAD + b"1\r\n2\r\n"),
        (HEAD + b"1\r\n2\r\n3", 3, HEAD + b"1\r\n2\r\n3"),
        (HEAD + b"\r\n\r\n", 1, HEAD + b"\r\n"),
        (b"Subject: no body\r\n", 5, b"Subject: no body\r\n"),
        (b"\r\nbody\r\n", 0, b"\r\n"),
        (b"A: b\n\none\ntwo\n", 1, b"A: b\n\none\n"),
        (b"", 0, b""),
    ],
)
def test_top(message, lines, expected, tmp_path):
    """The same is cut from memory, from a file, and from both, wherever the border lies."""
    file = tmp_path / "message"
    file.write_bytes(b"---" + message)
    for border in range(len(message) + 1):
        content = Content(message[:border], file, 3 + border, len(message) - border)

        assert top(content, lines).whole() == expected


@pytest.mark.parametrize("size", range(1, 9))
def test_top_at_every_block_border(size, monkeypatch):
    """An empty line is found however the message is read."""
    message = HEAD + b"1\r\n2\r\n"
    monkeypatch.setattr(
        Content, "blocks", lambda self: iter([message[i : i + size] for i in range(0, len(message), size)])
    )

    assert len(top(Content(message), 1)) == len(HEAD + b"1\r\n")


class Listed:
    """A maildrop in memory that counts how often it is read; `gone` of its messages are not there any more."""

    def __init__(self, *contents: bytes, gone: int = -1) -> None:
        self.messages = [Kept(index, len(octets), str(index)) for index, octets in enumerate(contents)]
        self.read: list[int] = []
        self._contents, self._gone = contents, gone

    def content(self, index: int) -> Content:
        self.read.append(index)
        if index == self._gone:
            raise FileNotFoundError
        return Content(self._contents[index])

    def close(self, remove: Sequence[int] = ()) -> tuple[int, ...]:
        return tuple(remove)


def fetch(ahead: ReadAhead, index: int) -> bytes:
    known = ahead.known(index)
    return (ahead.read(index) if known is None else known).whole()


def test_who_fetches_in_order_is_read_ahead():
    """From the second message in a row on, those behind are read with it, as many as AHEAD has room for."""
    drop = Listed(b"0", b"1", b"2", b"x" * AHEAD, b"4")
    ahead = ReadAhead(drop)

    assert [fetch(ahead, index) for index in (0, 1)] == [b"0", b"1"]
    assert drop.read == [0, 1, 2]
    assert [len(fetch(ahead, index)) for index in (2, 3, 4)] == [1, AHEAD, 1]
    assert drop.read == [0, 1, 2, 3, 4]


def test_who_jumps_is_not():
    """What was read and is jumped over is forgotten; a message is read again for whoever asks for it again."""
    drop = Listed(*(b"%d" % number for number in range(6)))
    ahead = ReadAhead(drop)

    assert [fetch(ahead, index) for index in (3, 4, 1, 5, 5)] == [b"3", b"4", b"1", b"5", b"5"]
    assert drop.read == [3, 4, 5, 1, 5, 5]


def test_a_message_that_is_gone_is_told_to_whoever_asks():
    """Reading ahead ends there, and says nothing of it."""
    drop = Listed(b"0", b"1", b"2", b"3", gone=2)
    ahead = ReadAhead(drop)

    assert [fetch(ahead, index) for index in (0, 1)] == [b"0", b"1"]
    with pytest.raises(FileNotFoundError):
        fetch(ahead, 2)
