"""Leaving the window: nothing is lost."""

import asyncio
from contextlib import suppress

import pytest

from maillab.events import Delivered
from maillab.recording.session import load
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import record as record_commands
from maillab.tui.ending import is_ours as _is_ours
from tests.tui.commands.test_everywhere import dialog


def test_quitting(stage):
    """^Q leaves at once where nothing would be lost; the lab has ended then."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+q")
        await seat.until(lambda: seat.app._exit)

    window = stage(story)
    assert not window.context.host.begun
    assert window.return_code == 0


@pytest.mark.parametrize(("key", "kept"), [("k", True), ("d", False)])
def test_a_record_is_asked_about(stage, tmp_path, key, kept):
    """A record that is being made is kept, or not, as one likes; or one stays."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("ctrl+q")
        await seat.see("is being recorded")
        await seat.press("s")
        await seat.until(lambda: dialog(seat) is None)
        assert not seat.app._exit
        await seat.press("ctrl+q")
        await seat.see("is being recorded")
        await seat.press(key)
        await seat.until(lambda: seat.app._exit)

    stage(story, record=tmp_path / "mine.maillab")
    assert (tmp_path / "mine.maillab").exists() is kept
    if kept:
        assert any(isinstance(entry.event, Delivered) for entry in load(tmp_path / "mine.maillab").entries)


def test_the_lab_that_ended(stage, tmp_path):
    """When the lab ends by itself the window says why and goes on; started again, nothing of the old one is left."""

    async def fail(lab):
        async def stumble():
            raise OSError(28, "No space left on device")

        lab._tasks.create_task(stumble())

    async def story(seat):
        await seat.ready()
        await seat.until(lambda: seat.app.context.host.recording)
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("3")
        await seat.see("relay-1")
        await seat.focus(seat.app.ui.screen.query_one("#talks"))
        await seat.press("j", "j")
        with suppress(asyncio.CancelledError):
            await seat.app.context.host.ask(fail)
        await seat.until(lambda: seat.app.context.host.failure is not None)
        lab_commands.second_passed(seat.app.context)
        await seat.see("no lab")
        await seat.told("no space left on device")
        seat.app.action_run("app.free_ports")
        await seat.until(lambda: seat.app.context.host.alive and seat.app.context.host.recording)
        await seat.see("No traffic yet")
        assert seat.app.context.host.recorded_in != tmp_path / "mine.maillab"
        assert seat.app.ui.screen.query_one("#talks").chosen is None

    stage(story, record=tmp_path / "mine.maillab")
    assert any(isinstance(entry.event, Delivered) for entry in load(tmp_path / "mine.maillab").entries)


def test_a_fault_of_ours(stage, tmp_path):
    """What is left behind tells where it happened, and nothing of what anybody typed or sent (T280)."""

    async def story(seat):
        await seat.ready()
        password = "hunter2"
        try:
            raise KeyError(password)
        except KeyError as error:
            seat.app.ending.crashed(error)

    window = stage(story)
    report = (tmp_path / "lab" / "crash.txt").read_text()
    assert "test_leaving.py" in report
    assert report.rstrip().endswith("KeyError")
    assert "hunter2" not in report + window.ending.crash_report
    assert (tmp_path / "lab" / "crash.txt").stat().st_mode & 0o077 == 0


def test_whose_words_are_told():
    """Only of errors that cannot quote a stranger."""
    assert _is_ours(AssertionError("x"))
    assert not _is_ours(ValueError("x"))


def test_the_disk_is_full(stage):
    """A record that cannot go on says so, and the lab does."""

    async def story(seat):
        await seat.ready()
        seat.app.context.host.record_trouble = "no space left on device"
        await record_commands.record_stopped(seat.app.context)
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.context.host.alive

    stage(story)
