"""The window on a terminal of its own, in a process of its own, for as many viewers as there are.

All of it in one loop. It starts with the first viewer, goes on when they have gone, and ends by itself or by `close`.
"""

import asyncio
import contextlib
import errno
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence

from maillab.system import HERE
from maillab.web.terminal.heard import Resized
from maillab.web.terminal.modes import ModeMemory

BEHIND = 256 << 10  # octets that a viewer may be behind before the window waits
PIECE = 64 << 10  # octets that are read at once
PASTED = 1 << 20  # octets that may wait for the window to take them
UNHEARD = 2.0  # seconds in which a program answers that its terminal has another size
DRAWN = 0.15  # seconds from its first answer to the end of it
PATIENCE = 15.0  # seconds in which the window puts its lab in order and ends


class Viewer:
    """One who looks. `news` are octets to be shown, `None` at the end."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.behind = 0  # octets

    def put(self, octets: bytes | None) -> None:
        """Something to show, or the end."""
        self.behind += len(octets or b"")
        self.news.put_nowait(octets)


class TerminalWindow:
    """`command` is what runs there: words, which no shell reads."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: Process | None = None
        self._ended: Process | None = None  # it has closed its terminal, and comes to its end
        self._terminal = -1
        self._modes = ModeMemory()
        self._viewers: list[Viewer] = []
        self._size = Resized(80, 24)
        self._typed = bytearray()  # and not taken yet
        self._drawing: Resized | None = None  # the size to which the terminal goes back
        self._reads = False
        self._starting = asyncio.Lock()
        self._closed = False

    @property
    def viewers(self) -> int:
        """How many look."""
        return len(self._viewers)

    async def join(self, size: Resized) -> Viewer:
        """One more looks, on a terminal of this size. Raises `OSError`, also where the window was closed."""
        viewer = Viewer()
        self._viewers.append(viewer)
        try:
            async with self._starting:
                if self._closed:
                    raise OSError(errno.ESHUTDOWN, os.strerror(errno.ESHUTDOWN))
                if self._process is None:
                    await self._gone(self._ended)
                    await self._start(size)
                    return viewer
        except BaseException:
            self.leave(viewer)
            raise
        viewer.put(self._modes.again)
        self._draw_anew(size)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """One looks no more."""
        with contextlib.suppress(ValueError):
            self._viewers.remove(viewer)
        self._listen()

    def took(self, viewer: Viewer, octets: bytes) -> None:
        """A viewer has been shown these."""
        viewer.behind -= len(octets)
        self._listen()

    def type(self, octets: bytes) -> None:
        """Somebody presses keys, or pastes; far more than the window takes is left out."""
        if self._process is not None and len(self._typed) < PASTED:
            self._typed += octets
            self._hand_over()

    def resize(self, size: Resized) -> None:
        """The terminal has another size now."""
        if self._drawing is not None:
            self._drawing = size
        else:
            self._resize(size)

    def _resize(self, size: Resized) -> None:
        if size != self._size and self._process is not None:
            self._size = size
            HERE.resize(self._terminal, size.columns, size.rows)

    async def close(self) -> None:
        """End the window, and wait until it has put its lab in order; nobody joins any more."""
        self._closed = True
        async with self._starting:  # one that is just being started is ended, too
            if self._process is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._process.terminate()
            for viewer in self._viewers:
                viewer.put(None)
            self._viewers.clear()
            self._listen()  # nobody holds up any more what the window has to draw
            await self._gone(self._process or self._ended)
            self._end()

    async def _gone(self, process: Process | None) -> None:
        """Until it is no more; one that does not come to its end is killed."""
        if process is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _start(self, size: Resized) -> None:
        self._terminal, its_own = HERE.new_terminal()
        try:
            HERE.resize(self._terminal, size.columns, size.rows)
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=its_own, stdout=its_own, stderr=its_own, env=environment(),
                start_new_session=True, preexec_fn=HERE.take_terminal,
            )  # fmt: skip
        except BaseException:
            os.close(self._terminal)
            raise
        finally:
            os.close(its_own)
        self._modes, self._size = ModeMemory(), size
        os.set_blocking(self._terminal, False)
        self._listen()

    def _draw_anew(self, size: Resized) -> None:
        """A program draws all of its screen where the size changes, so it changes twice: the second time when the
        program has answered the first, because a program is told once of two changes in a row.
        """
        self._resize(Resized(size.columns, size.rows - 1))
        self._drawing = size
        asyncio.get_running_loop().call_later(UNHEARD, self._drawn)

    def _drawn(self) -> None:
        """The program has heard of the first change, or will not."""
        if self._drawing is not None:
            asyncio.get_running_loop().call_later(DRAWN, self._go_back)

    def _go_back(self) -> None:
        size, self._drawing = self._drawing, None
        if size is not None:
            self._resize(size)

    def _listen(self) -> None:
        """Read on, unless a viewer is far behind: then the window waits, as for a slow terminal."""
        reads = self._process is not None and all(viewer.behind < BEHIND for viewer in self._viewers)
        if reads and not self._reads:
            asyncio.get_running_loop().add_reader(self._terminal, self._read)
        elif self._reads and not reads:
            asyncio.get_running_loop().remove_reader(self._terminal)
        self._reads = reads

    def _hand_over(self) -> None:
        """As many of the keys as the window takes now, and the others when it takes more."""
        loop = asyncio.get_running_loop()
        try:
            del self._typed[: os.write(self._terminal, self._typed)]
        except BlockingIOError:
            pass
        except OSError:  # it has just ended
            self._typed.clear()
        if self._typed:
            loop.add_writer(self._terminal, self._hand_over)
        else:
            loop.remove_writer(self._terminal)

    def _read(self) -> None:
        try:
            octets = os.read(self._terminal, PIECE)
        except BlockingIOError:
            return
        except OSError:  # EIO: nobody has the other end open
            octets = b""
        if not octets:
            self._end()
            return
        self._modes.hear(octets)
        self._drawn()
        for viewer in self._viewers:
            viewer.put(octets)
        self._listen()

    def _end(self) -> None:
        """The window has ended; whoever comes next finds a new one."""
        if self._process is None:
            return
        self._process, self._ended = None, self._process
        self._listen()
        self._typed.clear()
        asyncio.get_running_loop().remove_writer(self._terminal)
        os.close(self._terminal)
        self._terminal = -1
        for viewer in self._viewers:
            viewer.put(None)


def environment() -> dict[str, str]:
    """What the window reads of its terminal: what xterm.js is. No editor that it starts learns the token."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "MAILLAB_HTTP_"))}
    return inherited | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}


def command_of(arguments: Sequence[str]) -> list[str]:
    """The window with these arguments.

    >>> command_of(["--lab", "a b; touch x"])[1:]
    ['-m', 'maillab', '--lab', 'a b; touch x']
    """
    return [sys.executable, "-m", "maillab", *arguments]
