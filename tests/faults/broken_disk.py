"""A disk on which something goes wrong: every call that maillab makes on files below a folder passes here.

Calls of `os`, `open`, `flock` and SQLite's statements are counted, and one of them fails as a real one would: the error
number says how. Files elsewhere are let be, and so are those of whoever tests.
"""

import builtins
import errno
import fcntl
import io
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

MAKING = {"create", "mkdir", "link", "rename", "replace", "sql"}
CHANGING = MAKING | {"write", "unlink", "rmdir", "utime", "chmod", "fchmod", "ftruncate"}
OPENING = {"create", "open", "scandir"}
ALL = CHANGING | OPENING | {"fsync", "close", "read", "stat", "flock", "statvfs"}
MAY_SAY: dict[str, set[str]] = {  # which calls an error may come from
    "ENOSPC": MAKING | {"write", "fsync", "close"},
    "EIO": ALL - {"flock"},
    "EMFILE": OPENING | {"flock"},
    "EFBIG": {"write"},
    "EROFS": CHANGING,
    "ENOLCK": {"flock", "sql"},
    "short": {"write"},
}
_OF_SQLITE = {  # what SQLite makes of it
    "ENOSPC": (sqlite3.SQLITE_FULL, "SQLITE_FULL", "database or disk is full"),
    "EIO": (sqlite3.SQLITE_IOERR, "SQLITE_IOERR", "disk I/O error"),
    "EROFS": (sqlite3.SQLITE_READONLY, "SQLITE_READONLY", "attempt to write a readonly database"),
    "ENOLCK": (sqlite3.SQLITE_PROTOCOL, "SQLITE_PROTOCOL", "locking protocol"),
}


