"""Where in a session we are."""

from maillab.recording.session import Header, Mark
from maillab.tui.playback import Playback, Recording
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.scrubber import Scrubber
from tests.recording.told import record


def test_time(stage):
    """The moment, the length, the marks; a click on the line of time tells how far along it is."""
    scrubber = Scrubber(Texts("en"))
    playback = Playback(
        Recording(Header(), record("S: 220 hi\nC: QUIT\nS: 221 bye"), [Mark("m", 3, 1_700_000_003.0)], whole=True)
    )

    async def story(seat):
        assert seat.lines[0].strip() == ""
        playback.to(5)
        scrubber.show(playback)
        await seat.pilot.pause()
        line = seat.lines[0]
        assert line.startswith(" ‖ 0:04.00 ━━")
        assert "◆" in line
        assert line.rstrip().endswith("5/5 ×1")
        await seat.pilot.click(offset=(12 + 25, 0))
        [message] = [m for m in seat.app.told if isinstance(m, Bar.Pressed)]
        assert 400 < int(message.says) < 600
        playback.play()
        scrubber.show(playback)
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" ▶ 0:00.00 ●")

    stage.alone(scrubber, layout="-replay", story=story)


def test_nothing_yet(stage):
    """A session of which nothing was read yet, or nothing is known of its length."""
    scrubber = Scrubber(Texts("en"))

    async def story(seat):
        scrubber.show(Playback(Recording(Header())))
        await seat.pilot.pause()
        assert "0:00.00" in seat.lines[0]

    stage.alone(scrubber, layout="-replay", story=story, size=(40, 1))
