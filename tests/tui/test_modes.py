"""The screens of the modes."""

import pytest

from maillab.tui.modes import screen_class
from maillab.tui.widgets.titlebar import MODES


def test_made_when_they_are_gone_to(stage):
    """Each has its own screen, made once; all of them have the same context."""

    async def story(seat):
        await seat.ready()
        screens = []
        for mode in (*MODES, *MODES):
            seat.app.ui.go(mode)
            await seat.until(lambda mode=mode: seat.app.current_mode == mode)
            screens.append(seat.app.ui.screen)
        assert screens[: len(MODES)] == screens[len(MODES) :]
        assert all(screen.at is seat.app.context for screen in screens)

    stage(story)


def test_each_mode_has_its_screen():
    """By its name; no other name is a mode."""
    assert [screen_class(mode).MODE for mode in MODES] == list(MODES)
    with pytest.raises(LookupError):
        screen_class("nowhere")
