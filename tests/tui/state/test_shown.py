"""What is shown."""

from maillab.recording.session import load
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state import shown
from maillab.tui.state.shown import Replay
from tests.house import ROOT

SESSION = load(ROOT / "examples" / "sessions" / "seven-steps.maillab")


def replay():
    recording = Recording(SESSION.header, list(SESSION.entries), whole=True)
    return Replay(Model(), Playback(recording))


def test_the_model_follows_the_moment():
    """On and back; whoever goes back sees it from its beginning again."""
    replayed = replay()
    replayed.playback.to(10)
    assert not replayed.follow(0.0)
    assert len(replayed.model.entries) == 10
    generation = replayed.model.generation
    replayed.playback.to(4)
    replayed.follow(0.0)
    assert len(replayed.model.entries) == 4
    assert replayed.model.generation > generation


def test_far_moves_are_taken_in_parts(monkeypatch):
    """Somebody who types meanwhile is not kept waiting."""
    monkeypatch.setattr(shown, "TAKEN", 7)
    replayed = replay()
    replayed.playback.to(10)
    assert replayed.follow(0.0)
    assert len(replayed.model.entries) == 7
    assert not replayed.follow(0.0)
