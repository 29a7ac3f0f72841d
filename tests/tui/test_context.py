"""All that a command gets."""

from maillab.recording.session import Header
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.life import LabDown
from maillab.tui.state.shown import Replay
from tests.tui.fake_ui import context, living, ui_of


def test_nothing_to_ask(tmp_path):
    """Without a lab it says why; while a session plays it says that."""
    at = context(tmp_path)
    assert not at.living()
    at.life = LabDown("the disk is full")
    assert not at.living()
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    assert not at.living()
    texts = at.texts
    assert ui_of(at).complained == [
        texts("say.no_lab", why="the disk is full"),
        texts("say.replaying"),
    ]
    assert ui_of(at).said == [texts("say.starting")]  # is over in a moment, and no fault
    assert (at.readers, at.sessions_folder) == ([], tmp_path / "lab" / "sessions")


def test_accounts_of_no_person(tmp_path):
    """For mail that is caught, and those of servers: a session tells of them, too."""
    at = context(tmp_path)
    assert at.nobodys == frozenset()
    sites = [{"domain": "a.test", "people": [{"name": "alice"}], "server_auth": {"b.test": {"user": "relay"}}}]
    at.shown = Replay(Model(), Playback(Recording(Header(lab={"sites": sites}))))
    assert at.nobodys == {"caught@a.test", "relay@b.test"}


def test_a_lab_to_ask(tmp_path):
    """It has a configuration, people and a clock."""

    async def story(at):
        assert at.living()
        assert at.config is not None
        assert "bob@recipient.test" in at.readers
        assert abs(at.now - at.host.lab.clock.now()) < 60
        assert at.messages is at.home.shelf is not None
        assert at.nobodys == at.config.nobodys
        assert not at.nobodys & {"alice@sender.test", "bob@recipient.test"}

    living(context(tmp_path), story)
