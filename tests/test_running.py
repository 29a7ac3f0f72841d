"""A lab in a thread of its own."""

import threading
from contextlib import asynccontextmanager

import pytest

from maillab.config import default
from maillab.running import Running


def test_it_is_asked_from_another_thread(tmp_path):
    """What it is asked for is done in its own thread, and comes back as a future."""
    running = Running(default(), tmp_path / "lab", auto_ports=True)
    assert not running.alive
    running.start()

    async def where(lab):
        return threading.current_thread().name, len(lab.endpoints)

    assert running.ask(where).result(5) == ("maillab", 15)
    assert running.alive
    running.stop()
    running.stop()
    assert not running.alive
    with pytest.raises(RuntimeError, match="does not run"):
        running.ask(where)


def test_one_that_cannot_start(tmp_path):
    """What keeps it from starting is raised where it was started, and nothing stays."""
    (tmp_path / "file").write_text("")
    running = Running(default(), tmp_path / "file" / "lab", auto_ports=True)
    with pytest.raises(OSError, match="cannot live in"):
        running.start()
    running.stop()
    assert not running.alive


def test_one_that_never_started():
    """Stopping one that never started does nothing."""
    Running(default(), None, auto_ports=True).stop()


def test_stopped_while_it_starts(tmp_path):
    """Whoever changes their mind while the doors are being opened waits for their closing, and no longer."""
    running = Running(default(), tmp_path / "lab", auto_ports=True)
    starting = threading.Thread(target=running.start, daemon=True)
    starting.start()
    while running.started is None and starting.is_alive():
        starting.join(0.001)
    running.stop()
    starting.join(10)
    assert not running.alive
    assert not starting.is_alive()


def test_what_is_open_beside_it(tmp_path):
    """It is open before the lab counts as started, and closed before the lab; what keeps it from opening ends the lab."""
    seen = []

    @asynccontextmanager
    async def door(lab):
        seen.append(("open", threading.current_thread().name, bool(lab.endpoints)))
        yield
        seen.append(("closed", lab.is_open("sender.test", "smtp")))

    running = Running(default(), tmp_path / "lab", auto_ports=True, beside=door)
    running.start()
    assert seen == [("open", "maillab", True)]
    running.stop()
    assert seen[1:] == [("closed", True)]

    @asynccontextmanager
    async def busy(lab):
        raise OSError("taken")
        yield

    running = Running(default(), tmp_path / "lab", auto_ports=True, beside=busy)
    with pytest.raises(OSError, match="taken"):
        running.start()
    assert not running.alive
