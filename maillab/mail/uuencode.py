"""Files in uuencode, as messages carried them before MIME: `begin 644 name`, lines, `end` (POSIX, uuencode).

Rules for this file: nothing raises, and what is no whole file stays text. Linear in what it reads.
"""

import binascii
import re

FILES = 100  # of one text
BROKEN = 5  # beginnings that are no file, after which the rest is text

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_END = re.compile(rb"^end[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


def taken_out(text: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """The text without the files in it, and they: name and octets of each.

    >>> taken_out(b"see\\nbegin 644 a.txt\\n%:&5L;&\\\\\\n`\\nend\\n")
    (b'see\\n', ((b'a.txt', b'hello'),))
    """
    rest: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    at = broken = 0
    while len(files) < FILES and broken < BROKEN:
        begin = _BEGIN.search(text, at)
        end = _END.search(text, begin.end()) if begin else None
        if begin is None or end is None:
            break
        octets = _decoded(text[begin.end() : end.start()])
        if octets is None:
            rest.append(text[at : begin.end()])
            at = begin.end()
            broken += 1
            continue
        rest.append(text[at : begin.start()])
        files.append((begin[1].strip(), octets))
        at = end.end()
    return b"".join([*rest, text[at:]]), tuple(files)


def _decoded(lines: bytes) -> bytes | None:
    """The octets of the lines between begin and end; `None` when one of them is none of uuencode."""
    octets = []
    for line in lines.split(b"\n"):
        line = line.rstrip(b"\r")
        if not line:
            continue
        count = (line[0] - 32) & 63
        wanted = (count + 2) // 3 * 4
        try:
            octets.append(binascii.a2b_uu(line[: 1 + wanted]))  # what some writers put behind it is a checksum
        except binascii.Error:
            return None
    return b"".join(octets)
