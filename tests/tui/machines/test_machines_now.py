"""How the machines stand."""

from maillab.events import Adjusted, Entry
from maillab.recording.session import load
from maillab.tui.commands import machines, settings
from maillab.tui.machines.machines_now import held_sites, is_held, machines_now
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.life import LabDown
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import Machine
from tests.house import ROOT
from tests.tui.fake_ui import context, living

SESSION = load(ROOT / "examples" / "sessions" / "seven-steps.maillab")


def test_of_the_living_lab(tmp_path):
    """Ports, people, and what is unusual; before it runs only why it does not."""

    async def story(at):
        state = machines_now(at)
        assert state.sites == ("sender.test", "recipient.test")
        assert all(door.open for door in state.doors)
        assert "bob@recipient.test" in state.people["recipient.test"]
        assert state.notes["recipient.test"] == ()
        assert [zone.origin for zone in state.zones][:2] == ["sender.test.", "recipient.test."]
        assert state.names_port > 0
        assert "caught@recipient.test" in state.unless_empty
        await settings.change(at, "auth sender.test recipient.test")
        assert machines_now(at).logins["sender.test"] == ("recipient.test",)
        for change in ("greylist recipient.test", "tls recipient.test", "strictness"):
            await settings.change(at, change)
        assert machines_now(at).notes["recipient.test"] == (
            at.texts("note.greylist", seconds=120),
            at.texts("note.strict"),
        )

    at = context(tmp_path)
    at.life = LabDown("no disk")
    assert machines_now(at).trouble == "no disk"
    living(context(tmp_path), story)


def test_of_a_session(tmp_path):
    """What its header tells."""
    at = context(tmp_path)
    at.shown = Replay(Model(), Playback(Recording(SESSION.header)))
    assert machines_now(at).recorded


def test_a_queue_that_is_held(tmp_path):
    """It is known of a message by its name; a machine that is stopped is stopped, and no queue of it held."""

    async def story(at):
        sender = Machine("sender.test")
        assert held_sites(at) == frozenset()
        await machines.hold(at, sender)
        assert (held_sites(at), is_held(at, "L1"), is_held(at, "R1"), is_held(at, "")) == (
            {"sender.test"}, True, False, False,
        )  # fmt: skip
        await machines.power(at, sender)
        assert not is_held(at, "L1")

    living(context(tmp_path), story)


def test_a_queue_that_was_held(tmp_path):
    """Of a session it is known as far as it was recorded, at the moment that is shown."""
    at = context(tmp_path)
    at.shown = Replay(Model(), Playback(Recording(SESSION.header)))
    assert not is_held(at, "L1")
    at.model.take([Entry(1, 1.0, Adjusted("sender.test", "held"))])
    assert (is_held(at, "L1"), is_held(at, "R1"), machines_now(at).paused) == (True, False, {"sender.test"})
    at.model.take([Entry(2, 2.0, Adjusted("sender.test", "resumed"))])
    assert (held_sites(at), machines_now(at).paused) == (frozenset(), frozenset())
