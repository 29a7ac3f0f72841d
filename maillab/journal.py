"""What SQLite passes over in silence: a write-ahead log with something wrong in it, and whole transactions behind that.

SQLite believes such a log up to its first frame whose checksum is wrong, because a crash may have come there. But what
was written in order has nothing behind its torn end; a transaction there was promised to somebody. The format is
https://sqlite.org/fileformat2.html#the_write_ahead_log.
"""

import struct
import sys
from array import array

_HEADER, _FRAME, _SALTS = struct.Struct(">8I"), struct.Struct(">6I"), struct.Struct(">2I")
_BYTE_ORDERS = {0x377F0682: "little", 0x377F0683: "big"}  # of the checksums, by the magic number

Sums = tuple[int, int]


def has_lost_transactions(octets: bytes) -> bool:
    """Is there a transaction that SQLite will not find in this log, though it was complete?"""
    if not any(octets[: _HEADER.size]):  # not even begun: zeros are what a power cut leaves
        return False
    if len(octets) < _HEADER.size:
        return False
    magic, _, page, _, *salts, first, second = _HEADER.unpack_from(octets)
    order = _BYTE_ORDERS.get(magic, "")
    sums = _added((0, 0), octets[:24], order) if order else (0, 0)
    if sums != (first, second) or page < 512:
        return len(octets) > _HEADER.size + _FRAME.size
    believed = _believed_up_to(octets, page, salts, sums, order)
    return _has_a_commit(octets, believed + 1, page, _SALTS.pack(*salts))


def _believed_up_to(octets: bytes, page: int, salts: list[int], sums: Sums, order: str) -> int:
    """Where the first frame begins that SQLite does not believe: its checksum is wrong, or it is of an older log."""
    start = _HEADER.size
    while start + _FRAME.size + page <= len(octets):
        _, _, *others, first, second = _FRAME.unpack_from(octets, start)
        body = octets[start + _FRAME.size : start + _FRAME.size + page]
        sums = _added(sums, octets[start : start + 8] + body, order)
        if others != salts or sums != (first, second):
            break
        start += _FRAME.size + page
    return start


def _has_a_commit(octets: bytes, after: int, page: int, salts: bytes) -> bool:
    """Does a whole frame of this log that ends a transaction begin there or later? Where octets came in between, or are
    missing, it begins anywhere: the salts tell that it is one.
    """
    place = octets.find(salts, after + 8)
    while place >= 0 and place - 8 + _FRAME.size + page <= len(octets):
        if any(octets[place - 4 : place]):  # the last frame of a transaction has the size of the database after it
            return True
        place = octets.find(salts, place + 1)
    return False


def _added(sums: Sums, octets: bytes, order: str) -> Sums:
    """The running checksum with these octets, of which there are a multiple of eight."""
    words = array("I", octets)
    if order != sys.byteorder:
        words.byteswap()
    one, two = sums
    for place in range(0, len(words), 2):
        one = (one + words[place] + two) & 0xFFFFFFFF
        two = (two + words[place + 1] + one) & 0xFFFFFFFF
    return one, two
