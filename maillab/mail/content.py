"""The octets of a message. A small one is held in memory, a large one stays in a file; nobody else need care which.

Files: reads the one it was given, never writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 65_536
HEAD_OCTETS = 262_144  # a header section longer than this is cut for reading; the message itself never is


@dataclass(frozen=True, slots=True)
class Content:
    """Octets in memory (`start`), then `octets` of the file `path` from `offset`: what came after DATA, unstuffed.

    >>> len(Content(b"Subject: hi\\r\\n\\r\\nHello\\r\\n"))
    22
    """

    start: bytes
    path: Path | None = None
    offset: int = 0
    octets: int = 0

    def __len__(self) -> int:
        return len(self.start) + self.octets

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """The whole, in pieces of at most `size` octets. Raises `OSError` when the file is gone."""
        for cut in range(0, len(self.start), size):
            yield self.start[cut : cut + size]
        if self.path is None or not self.octets:
            return
        left = self.octets
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.offset)
            while left:
                block = file.read(min(size, left))
                if not block:
                    raise OSError(f"{self.path} is shorter than it was")
                left -= len(block)
                yield block

    def check_readable(self) -> None:
        """Raises `OSError` where its file cannot be opened."""
        if self.path is not None:
            self.path.open("rb").close()

    def whole(self) -> bytes:
        """All octets in one piece: only for messages known to be small, or where a library takes nothing else."""
        return self.start if not self.octets else b"".join(self.blocks())

    def prefixed(self, head: bytes) -> "Content":
        """The same with `head` before it: how a trace header is added without touching the rest."""
        return Content(head + self.start, self.path, self.offset, self.octets)

    def after(self, octets: int) -> "Content":
        """The same without its first octets; a file stays a file.

        >>> Content(b"Bcc: x\\r\\nSubject: hi\\r\\n").after(8).whole()
        b'Subject: hi\\r\\n'
        """
        in_file = max(0, octets - len(self.start))
        return Content(self.start[octets:], self.path, self.offset + in_file, self.octets - in_file)

    def between(self, start: int, end: int) -> "Content":
        """What stands from `start` to before `end`; a file stays a file.

        >>> Content(b"Subject: hi\\r\\n\\r\\nHello").between(9, 11).whole()
        b'hi'
        """
        if self.path is None:
            return Content(self.start[start:end])
        rest = self.after(start)
        wanted = max(0, min(end, len(self)) - start)
        in_memory = rest.start[:wanted]
        return Content(in_memory, rest.path, rest.offset, wanted - len(in_memory))

    def head(self) -> bytes:
        """The header section with its empty line (at most 256 KiB are looked at)."""
        seen = b""
        for block in self.blocks():
            seen += block
            if seen.startswith(b"\r\n"):
                return b"\r\n"
            end = seen.find(b"\r\n\r\n")
            if end >= 0:
                return seen[: end + 4]
            if len(seen) >= HEAD_OCTETS:
                break
        return seen[:HEAD_OCTETS]
