"""Saved sessions and stories."""

import asyncio
import threading
from functools import partial

import pytest

from maillab.recording.session import Header, Reader, Session, Told, load, save
from maillab.tui.actions import offers
from maillab.tui.actions.table import ACTIONS
from maillab.tui.commands import record, replay, send
from maillab.tui.commands.leaving import leave as leave_window
from maillab.tui.palette.ranking import Ranking
from maillab.tui.playing import loading
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.life import LabDown
from maillab.tui.state.shown import Replay
from tests.house import ROOT
from tests.recording.told import told
from tests.tui.fake_ui import context, living, ui_of
from tests.tui.words import words

EN = words()

SESSIONS = sorted((ROOT / "examples" / "sessions").glob("*.maillab"))
SEVEN = next(path for path in SESSIONS if path.stem == "seven-steps")


async def opened(seat):
    await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)


def replaying(tmp_path, *answers, path=SEVEN):
    """A session of which all has been read, at its beginning."""
    session = load(path)
    at = context(tmp_path, *answers)
    recording = Recording(session.header, list(session.entries), list(session.notes), whole=True)
    at.shown = Replay(Model(), Playback(recording), path)
    return at


def test_what_was_said_at_the_first_line_goes(stage):
    """That it is paused there is no longer said when the replay goes on, by a step or by playing."""

    async def story(seat):
        await opened(seat)
        paused = seat.app.context.texts("replay.opened")
        for key in ("full_stop", "space"):
            seat.app.context.ui.say(paused)
            await seat.see("Paused at the first line")
            await seat.press(key)
            assert paused not in seat.spoken

    stage(story, replay=SESSIONS[0])


def test_that_a_story_runs_is_said_until_it_plays(stage):
    """From then on it is untrue."""

    async def story(seat):
        at = seat.app.context
        seat.app.ui.attempt(replay.tell_story(at, "bounce"))
        await seat.see("Running the story")
        await seat.until(lambda: at.playback is not None, "a story that plays")
        assert not seat.spoken

    stage(story)


def test_moving_about(tmp_path):
    """Play and pause, line by line, reply by reply, faster and slower, to the beginning and the end."""
    at = replaying(tmp_path)
    playback = at.playback
    for by in (1, 1, -1):
        replay.move(at, by)
    assert playback.position == 1
    replay.pair(at, 1)
    replay.pair(at, 1)
    position = playback.position
    assert position > 2
    replay.pair(at, -1)
    assert playback.position < position
    for step in (1, 1, -1):
        replay.faster(at, step)
    assert playback.speed == 2.0
    replay.end(at)
    assert playback.at_end
    replay.begin(at)
    assert playback.position == 0
    replay.play(at)
    assert playback.playing
    replay.play(at)
    assert not playback.playing


def test_to_the_end_while_it_is_read(tmp_path, monkeypatch):
    """Who goes to the end of a session before all of it was read is there when it was; a story does not begin anew."""
    read = loading.read

    def slowly(path, recording, wake, given_up):
        replay.end(at)
        read(path, recording, wake, given_up)

    at = context(tmp_path)
    monkeypatch.setattr(loading, "read", slowly)
    asyncio.run(replay.open_session(at, SEVEN))
    at.playback.pass_time(0.0)
    assert (at.playback.state, at.playback.at_end) == ("end", True)


def test_to_a_moment(tmp_path):
    """To a time or to a mark that is typed, or to the next mark; what is none of that is said below it."""

    def typed(question):
        assert question.check("nonsense")
        assert not question.check("59")
        return "59"

    at = replaying(tmp_path, typed, None)
    asyncio.run(replay.seek(at))
    position = at.playback.position
    assert position == 59
    asyncio.run(replay.seek(at))
    assert at.playback.position == position
    at.playback.to(0)
    replay.step(at, 1)
    assert len(ui_of(at).said) == 1


def test_from_step_to_step(tmp_path):
    """On and back in a story, and at its ends it is said that these are the ends."""
    at = replaying(tmp_path, None)
    steps = len(at.playback.points)
    at.playback.to(0)
    for _ in range(1, steps + 2):
        replay.step(at, 1)
    said = ui_of(at).said
    assert any(text.startswith(f"step {steps} of {steps}") for text in said)
    assert said[-1] == EN("replay.last.step")
    at.playback.to(0)
    replay.step(at, -1)
    assert said[-1] == EN("replay.first.step")
    asyncio.run(replay.seek(at))
    assert "step" in ui_of(at).asked[-1].title
    at.shown = Replay(Model(), Playback(Recording(Header(), list(told("seven-steps")), whole=True)))
    replay.step(at, 1)
    assert said[-1] == EN("say.no_steps")


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


def test_nothing_is_moved_where_nothing_plays(tmp_path):
    """The keys of a session mean nothing in the living lab."""
    at = context(tmp_path)
    for move in (replay.play, replay.begin, replay.end, partial(replay.step, by=1)):
        move(at)
    asyncio.run(replay.seek(at))
    asyncio.run(replay.leave(at))
    assert ui_of(at).said == ui_of(at).asked == []


