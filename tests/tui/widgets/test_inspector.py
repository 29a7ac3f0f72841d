"""The entry under the cursor, explained."""

from maillab.tui.widgets.inspector import Inspector


def test_another_entry_begins_at_its_top(stage):
    """However far one had scrolled, another explanation is read from its beginning."""
    inspector = Inspector()

    async def story(seat):
        inspector.show_from_top([[("plain", f"first {number}")] for number in range(100)])
        await seat.focus(inspector)
        await seat.press("G")
        await seat.see("first 99")
        inspector.show_from_top([[("plain", f"second {number}")] for number in range(100)])
        await seat.see("second 0")
        assert "second 99" not in seat.text

    stage.alone(inspector, story=story)
