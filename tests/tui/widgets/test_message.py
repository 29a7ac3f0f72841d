"""One message, opened."""

from maillab.tui.texts import Texts
from maillab.tui.widgets.message import MessagePane


def asked(seat):
    return len([m for m in seat.app.told if isinstance(m, MessagePane.TabChanged)])


def test_tabs_and_parts(stage):
    """Another tab is asked for by a click, a part by Enter; somebody else makes the lines. Empty, it says what to do."""
    pane = MessagePane(Texts("en"))
    lines = [[("plain", f"line {number}")] for number in range(100)]

    async def story(seat):
        pane.advise(lambda name: name, there_are=False, is_soon=False, live=True)
        await seat.see(Texts("en")("card.message"))
        pane.advise(lambda name: name, there_are=True, is_soon=False, live=True)
        await seat.see(Texts("en")("message.select"))
        pane.show(lines, {"html"})
        await seat.see("line 0", "HTML")
        assert pane.cells == pane.query_one("#messagetext").cells < 80
        before = asked(seat)
        await seat.click("Raw")
        assert pane.tab == "raw"
        assert pane.part_here is None
        await seat.click("Parts")
        assert asked(seat) == before + 2
        pane.show(lines)
        await seat.focus(pane.query_one("#messagetext"))
        await seat.press("j", "j", "enter")
        await seat.until(lambda: pane.part == pane.part_here == 2)
        assert asked(seat) == before + 3
        pane.show([[("plain", "[@click=app.bell]x[/]")]])
        await seat.see("[@click=app.bell]x[/]")
        assert pane.close_part()
        assert not pane.close_part()
        assert (pane.tab, pane.part) == ("parts", None)
        pane.step_tab(1)
        assert pane.tab == "route"

    stage.alone(pane, story=story)


def test_which_line_and_which_part(stage):
    """It is said in the lower border where lines or parts are counted, and nowhere else."""
    pane = MessagePane(Texts("en"))
    lines = [[("plain", f"line {number}")] for number in range(100)]

    async def story(seat):
        rows = pane.query_one("#messagetext")
        pane.show(lines)
        await seat.see("line 3")
        assert "of 100" not in seat.text
        pane.turn_to("raw")
        pane.show(lines)
        await seat.see("line 1 of 100")
        await seat.focus(rows)
        await seat.press("j", "j")
        await seat.see("line 3 of 100")
        pane.turn_to("parts")
        pane.show(lines[:5])
        await seat.press("j")
        await seat.see("part 2 of 5")

    stage.alone(pane, story=story)
