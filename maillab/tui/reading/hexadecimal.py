"""Bytes in hexadecimal, sixteen a line where there is room, with their characters."""

from collections.abc import Iterator

from maillab.tui.looks.sink import Line

MOST = 65_536  # bytes that are shown


def hexadecimal(octets: bytes, cells: int = 80) -> Iterator[Line]:
    """The lines for these bytes, in so many cells.

    >>> next(hexadecimal(b"QUIT\\r\\n"))[1][1].strip(), next(hexadecimal(b"QUIT\\r\\n"))[2]
    ('51 55 49 54 0d 0a', ('key', 'QUIT··'))
    """
    count = next((count for count in (16, 8) if 9 + 4 * count <= cells), 4)
    for offset in range(0, min(len(octets), MOST), count):
        row = octets[offset : offset + count]
        shown = "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in row)
        yield (("dim", f"{offset:06x}  "), ("plain", f"{row.hex(' '):<{3 * count - 1}}  "), ("key", shown))
