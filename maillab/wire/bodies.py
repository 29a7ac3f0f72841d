"""A message on its way out: dressed block by block for a multi-line answer, and remembered for the logbook.

Files: reads the message's; links it into the folder of the record, where it outlives its deletion from the mailbox.
"""

import os
from pathlib import Path

from maillab.mail.content import Content
from maillab.protocols.pop3 import Stuffing
from maillab.wire.recorded import IN_MEMORY


class Broken(OSError):  # noqa: N818 - named for what happened
    """The file ended, or could not be read any more, in the middle of the message."""


class Shipment:
    """One message. The logbook gets what was on the wire; stretches of a file that went out unchanged are pointed at.

    `record` is where a large message's file is linked to (None: it is pointed at where it lies), as `name`.
    `dotted`: it is dressed for an answer that ends with a lone dot; else it goes out as it is.
    """

    def __init__(self, content: Content, record: Path | None, name: str, *, dotted: bool = True) -> None:
        self.in_memory = content.path is None
        self._content = content
        self._blocks = content.blocks()
        self._stuffing = Stuffing() if dotted else None
        self._record = record / f"body-{name}" if record and len(content) > IN_MEMORY else None
        self._path: Path | None = None
        self._sent = 0  # octets of the content
        self._begun = self._ended = False
        self._pieces: list[Content] = []

    def next(self) -> bytes:
        """The next octets for the wire, b"" at the end. Raises `OSError` before the first, `Broken` after it."""
        if self._ended:
            return b""
        try:
            block = next(self._blocks, b"")
        except OSError as error:
            if self._begun:
                raise Broken(str(error)) from error
            raise
        if not self._begun:
            self._begun = True
            self._path = self._link()
        self._ended = not block
        dressed = block
        if self._stuffing is not None:
            dressed = self._stuffing.feed(block) if block else self._stuffing.end()
        self._remember(block, dressed)
        self._sent += len(block)
        return dressed

    def pieces(self) -> list[Content]:
        """What was on the wire so far, without the end mark; what is held in memory is in one piece."""
        return [Content(b"".join(piece.start for piece in self._pieces))] if self._path is None else self._pieces

    def _remember(self, block: bytes, dressed: bytes) -> None:
        if not dressed:
            return
        from_file = self._sent - len(self._content.start)
        if self._path is None or from_file < 0 or dressed != block:
            self._pieces.append(Content(dressed))
            return
        offset, last = self._content.offset + from_file, self._pieces[-1] if self._pieces else None
        if last is not None and last.path is not None and last.offset + last.octets == offset:
            self._pieces[-1] = Content(b"", self._path, last.offset, last.octets + len(block))
        else:
            self._pieces.append(Content(b"", self._path, offset, len(block)))

    def _link(self) -> Path | None:
        """Where the logbook may find the file later; None for a message small enough to be copied."""
        path = self._content.path
        if path is None or len(self._content) <= IN_MEMORY:
            return None
        if self._record is None:
            return path
        try:
            self._record.unlink(missing_ok=True)
            os.link(path, self._record)
        except OSError:
            return path  # another file system: the logbook keeps its word as long as the message is there
        return self._record
