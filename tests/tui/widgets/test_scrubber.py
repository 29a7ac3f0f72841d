"""The line of a session that plays."""

from maillab.recording.session import Header, Mark
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.scrubber import Scrubber
from tests.recording.told import record


def playback():
    marks = [Mark("a", 0, 1_700_000_000.0), Mark("b", 3, 1_700_000_003.0)]
    return Playback(Recording(Header(), record("S: 220 hi\nC: QUIT\nS: 221 bye"), marks, whole=True, name="f.maillab"))


def test_where_we_are(stage):
    """What it does, which it is, the points, the step and the line; a click says how many events have happened there."""
    scrubber, shown = Scrubber(Texts("en")), playback()

    async def story(seat):
        assert seat.lines[0].strip() == ""
        shown.to(4)
        scrubber.show(shown)
        await seat.pilot.pause()
        line = seat.lines[0]
        assert line.startswith(" ‖ PAUSED  f  ├●1━")
        assert "◆2" in line
        assert line.rstrip().endswith("┤  mark 2 of 2 · line 4 of 5 · 3.0 s · ◆ b")
        await seat.pilot.click(offset=(line.index("●1"), 0))
        await seat.pilot.click(offset=(line.index("┤"), 0))
        assert [m.says for m in seat.app.told if isinstance(m, Bar.Pressed)] == ["0", "5"]
        shown.play()
        scrubber.show(shown)
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" ▶ PLAYING ")

    stage.alone(scrubber, layout="-replay", story=story, size=(110, 1))


def test_a_long_name(stage):
    """It makes room for the line, and both stand in the language with the longest words."""
    scrubber, shown = Scrubber(Texts("vi")), playback()
    shown.recording.name = "Hãy thử lại sau: danh sách xám và hàng đợi"

    async def story(seat):
        shown.to(4)
        scrubber.show(shown)
        await seat.pilot.pause()
        assert "Hãy thử lại" in seat.lines[0]
        assert "◆2" in seat.lines[0]
        assert "   " not in seat.lines[0].strip()

    stage.alone(scrubber, layout="-replay", story=story, size=(100, 1))


def test_a_title_is_whole(stage):
    """Where the window is large the line has what the title of a story leaves."""
    scrubber, shown = Scrubber(Texts("en")), playback()
    shown.recording.name = "No such user: how a bounce happens"

    async def story(seat):
        shown.to(4)
        scrubber.show(shown)
        await seat.pilot.pause()
        assert " ‖ PAUSED  No such user: how a bounce happens  ├●1━" in seat.lines[0]

    stage.alone(scrubber, layout="-replay", story=story, size=(120, 1))


def test_little_room(stage):
    """Numbers alone say where we are; a session of which nothing was read yet has an empty line."""
    scrubber = Scrubber(Texts("en"))

    async def story(seat):
        scrubber.show(Playback(Recording(Header())))
        await seat.pilot.pause()
        assert seat.lines[0].rstrip().endswith("┤  0/0")
        shown = playback()
        shown.to(5)
        scrubber.show(shown)
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" ■ END  ├●1")
        assert seat.lines[0].rstrip().endswith("2/2 · 5/5")

    stage.alone(scrubber, layout="-replay", story=story, size=(50, 1))
