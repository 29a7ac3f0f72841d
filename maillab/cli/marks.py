"""Naming the moments of a record while a lab serves: each line that is typed meanwhile is the name of a mark."""

import os
from asyncio import AbstractEventLoop
from collections.abc import Callable

from maillab.system import HERE

LONGEST = 200  # characters of a name
LATER = 1.0  # seconds until a job in the background looks again whether it is in front


class Moments:
    """Reads lines from `handle`, while there are any, and tells `mark` their names."""

    def __init__(self, handle: int, loop: AbstractEventLoop, mark: Callable[[str], None]) -> None:
        self._handle = handle
        self._loop = loop
        self._mark = mark
        self._typed = b""  # of a line that has not ended

    def watch(self) -> None:
        """Begin; where nothing can be typed (a file, /dev/null) nothing is read."""
        try:
            self._loop.add_reader(self._handle, self._read)
        except (OSError, ValueError, NotImplementedError):  # epoll watches no plain files, Windows no terminals
            pass

    def _read(self) -> None:
        if HERE.in_background(self._handle):  # the kernel stops a job in the background that reads from its terminal
            self._loop.remove_reader(self._handle)
            self._loop.call_later(LATER, self.watch)
            return
        octets = os.read(self._handle, 4096)
        if not octets:
            self._loop.remove_reader(self._handle)
        *lines, rest = (self._typed + octets).split(b"\n")
        self._typed = rest[-4096:]
        for line in lines:
            if name := line.decode("utf-8", "replace").strip():
                self._mark(name[:LONGEST])