def test_nothing_is_sent(tmp_path):
    """What would send or change something says that a session plays; no socket is opened (T304)."""
    at = replaying(tmp_path)
    living_only = [action for action in ACTIONS if action.live]
    for action in living_only:
        offers.perform(action, [], at)
    asyncio.run(send.send(at))
    asyncio.run(record.record(at))
    assert set(ui_of(at).complained) == {at.texts("say.replaying")}
    assert len(ui_of(at).complained) == len(living_only) + 2
    assert not at.host.begun


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_end_is_what_was_seen_live(tmp_path, path):
    """At its end a session shows what it would have shown, had one been there."""
    at = replaying(tmp_path, path=path)
    replay.end(at)
    while at.shown.follow(0.0):
        pass
    live = Model()
    live.take(load(path).entries)
    assert at.model.talks == live.talks
    assert at.model.held == live.held
    assert [t.hops for t in at.model.journeys.trips] == [t.hops for t in live.journeys.trips]


def test_a_story_and_back(tmp_path):
    """It happens on real sockets, then it is told at reading speed; whoever leaves it is in the living lab again."""

    async def story(at):
        await replay.choose_story(at)
        assert at.playback.pace == "reading"
        assert at.playback.playing
        assert any(isinstance(note, Told) for note in at.playback.recording.notes)
        assert ui_of(at).gone[-1][:2] == ("lab", "wire")
        await replay.leave(at)
        assert at.shown is at.live
        assert at.living()

    living(context(tmp_path, "bounce"), story)


@pytest.mark.parametrize("typed", ["failover", "mx-failover", "mx"])
def test_a_story_is_found_by_its_name(tmp_path, typed):
    """As it is called on the command line, or by a word of that. A sentence about it stands below its title."""
    at = context(tmp_path)
    asyncio.run(replay.choose_story(at))
    [question] = ui_of(at).asked
    assert question.choices[0].note == "From Alice's program to Bob's, in seven steps."
    assert all(choice.note for choice in question.choices)
    assert "mx-failover" in [choice.value for choice in Ranking(question.choices).search(typed)]


def test_a_session_is_left(tmp_path):
    """The living lab, which was down, is tried again."""

    async def story():
        at = context(tmp_path)
        at.life = LabDown("its ports are busy")
        await replay.open_session(at, SEVEN)
        assert at.playback.recording.whole
        assert not at.host.begun
        await replay.leave(at)
        assert at.host.alive
        await leave_window(at, 0)

    asyncio.run(story())


@pytest.mark.parametrize("given", [{"replay": SEVEN}, {"story": "bounce"}])
def test_a_window_that_was_opened_for_a_session(tmp_path, given):
    """Whoever leaves it is in the shell again: no lab was asked for, and none is made."""

    async def story():
        at = context(tmp_path, **given)
        await replay.open_session(at, SEVEN)
        await replay.leave(at)
        assert ui_of(at).closed == 0
        assert not at.host.begun
        assert not (tmp_path / "lab").exists()

    asyncio.run(story())


def test_a_record_opens_at_its_first_line(tmp_path):
    """Paused, with the key that plays it; where a story is told, it plays."""
    entries = tuple(told("seven-steps"))
    save(Session(Header("mine"), entries), tmp_path / "mine.maillab")

    async def story():
        at = context(tmp_path)
        await replay.open_session(at, tmp_path / "mine.maillab")
        at.shown.follow(0.0)
        assert (at.playback.position, at.playback.state) == (1, "paused")
        assert ui_of(at).said == [EN("replay.opened")]
        await replay.open_session(at, SEVEN)
        assert at.playback.playing
        assert ui_of(at).said == [EN("replay.opened")]

    asyncio.run(story())


def test_a_file_that_is_none(tmp_path):
    """It is said what is wrong, and nothing else happens."""
    (tmp_path / "none.maillab").write_bytes(b"\x1b]0;PWN\x07 nothing")
    at = context(tmp_path)
    asyncio.run(replay.open_session(at, tmp_path / "none.maillab"))
    assert at.playback is None
    assert len(ui_of(at).complained) == 1
    assert "\x1b" not in ui_of(at).complained[0]


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
        await seat.until(lambda: seat.spoken)
        assert seat.app.context.playback is None
        sessions.cursor = 1 - sessions.cursor
        await seat.press("enter")
        await opened(seat)
        await seat.until(lambda: seat.app.current_mode == "wire" or seat.app.current_mode == "lab")

    stage(story)


def test_a_long_session(stage, tmp_path, monkeypatch):
    """Its first line is seen while the rest is read; whoever moves meanwhile stays there."""
    entries = list(told("seven-steps"))
    save(Session(Header("long"), tuple(entries)), tmp_path / "long.maillab")
    go_on = threading.Event()

    monkeypatch.setattr(loading, "CHUNK", 20)
    monkeypatch.setattr(loading, "Reader", lambda octets: Slow(octets, go_on))

    async def story(seat):
        await seat.see("line 1 of 100", "PAUSED")
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


def test_the_key_of_the_next_step(stage):
    """It stands in the last line at 80 cells, as long as there is one; help names it."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        await seat.see("' Next step", "Q Leave")
        await seat.press("f1")
        await seat.see("one step of a story or one mark")
        await seat.press("escape", "ctrl+end")
        await seat.see("END")
        assert "' Next step" not in seat.text

    stage(story, replay=ROOT / "examples" / "sessions" / "seven-steps.maillab")


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
