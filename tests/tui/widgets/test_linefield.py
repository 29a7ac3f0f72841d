"""One line that is typed."""

from maillab.tui.widgets.linefield import LineField


def test_typing(stage):
    """No letter lays the screen out anew, and the end of a long text is seen while it is typed."""
    field = LineField(compact=True)

    async def story(seat):
        seat.app.screen.set_focus(field)
        await seat.write("a")
        compositor, laid_out = seat.app.screen._compositor, []
        reflow = compositor.reflow
        compositor.reflow = lambda *args: laid_out.append(1) or reflow(*args)
        await seat.write("b" * 200 + "the end")
        await seat.see("the end")
        await seat.press("home")
        await seat.see("abbb")
        assert not laid_out

    stage.alone(field, story=story)
