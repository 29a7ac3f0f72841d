"""Mail that people have at home."""

from maillab.recording.session import load
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.home import HomeMail
from maillab.tui.state.shown import Live, Replay
from tests.house import ROOT

SESSION = load(ROOT / "examples" / "sessions" / "attachment.maillab")


def test_whose_messages_there_are():
    """While a session plays those that were fetched in it, the same ones as long as it does; else the lab's."""
    home, model = HomeMail(), Model()
    replay = Replay(model, Playback(Recording(SESSION.header, list(SESSION.entries), whole=True)))
    model.take(SESSION.entries)
    messages = home.messages(replay)
    assert messages is home.messages(replay)
    assert "bob@recipient.test" in messages.accounts
    assert home.messages(Live(Model())) is home.shelf is None
