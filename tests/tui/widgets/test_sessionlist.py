"""The saved sessions."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from maillab.recording.export.summary import MessageSummary
from maillab.tui.playing.archive import SavedSession, SessionSummary
from maillab.tui.texts import Texts
from maillab.tui.widgets.sessionlist import SessionList, untimed

ONE, TWO = SavedSession(Path("/x/one.maillab"), 10, 0.0), SavedSession(Path("/x/t\x1bwo.maillab.gz"), 10, 0.0)
SENT = MessageSummary("a@a.test", ("b@b.test",), "Hello", "stored", "", False)


def test_sessions(stage):
    """Name, day, and when it was looked into: outcome, length, messages."""
    sessions = SessionList(Texts("en"))

    async def story(seat):
        sessions.show_sessions([ONE, TWO], "none")
        await seat.see("one", "t␛wo")
        sessions.know(
            ONE, SessionSummary(entries=9, seconds=432_388.65, messages=(SENT, replace(SENT, outcome="failed")))
        )
        sessions.know(TWO, SessionSummary(trouble="no session"))
        await seat.see("✗ one", "5d 00:06:28", "2 messages", "! t␛wo")
        sessions.cursor = 1
        sessions.show_sessions([TWO], "none")
        assert sessions.here == TWO
        sessions.show_sessions([], "none here")
        await seat.see("none here")

    stage.alone(sessions, story=story)


def test_the_day_stands_once():
    """A name that begins with the day that stands behind it is shown without it; one that is only a time is kept."""
    noon = datetime(2026, 11, 30, 12).astimezone().timestamp()
    assert untimed("2026-11-30 Hello from the lab", noon) == "Hello from the lab"
    assert untimed("2026-11-29 Hello", noon) == "2026-11-29 Hello"
    assert untimed("2026-11-30 09.34", noon) == "2026-11-30 09.34"


def test_narrow(stage):
    """Where there is little room the length falls away, the name never; nor the moment, which tells two of a day apart."""
    sessions = SessionList(Texts("vi"))

    async def story(seat):
        sessions.show_sessions([ONE], "")
        sessions.know(ONE, SessionSummary(entries=9, seconds=12.34, messages=(SENT,), more=True))
        await seat.see("✓ one")
        assert "≥12.3 s" not in seat.text

    stage.alone(sessions, story=story, size=(40, 10))
