"""Telling what happens by itself."""

from maillab.events import Deferred, Delivered
from maillab.recording.session import Header
from maillab.tui.commands.lab import let_time_pass
from maillab.tui.commands.machines import power
from maillab.tui.commands.send import send
from maillab.tui.commands.telling import tell_news
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import Machine
from tests.tui.fake_ui import context, happened, heard, living, ui_of
from tests.tui.words import words


def told(at, moment):
    """What is said of everything that has happened so far."""
    tell_news(at, at.live.model.entries, moment)
    return ui_of(at).toasts


def test_a_message_that_arrives_and_one_that_waits(tmp_path):
    """Each is told once, with the key that helps, and in the words of now."""

    async def story(at):
        await send(at)
        await happened(at, Delivered)
        assert [level for level, _ in told(at, 0.0)] == ["good"]
        assert "Press 2 to read it" in ui_of(at).toasts[0][1]
        at.live.model.reset()
        await power(at, Machine("recipient.test"))
        await send(at)
        await happened(at, Deferred)
        at.texts = words("vi")
        level, text = told(at, 10.0)[-1]
        assert level == "warn"
        assert "từ chối kết nối" in text
        assert "bấm r để thử ngay" in text

    living(context(tmp_path), story)


def test_a_wait_is_said_no_longer_after_the_clock_was_turned(tmp_path):
    """What stands in the status line is true: the message was tried again meanwhile."""

    async def story(at):
        await power(at, Machine("recipient.test"))
        await send(at)
        await happened(at, Deferred)
        at.said.say("something else", "warn", 0.0)
        at.said.say(told(at, 0.0)[-1][1], "warn", 0.0)
        seen = len(at.live.model.entries)
        await let_time_pass(at, 3600.0)
        tell_news(at, heard(at).entries[seen:], 1.0)
        assert [word.text for word in at.said.words] == ["something else"]

    living(context(tmp_path), story)


def test_what_waits_to_be_told_outlives_another_language(tmp_path):
    """It was heard in the old one, and is told nevertheless."""

    async def story(at):
        await send(at)
        await happened(at, Delivered)
        assert len(told(at, 0.0)) == 1
        await send(at)
        await happened(at, Delivered)
        assert len(told(at, 0.1)) == 1  # so soon after the first it waits
        at.texts = words("vi")
        tell_news(at, (), 10.0)
        assert len(ui_of(at).toasts) == 2

    living(context(tmp_path), story)


def test_while_a_session_plays(tmp_path):
    """Nothing is said over it, nor afterwards."""

    async def story(at):
        await send(at)
        await happened(at, Delivered)
        live = at.shown
        at.shown = Replay(Model(), Playback(Recording(Header(""))))
        assert told(at, 0.0) == []
        at.shown = live
        tell_news(at, (), 10.0)
        assert ui_of(at).toasts == []

    living(context(tmp_path), story)
