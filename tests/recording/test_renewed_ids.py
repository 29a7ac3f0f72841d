"""A message made anew."""

from email import message_from_bytes

import pytest

from maillab.recording.renewed_ids import renewed

MESSAGE = (
    b"Received: from a (b)\r\n\tby c; Mon, 1 Jan 2024 00:00:00 +0000\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
    b"Message-ID:\r\n <message-12345@laptop.sender.test>\r\n"
    b'Content-Type: multipart/mixed; boundary="=_outer-123"\r\n\r\n'
    b'--=_outer-123\r\nContent-Type: multipart/alternative;\r\n boundary="=_outer-123-in"\r\n\r\n'
    b"--=_outer-123-in\r\n\r\nDate: a line of the text, about =_outer-123\r\n..dot\r\n--=_outer-123-in--\r\n"
    b"--=_outer-123--\r\n"
)


def new(wire, **options):
    numbers = iter(range(100))
    return renewed(wire, now=1_800_000_000.0, unique=lambda n: f"{next(numbers):x}" * n, **options)


def test_date_id_and_boundaries_are_new():
    """Date, Message-ID and both boundaries change, the domain of the id and the length of the whole stay."""
    wire = new(MESSAGE)
    message = message_from_bytes(wire)
    assert message["Date"] == "Fri, 15 Jan 2027 08:00:00 +0000"
    assert message["Message-ID"].strip() == "<0000000000000@laptop.sender.test>"
    assert len(wire) == len(MESSAGE)
    assert b'boundary="=_outer' not in wire
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
    ]


def test_the_text_stays():
    """A line of the text that looks like a field, a stuffed dot and a word like a boundary stay as they are."""
    wire = new(MESSAGE)
    assert b"Date: a line of the text, about =_outer-123\r\n..dot\r\n" in wire
    assert wire.startswith(b"Received: from a (b)\r\n\tby c; Mon, 1 Jan 2024 00:00:00 +0000\r\nDate: Fri")


def test_a_piece_keeps_its_boundaries():
    """Of the first of several pieces only the header section changes."""
    wire = new(MESSAGE, whole=False)
    assert b"15 Jan 2027" in wire
    assert wire.count(b"=_outer-123") == MESSAGE.count(b"=_outer-123")


@pytest.mark.parametrize(
    "wire", [b"", b"\r\n", b"Hello\r\n", b"\r\nDate: x\r\n", b"Date", b"Message-ID: none\r\n\r\n", b"\0\xff"]
)
def test_what_is_not_there_is_not_added(wire):
    """A content without those fields stays as it is."""
    assert new(wire) == wire


def test_every_cut_is_read():
    """A message cut anywhere is no error."""
    for end in range(len(MESSAGE)):
        new(MESSAGE[:end])
