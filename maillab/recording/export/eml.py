"""The messages of a session as .eml files, in one archive that every system opens.

Rules for this file: files are called by their numbers, never by what a message says; the same session makes the same
archive, to the octet.
"""

import zipfile
from collections.abc import Iterator
from typing import IO, cast

from maillab.recording.export.messages import messages
from maillab.recording.session import Session


class _Pieces:
    """A file that can only be written, and gives what was written."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, octets: bytes) -> int:
        """Keep them."""
        self._written.append(bytes(octets))
        return len(octets)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        octets, self._written = b"".join(self._written), []
        return octets


def export(session: Session) -> Iterator[bytes]:
    """A zip archive: 00001.eml, 00002.eml... exactly as the messages were before the dots of the wire."""
    pieces = _Pieces()
    with zipfile.ZipFile(cast(IO[bytes], pieces), "w") as archive:
        for number, message in enumerate(messages(session.entries), 1):
            archive.writestr(zipfile.ZipInfo(f"{number:05}.eml"), message.octets)
            yield pieces.taken()
    yield pieces.taken()
