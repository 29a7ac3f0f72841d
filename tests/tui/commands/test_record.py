"""The record of the living lab."""

from maillab.events import Adjusted, Carried, Delivered
from maillab.recording.session import load
from maillab.tui.commands import record, send
from maillab.tui.state.record import NoRecord, OnRecord
from maillab.views.subject import subject_of
from tests.tui.fake_ui import context, happened, living, ui_of


async def something_happens(lab):
    lab.logbook.append(Adjusted("sender.test", "held", "on"))


def test_begun_and_finished(tmp_path):
    """From the beginning of the lab, under a name that nothing has; a moment gets a name."""

    async def story(at):
        await record.mark(at)
        assert ui_of(at).said[-1] == at.texts("say.marked_first", name="here")
        assert isinstance(at.records.state, OnRecord)
        await record.mark(at)
        await send.send(at)
        await happened(at, Delivered)
        await record.record(at)
        assert isinstance(at.records.state, NoRecord)
        await record.record(at)
        assert ui_of(at).said[-1] == at.texts("say.recording_again", name=at.records.kept[0].stem)
        await record.record(at)

    at = living(context(tmp_path, "here"), story)
    files = sorted((tmp_path / "lab" / "sessions").glob("*.maillab"))
    assert sorted(at.records.kept) == files
    assert len(files) == 2
    content = next(e.event.content for e in at.live.model.entries if isinstance(e.event, Carried))
    assert all(subject_of(content) in file.name for file in files)  # named after their first message
    assert all(any(isinstance(entry.event, Delivered) for entry in load(file).entries) for file in files)
    assert not any(load(file).header.title for file in files)  # they are called like their files
    assert {mark.name for file in files for mark in load(file).marks} == {"here"}
    assert ui_of(at).complained == []


def test_from_now_on(tmp_path):
    """What was before is not in it, nor in its name; one that goes on is said to."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        before = at.host.lab.logbook.since(0)[-1].seq
        await record.record_from_now(at)
        assert ui_of(at).said[-1] == at.texts("say.recording_now")
        await record.record_from_now(at)
        assert ui_of(at).said[-1] == at.texts("say.is_recording")
        await at.host.ask(something_happens)
        await record.record(at)
        [path] = at.records.kept
        assert min(entry.seq for entry in load(path).entries) > before

    living(context(tmp_path), story)


def test_a_key_that_is_held_down(tmp_path):
    """A record begins once, however often it is asked for before it has."""

    async def story(at):
        for _ in range(5):
            at.ui.attempt(record.record(at))
        await ui_of(at).settled("draft", "looking")
        assert isinstance(at.records.state, OnRecord)
        assert len(list((tmp_path / "lab" / "sessions").iterdir())) == 1

    living(context(tmp_path), story)


def test_from_the_start(tmp_path):
    """Asked for on the command line, it begins with the lab."""

    async def story(at):
        assert at.records.state.path == tmp_path / "mine.maillab"

    living(context(tmp_path, record=tmp_path / "mine.maillab"), story)


def test_the_disk_is_full(tmp_path):
    """A record that cannot go on says so, and the lab does."""

    async def story(at):
        await record.record(at)
        at.host.record_trouble = "no space left on device"
        await record.record_stopped(at)
        assert at.host.alive
        assert isinstance(at.records.state, NoRecord)

    at = living(context(tmp_path), story)
    assert "no space left on device" in ui_of(at).complained[-1]
