"""The screens of the modes."""

import pytest
from textual.css.stylesheet import Stylesheet

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


def test_style_sheets_are_read_once(stage, monkeypatch):
    """Going to a mode reads none of them anew, the first time or later; other colours do, once in each mode."""
    read = []

    def reparse(sheet):
        read.append(sheet)

    async def story(seat):
        async def everywhere():
            for mode in (*MODES, *MODES):
                seat.app.ui.go(mode)
                await seat.until(lambda mode=mode: seat.app.current_mode == mode)

        await seat.ready()
        with monkeypatch.context() as patched:
            patched.setattr(Stylesheet, "reparse", reparse)
            await everywhere()
            assert read == []
            seat.app._invalidate_css()
            await everywhere()
            assert len(read) == len(MODES)

    stage(story)


def test_other_colours_in_a_mode_that_is_gone_back_to(stage):
    """What was put on elsewhere is worn in it, in every part of it that has a ground of its own."""

    def grounds(seat):
        return [widget.styles.background for widget in seat.app.screen.walk_children()]

    async def story(seat):
        await seat.ready()
        seat.app.ui.go("wire")
        await seat.until(lambda: seat.app.current_mode == "wire")
        dark = grounds(seat)
        seat.app.ui.go("lab")
        await seat.until(lambda: seat.app.current_mode == "lab")
        seat.app.ui.wear("light")
        await seat.pilot.pause()
        seat.app.ui.go("wire")
        await seat.until(lambda: seat.app.current_mode == "wire")
        light = grounds(seat)
        seat.app.screen.update_node_styles(animate=False)
        assert light == grounds(seat) != dark

    stage(story)
