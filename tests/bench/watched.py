"""A terminal that is only watched: when something comes, and how long after a key."""

import os
import re
import select
import signal
import time
from collections.abc import Sequence
from typing import Self

from tests.tui.terminals import KEYS, Terminal

SIZE = (120, 40)
SETTLED = 0.1  # seconds without an octet, after which a burst is over
CALM = 0.2  # the same, before something is measured
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[^\[\]()])")


class Watched(Terminal):
    """A terminal that draws nothing, so that nothing holds the clock up; `heard` is when the last octets came."""

    began = heard = 0.0

    def __enter__(self) -> Self:
        self.began = time.perf_counter()
        return super().__enter__()

    def read(self, seconds: float = 0.05) -> bool:
        """Take what comes within so many seconds; was there anything?"""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            octets = os.read(self._master, max(1, self._slowly // 20) if self._slowly else 65_536)
        except OSError:  # the other end has closed
            return False
        self.heard = time.perf_counter()
        self.written += octets
        if self._slowly:
            time.sleep(len(octets) / self._slowly)
        return True

    @property
    def text(self) -> str:
        """The last that it wrote."""
        return plain(bytes(self.written[-4000:])).decode("utf-8", "replace")

    def pace(self, slowly: int) -> None:
        """From now on, read so many octets a second; 0 for as fast as they come."""
        self._slowly = slowly

    def appear(self, *words: str, patience: float = 60.0) -> float:
        """The moment at which the last of these came."""
        missing, place, deadline = {word.encode() for word in words}, 0, time.monotonic() + patience
        while True:
            text = plain(bytes(self.written[place:]))
            missing = {word for word in missing if word not in text}
            if not missing:
                return self.heard
            place = max(0, len(self.written) - 400)
            while not self.read():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{missing} did not come; at the end: {text[-400:]!r}")

    def strike(self, key: str) -> float:
        """Press a key, or take another size, and come back at once; the moment."""
        now = time.perf_counter()
        if size := re.fullmatch(r"(\d+)x(\d+)", key):
            self.resize(int(size[1]), int(size[2]))
        elif key:
            os.write(self._master, KEYS.get(key, key.encode()))
        return now

    def rest(self, quiet: float = CALM, most: float = 1.5) -> None:
        """Read until nothing has come for so long; a window that never rests is given up on."""
        deadline = time.monotonic() + most
        while self.read(quiet) and time.monotonic() < deadline:
            pass

    def pass_time(self, seconds: float) -> None:
        """Read for so long."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)

    def painted(self, since: float, quiet: float = SETTLED, patience: float = 2.0) -> tuple[float, float] | None:
        """Seconds from that moment to the first octets and to the last of the burst; None where none came."""
        if not self.read(patience):
            return None
        first, deadline = self.heard, time.monotonic() + 5 * patience
        while self.read(quiet) and time.monotonic() < deadline:
            pass
        return first - since, self.heard - since

    def shows(self, mark: "re.Pattern[bytes]", since: float, place: int, patience: float = 5.0) -> float | None:
        """Seconds from that moment until this is drawn behind that place; None where it never is."""
        while not mark.search(self.written, place):
            if time.perf_counter() - since > patience:
                return None
            self.read(0.02)
        return self.heard - since

    def leave(self, keys: Sequence[str] = ()) -> None:
        """End it as a person would, so that it leaves nothing behind; whoever does not go is killed later."""
        for key in keys:
            self.strike(key)
        self.signal(signal.SIGTERM)
        try:
            self.wait(15)
        except AssertionError:
            pass  # it is killed when the terminal closes


def plain(octets: bytes) -> bytes:
    """Without what only moves and colours.

    >>> plain(b"\\x1b[1;2H\\x1b[38;5;1mred\\x1b[0m")
    b'red'
    """
    return _ESCAPE.sub(b"", octets)
