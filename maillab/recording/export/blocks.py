"""The blocks of a pcapng file: section, interfaces, names, packets with comments.

Rules for this file: it knows the container and nothing of what is in a packet. Source: the IETF draft
draft-ietf-opsawg-pcapng, sections 4.1 to 4.5; all numbers are little-endian, all blocks end on four octets.
"""

import struct
from collections.abc import Iterable

RAW_IP = 101  # LINKTYPE_RAW: a packet begins with its IP header
NANOSECONDS = 9  # if_tsresol: ten to the minus nine

_SECTION, _INTERFACE, _NAMES, _PACKET = 0x0A0D0D0A, 1, 4, 6
_COMMENT, _HARDWARE, _OS, _APPLICATION = 1, 2, 3, 4
_IF_NAME, _IF_DESCRIPTION, _IF_TSRESOL = 2, 3, 9
_LONGEST = 65_535  # octets of an option's value


def section(application: str, comment: str = "") -> bytes:
    """The block that begins a file, and says by whose hand it is and what it shows."""
    options = [(_APPLICATION, application.encode())] + [(_COMMENT, comment.encode())] * bool(comment)
    unknown_length = -1
    return _block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, unknown_length), options)


def interface(name: str, description: str) -> bytes:
    """One place where packets were seen; the first is number 0."""
    names = [(_IF_NAME, name.encode()), (_IF_DESCRIPTION, description.encode())]
    options = [*names, (_IF_TSRESOL, bytes([NANOSECONDS]))]
    return _block(_INTERFACE, struct.pack("<HHI", RAW_IP, 0, 0), options)


def names(addresses: Iterable[tuple[bytes, str]]) -> bytes:
    """Which IPv4 address (four octets) has which name."""
    body = b""
    for address, name in addresses:
        value = address + name.encode() + b"\0"
        body += struct.pack("<HH", 1, len(value)) + _padded(value)
    return _block(_NAMES, body + struct.pack("<HH", 0, 0))


def packet(number: int, nanoseconds: int, octets: bytes, comments: Iterable[str] = ()) -> bytes:
    """A packet as interface `number` saw it, at so many nanoseconds since 1970."""
    high, low = nanoseconds >> 32 & 0xFFFFFFFF, nanoseconds & 0xFFFFFFFF
    head = struct.pack("<IIIII", number, high, low, len(octets), len(octets))
    return _block(_PACKET, head + _padded(octets), [(_COMMENT, comment.encode()) for comment in comments])


def _block(kind: int, body: bytes, options: Iterable[tuple[int, bytes]] = ()) -> bytes:
    tail = b"".join(struct.pack("<HH", code, len(v := value[:_LONGEST])) + _padded(v) for code, value in options)
    if tail:
        tail += struct.pack("<HH", 0, 0)
    length = len(body) + len(tail) + 12
    return struct.pack("<II", kind, length) + body + tail + struct.pack("<I", length)


def _padded(octets: bytes) -> bytes:
    """Filled up to a multiple of four.

    >>> _padded(b"abcde")
    b'abcde\\x00\\x00\\x00'
    """
    return octets + bytes(-len(octets) % 4)
