"""The title of a pane."""

from textual.content import Content

from maillab.tui.widgets.text import TextRows


def test_a_blank_on_either_side(stage):
    """Of a title in a border that has corners, and of one that has none."""
    pane = TextRows(id="preview", classes="pane")
    pane.border_title = Content("Preview")

    async def story(seat):
        assert seat.lines[0].startswith("┏━ Preview ━")
        pane.styles.border = ("none", "red")
        pane.styles.border_top = ("round", "red")
        await seat.pilot.pause()
        assert seat.lines[0].startswith("─ Preview ─")

    stage.alone(pane, story=story)
