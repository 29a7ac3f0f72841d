"""Messages on their way out: dressed for the wire, remembered for the logbook without a second copy."""

import os

import pytest

from maillab.mail.content import Content
from maillab.wire import bodies
from maillab.wire.bodies import Broken, Shipment

LARGE = b"Subject: large\r\n\r\n" + b"twenty-four octets here\r\n" * 30_000


def ship(content, record=None):
    """Send all of it; gives the octets and what the logbook was told."""
    shipment = Shipment(content, record, "retrieve-1-1")
    wire = b"".join(iter(shipment.next, b""))
    return wire, shipment.pieces()


def file_of(tmp_path, octets):
    """A message in a file, from its first octet to its last."""
    path = tmp_path / "message"
    path.write_bytes(octets)
    return Content(b"", path, 0, len(octets))


@pytest.mark.parametrize("message", [b"", b"a\r\n", b".\r\n..\r\nno end", b"bare\nlf\n", b"x" * 70_000])
def test_small_messages_are_one_piece_in_memory(message, tmp_path):
    """A small letter, from memory or from a file, is remembered as it was on the wire, in one piece."""
    for content in (Content(message), file_of(tmp_path, message)):
        wire, pieces = ship(content, tmp_path)

        assert [(piece.path, piece.start) for piece in pieces] == [(None, wire)]


def test_a_large_message_is_linked(tmp_path):
    """A large message is pointed at, and outlives its deletion from the mailbox."""
    record = tmp_path / "record"
    record.mkdir()
    content = file_of(tmp_path, LARGE)
    wire, (piece,) = ship(content, record)
    content.path.unlink()

    assert wire == LARGE
    assert piece.path == record / "body-retrieve-1-1"
    assert piece.whole() == LARGE


def test_a_large_message_without_a_record(tmp_path, monkeypatch):
    """Without a record, or where no link can be made, the message is pointed at where it lies."""
    content = file_of(tmp_path, LARGE)
    assert ship(content)[1] == [content]

    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("cross-device")))
    assert ship(content, tmp_path)[1] == [content]


def test_dots_in_a_large_message(tmp_path):
    """Only the blocks that changed on the wire are held in memory; together the pieces are the wire."""
    message = LARGE + b".dot\r\n" + LARGE
    wire, pieces = ship(file_of(tmp_path, message), tmp_path)

    assert wire == LARGE + b"..dot\r\n" + LARGE
    assert b"".join(piece.whole() for piece in pieces) == wire
    assert [piece.path is None for piece in pieces] == [False, True, False]


def test_top_of_a_file_and_memory_before_it(tmp_path):
    """Content that begins in memory and goes on within a file is remembered right."""
    whole = file_of(tmp_path, b"---" + LARGE)
    content = Content(b"Received: x\r\n", whole.path, 3, len(LARGE) - 1000)
    wire, pieces = ship(content, tmp_path)

    assert wire.removesuffix(b"\r\n") == content.whole().removesuffix(b"\r\n")
    assert b"".join(piece.whole() for piece in pieces) == wire


def test_a_message_that_is_gone(tmp_path):
    """A message that cannot be opened says so before the first octet."""  # T192
    with pytest.raises(FileNotFoundError):
        Shipment(Content(b"", tmp_path / "nothing", 0, 10), None, "x").next()


def test_a_message_that_ends_early(tmp_path):
    """A message that shrinks under the reader is broken off, not padded."""  # T192
    content = file_of(tmp_path, LARGE)
    shipment = Shipment(content, None, "x")
    assert len(shipment.next()) == 65_536
    os.truncate(content.path, 70_000)
    shipment.next()
    with pytest.raises(Broken):
        shipment.next()


def test_the_limit_is_that_of_every_ear():
    """What is large here is large everywhere."""
    assert len(LARGE) > bodies.IN_MEMORY


@pytest.mark.parametrize("message", [b"", b".\na", LARGE], ids=["empty", "a dot and a bare LF", "large"])
def test_as_it_is(message, tmp_path):
    """What is not dressed for a dotted answer goes out octet for octet."""
    shipment = Shipment(file_of(tmp_path, message), None, "retrieve-1-1", dotted=False)
    assert b"".join(iter(shipment.next, b"")) == message
    assert b"".join(piece.whole() for piece in shipment.pieces()) == message
