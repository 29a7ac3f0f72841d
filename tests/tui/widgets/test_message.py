"""One message, opened."""

from maillab.tui.texts import Texts
from maillab.tui.widgets.message import MessagePane


def test_tabs(stage):
    """Another tab is asked for by a click; somebody else makes its lines."""
    pane = MessagePane(Texts("en"))

    async def story(seat):
        pane.show([[("plain", f"line {number}")] for number in range(100)])
        await seat.see("line 0")
        await seat.click("Raw")
        assert pane.tab == "source"
        pane.step_tab(1)
        await seat.pilot.pause()
        assert pane.tab == "parts"
        assert len([m for m in seat.app.told if isinstance(m, MessagePane.TabChanged)]) == 2
        pane.show([[("plain", "[@click=app.bell]x[/]")]])
        await seat.see("[@click=app.bell]x[/]")

    stage.alone(pane, story=story)
