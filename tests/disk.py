"""A disk that is full, or a process that dies, at a chosen operation on files."""

import asyncio
import contextlib
import errno
import itertools
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

OPERATIONS = ["open", "write", "fsync", "close", "link", "unlink", "mkdir", "rename", "replace", "chmod", "fchmod"]
GROWING = ["write", "fsync", "close", "link", "mkdir", "rename", "replace"]  # what a full disk may refuse
TELL = os.write  # for a child that tells its parent something: never refused

Work = Callable[[Path, int], Coroutine[Any, Any, None]]


def _die_at(count: int) -> None:
    """After `count` operations on files this process is no more."""
    left = itertools.count(count, -1)

    def dying(operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if next(left) <= 0:
                os._exit(9)
            return operation(*args, **kwargs)

        return call

    for name in OPERATIONS:
        setattr(os, name, dying(getattr(os, name)))


def in_child(work: Work, folder: Path, after: int | None = None) -> tuple[int, bytes]:
    """Run in a process of its own, dead after so many operations; gives its exit code and what it told."""
    hear, told = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            if after is not None:
                _die_at(after)
            asyncio.run(work(folder, told))
            code = 0
        finally:
            os._exit(code)
    os.close(told)
    with open(hear, "rb") as file:
        said = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


@contextlib.contextmanager
def full_after(count: int) -> Iterator[list[str]]:
    """A disk that is full after `count` operations that need room; gives a list of those that it refused."""
    left, refused = itertools.count(count, -1), []

    def refusing(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if next(left) > 0:
                return operation(*args, **kwargs)
            refused.append(name)
            if name == "close":
                operation(*args, **kwargs)  # what was opened is closed, and an error is told all the same
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in GROWING:
            patch.setattr(os, name, refusing(name, getattr(os, name)))
        yield refused
