"""Leaving the window: nothing is lost."""

import asyncio
from contextlib import suppress

import pytest

from maillab.events import Delivered
from maillab.recording.session import load
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import leaving, record, send
from tests.tui.commands.test_everywhere import dialog
from tests.tui.fake_ui import context, happened, living, ui_of


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


# ── a temporary lab, without a terminal ──


def temporary(tmp_path, monkeypatch, *answers, **given):
    monkeypatch.chdir(tmp_path)
    return context(tmp_path, *answers, lab=None, **given)


async def run_and_quit(at):
    """A session is saved, another one grows; then somebody leaves."""
    await record.record(at)
    await send.send(at)
    await happened(at, Delivered)
    await record.record(at)
    await leaving.quit_window(at)


def test_the_session_of_a_temporary_lab_is_saved(tmp_path, monkeypatch):
    """It is not thrown away with the lab; the place is proposed, and one key saves there, never over a file."""
    (tmp_path / "2026-01-01.maillab").touch()

    def save_there(question):
        assert "temporary" in question.text
        [answer] = [answer for answer in question.answers if answer.key == "s"]
        return answer.value

    at = living(temporary(tmp_path, monkeypatch, save_there), run_and_quit)
    [saved] = at.records.rescued
    assert saved.parent == tmp_path
    assert any(isinstance(entry.event, Delivered) for entry in load(saved).entries)
    assert ui_of(at).closed == 0


def test_a_session_that_still_grows_is_saved_too(tmp_path, monkeypatch):
    """With the one that was finished before: both go into one folder."""

    async def story(at):
        await record.record(at)
        await send.send(at)
        await happened(at, Delivered)
        await record.record(at)
        await record.record(at)
        await leaving.quit_window(at)

    at = living(temporary(tmp_path, monkeypatch, "ask.save_elsewhere", str(tmp_path / "kept")), story)
    assert {path.parent for path in at.records.rescued} == {tmp_path / "kept"}
    assert len(at.records.rescued) == 2


def test_a_place_that_cannot_be(tmp_path, monkeypatch):
    """It is asked again, with what is wrong; whoever gives up stays, and nothing is lost."""
    at = living(temporary(tmp_path, monkeypatch, "ask.save_elsewhere", "none/of/that.maillab"), run_and_quit)
    assert at.records.rescued == []
    assert "no such file" in ui_of(at).asked[-1].complaint


def test_nothing_to_lose(tmp_path, monkeypatch):
    """Without a session nobody is asked; nor where the lab is kept."""

    async def story(at):
        await leaving.quit_window(at)

    assert ui_of(living(temporary(tmp_path, monkeypatch), story)).asked == []
    assert ui_of(living(context(tmp_path), run_and_quit)).asked == []


def test_thrown_away_on_purpose(tmp_path, monkeypatch):
    """Whoever says so."""

    async def story(at):
        await record.record(at)
        await leaving.quit_window(at)

    at = living(temporary(tmp_path, monkeypatch, "ask.drop_sessions"), story)
    assert (at.records.rescued, ui_of(at).closed) == ([], 0)
    assert list(tmp_path.glob("*.maillab")) == []
