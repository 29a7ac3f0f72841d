"""Programs of the house started by the hundred: each is a fork of a process that has imported them once.

Most of what a window takes to open is its imports. Whatever is read of the environment meanwhile is the same in the
nest: there is one for each kind of environment. Some tests start Python itself all the same, as people do.
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import maillab

ROOT = Path(__file__).resolve().parent.parent
LATE = ("trustme", "textual.drivers.linux_driver", "textual.pilot", "textual.scrollbar")  # imported where they are used
EARLY = ("TEXTUAL_", "PYTHON", "LANG", "LC_", "ESCDELAY")  # what is read when Python starts, or at an import
MOST = 65_536  # octets of what is asked of a nest


class Hatched:
    """A process that a nest has started; to be used like one of `subprocess`."""

    def __init__(self, nest: "_Nest", pid: int) -> None:
        self._nest = nest
        self.pid = pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, once somebody has looked."""
        return self._nest.codes.get(self.pid)

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        while self.returncode is None and self._nest.hear(0.0):
            pass
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended; raises `TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if deadline is None else deadline - time.monotonic()
            if (left is not None and left <= 0) or not self._nest.hear(left):
                raise subprocess.TimeoutExpired("a process of a nest", timeout or 0.0)
        return self._nest.codes[self.pid]

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def hatch(arguments: Sequence[str], streams: Sequence[int], folder: Path, variables: Mapping[str, str]) -> Hatched:
    """`python -m maillab ARGUMENTS` in this folder, with these variables and no others.

    `streams` are a terminal, or what it reads, what it writes and where it complains.
    """
    early = {name: value for name, value in variables.items() if name.startswith(EARLY)}
    nest = _nest(tuple(sorted(early.items())))
    return nest.hatch(json.dumps([list(arguments), str(folder), dict(variables)]), streams)


def leave_nests() -> None:
    """End those of this process, when nothing more will be started."""
    for nest in _nests.values():
        nest.close()
    _nests.clear()


def _nest(early: tuple[tuple[str, str], ...]) -> "_Nest":
    if early not in _nests:
        _nests[early] = _Nest(
            {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT), **dict(early)}
        )
    return _nests[early]


class _Nest:
    """The process, and the wire to it. It ends when the wire does."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.codes: dict[int, int] = {}
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._wire.settimeout(60)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.nest", str(theirs.fileno())],
                cwd=ROOT, env=variables, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip

    def hatch(self, asked: str, streams: Sequence[int]) -> Hatched:
        """Start a process."""
        socket.send_fds(self._wire, [asked.encode()], streams)
        while (found := self._hear()) is None:
            pass
        return Hatched(self, found)

    def close(self) -> None:
        """End it; what it has started goes on."""
        self._wire.close()
        self._process.wait()

    def hear(self, seconds: float | None) -> bool:
        """Was anything told within so many seconds?"""
        ready, _, _ = select.select([self._wire], [], [], seconds)
        if ready:
            self._hear()
        return bool(ready)

    def _hear(self) -> int | None:
        """One that has been born; of one that has ended the exit code is kept."""
        told = self._wire.recv(MOST)
        if not told:
            raise RuntimeError(f"the nest has ended with {self._process.wait()}")
        pid, code = json.loads(told)
        if code is None:
            return int(pid)
        self.codes[pid] = code
        return None


_nests: dict[tuple[tuple[str, str], ...], _Nest] = {}


# ── in the nest ──


def main(descriptor: int) -> None:
    """Start what is asked for, and tell of each process when it has begun and when it has ended."""
    import_house()
    with socket.socket(fileno=descriptor) as wire:
        asked, streams = _keep(wire)
    if streams:
        _become(*asked, streams)


def import_house() -> None:
    """Import every module but what is started, and what belongs to pytest; no collector looks through them again."""
    names = [module.name for module in pkgutil.walk_packages(maillab.__path__, "maillab.")]
    for name in (*names, *LATE):
        if not name.endswith("__main__") and not name.startswith("maillab.testing"):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _keep(wire: socket.socket) -> tuple[list[Any], list[int]]:
    """In a process that was asked for: what is asked of it. In the nest: nothing, at its end."""
    awake, bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(bell)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([wire, awake], [], [])
        if awake in ready:
            os.read(awake, MOST)
            _reap(wire)
        if wire not in ready:
            continue
        octets, streams, _, _ = socket.recv_fds(wire, MOST, 3)
        if not octets:
            return [], []
        if not (pid := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            os.close(awake)
            os.close(bell)
            return json.loads(octets), streams
        for stream in streams:
            os.close(stream)
        wire.send(json.dumps([pid, None]).encode())


def _reap(wire: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            wire.send(json.dumps([ended[0], os.waitstatus_to_exitcode(ended[1])]).encode())


def _become(arguments: list[str], folder: str, variables: dict[str, str], streams: list[int]) -> None:
    """What Python would be by now that was started on these streams; then the program, as its `__main__`."""
    os.setsid()
    for standard, stream in enumerate(streams * 3 if len(streams) == 1 else streams):
        os.dup2(stream, standard)
    for stream in streams:
        os.close(stream)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # as of a terminal
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["maillab", *arguments]
    runpy.run_module("maillab", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
