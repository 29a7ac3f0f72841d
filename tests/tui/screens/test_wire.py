"""The Wire mode."""

from maillab.events import Delivered


async def sent(seat):
    """A letter has crossed, and the wire is looked at."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered)
    await seat.press("3")
    await seat.until(lambda: seat.app.current_mode == "wire")
    await seat.see("alice → bob")


def test_talks_filter_the_wire(stage):
    """The talk under the cursor is seen alone; Enter goes into it."""

    async def story(seat):
        await sent(seat)
        await seat.press("f6", "j", "j")
        await seat.until(lambda: seat.app.at.transcript.lens.talks == {"submit-1"})
        await seat.press("enter")
        await seat.until(lambda: seat.app.at.pane_of(seat.app.focused) == "wire")

    stage(story)


def test_every_line_is_explained(stage):
    """What the line under the cursor means stands below, and all of it in the inspector."""

    async def story(seat):
        await sent(seat)
        transcript = seat.app.at.transcript
        await seat.focus(transcript)
        await seat.press("g", "]")
        await seat.see("EHLO", "RFC 5321")
        assert "client" in seat.text
        await seat.press("x")
        await seat.see("000000  45 48 4c 4f")

    stage(story, size=(200, 60))


def test_a_letter_grows(stage):
    """The letter as it stands at a station, with the lines that came since the last."""

    async def story(seat):
        await sent(seat)
        model = seat.app.live
        carried = [entry.seq for entry in model.entries if type(entry.event).__name__ == "Carried"]
        seat.app.at.transcript.show_entry(carried[1])
        await seat.see("+ Received: from")

    stage(story, size=(200, 60))


def test_a_station(stage):
    """The stations of the letter filter here, too."""

    async def story(seat):
        await sent(seat)
        await seat.click("relay")
        await seat.until(lambda: seat.app.at.transcript.lens.talks == {"relay-1"})

    stage(story)
