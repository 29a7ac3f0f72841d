"""Lines from whoever types: a person at a terminal, with history, or a pipe. Read in a thread, one when asked for."""

import io
import os
import sys
import threading
from collections.abc import Callable

from maillab.protocols.lines import Lines
from maillab.system import HERE

try:  # not in every Python; without it there is no history and everything else works
    import readline
except ImportError:
    readline = None  # type: ignore[assignment]  # a module or nothing

PROMPT = "C: "
Got = Callable[[bytes | None], object]


class Keyboard:
    """Reads stdin. After each `ask`, `got` is called in the thread with a line without its end, or `None` at the end.

    The thread may still wait for a line when the talk is over; it ends with the process, and `close` gives the terminal
    back as it was.
    """

    def __init__(self, got: Got) -> None:
        self.is_person = sys.stdin.isatty() and sys.stdout.isatty()
        self.prompting = False
        self._got = got
        self._asked = threading.Semaphore(0)
        self._ready: list[bytes] = []
        self._lines = Lines()
        self._ended = False
        self._before = HERE.terminal(sys.stdin.fileno()) if self.is_person else None
        if self.is_person and readline is not None:
            readline.set_history_length(1000)  # in memory only: passwords are typed here
        threading.Thread(target=self._serve, name="keyboard", daemon=True).start()

    def ask(self) -> None:
        """One line more, please."""
        self.prompting = True
        self._asked.release()

    def close(self) -> None:
        """No line more; give the terminal back as it was."""
        self._ended = True
        self._asked.release()
        if self._before is not None:
            HERE.give_back(sys.stdin.fileno(), self._before)

    def _serve(self) -> None:
        while not self._ended:
            self._asked.acquire()
            if self._ended:
                return
            line = self._prompted() if self.is_person else self._piped()
            self._ended = line is None
            self.prompting = False
            try:
                self._got(line)
            except RuntimeError:  # the loop that wanted it is closed
                return

    def _prompted(self) -> bytes | None:
        try:
            return input(PROMPT).encode("utf-8", "surrogateescape")
        except EOFError:
            return None

    def _piped(self) -> bytes | None:
        """Raw reads: a thread that is left waiting must not hold the lock of Python's own stdin."""
        while not self._ready:
            block = self._block()
            if not block:
                rest, self._lines = self._lines.rest, Lines()
                return rest.removesuffix(b"\r") or None
            self._ready = self._lines.feed(block)
        return self._ready.pop(0).removesuffix(b"\n").removesuffix(b"\r")

    def _block(self) -> bytes:
        """Octets of a pipe or a file, empty at the end; a stdin that is no file is read as what it is."""
        try:
            number = sys.stdin.fileno()
        except (io.UnsupportedOperation, ValueError):
            return sys.stdin.buffer.read(65_536) if not sys.stdin.closed else b""
        try:
            return os.read(number, 65_536)
        except OSError:  # no stdin at all
            return b""
