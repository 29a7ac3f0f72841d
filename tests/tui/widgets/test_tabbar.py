"""The tabs of a pane."""

from maillab.tui.messageview import TABS
from maillab.tui.texts import Texts
from maillab.tui.widgets.tabbar import TabBar


def test_tabs(stage):
    """The one that is shown stands out; the next one comes after the last."""
    bar = TabBar(Texts("en"), "message", TABS)

    async def story(seat):
        assert seat.lines[0].startswith(" Text  Headers  Raw  Parts  Route  HTML ")
        assert bar.current == "rendered"
        assert (bar.step(1), bar.step(-1)) == ("headers", "html")
        bar.current = "html"
        assert bar.step(1) == "rendered"
        await seat.pilot.pause()
        assert [part.says for part in bar._parts if part.style == "tab"] == ["html"]

    stage.alone(bar, story=story)
