"""The blocks of a pcapng file."""

from maillab.recording.export.blocks import interface, names, packet, section
from tests.recording.export.capture import blocks


def test_order_and_options():
    """Section, interface and packet come back with their options and comments as they were given."""
    file = section("maillab 1", "a title") + interface("submit", "a leg") + packet(0, 5, b"12345", ["one", "hai ấ"])
    head, place, one = blocks(file)
    assert (head.kind, head.options[4], head.options[1]) == (0x0A0D0D0A, [b"maillab 1"], [b"a title"])
    assert (place.kind, place.options[2], place.options[3], place.options[9]) == (1, [b"submit"], [b"a leg"], [b"\t"])
    assert one.body[20:25] == b"12345"
    assert one.options[1] == [b"one", "hai ấ".encode()]


def test_nanoseconds():
    """A moment is kept to the nanosecond, in two halves."""
    moment = 1_700_000_000_123_456_789
    [one] = blocks(packet(0, moment, b""))
    assert int.from_bytes(one.body[8:12], "little") + (int.from_bytes(one.body[4:8], "little") << 32) == moment


def test_names():
    """Addresses stand with their names, each padded to four octets, and an end mark."""
    [one] = blocks(names([(b"\xc0\x00\x02\x01", "mail.test")]))
    assert one.body == b"\x01\x00\x0e\x00\xc0\x00\x02\x01mail.test\0\0\0" + b"\0\0\0\0"


def test_no_comment():
    """Without a title there is no comment."""
    [head] = blocks(section("maillab"))
    assert 1 not in head.options


def test_endless_comment():
    """A comment longer than an option can hold is cut, and the block stays whole."""
    [one] = blocks(packet(0, 0, b"", ["x" * 70_000]))
    assert len(one.options[1][0]) == 65_535
