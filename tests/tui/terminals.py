"""A real terminal: a program on a pty, what it writes read octet for octet and drawn by an emulator of somebody else."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tests.nest import Hatched, hatch
from tests.serving import environment

PATIENCE = 30.0  # seconds that something may take to appear


class _Screen(pyte.Screen):
    """Knows the private forms of some sequences, which pyte does not."""

    def report_device_status(self, mode: int, **_: object) -> None:
        """Nobody asks."""

    def set_margins(self, *arguments: int, **private: object) -> None:
        if not private:
            super().set_margins(*arguments)

    def select_graphic_rendition(self, *attributes: int, **private: object) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    """`maillab ARGUMENTS` on a terminal of this size. `written` is all that it wrote; `slowly` octets a second are read.

    It comes out of a nest; `afresh`, or as another `command`, it is started as by a person.
    """

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        folder: Path,
        slowly: int = 0,
        command: list[str] | None = None,
        afresh: bool = False,
        **variables: str,
    ) -> None:
        self._arguments = arguments
        self._command = command or ([sys.executable, "-m", "maillab", *arguments] if afresh else [])
        self._size = size
        self._folder = folder
        self._slowly = slowly
        self._environment = environment() | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | variables
        self._screen = _Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.written = bytearray()

    def __enter__(self) -> Self:
        self._master, slave = pty.openpty()
        self.resize(*self._size)
        self.before = termios.tcgetattr(slave)
        self._process = self._start(slave)
        self._slave = slave  # held open, so that what the program left behind can be looked at
        self._open = [self._master, slave]
        return self

    def _start(self, slave: int) -> "subprocess.Popen[bytes] | Hatched":
        if not self._command:
            return hatch(self._arguments, [slave], self._folder, self._environment)
        return subprocess.Popen(
            self._command,
            cwd=self._folder, env=self._environment, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """The terminal is closed, as by somebody who closes its window."""
        for descriptor in self._open:
            os.close(descriptor)
        self._open = []

    def ended(self, seconds: float) -> bool:
        """Does the program end within so many seconds, without a terminal?"""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def pid(self) -> int:
        """The program's."""
        return self._process.pid

    def resize(self, columns: int, lines: int) -> None:
        """Another size; the program is told."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)

    # ── reading ──

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, also in the middle of a frame, where half of a wide character may be gone: the
        emulator's own `display` stumbles over that.
        """
        return ["".join(line) for line in self.cells]

    @property
    def cells(self) -> list[list[str]]:
        """What stands in each cell of each line; nothing in the second half of a wide character."""
        screen = self._screen
        return [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def title(self) -> str:
        """What the terminal was told to be called."""
        return str(self._screen.title)

    def read(self, seconds: float = 0.05) -> bool:
        """Take what comes within so many seconds; was there anything?"""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            octets = os.read(self._master, min(65_536, max(1, self._slowly // 20)) if self._slowly else 65_536)
        except OSError:  # the other end has closed
            return False
        self.written += octets
        self._stream.feed(octets)
        if self._slowly:
            time.sleep(len(octets) / self._slowly)  # as a slow line does
        return True

    def until(self, condition: Callable[[], object], what: str = "it", patience: float = PATIENCE) -> None:
        """Read until this is so; fails with the screen as it is."""
        deadline = time.monotonic() + patience
        while not condition():
            self.read()
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come true; the screen:\n{self.text}")

    def see(self, *texts: str) -> None:
        """Read until all of these stand on the screen."""

        def stand() -> bool:
            screen = self.text
            return all(text in screen for text in texts)

        self.until(stand, f"{texts}")

    def quiet(self, seconds: float = 0.4) -> None:
        """Read until nothing has come for so long."""
        deadline = time.monotonic() + PATIENCE
        while self.read(seconds):
            assert time.monotonic() < deadline, "it never came to rest"

    # ── writing ──

    def press(self, *keys: str | bytes) -> None:
        """Keys, as a terminal sends them; names of `KEYS`, or characters."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key.encode()) if isinstance(key, str) else key)
            self.read(0.08)

    def click(self, text: str) -> None:
        """Press and release the left button where this stands."""
        line = next(n for n, one in enumerate(self.lines) if text in one)
        column = self.lines[line].index(text)
        self.click_at(column, line)

    def click_at(self, column: int, line: int) -> None:
        """The same at a place."""
        where = f"{column + 1};{line + 1}".encode()
        os.write(self._master, b"\x1b[<0;" + where + b"M" + b"\x1b[<0;" + where + b"m")
        self.read(0.08)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def wait(self, seconds: float = 15.0) -> int:
        """Read until the program has ended; its exit code."""
        self.until(lambda: self._process.poll() is not None, "its end", seconds)
        while self.read(0.05):
            pass
        return self._process.wait()

    def is_as_it_was(self) -> bool:
        """Is the terminal as the program found it: echo, lines, no mouse, the usual screen, the cursor seen?"""
        settings = termios.tcgetattr(self._slave)
        asked = bytes(self.written)
        left = [
            asked.rfind(on) < asked.rfind(off)
            for on, off in (
                (b"\x1b[?1049h", b"\x1b[?1049l"),
                (b"\x1b[?25l", b"\x1b[?25h"),
                (b"\x1b[?1000h", b"\x1b[?1000l"),
            )
            if on in asked
        ]
        return settings[3] == self.before[3] and all(left)


KEYS = {
    "ctrl+s": b"\x13", "ctrl+q": b"\x11", "ctrl+p": b"\x10", "ctrl+o": b"\x0f", "ctrl+r": b"\x12", "ctrl+z": b"\x1a",
    "enter": b"\r", "escape": b"\x1b", "tab": b"\t", "up": b"\x1b[A", "down": b"\x1b[B", "f1": b"\x1bOP", "f2": b"\x1bOQ",
    "f4": b"\x1bOS", "f6": b"\x1b[17~", "shift+f6": b"\x1b[17;2~", "end": b"\x1b[F", "ctrl+end": b"\x1b[1;5F", "ctrl+u": b"\x15",
}  # fmt: skip
