"""Stored messages as IMAP has them: every line ended by CRLF, and exactly as many octets as were announced."""

import pytest

from maillab.recipient.folder_state import Filed, filed
from maillab.recipient.index import IndexRow
from maillab.recipient.maildir import Maildir, measure
from maillab.recipient.reading import SMALL, Replaced, content_of


@pytest.fixture
def maildir(tmp_path):
    box = Maildir(tmp_path / "bob", lambda: "1.mx")
    box.prepare(0.0)
    return box


def stored(maildir, octets) -> Filed:
    path = maildir.folder / "new" / "1.mx"
    path.write_bytes(octets)
    size, _ = measure(path)
    return filed(IndexRow(1, "1.mx", size.octets, size.stored, size.size), "new/1.mx")


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\nb", b"a\r\nb"),
        (b"\n\r\n\r\r\n", b"\r\n\r\n\r\r\n"),
        (b"a\rb", b"a\rb"),
        (b"a\x00\xff", b"a\x00\xff"),
        (b"", b""),
        (b"x\n" * SMALL, b"x\r\n" * SMALL),
    ],
)
def test_lines(maildir, octets, expected):
    """A lone LF becomes CRLF; nothing else is touched, and no end is added."""
    message = stored(maildir, octets)
    content = content_of(maildir, message)

    assert content.whole() == expected
    assert len(content) == message.row.octets


@pytest.mark.parametrize(("size", "is_file"), [(SMALL, False), (SMALL + 1, True)])
def test_large_messages_stay_files(maildir, size, is_file):
    """Up to 64 KiB a message is read; a larger one stays where it is."""
    content = content_of(maildir, stored(maildir, b"x" * size))

    assert (content.path is not None) is is_file
    assert content.whole() == b"x" * size


@pytest.mark.parametrize(
    ("before", "after"), [(b"abc", b"ab"), (b"a\nb", b"abc"), (b"x" * 2 * SMALL, b"y"), (b"a\nb", b"\n\n\n")]
)
def test_another_message(maildir, before, after):
    """What is not as long as it was is another message, and not given out."""
    message = stored(maildir, before)
    (maildir.folder / "new" / "1.mx").write_bytes(after)

    with pytest.raises(Replaced):
        content_of(maildir, message)


def test_nothing_there(maildir):
    """A file that is gone is told as it is."""
    message = stored(maildir, b"abc")
    (maildir.folder / "new" / "1.mx").unlink()

    with pytest.raises(FileNotFoundError):
        content_of(maildir, message)
