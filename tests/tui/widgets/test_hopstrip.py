"""One message's way."""

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from maillab.tui.machines.way import hops_seen, result
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.views.journey import Hop
from tests.recording.told import told


def trip_of(name):
    model = Model()
    model.take(told(name))
    return model.trip


def chosen(seat):
    return [message.hop for message in seat.app.told if isinstance(message, HopStrip.Chosen)]


@pytest.mark.parametrize("cells", [60, 120])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_whole_way_is_seen(stage, cells, lang):
    """Every station that was passed, from the writer to the reader; what became of it, at every size; its name."""
    strip, trip = HopStrip(Texts(lang)), trip_of("seven-steps")

    async def story(seat):
        strip.show(trip, (1, 1))
        await seat.pilot.pause()
        line = seat.lines[0]
        assert line.startswith(" alice" if cells == 60 else "  alice")
        assert line.count("✓") == len(hops_seen(trip))
        assert "bob" in line
        assert line.rstrip().endswith("L1")  # where there is one there is no other to go to
        assert result(trip, Texts(lang))[1] in line

    stage.alone(strip, story=story, size=(cells, 1))


def test_air_at_eighty_columns(stage):
    """Arrows stand apart from what they lead to."""
    strip, trip = HopStrip(Texts("en")), trip_of("seven-steps")

    async def story(seat):
        strip.show(trip, (1, 1))
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" alice ▶ submit ✓ ▶ MX")

    stage.alone(strip, story=story, size=(80, 1))


def test_a_station_is_chosen(stage):
    """By keys, by a click, and let go by a second one; those that the message did not pass are passed over."""
    strip, trip, classic = HopStrip(Texts("en")), trip_of("seven-steps"), trip_of("classic")

    async def story(seat):
        strip.show(trip, (1, 1))
        await seat.focus(strip)
        await seat.press("right", "right", "left", "enter")
        await seat.press("left")
        assert chosen(seat)[-5:] == [Hop.SUBMIT, Hop.LOOKUP, Hop.SUBMIT, None, Hop.FETCH]
        await seat.press("right")
        assert chosen(seat)[-1] is None
        strip.press("relay")
        await seat.pilot.pause()
        assert strip.hop is Hop.RELAY
        strip.press("relay")
        await seat.pilot.pause()
        assert strip.hop is None
        await seat.press("up", "j")
        assert [m.step for m in seat.app.told if isinstance(m, HopStrip.Stepped)] == [-1, 1]
        strip.show(classic, (1, 1))
        await seat.press("right")
        assert strip.hop is Hop.RELAY

    stage.alone(strip, story=story)


def test_what_became_of_it_is_clicked(stage):
    """The word asks why; arrows and the wheel lead to other messages, where there are any, and so does the name."""
    strip, trip = HopStrip(Texts("en")), trip_of("seven-steps")

    def told(seat, kind):
        return [message for message in seat.app.told if isinstance(message, kind)]

    async def story(seat):
        strip.show(trip, (2, 3))
        for text in ("DELIVERED", "◀", "L1"):
            await seat.click(text)
        await seat.pilot.click(offset=(seat.lines[0].rindex("▶"), 0))
        for pressed in told(seat, Bar.Pressed):
            strip.press(pressed.says)
        await seat.pilot.pause()
        assert len(told(seat, HopStrip.ResultChosen)) == 1
        await seat.pilot._post_mouse_events([MouseScrollUp, MouseScrollDown], strip)
        await seat.pilot.pause()
        assert [message.step for message in told(seat, HopStrip.Stepped)] == [-1, -1, 1, -1, 1]
        for number, arrows in ((1, "▶"), (3, "◀")):
            strip.show(trip, (number, 3))
            await seat.pilot.pause()
            assert [sign for sign in "◀▶" if f" {sign} " in seat.lines[0].partition("L1")[2]] == [arrows]

    stage.alone(strip, story=story, size=(120, 1))


def test_no_message(stage):
    """Before the first message stands the way that the draft will take; a session's is called by its name."""
    strip = HopStrip(Texts("en"))

    async def story(seat):
        strip.show(None, (0, 0), written=("alice@sender.test", "bob@recipient.test"))
        await seat.pilot.pause()
        assert seat.lines[0].rstrip() == " alice ─▷ submit ─▷ MX ─▷ relay ─▷ bob's mailbox"
        await seat.focus(strip)
        await seat.press("right")
        assert strip.hop is None
        strip.show(None, (0, 0), of="friday.maillab")
        await seat.pilot.pause()
        assert " friday.maillab" in seat.text
        await seat.pilot.resize_terminal(120, 24)  # where the line of the replay has room for its name
        await seat.until(lambda: seat.lines[0].strip() == "no message yet")

    stage.alone(strip, story=story)
