"""How often a screen is laid out and drawn for one size."""

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


def test_a_dialog_moves_nothing_behind_it(lab_window):
    """The screen behind it has its size already."""

    async def story(seat):
        screen = seat.app.screen
        done = watched(screen)
        await seat.press("ctrl+p")
        await seat.until(lambda: dialog(seat) is not None and dialog(seat).is_mounted)
        await seat.press("x")  # what comes behind it is drawn
        unwatched(screen)
        assert "laid out" not in done

    lab_window(story)


def test_another_size_is_drawn_when_everything_knows_it(lab_window):
    """The first layout is of parts that know only the old size: it is not drawn."""

    async def story(seat):
        screen = seat.app.screen
        done = watched(screen)
        await seat.pilot.resize_terminal(100, 30)
        await seat.until(lambda: "drawn" in done)
        unwatched(screen)
        assert done[:3] == ["laid out", "laid out", "drawn"]

    lab_window(story)
