"""The pane that explains the entry under the cursor."""

from maillab.tui.widgets.explain import ExplainPane


def test_another_entry_begins_at_its_top(stage):
    """However far one had scrolled, another explanation is read from its beginning."""
    pane = ExplainPane()

    async def story(seat):
        pane.explain("Explain", lambda _: [[("plain", f"first {number}")] for number in range(100)])
        await seat.focus(pane)
        await seat.press("G")
        await seat.see("first 99")
        pane.explain("Explain", lambda _: [[("plain", f"second {number}")] for number in range(100)])
        await seat.see("second 0")
        assert "second 99" not in seat.text

    stage.alone(pane, story=story)


def test_it_is_made_for_the_room_there_is(stage):
    """Columns depend on it: with more cells it is made again."""
    pane = ExplainPane()

    async def story(seat):
        pane.explain("Explain", lambda cells: [[("plain", f"{cells} cells")]])
        await seat.see(f"{pane.cells} cells")
        before = pane.cells
        await seat.pilot.resize_terminal(60, 20)
        await seat.see(f"{before - 20} cells")

    stage.alone(pane, story=story)
