"""The keys of panes in their borders."""

BORDER = "╭╰┏┗"


def border_with(seat, text):
    """The lower border in which this stands."""
    return next((line for line in seat.lines if text in line and any(sign in line for sign in BORDER)), "")


def test_each_pane_says_its_keys(lab_window):
    """In the border of each pane stands what its keys do; in the last line only what stands in no border."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.press("ctrl+s")  # with nothing said there is nothing to find
        await seat.until(lambda: border_with(seat, "/ Find · f Filter · F Follow"))
        await seat.until(lambda: border_with(seat, "o Start/Stop · b Rules").count("o Start/Stop") == 2)
        assert "Find" not in seat.lines[-1]
        assert "F1 Help" in seat.lines[-1]
        await seat.focus(seat.app.ui.screen.pane("sender"))
        await seat.until(lambda: border_with(seat, "F Follow") and not border_with(seat, "/ Find"))
        await seat.until(lambda: "^S Send" in seat.lines[-1] and "F6 Next pane" in seat.lines[-1])
        assert "Find" not in seat.lines[-1]  # the wire is not lit

    lab_window(story)


def test_a_click_on_a_key(lab_window):
    """It is pressed in the pane in whose border it stands."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: border_with(seat, "b Rules"))
        await seat.click("o Start/Stop")
        await seat.until(lambda: seat.app.focused is seat.app.ui.screen.pane("sender"))
        await seat.see("sender.test ○ stopped")
        await seat.click("o Start/Stop")
        await seat.see("sender.test ● running")

    lab_window(story)


def test_where_there_is_no_border(lab_window):
    """In a low window the last line says all of them."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        seat.app.ui.screen.front("wire")
        await seat.press("ctrl+s")
        await seat.until(lambda: all(text in seat.lines[-1] for text in ("/ Find", "f Filter", "F Follow", "w Wrap")))

    lab_window(story)
