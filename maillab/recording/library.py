"""A session on disk that is too long to be read as a whole: where its lines begin is looked up, only what is asked for
is read.

Files: reads the one it was given; of a packed one it keeps an unpacked, nameless copy while it is open.
"""

import os
import re
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from maillab.events import Entry
from maillab.recording.session import (
    MOST_ENTRIES,
    MOST_OCTETS,
    Header,
    Mark,
    Note,
    Reader,
    SessionError,
    decode_line,
)
from maillab.recording.session_files import BLOCK, LONGEST_LINE, blocks, is_packed, lines
from maillab.recording.session_lines import VERSION
from maillab.system import HERE

STRIDE = 1_048_576  # octets that are looked through at once
_BEGIN = re.compile(rb'\n(?:(\{"e":"[A-Z])|(\{"e":"more")|(?=.))', re.DOTALL)  # an entry, the rest of one, another line
_ENTRY = re.compile(rb'\{[^"]*"(?:e"\s*:\s*"[A-Z]|[a-z]+"\s*:.*"e"\s*:\s*"[A-Z])', re.DOTALL)  # not as we write it


class SessionFile:
    """A session file by places: 0 is its first entry. Opening reads the header only; the index grows as it is needed.

    A context manager. Raises `SessionError`, `OSError`, on opening and whenever it reads.
    """

    def __init__(self, path: Path) -> None:
        self._source = blocks(path)
        self._packed: IO[bytes] | None = None
        self._starts = array("Q")  # where the line of each entry begins
        self._lines = array("Q")  # the number of that line
        self._notes: list[tuple[int, int, int]] = []  # start, number of the line, entries before it
        self._tail = b""  # octets of the last line seen, which may go on
        self._seen = 0  # octets looked through, but for the tail
        self._number = 1  # of the last line that began among them
        self._whole = False
        self._version = VERSION  # of the file, once its header was read
        self.notice = ""  # what is missing at the end of a file that was cut short, once that has been reached
        if is_packed(path):
            self._packed = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            self._handle = self._packed.fileno()
        else:
            self._handle = HERE.open_to_read(path)
        try:
            first = next(self._from(0, 0, 0), None)
            assert isinstance(first, Header)  # the reader gives a header or raises
        except BaseException:
            self.close()
            raise
        self.header = first

    def __enter__(self) -> "SessionFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._packed is not None:
            self._packed.close()
        elif self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def __len__(self) -> int:
        """How many entries there are: looks through the whole file, once."""
        while self._grow():
            pass
        return len(self._starts)

    def entry(self, place: int) -> Entry:
        """The entry at a place. Raises `IndexError` after the last."""
        for entry in self.slice(place, place + 1):
            return entry
        raise IndexError(place)

    def slice(self, start: int, stop: int) -> list[Entry]:
        """The entries at the places from `start` up to `stop`, as many as there are."""
        entries = (item for item in self.items(start) if isinstance(item, Entry))
        return list(islice(entries, max(0, stop - start)))

    def items(self, place: int = 0) -> Iterator[Entry | Note]:
        """Entries and notes from a place on, in their order."""
        if place == 0:
            items = self._from(0, 0, 0)
        elif self._reaches(place):
            start, number = self._starts[place], self._lines[place]
            first = bisect_left(self._notes, place, key=lambda note: note[2])
            if first < len(self._notes) and self._notes[first][2] == place:
                start, number, _ = self._notes[first]
            items = self._from(start, number - 1, self._seq(place - 1))
        else:
            return
        yield from (item for item in items if not isinstance(item, Header))

    def at_time(self, seconds: float) -> int:
        """The place of the first entry so many seconds after the first one, or later; `len` when there is none."""
        count = len(self)
        begin = self._moment(0) if count else 0.0
        return bisect_left(range(count), seconds, key=lambda place: self._moment(place) - begin)

    def place(self, seq: int) -> int:
        """The place of the entry with this number, or of the first after it."""
        return bisect_left(range(len(self)), seq, key=self._seq)

    @property
    def marks(self) -> tuple[tuple[int, Mark], ...]:
        """The named moments, each with the place of the entry that follows it. Looks through the whole file."""
        len(self)
        marks = []
        for start, number, before in self._notes:
            line = next(lines(self._octets(start, 4096)), b"")
            if b'"mark"' in line:
                last = self._seq(before - 1) if before else 0
                for item in Reader([line], line=number - 1, last=last, version=self._version):
                    if isinstance(item, Mark):
                        marks.append((before, item))
        return tuple(marks)

    # ── the index ──

    def _reaches(self, place: int) -> bool:
        """Let the index grow until it knows this place; False when there is no such entry."""
        while len(self._starts) <= place:
            if not self._grow():
                return len(self._starts) > place
        return True

    def _grow(self) -> bool:
        """Look through the next piece of the file; False when it has been seen to its end."""
        if self._whole:
            return False
        pieces, size = [self._tail], 0
        while size < STRIDE:
            block = next(self._source, b"")
            if not block:
                self._whole = True
                break
            if self._packed is not None:
                self._packed.seek(0, os.SEEK_END)
                self._packed.write(block)
                self._packed.flush()
            pieces.append(block)
            size += len(block)
        self._look(b"".join(pieces))
        if self._seen > MOST_OCTETS:
            raise SessionError(f"the session is longer than {MOST_OCTETS} bytes")
        if len(self._starts) > MOST_ENTRIES:
            raise SessionError(f"more than {MOST_ENTRIES} entries")
        if self._whole:
            self._drop_what_is_cut()
        return True

    def _look(self, text: bytes) -> None:
        """Find the beginnings of lines in `text`; its last line break is looked at when what follows is known."""
        cut = len(text) if self._whole else text.rfind(b"\n")
        if len(text) - cut > LONGEST_LINE:
            raise SessionError(f"a line is longer than {LONGEST_LINE} bytes")
        for line_start in _BEGIN.finditer(text, 0, max(0, cut)):
            self._number += 1  # of the line that begins here; the first is the header
            begin = line_start.start() + 1
            if line_start[1] or (not line_start[2] and self._is_entry(text, begin)):
                self._starts.append(self._seen + begin)
                self._lines.append(self._number)
            elif not line_start[2]:
                self._notes.append((self._seen + begin, self._number, len(self._starts)))
        self._tail = text[max(0, cut) :]
        self._seen += max(0, cut)

    def _drop_what_is_cut(self) -> None:
        """A file may end in the middle of an entry, after a crash: that one does not count."""
        if self._starts and next(self._from(self._starts[-1], self._lines[-1] - 1, 0), None) is None:
            del self._starts[-1], self._lines[-1]

    def _is_entry(self, text: bytes, start: int) -> bool:
        """Is this line, which is not written as we write it, an entry all the same?"""
        end = text.find(b"\n", start)
        line = text[start : end if end >= 0 else len(text)]
        return not line.startswith((b"#", b'{"e":')) and _ENTRY.match(line) is not None

    # ── reading ──

    def _octets(self, start: int, size: int = BLOCK) -> Iterator[bytes]:
        """The file from an octet on, in blocks."""
        while True:
            while self._packed is not None and not self._whole and os.fstat(self._handle).st_size < start + size:
                self._grow()
            block = HERE.read_at(self._handle, size, start)
            if not block:
                return
            yield block
            start += len(block)

    def _from(self, start: int, number: int, last: int) -> Iterator[Header | Entry | Note]:
        reader = Reader(lines(self._octets(start)), line=number, last=last, version=self._version)
        for item in reader:
            self._version = reader.version
            yield item
        self.notice = reader.notice

    def _stamp(self, place: int) -> tuple[int, float]:
        """Number and moment of an entry: of a long content only the first piece is read."""
        line = next(lines(self._octets(self._starts[place], 4096)))
        shape = decode_line(line, self._version)
        return shape.n, shape.t

    def _seq(self, place: int) -> int:
        return self._stamp(place)[0]

    def _moment(self, place: int) -> float:
        return self._stamp(place)[1]
