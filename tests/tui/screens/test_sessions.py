"""The Sessions mode."""

import shutil

import pytest
from textual.widgets import Input

from tests.house import ROOT

EXAMPLES = ROOT / "examples" / "sessions"


@pytest.fixture
def sessions(tmp_path):
    """Two saved sessions in the lab's folder."""
    folder = tmp_path / "lab" / "sessions"
    folder.mkdir(parents=True)
    for name in ("seven-steps", "bounce"):
        shutil.copy(EXAMPLES / f"{name}.maillab", folder)
    return folder


async def at_list(seat):
    await seat.ready()
    await seat.press("escape", "4")
    await seat.until(lambda: seat.app.current_mode == "sessions")
    await seat.see("✓ seven-steps", "✗ bounce")


async def to(seat, name):
    sessions = seat.app.ui.screen.query_one("SessionList")
    sessions.cursor = next(n for n, one in enumerate(sessions.sessions) if one.path.stem == name)
    await seat.pilot.pause()


def test_a_look_into_each(stage, sessions):
    """The list tells outcome, length and messages; the one under the cursor is looked into."""

    async def story(seat):
        await at_list(seat)
        await to(seat, "seven-steps")
        await seat.see("The seven steps of a message", "submit-1")
        await to(seat, "bounce")
        await seat.see("bounced: 550")

    stage(story)


def test_its_keys_stand_in_its_border(stage, sessions):
    """As soon as there is something to do it with, also where nobody has moved."""

    async def story(seat):
        await at_list(seat)
        await seat.see("n Rename", "c Compare")

    stage(story)


def test_renaming_and_throwing_away(stage, sessions):
    """A session gets another name; another goes to the trash, if one is sure."""

    async def story(seat):
        await at_list(seat)
        await to(seat, "bounce")
        await seat.press("n")
        await seat.press("ctrl+u")
        await seat.write("returned")
        await seat.press("enter")
        await seat.see("returned")
        assert (sessions / "returned.maillab").exists()
        await to(seat, "returned")
        await seat.press("d", "n")
        assert (sessions / "returned.maillab").exists()
        await seat.press("d", "y")
        await seat.until(lambda: (sessions / "trash" / "returned.maillab").exists())

    stage(story)


def test_comparing(stage, sessions):
    """How two sessions differ."""

    async def story(seat):
        await at_list(seat)
        await to(seat, "bounce")
        await seat.press("c")
        await seat.see("seven-steps.maillab")
        await seat.press("enter")
        await seat.see("− only in bounce", "+ only in seven-steps")

    stage(story)


def test_exporting(stage, sessions, tmp_path):
    """A session in another format."""

    async def story(seat):
        await at_list(seat)
        await to(seat, "bounce")
        await seat.press("e")
        await seat.see("mermaid")
        await seat.write("mermaid")
        await seat.press("enter")
        await seat.until(lambda: any(f.value.endswith("bounce.mmd") for f in seat.app.screen.query(Input)))
        await seat.press("enter")
        await seat.until(lambda: list(tmp_path.glob("bounce.mmd")))

    stage(story)


def test_again(stage, sessions):
    """A talk is done again with the running lab, and what differs is shown."""

    async def story(seat):
        await at_list(seat)
        await to(seat, "seven-steps")
        await seat.press("a")
        await seat.see("submit-1", "relay-1")
        await seat.write("submit")
        await seat.press("enter")
        await seat.see(seat.app.context.texts("again.done", name="submit-1"))

    stage(story)


def test_none(stage):
    """Where there are none it says how to make one."""

    async def story(seat):
        await seat.ready()
        await seat.press("escape", "4")
        await seat.see("No saved sessions. ^R saves this one")
        await seat.press("enter", "n", "d", "c", "e", "a")
        assert seat.app.is_running

    stage(story)
