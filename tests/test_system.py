"""What differs between operating systems, on both sides."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from maillab.recipient.maildir import Maildir
from maillab.system import _LOCKED, CALLED_AWAY, ENDS, HERE, System, called
from tests.house import ROOT
from tests.support import run
from tests.windows_facts import Msvcrt, windows

BOTH = pytest.mark.parametrize("system", [HERE, windows()], ids=["posix", "windows"])


@BOTH
def test_a_new_file(system, tmp_path):
    """A new file is private, and never one that was there; octets stay as they are."""
    descriptor = system.create_new(tmp_path / "new")
    os.write(descriptor, b"a\r\nb\n")
    system.keep_private(descriptor)
    os.close(descriptor)
    assert (tmp_path / "new").read_bytes() == b"a\r\nb\n"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        system.create_new(tmp_path / "new")


@BOTH
def test_reading_from_a_place(system, tmp_path):
    """Octets are read from where one says, however often."""
    (tmp_path / "file").write_bytes(b"0123456789")
    descriptor = system.open_to_read(tmp_path / "file")
    try:
        assert [system.read_at(descriptor, 3, start) for start in (4, 0, 8, 10)] == [b"456", b"012", b"89", b""]
    finally:
        os.close(descriptor)


def test_reading_no_link(tmp_path):
    """Where a link is not to be followed, it is an error."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    os.close(HERE.open_to_read(tmp_path / "link"))
    with pytest.raises(OSError, match="symbolic"):
        HERE.open_to_read(tmp_path / "link", links=False)


def test_how_many_files_may_be_open():
    """So many as the system lets us have, if they are more than there are; Windows has no limit that is felt."""

    class Resource:
        RLIMIT_NOFILE, RLIM_INFINITY = 7, -1

        def __init__(self, *limits):
            self.limits = limits

        def getrlimit(self, _):
            return self.limits

        def setrlimit(self, _, limits):
            self.limits = limits

    def allowed(most, *limits):
        system = System(os, signal, resource=Resource(*limits))
        system.allow_descriptors(most)
        return system.descriptors

    assert allowed(4096, 1024, 1_000_000) == 4096
    assert allowed(4096, 1024, 2048) == 2048
    assert allowed(4096, 8192, 10_000) == 8192
    assert allowed(4096, 1024, -1) == 4096
    windows().allow_descriptors(4096)
    assert windows().descriptors > 1_000_000


@BOTH
def test_a_lock(system, tmp_path):
    """A lock is had by one, can be given back, ends with its descriptor, and leaves the file readable from its start."""
    first, second = (system.open_lock(tmp_path / "lock", create=True) for _ in range(2))
    assert [system.lock(first), system.lock(second)] == [True, False]
    system.unlock(first)
    assert system.lock(second)
    os.write(second, b"42")
    assert os.read(first, 2) == b"42"
    os.close(second)
    assert system.lock(first)
    os.close(first)


@BOTH
def test_a_locked_folder(system, tmp_path):
    """A folder is locked for one; the second is told at once."""
    first = system.lock_folder(tmp_path)
    with pytest.raises(BlockingIOError):
        system.lock_folder(tmp_path)
    os.close(first)
    os.close(system.lock_folder(tmp_path))


@BOTH
def test_a_synced_folder(system, tmp_path):
    """A folder that is there can be synced; where the system does that by itself nothing is done."""
    system.sync_folder(tmp_path)


def test_several_look_at_a_lock(tmp_path):
    """On POSIX a lock that is only looked at can be looked at by others."""
    first, second = (HERE.open_lock(tmp_path / "lock", create=True) for _ in range(2))
    assert HERE.lock(first, shared=True)
    assert HERE.lock(second, shared=True)
    assert not HERE.lock(second)
    os.close(first)
    os.close(second)


def test_the_octet_that_is_locked(tmp_path):
    """On Windows one octet far behind the end is locked, so that everybody can read who holds the lock."""
    msvcrt = Msvcrt()
    system = windows(msvcrt)
    descriptor = system.open_lock(tmp_path / "lock", create=True)
    os.write(descriptor, b"42\n")
    assert system.lock(descriptor)
    assert msvcrt.places == [(_LOCKED, 1)]
    assert os.lseek(descriptor, 0, os.SEEK_CUR) == 3
    os.close(descriptor)


@pytest.mark.parametrize("system", [HERE, windows()], ids=["posix", "windows"])
def test_flags_in_a_name(system, tmp_path, monkeypatch):
    """A message that another program has moved to cur/ is known by what stands before the sign of its flags."""
    monkeypatch.setattr("maillab.recipient.maildir_flags.HERE", system)
    maildir = Maildir(tmp_path / "bob", lambda: "1.M1.mx")
    maildir.prepare(0.0)
    (tmp_path / "bob" / "cur" / f"1.M1.mx{system.flag_sign}2,S").write_bytes(b"Subject: hi\r\n\r\n")
    assert list(maildir.scan()) == ["1.M1.mx"]
    assert ":" not in windows().flag_sign


def test_signals_of_posix():
    """A signal is heard in the loop."""

    async def heard():
        came = asyncio.get_running_loop().create_future()
        HERE.on_signals(asyncio.get_running_loop(), ["SIGUSR1", "SIGBREAK"], came.set_result)
        os.kill(os.getpid(), signal.SIGUSR1)
        return await asyncio.wait_for(came, 5)

    assert run(heard()) == signal.SIGUSR1


