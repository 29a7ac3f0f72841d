"""How often a screen is laid out and drawn for one size.

The screen is told of its size here, as Textual does it, and nothing else has its turn before it is looked at.
"""

from textual.geometry import Size

from tests.tui.windows import dialog


def watched(screen):
    """Everything that its compositor does from now on, in order."""
    compositor, done = screen._compositor, []
    reflow, draw = compositor.reflow, compositor.render_update

    def laid_out(*args):
        done.append("laid out")
        return reflow(*args)

    def drawn(*args, **how):
        done.append("drawn")
        return draw(*args, **how)

    compositor.reflow, compositor.render_update = laid_out, drawn
    return done


def unwatched(screen):
    """As it was."""
    del screen._compositor.reflow, screen._compositor.render_update


def told(screen, size):
    """What is done at once when a screen is told of its size."""
    done = watched(screen)
    screen._screen_resized(size)
    unwatched(screen)
    return done


def test_the_same_size_again_moves_nothing(lab_window):
    """Neither a dialog nor the screen behind it, which is told of it, too."""

    async def story(seat):
        screen = seat.app.screen
        await seat.press("ctrl+p")
        await seat.until(lambda: dialog(seat) is not None and dialog(seat).is_mounted)
        for each in (screen, dialog(seat)):
            await seat.until(lambda each=each: each._compositor.size == seat.app.size)
            assert told(each, seat.app.size) == []

    lab_window(story)


def test_the_first_layout_of_another_size_is_not_drawn(lab_window):
    """It is of parts that know only the old size, and learn of the new one by it."""

    async def story(seat):
        screen = seat.app.screen
        assert told(screen, Size(100, 30)) == ["laid out"]
        screen._screen_resized(seat.app.size)  # its own again: the next test gives it that other one

    lab_window(story)


def test_another_size_is_drawn(lab_window):
    """When everything knows it."""

    async def story(seat):
        screen = seat.app.screen
        done = watched(screen)
        await seat.pilot.resize_terminal(100, 30)
        await seat.until(lambda: "drawn" in done)
        unwatched(screen)
        assert screen._compositor.size == Size(100, 30)

    lab_window(story)
