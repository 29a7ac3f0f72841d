"""The Sessions mode."""

import shutil
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Input

from tests.house import ROOT
from tests.tui.windows import dialog

EXAMPLES = ROOT / "examples" / "sessions"


def folder_of(seat):
    """Where the window keeps its sessions."""
    return seat.app.context.settings.lab / "sessions"


async def listed(seat):
    """Two saved sessions in the lab's folder, and the list of them."""
    await seat.done("errands", "sessions", "preview")  # what the story before has begun
    shutil.rmtree(folder_of(seat), ignore_errors=True)
    folder_of(seat).mkdir(parents=True)
    for name in ("seven-steps", "bounce"):
        shutil.copy(EXAMPLES / f"{name}.maillab", folder_of(seat))
    seat.app.context.records.changed()
    seat.app.ui.go("sessions", "list")
    seat.app.ui.refresh()
    await seat.until(lambda: seat.app.current_mode == "sessions")
    await seat.see("✓ seven-steps", "✗ bounce")
    await seat.done("sessions", "preview")


async def opening(seat):
    """The same in a lab that has begun."""
    await seat.ready()
    await listed(seat)


@pytest.fixture(scope="module")
def two_sessions(opened):
    """A window on the list of two saved sessions."""
    return opened(opening, listed)


async def to(seat, name):
    sessions = seat.app.ui.screen.query_one("SessionList")
    await seat.until(lambda: any(one.path.stem == name for one in sessions.sessions), name)
    sessions.cursor = next(n for n, one in enumerate(sessions.sessions) if one.path.stem == name)
    await seat.pilot.pause()
    await seat.done("sessions", "preview")


def test_a_look_into_each(two_sessions):
    """The list tells outcome, length and messages; the one under the cursor is looked into."""

    async def story(seat):
        await to(seat, "seven-steps")
        await seat.see("The seven steps of a message", "submit-1")
        await to(seat, "bounce")
        await seat.see("bounced: 550")

    two_sessions(story)


def test_what_was_just_saved_is_under_the_cursor(two_sessions):
    """Kind: the list stood on an older session after another was saved. It stands on the new one, then as before."""

    async def story(seat):
        await to(seat, "bounce")
        new = folder_of(seat) / "mine.maillab"
        shutil.copy(EXAMPLES / "bounce.maillab", new)
        seat.app.context.records.finished(new)
        seat.app.ui.refresh()
        sessions = seat.app.ui.screen.query_one("SessionList")
        await seat.until(lambda: sessions.here.path == new)
        await seat.done("sessions", "preview")
        await to(seat, "seven-steps")
        seat.app.context.records.changed()
        seat.app.ui.refresh()
        await seat.done("sessions", "preview")
        assert sessions.here.path.stem == "seven-steps"

    two_sessions(story)


def test_its_keys_stand_in_its_border(two_sessions):
    """As soon as there is something to do it with, also where nobody has moved."""

    async def story(seat):
        await seat.see("n Rename", "c Compare")

    two_sessions(story)


def test_renaming_and_throwing_away(two_sessions):
    """A session gets another name; another goes to the trash, if one is sure."""

    async def story(seat):
        await to(seat, "bounce")
        await seat.press("n")
        await seat.until(lambda: dialog(seat) is not None)
        await seat.press("ctrl+u")
        await seat.answer("returned")
        await seat.see("returned")
        assert (folder_of(seat) / "returned.maillab").exists()
        await to(seat, "returned")
        await seat.press("d")
        await seat.decide("n")
        assert (folder_of(seat) / "returned.maillab").exists()
        await seat.press("d")
        await seat.decide("y")
        await seat.until(lambda: (folder_of(seat) / "trash" / "returned.maillab").exists())

    two_sessions(story)


def test_comparing(stage):
    """How two sessions differ."""

    async def story(seat):
        await opening(seat)
        await to(seat, "bounce")
        await seat.press("c")
        await seat.see("Compare bounce with…")
        await seat.press("enter")
        await seat.see(" lines only in bounce", " lines only in seven-steps")

    stage(story)


def test_a_complaint_goes_with_the_next_question(two_sessions):
    """That there is nothing to compare with is not said any more below what is asked next."""

    async def story(seat):
        (folder_of(seat) / "seven-steps.maillab").unlink()
        seat.app.context.records.changed()
        seat.app.ui.refresh()
        await seat.until(lambda: len(seat.app.ui.screen.query_one("SessionList").sessions) == 1)
        await to(seat, "bounce")
        await seat.press("c")
        alone = seat.app.context.texts("compare.alone")
        await seat.until(lambda: alone in seat.spoken)
        await seat.press("n")
        await seat.until(lambda: seat.app.ui.is_asking)
        assert alone not in seat.spoken
        await seat.press("escape")
        await seat.until(lambda: not seat.app.ui.is_asking)

    two_sessions(story)


def test_what_sends_is_no_key_of_this_place(two_sessions):
    """Nothing that is sent is seen here; the palette has it as everywhere."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: "F6 Next pane" in seat.lines[-1])
        assert "^S" not in seat.lines[-1]
        assert any(offer.action.name == "app.send" for offer in seat.app.ui.offers())

    two_sessions(story)


def test_exporting(two_sessions):
    """A session in another format."""

    async def story(seat):
        await to(seat, "bounce")
        await seat.press("e")
        await seat.see("mermaid")
        await seat.write("mermaid")
        await seat.press("enter")
        await seat.until(lambda: any(f.value.endswith("bounce.mmd") for f in seat.app.screen.query(Input)))
        await seat.press("enter")
        await seat.until(Path("bounce.mmd").exists)

    two_sessions(story)


def test_again(two_sessions):
    """A talk is done again with the running lab, and what differs is shown."""

    async def story(seat):
        await to(seat, "seven-steps")
        await seat.press("a")
        await seat.see("submit-1", "relay-1")
        await seat.write("submit")
        await seat.press("enter")
        await seat.see(seat.app.context.texts("again.done", name="submit-1"))

    two_sessions(story)


def test_none(two_sessions):
    """Where there are none it says how to make one."""

    async def story(seat):
        shutil.rmtree(folder_of(seat))
        seat.app.context.records.changed()
        seat.app.ui.refresh()
        await seat.see("No saved sessions. ^R saves this one")
        await seat.press("enter", "n", "d", "c", "e", "a")
        assert seat.app.is_running

    two_sessions(story)


def test_what_enter_does_stands_in_the_border(two_sessions):
    """First of all keys; none of them is cut, whatever room there is."""

    async def story(seat):
        border = seat.app.ui.screen.pane("list")

        def fits():
            keys = Content.from_markup(border.border_subtitle or "")
            return "Enter Open" in keys.plain and keys.cell_length <= border.outer_size.width - 6

        for width in (200, 120):
            await seat.pilot.resize_terminal(width, 40)
            await seat.until(fits, f"keys at {width}")

    two_sessions(story)


def test_a_comparison_has_its_title(two_sessions):
    """The pane and its tab are called for what they show; Esc goes back to the session under the cursor."""

    async def story(seat):
        await to(seat, "bounce")
        await seat.press("c")
        await seat.see("Compare bounce with…")
        await seat.press("enter")
        await seat.see("━ Comparison · bounce ↔ seven-steps ━", "lines only in bounce")
        await seat.press("escape")
        await seat.see("─ Preview ─")
        await seat.pilot.resize_terminal(80, 24)
        await seat.press("c", "enter")
        await seat.see(" Comparison  ", "lines only in bounce")
        await seat.press("escape")
        await seat.until(lambda: "Comparison" not in seat.text)

    two_sessions(story)