def test_a_signal_that_no_loop_waits_for():
    """It is heard in the main thread, whatever that is doing; a system without the signal hears nothing."""
    before = signal.getsignal(signal.SIGUSR1)
    heard = []
    try:
        HERE.at_once("SIGUSR1", heard.append)
        HERE.at_once("SIGNONE", heard.append)
        os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard == [signal.SIGUSR1]


def test_signals_that_are_held_back():
    """They are heard afterwards; a process that was started meanwhile does not hear them; Windows holds none back."""
    before = signal.getsignal(signal.SIGUSR1)
    heard = []
    try:
        HERE.at_once("SIGUSR1", heard.append)
        with HERE.holding_back(["SIGUSR1", "SIGNONE"]), windows().holding_back(["SIGINT"]):
            child = subprocess.Popen(["sleep", "60"])
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)  # another thread would not hold it back
            assert heard == []
        assert heard == [signal.SIGUSR1]
        os.kill(child.pid, signal.SIGUSR1)
        child.terminate()
        assert child.wait(20) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_signal_that_another_thread_takes_is_not_lost():
    """Only the main thread holds it back: it is heard, once, in the main thread, at the latest afterwards."""
    before = signal.getsignal(signal.SIGUSR1)
    heard, over = [], threading.Event()
    other = threading.Thread(target=over.wait)
    try:
        HERE.at_once("SIGUSR1", lambda number: heard.append((number, threading.current_thread())))
        other.start()
        with HERE.holding_back(["SIGUSR1"]):
            os.kill(os.getpid(), signal.SIGUSR1)
        deadline = time.monotonic() + 20
        while not heard and time.monotonic() < deadline:
            pass
        assert heard == [(signal.SIGUSR1, threading.main_thread())]
    finally:
        over.set()
        other.join()
        signal.signal(signal.SIGUSR1, before)


def test_signals_of_windows():
    """Where the loop hears no signals, Python's own handler tells the loop; only signals that exist are asked for."""
    system = windows()

    class Loop:
        def add_signal_handler(self, *_):
            raise NotImplementedError

        def call_soon_threadsafe(self, act, number):
            act(number)

    heard = []
    system.on_signals(Loop(), ENDS, heard.append)
    handlers = system._signal.handlers
    assert sorted(handlers) == [2, 15, 21]
    handlers[21](21, None)
    assert heard == [21]
    assert "SIGINT" not in CALLED_AWAY


def test_no_terminal_to_know():
    """Without termios nothing is heard key by key, nothing is kept and nothing given back; no job is in the background."""
    system = windows()
    assert system.terminal(0) is None
    system.give_back(0, None)
    assert (system.hears_keys, system.in_background(0)) == (False, False)
    assert HERE.hears_keys


@pytest.mark.parametrize(
    ("platform", "release", "name"),
    [
        ("linux", "6.1.0-18-amd64", "Linux"),
        ("linux", "4.4.0-19041-Microsoft", "WSL"),
        ("linux", "5.15.153.1-microsoft-standard-WSL2", "WSL"),
        ("darwin", "23.5.0", "macOS"),
        ("win32", "11", "Windows"),
        ("freebsd14", "14.0-RELEASE", "freebsd14"),
    ],
)
def test_names(platform, release, name):
    """A system is called what people call it."""
    assert called(platform, release) == name


def test_a_message_crosses_without_what_windows_lacks(tmp_path):
    """Where os, signal and the loop lack what Windows lacks, a message crosses the lab and its doors close."""
    program = """
        import asyncio, shutil, signal, socket, subprocess, sys, tempfile, os
        import fcntl, termios, tty  # asyncio and subprocess of this system have them already
        from tests.windows_facts import BINARY, Msvcrt
        for name in ("fcntl", "termios", "tty", "readline", "pwd", "grp", "resource"):
            sys.modules[name] = None
        sys.modules["msvcrt"] = Msvcrt()
        really = os.open
        os.open = lambda path, flags, mode=0o777, **how: really(path, flags & ~BINARY, mode, **how)
        os.O_BINARY = BINARY
        for name in ("O_NOFOLLOW O_CLOEXEC O_DIRECTORY O_NONBLOCK fchmod pread tcgetpgrp getpgrp umask").split():
            delattr(os, name)
        del signal.SIGHUP
        shutil._use_fd_functions = False  # of this system; it would ask for those flags, too
        def missing(*_): raise NotImplementedError
        asyncio.SelectorEventLoop.add_signal_handler = asyncio.SelectorEventLoop.add_reader = missing
        del sys.modules["maillab.system"]  # it was asked before all this
        from maillab.system import HERE
        assert not HERE.is_posix
        from maillab.cli.main import run
        lab = sys.argv[1]
        code = run(["send", "--lab", lab, "--ports", "auto", "--to", "bob@recipient.test", "--body", "Hello"])
        sys.exit(code or run(["doctor", "--lab", lab, "--ports", "auto"]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "lab")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "stored for bob@recipient.test" in done.stdout
    [message] = (tmp_path / "lab" / "mail" / "recipient.test" / "bob" / "new").iterdir()
    assert b"Hello" in message.read_bytes()
