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


def test_where_one_is(stage):
    """At the left of the keys in the lower border, alone or beside them; where both have no room, the keys alone."""
    pane = TextRows(id="preview", classes="pane")

    async def story(seat):
        pane.show_where("2 of 9")
        await seat.until(lambda: seat.lines[-1].startswith("┗━ 2 of 9 ━━"), "a place alone")
        pane.border_subtitle = Content("f Filter")
        await seat.until(lambda: seat.lines[-1].endswith("━━ f Filter ━┛"), "keys")
        assert seat.lines[-1].startswith("┗━ 2 of 9 ━━")
        assert pane.keys_below == "f Filter"
        pane.border_subtitle = Content("f" * 70)
        await seat.until(lambda: "fff" in seat.lines[-1], "many keys")
        assert "2 of 9" not in seat.lines[-1]
        pane.show_where("")
        pane.border_subtitle = Content("f Filter")
        await seat.until(lambda: seat.lines[-1].startswith("┗━━━"), "no place")

    stage.alone(pane, story=story)
