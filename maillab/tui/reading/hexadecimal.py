"""Bytes in hexadecimal, sixteen a line, with their characters."""

from collections.abc import Iterator

from maillab.tui.looks.sink import Line

MOST = 65_536  # bytes that are shown


def hexadecimal(octets: bytes) -> Iterator[Line]:
    """The lines for these bytes.

    >>> next(hexadecimal(b"QUIT\\r\\n"))[1][1].strip(), next(hexadecimal(b"QUIT\\r\\n"))[2]
    ('51 55 49 54 0d 0a', ('key', 'QUIT··'))
    """
    for offset in range(0, min(len(octets), MOST), 16):
        row = octets[offset : offset + 16]
        shown = "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in row)
        yield (("dim", f"{offset:06x}  "), ("plain", f"{row.hex(' '):<47}  "), ("key", shown))