@dataclass
class BrokenDisk:
    """The files below `folder`. `kind` is the error to come, from the `at`-th call on that may say so (`once`: then)."""

    folder: str
    kind: str = ""
    at: int = 0
    once: bool = True
    place: str = ""
    calls: list[str] = field(default_factory=list)  # that have been made while it was watched
    said: list[str] = field(default_factory=list)  # of those, which failed
    watching: bool = False
    slow: Callable[[], None] = lambda: None  # what each fsync waits for
    _paths: dict[int, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def failing(self, kind: str, at: int, *, once: bool = True, place: str = "") -> Iterator[list[str]]:
        """Meanwhile the `at`-th call (0 is the first) that this error may come from has it; gives which had.

        Only calls on files with `place` in their path count.
        """
        with self._lock:
            self.kind, self.at, self.once, self.place, self.calls, self.said = kind, at, once, place, [], []
            self.watching = True
        try:
            yield self.said
        finally:
            self.watching = False

    # ── one call ──

    def owns(self, path: object) -> bool:
        """Is it one of the lab's files?"""
        if isinstance(path, int):
            return path in self._paths
        return os.fsdecode(path).startswith(self.folder)  # type: ignore[arg-type]

    def step(self, name: str, path: object) -> bool:
        """One more call: false where it is to fail."""
        if not self.watching or name not in MAY_SAY[self.kind] or not self.owns(path):
            return True
        with self._lock:
            number, what = len(self.calls), f"{name} {self._called(path)}"
            if self.place not in what:
                return True
            self.calls.append(what)
            if number != self.at if self.once else number < self.at:
                return True
            self.said.append(what)
            return False

    def error(self, path: object = None) -> OSError:
        """What the call says."""
        number = getattr(errno, self.kind)
        return OSError(number, os.strerror(number), self._called(path))

    def _called(self, path: object) -> str:
        return self._paths[path] if isinstance(path, int) else os.fsdecode(path)  # type: ignore[arg-type]

    # ── what stands in place of the calls ──

    def _on_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.step(name, path):
                raise self.error(path)
            return real(path, *args, **kwargs)

        return call

    def _open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            if not self.owns(path):
                return real(path, flags, *args, **kwargs)
            if not self.step("create" if flags & os.O_CREAT else "open", path):
                raise self.error(path)
            descriptor = real(path, flags, *args, **kwargs)
            self._paths[descriptor] = os.fsdecode(path)
            return descriptor

        return call

    def _write(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(descriptor: int, octets: Any) -> int:
            if not self.step("write", descriptor):
                if self.kind == "short":
                    return real(descriptor, memoryview(octets)[: len(octets) // 2 + 1])
                raise self.error(descriptor)
            return real(descriptor, octets)

        return call

    def _fsync(self, real: Callable[..., None]) -> Callable[..., None]:
        def call(descriptor: int) -> None:
            if self.owns(descriptor):
                self.slow()
                if not self.step("fsync", descriptor):
                    raise self.error(descriptor)
            real(descriptor)

        return call

    def _close(self, real: Callable[..., None]) -> Callable[..., None]:
        def call(descriptor: int) -> None:
            fails = not self.step("close", descriptor)
            error = self.error(descriptor) if fails else None
            self._paths.pop(descriptor, None)
            real(descriptor)  # what was opened is closed, and an error is told all the same
            if error is not None:
                raise error

        return call

    def _file(self, real: Callable[..., Any]) -> Callable[..., Any]:
        disk = self

        class Written(io.FileIO):
            """A file that is written."""

            def write(self, octets: Any) -> int:
                if not disk.step("write", self.name):
                    if disk.kind == "short":
                        return super().write(memoryview(octets)[: len(octets) // 2 + 1]) or 0
                    raise disk.error(self.name)
                return super().write(octets) or 0

            def fileno(self) -> int:
                if not isinstance(self.name, int):
                    disk._paths[super().fileno()] = os.fsdecode(self.name)
                return super().fileno()

            def close(self) -> None:
                error = None
                if not self.closed:
                    error = None if disk.step("close", self.name) else disk.error(self.name)
                    disk._paths.pop(super().fileno(), None)
                super().close()
                if error is not None:
                    raise error

        def call(path: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
            writes = set(mode) & set("wax+")
            if not self.owns(path) or (isinstance(path, int) and not writes):
                return real(path, mode, buffering, *args, **kwargs)
            if not isinstance(path, int) and not self.step("create" if writes else "open", path):
                raise self.error(path)
            if not writes or "b" not in mode:
                return real(path, mode, buffering, *args, **kwargs)
            raw = Written(path if isinstance(path, int) else os.fspath(path), mode.replace("b", ""))
            return raw if buffering == 0 else io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

        return call

    def _connect(self, real: Callable[..., Any]) -> Callable[..., Any]:
        disk = self

        class Asked(sqlite3.Connection):
            """A database each statement of which is a call."""

            path = ""

            def _ask(self, sql: str) -> None:
                if sql != "ROLLBACK" and not disk.step("sql", f"{self.path}: {' '.join(sql.split())[:60]}"):
                    code, name, text = _OF_SQLITE[disk.kind]
                    error = sqlite3.OperationalError(text)
                    error.sqlite_errorcode, error.sqlite_errorname = code, name
                    raise error

            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                self._ask(sql)
                return super().execute(sql, *args)

            def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
                self._ask(sql)
                return super().executemany(sql, *args)

        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.owns(path):
                return real(path, *args, **kwargs)
            connection = real(path, *args, factory=Asked, **kwargs)
            connection.path = os.fsdecode(path)
            return connection

        return call


@contextmanager
def broken_disk(folder: Path) -> Iterator[BrokenDisk]:
    """Every call on files below the folder passes by, from now on."""
    disk = BrokenDisk(str(folder))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("link", "unlink", "rename", "replace", "mkdir", "rmdir", "utime", "chmod", "scandir", "stat"):
            patch.setattr(os, name, disk._on_path(name, getattr(os, name)))
        for name in ("fchmod", "ftruncate", "read", "statvfs"):
            patch.setattr(os, name, disk._on_path(name, getattr(os, name)))
        patch.setattr(os, "open", disk._open(os.open))
        patch.setattr(os, "write", disk._write(os.write))
        patch.setattr(os, "fsync", disk._fsync(os.fsync))
        patch.setattr(os, "close", disk._close(os.close))
        patch.setattr(fcntl, "flock", disk._on_path("flock", fcntl.flock))
        opened = disk._file(io.open)
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        patch.setattr(sqlite3, "connect", disk._connect(sqlite3.connect))
        yield disk
