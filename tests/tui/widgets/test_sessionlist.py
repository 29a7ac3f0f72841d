"""The saved sessions."""

from dataclasses import replace
from pathlib import Path

from maillab.recording.export.summary import MessageSummary
from maillab.recording.saved_sessions import SavedSession
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.texts import Texts
from maillab.tui.widgets.sessionlist import SessionList

ONE, TWO = SavedSession(Path("/x/one.maillab"), 10, 0.0), SavedSession(Path("/x/t\x1bwo.maillab.gz"), 10, 0.0)
SENT = MessageSummary("a@a.test", ("b@b.test",), "Hello", "stored", "", False)


def test_sessions(stage):
    """Name, day, and when it was looked into: outcome, length, messages."""
    sessions = SessionList(Texts("en"))

    async def story(seat):
        sessions.show_sessions([ONE, TWO], 9.0)
        await seat.see("one", "t␛wo")
        sessions.know(
            ONE, SessionSummary(entries=9, seconds=432_388.65, messages=(SENT, replace(SENT, outcome="failed")))
        )
        sessions.know(TWO, SessionSummary(trouble="no session"))
        await seat.see("✗ one", "5d 00:06:28", "2 messages", "! t␛wo")
        sessions.cursor = 1
        sessions.show_sessions([TWO], 9.0)
        assert sessions.here == TWO
        sessions.nothing = "none here"
        sessions.show_sessions([], 9.0)
        await seat.see("none here")

    stage.alone(sessions, story=story)


def test_narrow(stage):
    """Where there is little room the length falls away, the name never; nor the moment, which tells two of a day apart."""
    sessions = SessionList(Texts("vi"))

    async def story(seat):
        sessions.show_sessions([ONE], 9.0)
        sessions.know(ONE, SessionSummary(entries=9, seconds=12.34, messages=(SENT,), more=True))
        await seat.see("✓ one")
        assert "≥12.3 s" not in seat.text

    stage.alone(sessions, story=story, size=(40, 10))


def test_beside_the_preview(stage):
    """In the half of a large window stands what stands in a small one: the length has a column as wide as the widest."""
    sessions = SessionList(Texts("en"))

    async def story(seat):
        sessions.show_sessions([ONE, TWO], 9.0)
        sessions.know(ONE, SessionSummary(entries=9, seconds=330, messages=(SENT,)))
        await seat.see("5:30 min")
        sessions.know(TWO, SessionSummary(entries=9, seconds=0.138))
        await seat.see("  138 ms")

    stage.alone(sessions, story=story, size=(48, 10))
