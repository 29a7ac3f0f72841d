"""Octets deflated and as they were (RFC 1951), for a connection on which that was agreed (RFC 4978).

Quiet. A little may unfold to very much: so whoever reads says how much it takes at a time.
"""

import zlib


class Inflater:
    """The octets of a deflated stream as they were. `take` raises `zlib.error` for a stream that is none.

    >>> inflater = Inflater()
    >>> inflater.feed(Deflater().squeezed(b"x" * 1000))
    >>> len(inflater.take(600)), inflater.waits, len(inflater.take(600)), inflater.waits
    (600, True, 400, False)
    """

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._fed = b""

    def feed(self, octets: bytes) -> None:
        """More has come."""
        self._fed += octets

    def take(self, most: int) -> bytes:
        """The next octets, so many at most; b"" when nothing is left of what has come.

        What comes behind the end of the stream is none: else it would be held by nobody, and for ever.
        """
        self.waits = False  # whoever is told that this is no stream need not come again
        if self._fed and self._stream.eof:
            raise zlib.error("more comes behind the end of the stream")
        taken = self._stream.decompress(self._fed, most)
        self._fed = self._stream.unconsumed_tail or self._stream.unused_data
        self.waits = len(taken) == most or (bool(self._fed) and self._stream.eof)
        return taken

    waits = False
    """Is perhaps more to be taken, without anything coming?"""


class Deflater:
    """Deflates a stream, so that what was said can be read at once.

    >>> Deflater().squeezed(b"")
    b''
    """

    def __init__(self) -> None:
        self._stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)

    def squeezed(self, octets: bytes) -> bytes:
        """The octets as they travel."""
        return self._stream.compress(octets) + self._stream.flush(zlib.Z_SYNC_FLUSH) if octets else b""
