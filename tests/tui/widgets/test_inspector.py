"""The pane that explains the entry under the cursor."""

from maillab.tui.widgets.inspector import Inspector


def test_another_entry_begins_at_its_top(stage):
    """However far one had scrolled, another explanation is read from its beginning."""
    inspector = Inspector()

    async def story(seat):
        inspector.explain("Explain", lambda _: [[("plain", f"first {number}")] for number in range(100)])
        await seat.focus(inspector)
        await seat.press("G")
        await seat.see("first 99")
        inspector.explain("Explain", lambda _: [[("plain", f"second {number}")] for number in range(100)])
        await seat.see("second 0")
        assert "second 99" not in seat.text

    stage.alone(inspector, story=story)


def test_it_is_made_for_the_room_there_is(stage):
    """Columns depend on it: with more cells it is made again."""
    inspector = Inspector()

    async def story(seat):
        inspector.explain("Explain", lambda cells: [[("plain", f"{cells} cells")]])
        await seat.see(f"{inspector._cells} cells")
        before = inspector._cells
        await seat.pilot.resize_terminal(60, 20)
        await seat.see(f"{before - 20} cells")

    stage.alone(inspector, story=story)
