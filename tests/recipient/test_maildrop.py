"""The top of a message: header section, empty line, and so many lines."""

import pytest

from maillab.mail.content import Content
from maillab.recipient.maildrop import top

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
