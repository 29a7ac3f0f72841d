"""Saved sessions and stories."""

import threading

import pytest

from maillab.recording.session import Header, Reader, Session, load, save
from maillab.tui import loading
from maillab.tui.commands import replay
from maillab.tui.model import Model
from maillab.tui.playback import Playback, Recording
from maillab.tui.state.shown import Replay
from maillab.tui.texts import Texts
from tests.house import ROOT
from tests.recording.told import told
from tests.tui.fake_ui import context, ui_of

EN = Texts("en")

SESSIONS = sorted((ROOT / "examples" / "sessions").glob("*.maillab"))
SEVEN = next(path for path in SESSIONS if path.stem == "seven-steps")


async def opened(seat):
    await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)


def test_moving_about(stage):
    """Play and pause, line by line, reply by reply, faster and slower, to the beginning and the end."""

    async def story(seat):
        await opened(seat)
        await seat.see("▶ REPLAY", "▶ PLAYING  seven-steps.maillab")
        playback = seat.app.context.playback
        playback.pause()
        playback.to(0)
        await seat.press(".", ".", ",")
        assert playback.position == 1
        await seat.until(lambda: len(seat.app.context.model.entries) == 1)
        await seat.press("]", "]")
        position = playback.position
        assert position > 2
        await seat.press("[")
        assert playback.position < position
        await seat.press(">", ">", "<")
        assert playback.speed == 2.0
        await seat.press("ctrl+end")
        assert playback.at_end
        await seat.until(lambda: len(seat.app.context.model.entries) == len(playback.recording.entries))
        await seat.press("ctrl+home")
        assert playback.position == 0
        await seat.press(" ")
        assert playback.playing
        await seat.press(" ")
        assert not playback.playing

    stage(story, replay=SEVEN)


