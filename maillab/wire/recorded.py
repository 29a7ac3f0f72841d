"""Content on its way into the logbook: held in memory, or in a file of the record when it is large.

Files: writes into the folder of the record. A record that cannot be written stops; mail goes on (T048).
"""

import shutil
import tempfile
from pathlib import Path

from maillab.mail.content import Content
from maillab.wire.limits import RECORD_FLOOR

IN_MEMORY = 262_144  # octets of one content that the logbook holds itself; a larger one goes to a file of the record
KEPT = 67_108_864  # octets of one message's content that are written down at all: an endless one must not fill the disk
_HELD_BACK = 4  # octets at the end that never go to the file at once: they may turn out to be the end mark


class Recorded:
    """One content. `record` is the folder for a large one, None to hold everything.

    `trouble` says why only the beginning was kept, "" where all was.
    """

    def __init__(self, record: Path | None) -> None:
        self._record = record
        self._held: list[bytes] = []
        self._octets = 0  # in `_held`
        self._file: Path | None = None
        self._filed = 0
        self.trouble = ""

    def hold(self, data: bytes) -> None:
        """More of it."""
        if data and not self.trouble:
            self._held.append(data)
            self._octets += len(data)
        if self._record is not None and self._octets > IN_MEMORY:
            self._spill()

    def drop(self, count: int) -> None:
        """Take the last octets back, at most four: they have proved to be the end mark."""
        if not self.trouble:
            octets = b"".join(self._held)
            self._held = [octets[: len(octets) - count]]

    def refuse(self) -> None:
        """The server will not take this: only its beginning is of interest."""
        if self.trouble:
            return
        octets = b"".join(self._held)
        if self._file is None:
            self._held = [octets[:IN_MEMORY]]
        elif self._filed > IN_MEMORY:
            self._held, self._filed = [], IN_MEMORY
            self._cut()
        self.trouble = "it was refused"

    def content(self) -> Content:
        """What was kept, in memory or in the file of the record."""
        start = b"".join(self._held)
        if self._file is not None and self._write(start):
            start = b""
        return Content(start) if self._file is None else Content(b"", self._file, 0, self._filed)

    def _spill(self) -> None:
        octets = b"".join(self._held)
        if self._write(octets[:-_HELD_BACK]):
            self._held, self._octets = [octets[-_HELD_BACK:]], _HELD_BACK

    def _write(self, octets: bytes) -> bool:
        """Did the record take them? If not, it ends with what it took before."""
        assert self._record is not None
        try:
            if self._filed > KEPT:
                raise OSError(0, f"it is longer than {KEPT} octets")
            if shutil.disk_usage(self._record).free < RECORD_FLOOR + len(octets):
                raise OSError(0, "the disk is nearly full")
            if self._file is None:
                handle, name = tempfile.mkstemp(prefix="body-", dir=self._record)
                self._file = Path(name)
                open(handle, "wb").close()  # noqa: PTH123 - only closes the descriptor of mkstemp
            with self._file.open("ab") as file:
                file.write(octets)
        except OSError as error:
            self.trouble = str(error.strerror or error)
            self._held, self._octets = [], 0
            return False
        self._filed += len(octets)
        return True

    def _cut(self) -> None:
        assert self._file is not None
        try:
            with self._file.open("r+b") as file:
                file.truncate(self._filed)
        except OSError:
            pass  # then it stays as long as it is; only so much of it is read
