"""Starting the lab, its record, its clock, its people, its settings."""

import socket

import pytest
from msgspec.structs import replace

from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.events import Deferred, Delivered, Failed
from maillab.folder import LabFolder
from maillab.recording.session import load
from maillab.tui.commands.lab import add_person
from tests.tui.commands.test_everywhere import dialog
from tests.tui.fake_ui import context, living, ui_of


@pytest.fixture
def taken():
    """A port that somebody else has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def with_port(port):
    config = default()
    sites = (replace(config.sites[0], ports={"smtp": port}), *config.sites[1:])
    return LoadedConfig(replace(config, sites=sites, dns_port=0), "")


def test_a_busy_port(stage, taken):
    """It says which door, and who holds it; one key takes free ports, and the lab runs."""

    async def story(seat):
        await seat.see(f"Port {taken}, needed by smtp, is used by", "Use free ports")
        assert not seat.app.context.host.alive
        await seat.press("f")
        await seat.ready()
        await seat.see("● LIVE")

    stage(story, find_config=lambda: with_port(taken), auto_ports=False)


def test_going_on_without_a_lab(stage, taken):
    """The window can be used without a lab; what needs one says so; F7 takes free ports later."""

    async def story(seat):
        await seat.see("Use free ports")
        await seat.press("n")
        await seat.see("no lab")
        await seat.press("ctrl+s")
        await seat.told("The lab is not running")
        await seat.press("f7")
        await seat.ready()

    stage(story, find_config=lambda: with_port(taken), auto_ports=False)


def test_a_folder_that_is_taken(stage, tmp_path):
    """Another lab lives there: a temporary one is offered."""

    async def story(seat):
        await seat.see("temporary")
        await seat.press("t")
        await seat.ready()
        assert seat.app.context.host.lab.folder != tmp_path / "lab"

    with LabFolder(tmp_path / "lab"):
        stage(story)


def test_a_configuration_that_cannot_be_read(stage):
    """What is wrong with it is said, and the default lab is offered."""

    def broken():
        raise ValueError("lab.toml: `sitse`: unknown key; did you mean `sites`? [/nope]")

    async def story(seat):
        await seat.see("did you mean `sites`? [/nope]")
        await seat.press("d")
        await seat.ready()

    stage(story, find_config=broken)


def test_a_record(stage, tmp_path):
    """^R begins one, from the beginning of the lab; a moment gets a name; ^R ends it, and it can be loaded."""

    async def story(seat):
        await seat.ready()
        await seat.press("f8")
        await seat.see(seat.app.context.texts("say.not_recording")[:20])
        await seat.press("ctrl+r")
        await seat.see("REC 00:0")
        await seat.press("f8")
        await seat.answer("here")
        await seat.until(lambda: dialog(seat) is None)
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("ctrl+r")
        await seat.until(lambda: not seat.app.context.host.recording)
        await seat.press("ctrl+r")
        await seat.until(lambda: seat.app.context.host.recording)
        await seat.press("ctrl+r")
        await seat.until(lambda: not seat.app.context.host.recording)

    stage(story)
    files = sorted((tmp_path / "lab" / "sessions").glob("*.maillab"))
    assert len(files) == 2
    assert all(any(isinstance(e.event, Delivered) for e in load(file).entries) for file in files)
    assert {mark.name for file in files for mark in load(file).marks} == {"here"}


def test_a_record_from_the_start(stage, tmp_path):
    """Asked for on the command line, it begins with the lab."""

    async def story(seat):
        await seat.ready()
        await seat.see("REC 00:0")
        await seat.press("ctrl+s")
        await seat.heard(Delivered)

    stage(story, record=tmp_path / "mine.maillab")
    assert any(isinstance(entry.event, Delivered) for entry in load(tmp_path / "mine.maillab").entries)


def test_a_key_that_is_held_down(stage, tmp_path):
    """A record begins once, however often it is asked for before it has."""

    async def story(seat):
        await seat.ready()
        for _ in range(5):
            seat.app.action_run("app.record")
        await seat.until(lambda: seat.app.context.host.recording)
        assert len(list((tmp_path / "lab" / "sessions").iterdir())) == 1
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        seat.app.action_run("app.record")
        await seat.until(lambda: not seat.app.context.host.recording)
        assert [path.suffix for path in (tmp_path / "lab" / "sessions").iterdir()] == [".maillab"]

    stage(story)


def test_five_days_later(stage):
    """The lab's clock is turned forward, and what was to happen meanwhile happens."""

    async def story(seat):
        await seat.ready()
        await seat.switch_off()
        await seat.press("ctrl+s")
        await seat.heard(Deferred)
        await seat.see("retry in")
        seat.app.action_run("app.clock")
        await seat.see(seat.app.context.texts("clock.days5"))
        await seat.write(seat.app.context.texts("clock.days5"))
        await seat.press("enter")
        await seat.heard(Failed)

    stage(story)


def test_somebody_moves_in(tmp_path):
    """A new mailbox, with a password; the cursor stands before the @, and an address of no site is refused at once."""

    async def story(at):
        await add_person(at, "recipient.test")
        address, password = ui_of(at).asked
        assert (address.value, address.cursor, password.secret) == ("@recipient.test", 0, True)
        assert address.check("eve@else.test") == "else.test is no site of this lab: sender.test, recipient.test"
        assert address.check("@recipient.test") == at.texts("person.no_name")
        assert address.check("eve@sender.test") == ""
        assert "dave@recipient.test" in at.readers
        assert at.texts("say.moved_in", who="dave@recipient.test") in ui_of(at).said

    living(context(tmp_path, "dave@recipient.test", "secret"), story)
