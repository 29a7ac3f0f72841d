"""What differs from one operating system to the next, in one place: POSIX (Linux, macOS, WSL) and Windows.

Nothing else in the house asks which system it runs on, or imports what only one of them has (a test sees to it).
`HERE` is the system of this computer. Files: those that it is asked to open.
"""

import errno
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


def _module(name: str) -> ModuleType | None:
    """A module of the standard library that not every system has."""
    try:
        return __import__(name)
    except ImportError:
        return None


CALLED_AWAY = ("SIGTERM", "SIGHUP", "SIGBREAK")  # signals that ask a program to end; no system has all of them
ENDS = ("SIGINT", *CALLED_AWAY)
_LOCKED = 1 << 30  # the octet that is locked on Windows: nobody may read it meanwhile, so it lies behind all others


class System:
    """An operating system, known by its modules: tests pass those of another one. Any thread may ask."""

    def __init__(
        self, os: Any, signal: Any, fcntl: Any = None, msvcrt: Any = None, termios: Any = None, resource: Any = None
    ) -> None:
        self._os, self._signal, self._fcntl, self._msvcrt, self._termios = os, signal, fcntl, msvcrt, termios
        self._resource = resource
        self._reading = threading.Lock()
        self._to_read = self._flags("O_RDONLY", "O_NONBLOCK")  # at hand: thousands of files are opened in a row
        self._to_read_no_link = self._to_read | self._flags("O_NOFOLLOW")
        self._to_create = os.O_WRONLY | os.O_CREAT | os.O_EXCL | self._flags("O_NOFOLLOW")
        self._to_sync_a_folder = os.O_RDONLY | self._flags("O_DIRECTORY")
        self.is_posix = fcntl is not None
        self.hears_keys = termios is not None  # do single keys arrive without Enter?
        self.flag_sign = ":" if self.is_posix else ";"  # before the flags in a Maildir name: Windows forbids colons

    # ── files ──

    def create_new(self, path: Path) -> int:
        """A descriptor of a new, empty file, 0600, never through a link. Raises `OSError`."""
        return int(self._os.open(path, self._to_create, 0o600))

    def open_to_read(self, path: str | Path, *, links: bool = True) -> int:
        """A descriptor to read from, through a link or not; a pipe that nobody writes to does not hold us.

        Raises `OSError`.
        """
        return int(self._os.open(path, self._to_read if links else self._to_read_no_link))

    def open_lock(self, path: Path, *, create: bool) -> int:
        """A descriptor of a lock file, 0600, never through a link. Raises `OSError`."""
        how = self._os.O_RDWR | self._os.O_CREAT if create or not self.is_posix else self._os.O_RDONLY
        return int(self._os.open(path, how | self._flags("O_NOFOLLOW"), 0o600))

    def read_at(self, descriptor: int, size: int, start: int) -> bytes:
        """Up to `size` octets of a file from `start` on. Raises `OSError`."""
        if hasattr(self._os, "pread"):
            return bytes(self._os.pread(descriptor, size, start))
        with self._reading:  # two threads would move each other's place
            self._os.lseek(descriptor, start, self._os.SEEK_SET)
            return bytes(self._os.read(descriptor, size))

    def keep_private(self, descriptor: int) -> None:
        """From now on only its owner may read and write the file. Windows gives a file the rights of its folder."""
        if self.is_posix:
            self._os.fchmod(descriptor, 0o600)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable. Windows has no call for that: NTFS logs names by itself."""
        if not self.is_posix:
            return
        descriptor = self._folder(folder)
        try:
            self._os.fsync(descriptor)
        finally:
            self._os.close(descriptor)

    def _folder(self, folder: Path) -> int:
        return int(self._os.open(folder, self._to_sync_a_folder))

    def _flags(self, *names: str) -> int:
        """Of these flags those that the system has; and those that every descriptor of ours gets."""
        flags = 0
        for name in (*names, "O_CLOEXEC", "O_NOINHERIT", "O_BINARY"):
            flags |= getattr(self._os, name, 0)
        return flags

    # ── how many files may be open ──

    @property
    def descriptors(self) -> int:
        """So many files and connections of this process may be open at a time; Windows sets no limit that is felt."""
        return int(self._resource.getrlimit(self._resource.RLIMIT_NOFILE)[0]) if self._resource else 1 << 30

    def allow_descriptors(self, most: int) -> None:
        """Let this process open so many, if it may; the usual limit of 1024 is for programs of old."""
        if self._resource is None:
            return
        now, highest = self._resource.getrlimit(self._resource.RLIMIT_NOFILE)
        wanted = most if highest == self._resource.RLIM_INFINITY else min(most, highest)
        if now != self._resource.RLIM_INFINITY and now < wanted:
            self._resource.setrlimit(self._resource.RLIMIT_NOFILE, (wanted, highest))

    # ── locks: gone when the descriptor is closed, or the process is dead ──

    def lock(self, descriptor: int, *, shared: bool = False) -> bool:
        """Lock a file, alone or with others who share; False when somebody has it. Raises `OSError`."""
        if self._fcntl is None:
            return self._lock_octet(descriptor)
        how = self._fcntl.LOCK_SH if shared else self._fcntl.LOCK_EX
        try:
            self._fcntl.flock(descriptor, how | self._fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(self, descriptor: int) -> None:
        """Give a lock back and keep the descriptor. Raises `OSError`."""
        if self._fcntl is not None:
            self._fcntl.flock(descriptor, self._fcntl.LOCK_UN)
        else:
            self._at_the_octet(descriptor, self._msvcrt.LK_UNLCK)

    def lock_folder(self, folder: Path) -> int:
        """Lock a folder; the descriptor holds the lock. Raises `BlockingIOError` when somebody has it, and `OSError`.

        Windows opens no folder: there a file in it, `.lock`, is locked.
        """
        descriptor = self._folder(folder) if self.is_posix else self.open_lock(folder / ".lock", create=True)
        try:
            if not self.lock(descriptor):
                raise BlockingIOError(f"{folder} is locked")
        except BaseException:
            self._os.close(descriptor)
            raise
        return descriptor

    def _lock_octet(self, descriptor: int) -> bool:
        try:
            self._at_the_octet(descriptor, self._msvcrt.LK_NBLCK)
        except PermissionError:
            return False
        return True

    def _at_the_octet(self, descriptor: int, how: int) -> None:
        """`locking` works from where the file stands: go there and come back."""
        before = self._os.lseek(descriptor, 0, self._os.SEEK_CUR)
        self._os.lseek(descriptor, _LOCKED, self._os.SEEK_SET)
        try:
            self._msvcrt.locking(descriptor, how, 1)
        finally:
            self._os.lseek(descriptor, before, self._os.SEEK_SET)

    # ── signals ──

    def on_signals(self, loop: "AbstractEventLoop", names: Iterable[str], act: Callable[[int], object]) -> None:
        """Call `act` with the number, in the loop, at each signal of these that the system has.

        Raises `ValueError` or `RuntimeError` outside the main thread.
        """
        for number in (getattr(self._signal, name) for name in names if hasattr(self._signal, name)):
            try:
                loop.add_signal_handler(number, act, number)
            except NotImplementedError:  # the loops of Windows
                self._signal.signal(number, lambda number, _: loop.call_soon_threadsafe(act, number))

    def at_once(self, name: str, act: Callable[[int], object]) -> None:
        """Call `act` with the number in the main thread at this signal, also while its loop waits for something.

        Nothing where the system has no such signal. Raises `ValueError` outside the main thread.
        """
        if (number := getattr(self._signal, name, None)) is not None:
            self._signal.signal(number, lambda number, _: act(number))

    @contextmanager
    def holding_back(self, names: Iterable[str]) -> Iterator[None]:
        """Signals that come meanwhile are heard afterwards, or at once where another thread takes them; processes that
        are started meanwhile never hear them, from their first moment on. In the main thread. Nothing where signals
        cannot be held back.
        """
        if not hasattr(self._signal, "pthread_sigmask"):
            yield
            return
        numbers = {getattr(self._signal, name) for name in names if hasattr(self._signal, name)}
        before = self._signal.pthread_sigmask(self._signal.SIG_BLOCK, numbers)
        try:
            yield
        finally:
            self._signal.pthread_sigmask(self._signal.SIG_SETMASK, before)

    # ── terminals ──

    def in_background(self, terminal: int) -> bool:
        """Would reading from this terminal stop us, because another job is in front?"""
        os = self._os
        return bool(self.is_posix and os.isatty(terminal) and os.tcgetpgrp(terminal) != os.getpgrp())

    def terminal(self, handle: int) -> list[Any] | None:
        """How a terminal is set, to `give_back` later; None where that cannot be known."""
        return list(self._termios.tcgetattr(handle)) if self._termios is not None else None

    def give_back(self, handle: int, before: list[Any] | None) -> None:
        """Set a terminal as it was."""
        if before is not None:
            self._termios.tcsetattr(handle, self._termios.TCSADRAIN, before)

    def hear_keys(self, handle: int) -> None:
        """From now on every key arrives at once and is not shown; only where `hears_keys`."""
        import tty

        tty.setcbreak(handle)

    def new_terminal(self) -> tuple[int, int]:
        """A terminal without a person: the end that drives it, and the one for a program. Raises `OSError`."""
        if self._termios is None:
            raise OSError(errno.ENOSYS, "this system has no terminals that a program can drive")
        driven, its_own = self._os.openpty()
        return int(driven), int(its_own)

    def take_terminal(self) -> None:
        """In a process that has just begun a session: the terminal at its standard input is its own (tty_ioctl(4))."""
        self._fcntl.ioctl(0, self._termios.TIOCSCTTY, 0)

    def resize(self, handle: int, columns: int, rows: int) -> None:
        """Give a terminal another size; whoever runs there is told."""
        self._fcntl.ioctl(handle, self._termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


HERE = System(os, signal, _module("fcntl"), _module("msvcrt"), _module("termios"), _module("resource"))
"""The system of this computer."""


def called(platform: str = sys.platform, release: str | None = None) -> str:
    """What people call a system: "Linux", "WSL" (Linux in Windows), "macOS", "Windows", or Python's word for it.

    >>> called("linux", "5.15.153.1-microsoft-standard-WSL2"), called("darwin", "23.5.0")
    ('WSL', 'macOS')
    """
    if release is None:
        from platform import release as release_of_this

        release = release_of_this()
    if platform == "linux" and "microsoft" in release.lower():
        return "WSL"
    return {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}.get(platform, platform)
