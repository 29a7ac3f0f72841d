"""Writes down what a logbook says, as it is said: a thread of its own writes, and the mail never waits for the disk.

Files: FILE.part while it records, FILE when it is closed. A record without an entry leaves no file.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from maillab.events import Carried, Entry
from maillab.recording.session import (
    MOST_ENTRIES,
    MOST_OCTETS,
    Comment,
    Header,
    Mark,
    Note,
    Told,
    encode_entry,
    encode_header,
    encode_note,
    entry_lines,
)
from maillab.recording.session_files import LONGEST_LINE, SessionWriter

BATCH = 64  # lines that are written at once
WAITING = 200_000  # entries that may wait for a slow disk; then the record ends, not the mail
GATHER = 0.05  # seconds in which entries gather, so that the thread wakes seldom


class Recorder:
    """A record that is being made. `entry` is a logbook's reader. Raises `OSError` when the file cannot be made, and
    when there is one that is not to be replaced.

    `on_trouble` is told, once and in the writer's thread, why the record stopped; what was written until then is
    kept. After it nothing is written and nothing fails.
    """

    def __init__(
        self,
        path: Path,
        header: Header,
        on_trouble: Callable[[str], None] | None = None,
        *,
        replace: bool = False,
        waiting: int = WAITING,
    ) -> None:
        self.trouble = ""
        self._writer = SessionWriter(path, replace=replace)
        self._on_trouble = on_trouble
        self._most = waiting
        self._items: deque[Entry | Note] = deque()
        self._at = header.started
        self._wake, self._closing = threading.Event(), threading.Event()
        self._unwanted = self._worth = False
        self._written = self._octets = 0  # entries; octets of all lines
        self._header: Header | None = header  # what it may still be called: until the first entry is written
        try:
            self._writer.write(encode_header(header))
            self._writer.flush()
        except BaseException:
            self._writer.abandon()
            raise
        self._thread = threading.Thread(target=self._run, name=f"record {path.name}", daemon=True)
        self._thread.start()

    def describe(self, lab: dict[str, Any]) -> None:
        """Say in the header what lab this is, now that it runs; too late once an entry was written."""
        if self._header is not None:
            self._header = replace(self._header, lab=lab)

    def entry(self, entry: Entry) -> None:
        """Write down an entry; it comes back at once."""
        self._worth = True
        self._at = entry.at
        self._put(entry)

    def mark(self, name: str) -> None:
        """Give this moment a name."""
        self._worth = True
        self._put(Mark(name, 0, self._at))

    def told(self, en: str, vi: str) -> None:
        """A narrator's words at this moment."""
        self._put(Told(en, vi, 0, self._at))

    @property
    def is_empty(self) -> bool:
        """Has nothing happened yet that is worth a file? A person's mark is."""
        return not self._worth

    def close(self) -> str:
        """Write what is left and give the file its name; gives the reason if the record stopped before, or "".

        Where nothing happened there is nothing to keep, and what has the name already stays as it was.
        """
        self._unwanted |= self.is_empty
        self._closing.set()
        self._wake.set()
        self._thread.join()
        return self.trouble

    def abandon(self) -> None:
        """Leave nothing behind; a file that had this name before stays."""
        self._unwanted = True
        self.close()

    def _put(self, item: Entry | Note) -> None:
        if self.trouble or self._closing.is_set():
            return
        if len(self._items) >= self._most:
            self._items.append(Comment(" the record stops here", 0))
            self.trouble = "the disk is too slow for it"  # the thread hears of it when it has written the rest
            return
        self._items.append(item)
        if not self._wake.is_set():
            self._wake.set()

    def _run(self) -> None:
        try:
            while not self._closing.is_set() and not self.trouble:
                self._wake.wait()
                self._closing.wait(GATHER)
                self._wake.clear()
                self._write_all()
                self._writer.flush()
            if self._unwanted:
                self._writer.abandon()
                return
            self._write_all()
            self._writer.finish()
        except OSError as error:
            self._stop(str(error.strerror or error))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a record, the mail goes on
            self._stop(f"{type(error).__name__}: {error}")
        else:
            if self.trouble:
                self._tell()

    def _write_all(self) -> None:
        """Write what waits, many lines at once: the time that is spent here is the loop's, too."""
        batch: list[bytes] = []
        if self._header is not None and self._items:
            self._writer.restart()
            batch.append(encode_header(self._header))
            self._header = None
        while self._items and not self._unwanted:
            for line in self._lines(self._items.popleft()):
                self._octets += len(line)
                if self._octets > MOST_OCTETS or self._written > MOST_ENTRIES:
                    self._items.clear()
                    self.trouble = "it is full"
                    break
                batch.append(line)
                if len(batch) == BATCH:
                    self._writer.write(b"".join(batch))
                    batch.clear()
        self._writer.write(b"".join(batch))

    def _lines(self, item: Entry | Note) -> Iterable[bytes]:
        """The lines of an item, secrets struck out."""
        if not isinstance(item, Entry):
            return (encode_note(item),)
        self._written += 1
        if isinstance(item.event, Carried):
            return entry_lines(item)
        line = encode_entry(item)
        if len(line) > LONGEST_LINE:
            return (encode_note(Comment(f" entry {item.seq} is longer than {LONGEST_LINE} octets", 0)),)
        return (line,)

    def _stop(self, reason: str) -> None:
        """The disk fails: keep what it took."""
        self.trouble = reason
        self._items.clear()
        try:
            (self._writer.abandon if self._unwanted else self._writer.leave)()
        except OSError:
            pass  # said already
        self._tell()

    def _tell(self) -> None:
        if self._on_trouble is not None:
            self._on_trouble(f"the record {self._writer.path} stopped: {self.trouble}; the mail goes on")
