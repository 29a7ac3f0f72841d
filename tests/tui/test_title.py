"""The words at the right edge of the title."""

from pathlib import Path

from maillab.config import default
from maillab.recording.session import Header
from maillab.tui.model import Model
from maillab.tui.playback import Playback, Recording
from maillab.tui.state.life import LabDown, On
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Replay
from maillab.tui.title import state_words
from tests.tui.fake_ui import context


def said(at):
    return " ".join(word.ways[0] for word in state_words(at))


def test_the_life_of_the_lab(tmp_path):
    """It starts, runs, is recorded, is down; or a session plays."""
    at = context(tmp_path)
    assert at.texts("state.starting") in said(at)
    at.life = On(default())
    at.records.state = OnRecord(Path("a"), at.now)
    assert said(at).startswith("● LIVE REC 00:00 ")
    at.live.model.turned = 432_000.0
    assert said(at).endswith("  +5 d")
    at.life = LabDown("x")
    assert "○" in said(at)
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    assert "‖ REPLAY paused" in said(at)
