"""Showing a saved session, and the keys."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from maillab.cli.playing import LONGEST, ItemPlayer, Keys, NoHands
from maillab.recording.pacing import paced
from maillab.recording.session import Header, Mark, Session, save
from tests.recording.samples import talk


class Fingers:
    """Hands that press keys: a list of what `wait` gives, then nothing; it remembers how long it was to wait."""

    def __init__(self, *keys):
        self.keys = list(keys)
        self.waited = []

    def wait(self, seconds):
        """The next key."""
        self.waited.append(seconds)
        if not self.keys and seconds is None:
            return "q"
        return self.keys.pop(0) if self.keys else ""


def shown(hands, items, **options):
    """The numbers of the entries, and the names of the marks, that are shown."""
    found = []
    whole = ItemPlayer(hands, lambda item: found.append(getattr(item, "seq", None) or item.name)).run(
        paced(items, **options)
    )
    return whole, found


def test_pauses():
    """Without keys every pause is waited for; pauses too short for that are saved up."""
    slept = []
    assert shown(NoHands(slept.append), talk(4)) == (True, [1, 2, 3, 4])
    assert sum(slept) == pytest.approx(3.0)
    slept.clear()
    shown(NoHands(slept.append), talk(9), speed=500.0)
    assert slept == pytest.approx([0.004] * 4)
    slept.clear()
    shown(NoHands(slept.append), talk(9), speed=0.0)
    assert slept == []


def test_quit():
    """q ends it at once."""
    assert shown(Fingers("", "q"), talk(9)) == (False, [1, 2])


def test_pause():
    """Space holds it until space comes again; other keys mean nothing meanwhile."""
    fingers = Fingers(" ", "x", "", " ")
    assert shown(fingers, talk(3)) == (True, [1, 2, 3])
    assert fingers.waited == [1.0, None, None, None, 1.0]


def test_step():
    """A full stop shows one entry and holds."""
    assert shown(Fingers(".", ".", "q"), talk(9)) == (False, [1, 2, 3])


def test_next_mark():
    """] goes on to the next mark without pauses, then with them again, and also out of a pause."""
    items = talk(8)
    items.insert(5, Mark("five", 5, items[4].at))
    fingers = Fingers(" ", "]", "q")
    assert shown(fingers, items) == (False, [1, 2, 3, 4, 5, "five"])
    assert fingers.waited == [1.0, None, 1.0]


def test_nobody_sleeps_long(monkeypatch):
    """A signal that comes between the last look at it and the call that waits does not end that call."""
    slept = []
    NoHands(slept.append).wait(60.0)
    assert sum(slept) == pytest.approx(60.0)
    assert max(slept) <= LONGEST

    asked = []

    def looked(readers, _writers, _others, seconds):
        asked.append(seconds)
        return (readers if len(asked) == 1000 else []), [], []

    monkeypatch.setattr(select, "select", looked)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(fileno=lambda: 0))
    monkeypatch.setattr(os, "read", lambda _handle, _octets: b"k")
    assert Keys().wait(None) == "k"
    assert max(asked) <= LONGEST


@pytest.mark.parametrize("keys", [b"q", b" q", b"\x03"])
def test_at_a_terminal(keys, tmp_path):
    """At a terminal it listens to keys and gives the terminal back as it was; Ctrl-C is 130."""
    import termios

    save(Session(Header(), tuple(talk(9, 0.0)), (Mark("here", 1, 1.0),)), tmp_path / "s.maillab")
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    command = [sys.executable, "-m", "maillab", "replay", str(tmp_path / "s.maillab"), "--speed", "0.01"]

    def own_terminal():
        os.setsid()
        import fcntl

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell lets what it starts in the background ignore Ctrl-C

    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=os.environ | {"TERM": "xterm"}, preexec_fn=own_terminal
    )
    try:
        said, end = b"", time.monotonic() + 20
        while b"here" not in said and time.monotonic() < end:
            if select.select([master], [], [], 0.2)[0]:
                said += os.read(master, 4096)
        assert b"connected to mx.recipient.test" in said
        os.write(master, keys)
        assert process.wait(20) == (130 if keys == b"\x03" else 0)
        assert termios.tcgetattr(slave)[3] == before[3]
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)
