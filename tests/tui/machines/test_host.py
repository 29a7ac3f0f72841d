"""The lab behind the window."""

import threading

import pytest

from maillab.config import default
from maillab.endpoints import BusyPort
from maillab.recording.session import load
from maillab.tui.machines.host import Host, NotRunning
from tests.support import run


def test_a_life(tmp_path):
    """It starts in a thread of its own, is asked for things there, tells what has happened, and ends."""

    async def story():
        woken = threading.Event()
        host = Host(woken.set)
        assert not host.begun
        assert host.pull(10) == ([], 0)
        await host.start(default(), tmp_path / "lab", auto_ports=True)
        assert host.begun
        assert host.alive

        async def warn(lab):
            from maillab.events import Warned

            lab.logbook.append(Warned("test", "one"))
            lab.logbook.append(Warned("test", "two"))
            return threading.current_thread().name

        assert await host.ask(warn) == "maillab"
        assert woken.is_set()
        first, oldest = host.pull(1)
        assert len(first) == 1
        assert oldest == 1
        assert host.behind
        while host.behind:
            first += host.pull(10)[0]
        assert [entry.event.text for entry in first[-2:]] == ["one", "two"]
        await host.stop()
        assert not host.alive
        with pytest.raises(NotRunning):
            await host.ask(warn)

    run(story())


def test_what_goes_wrong_in_the_lab(tmp_path):
    """An errand that fails raises where it was asked for; the lab goes on."""

    async def story():
        host = Host(lambda: None)
        await host.start(default(), tmp_path / "lab", auto_ports=True)

        async def fail(lab):
            raise LookupError("no such thing")

        with pytest.raises(LookupError, match="no such thing"):
            await host.ask(fail)
        assert host.alive
        assert host.failure is None
        await host.stop()

    run(story())


def test_a_record(tmp_path):
    """From the beginning, with a mark; finished when it is asked for, or when the lab stops."""

    async def story():
        host = Host(lambda: None)
        await host.start(default(), tmp_path / "lab", auto_ports=True)
        from maillab.tui.machines.lab_actions import power

        await host.ask(lambda lab: power(lab, "sender.test", ("smtp",), on=False))
        since = await host.record(tmp_path / "a.maillab", "a")
        assert host.recording
        host.mark("here")
        assert await host.finish_record()
        assert not host.recording
        await host.record(tmp_path / "b.maillab", "b")
        await host.stop()
        first, second = load(tmp_path / "a.maillab"), load(tmp_path / "b.maillab")
        assert [mark.name for mark in first.marks] == ["here"]
        assert any(getattr(entry.event, "what", "") == "stopped" for entry in first.entries)
        assert since == first.header.started == first.entries[0].at  # the window says how much is in it
        assert second.header.title == "b"
        host.mark("too late")

    run(story())


def test_a_record_that_cannot_be_made(tmp_path):
    """It is said, and the lab goes on."""

    async def story():
        host = Host(lambda: None)
        await host.start(default(), tmp_path / "lab", auto_ports=True)
        (tmp_path / "folder").mkdir()
        with pytest.raises(OSError, match="not a plain file"):
            await host.record(tmp_path / "folder", "x")
        assert not host.recording
        assert host.alive
        await host.stop()

    run(story())


def test_a_second_start(tmp_path):
    """After a start that failed another one may be tried."""

    async def story():
        first, second = Host(lambda: None), Host(lambda: None)
        await first.start(default(), tmp_path / "one", auto_ports=True)
        lab = first.lab
        taken = lab.endpoint("sender.test", "smtp").port
        from maillab.tui.machines.lab_actions import with_site

        with pytest.raises(BusyPort):
            await second.start(
                with_site(default(), "sender.test", ports={"smtp": taken}), tmp_path / "two", auto_ports=False
            )
        assert not second.begun
        await second.start(default(), tmp_path / "two", auto_ports=True)
        assert second.alive
        await second.stop()
        await first.stop()

    run(story())