def test_to_a_moment(stage):
    """To a line that is typed, to the next mark, or by a click on the line of the session."""

    async def story(seat):
        await opened(seat)
        playback = seat.app.context.playback
        playback.pause()
        playback.to(0)
        await seat.press("s")
        await seat.see(seat.app.context.texts("seek.title"))
        await seat.write("nonsense")
        await seat.press("enter")
        await seat.press("ctrl+u")
        await seat.write("59")
        await seat.press("enter")
        await seat.until(lambda: playback.position == 59)
        marks = playback.marks
        if marks:
            playback.to(0)
            await seat.press("'")
            assert playback.position > 0
        scrubber = seat.app.ui.screen.query_one("Scrubber")
        await seat.pilot.click(scrubber, offset=(scrubber.size.width // 2, 0))
        await seat.pilot.pause()
        assert 0 < playback.position < len(playback.recording.entries)

    stage(story, replay=SEVEN)


def test_nothing_moves_at_the_ends(tmp_path):
    """There it is said why, and what does."""
    at = context(tmp_path)
    playback = Playback(Recording(Header(), list(told("seven-steps")), whole=True))
    at.shown = Replay(Model(), playback)
    replay.move(at, -1)
    playback.to(10**9)
    replay.pair(at, 1)
    assert ui_of(at).said == [EN("replay.at_start"), EN("replay.at_end")]
    replay.move(at, -1)
    assert len(ui_of(at).said) == 2
    replay.scrub(at, 7)
    assert playback.position == 7


def test_nothing_is_sent(stage):
    """What would send says that a session plays, in every mode; no socket is opened (T304)."""

    async def story(seat):
        await opened(seat)
        for key in ("ctrl+s", "ctrl+r", "f9"):
            await seat.press(key)
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.focus(seat.app.ui.screen.pane("recipient"))
        await seat.press("o", "b", "a")
        await seat.until(lambda: seat.app._notifications)
        assert not seat.app.context.host.begun

    stage(story, replay=SEVEN)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_end_is_what_was_seen_live(stage, path):
    """At its end a session shows what it would have shown, had one been there."""

    async def story(seat):
        await opened(seat)
        seat.app.context.playback.pause()
        seat.app.context.playback.to(10**9)
        seat.app.ui.refresh()
        live = Model()
        live.take(load(path).entries)
        await seat.until(lambda: len(seat.app.context.model.entries) == len(live.entries))
        assert seat.app.context.model.talks == live.talks
        assert seat.app.context.model.held == live.held
        assert [t.hops for t in seat.app.context.model.journeys.trips] == [t.hops for t in live.journeys.trips]

    stage(story, replay=path)


def test_a_story(stage):
    """It is told at reading speed, with the narrator's words above."""

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None, "a story")
        assert seat.app.context.playback.pace == "reading"
        await seat.until(lambda: seat.app.context.playback.words)
        await seat.see(seat.app.context.playback.words.split()[0])

    stage(story, story="seven-steps", lab=None)


def test_a_story_from_the_palette(stage):
    """L lets one choose; leaving it goes back to the living lab as it was."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.until(lambda: len(seat.app.context.live.model.entries) > 50)
        await seat.press("escape", "L")
        await seat.see("bounce")
        await seat.write("bounce")
        await seat.press("enter")
        await seat.until(lambda: seat.app.context.playback is not None)
        await seat.until(lambda: seat.app.ui.screen.has_class("-replay"))
        await seat.press("Q")
        await seat.until(lambda: seat.app.context.playback is None)
        assert seat.app.context.model is seat.app.context.live.model
        await seat.see("● LIVE")

    stage(story)


def test_a_session_from_the_list(stage, tmp_path):
    """Enter opens it; a file that is none says why."""
    import shutil

    folder = tmp_path / "lab" / "sessions"
    folder.mkdir(parents=True)
    shutil.copy(SEVEN, folder)
    (folder / "broken.maillab").write_bytes(b"nothing")

    async def story(seat):
        await seat.ready()
        await seat.press("escape", "4")
        await seat.see("seven-steps", "! broken")
        sessions = seat.app.ui.screen.query_one("SessionList")
        sessions.cursor = next(n for n, one in enumerate(sessions.sessions) if one.path.stem == "broken")
        await seat.press("enter")
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.context.playback is None
        sessions.cursor = 1 - sessions.cursor
        await seat.press("enter")
        await opened(seat)
        await seat.until(lambda: seat.app.current_mode == "wire" or seat.app.current_mode == "lab")

    stage(story)


def test_a_long_session(stage, tmp_path, monkeypatch):
    """What has been read so far is seen while the rest is read; whoever moves meanwhile stays there."""
    entries = list(told("seven-steps"))
    save(Session(Header("long"), tuple(entries)), tmp_path / "long.maillab")
    go_on = threading.Event()

    monkeypatch.setattr(loading, "CHUNK", 20)
    monkeypatch.setattr(loading, "Reader", lambda octets: Slow(octets, go_on))

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.position >= 100)
        await seat.see("100 lines")
        await seat.press("ctrl+home")
        await seat.see("line 0 of 100", EN("wire.reading"))
        go_on.set()
        await opened(seat)
        await seat.see(EN("wire.before"))
        assert seat.app.context.playback.position == 0

    try:
        stage(story, replay=tmp_path / "long.maillab")
    finally:
        go_on.set()


class Slow(Reader):
    """Stops after a hundred entries until somebody lets it go on."""

    def __init__(self, lines, go_on):
        super().__init__(lines)
        self._go_on = go_on

    def __iter__(self):
        for number, item in enumerate(super().__iter__()):
            if number == 101:
                self._go_on.wait(30)
            yield item


def test_a_file_that_is_none(stage, tmp_path):
    """The window opens, and says what is wrong."""
    (tmp_path / "none.maillab").write_bytes(b"\x1b]0;PWN\x07 nothing")

    async def story(seat):
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.context.playback is None

    stage(story, replay=tmp_path / "none.maillab")
