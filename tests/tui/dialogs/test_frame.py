"""The frame of every dialog."""

from textual.geometry import Offset
from textual.screen import Screen

from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.jump import Jump
from maillab.tui.questions import AskByKey, KeyAnswer


async def given(seat, dialog, *keys):
    """What a dialog gives after these keys, pressed without a pause between them."""
    results = []
    seat.app.push_screen(dialog, results.append)
    await seat.until(lambda: seat.app.screen is dialog)
    await seat.press(*keys)
    await seat.until(lambda: results)
    return results[0]


def test_it_is_left(stage):
    """Esc leaves it without a result."""

    async def story(seat):
        assert await given(seat, AskDialog(AskByKey("Sure?", [KeyAnswer("yes", "y", "yes")])), "escape") is None
        assert type(seat.app.screen) is Screen

    stage.alone(story=story)


def test_it_is_left_once(stage):
    """Keys that come faster than it goes leave nothing else."""

    async def story(seat):
        for keys in (("escape", "escape", "escape"), ("y", "y", "enter", "escape")):
            dialog = AskDialog(AskByKey("Sure?", [KeyAnswer("yes", "y", "yes")]))
            seat.app.push_screen(dialog)
            await seat.until(lambda dialog=dialog: seat.app.screen is dialog)
            for key in keys:
                seat.app.simulate_key(key)
            await seat.until(lambda: type(seat.app.screen) is Screen)
        jump = Jump([Offset(1, 1)])
        seat.app.push_screen(jump)
        await seat.until(lambda: seat.app.screen is jump)
        jump.dismiss(0)
        jump.dismiss(1)
        await seat.until(lambda: type(seat.app.screen) is Screen)

    stage.alone(story=story)
