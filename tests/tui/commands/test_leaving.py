"""Leaving the window: nothing is lost."""

from dataclasses import replace
from functools import partial

import pytest

from maillab.events import Delivered
from maillab.recording.session import load
from maillab.tui.commands import leaving, record, send
from maillab.tui.commands.draft import draft_file
from maillab.tui.machines import lab_actions
from maillab.tui.state.record import OnRecord
from tests.tui.fake_ui import context, happened, heard, living, ui_of


def test_quitting(tmp_path):
    """At once where nothing would be lost; the lab has ended then, and what is written is kept."""

    async def story(at):
        await leaving.quit_window(at)
        assert not at.host.begun

    at = living(context(tmp_path), story)
    assert (ui_of(at).closed, ui_of(at).asked) == (0, [])
    assert draft_file(at).exists()


@pytest.mark.parametrize(("answer", "kept"), [("ask.keep_record", True), ("ask.drop_record", False)])
def test_a_record_is_asked_about(tmp_path, answer, kept):
    """A record that is being made is kept, or not, as one likes; or one stays."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        await leaving.quit_window(at)
        assert ui_of(at).closed is None
        assert ui_of(at).asked[-1].title == at.texts("title.quit")
        ui_of(at).answers.extend((answer, True))
        await leaving.quit_window(at)
        assert ui_of(at).closed == 0

    living(context(tmp_path, "ask.stay", record=tmp_path / "mine.maillab"), story)
    assert (tmp_path / "mine.maillab").exists() is kept
    if kept:
        assert any(isinstance(entry.event, Delivered) for entry in load(tmp_path / "mine.maillab").entries)


def test_a_file_that_was_named_is_not_deleted_by_one_key(tmp_path):
    """Whoever has asked for a record with --record is asked again; no, and it is recorded on."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        await leaving.quit_window(at)
        assert ui_of(at).asked[-1] == at.texts("ask.drop", path=tmp_path / "mine.maillab")
        assert ui_of(at).closed is None
        assert isinstance(at.records.state, OnRecord)
        ui_of(at).answers.append("ask.keep_record")
        await leaving.quit_window(at)

    living(context(tmp_path, "ask.drop_record", False, record=tmp_path / "mine.maillab"), story)
    assert (tmp_path / "mine.maillab").exists()


def test_a_record_is_named_as_it_will_be(tmp_path):
    """The name that is asked about is the one that the file has, and the shell is told it when the window has closed."""

    async def story(at):
        await record.record(at)
        await send.send(at)
        await happened(at, Delivered)
        await leaving.quit_window(at)

    at = living(context(tmp_path, "ask.keep_record"), story)
    [kept] = at.records.rescued
    assert str(kept) in ui_of(at).asked[0].text
    assert kept.name.endswith(" Hello from the laboratory.maillab")
    assert kept.exists()


def test_a_record_that_cannot_be_kept(tmp_path):
    """Nobody leaves behind what is not there."""

    async def story(at):
        await record.record(at)
        await send.send(at)
        await happened(at, Delivered)
        at.host.record_trouble = "no space left on device"
        await leaving.quit_window(at)
        assert ui_of(at).closed is None
        assert ui_of(at).complained == ["no space left on device"]

    living(context(tmp_path, "ask.keep_record"), story)


# ── a temporary lab ──


def temporary(tmp_path, monkeypatch, *answers, **given):
    monkeypatch.chdir(tmp_path)
    return context(tmp_path, *answers, lab=None, **given)


async def run_and_quit(at):
    """A session is saved, another one grows; then somebody leaves."""
    await record.record(at)
    await send.send(at)
    await happened(at, Delivered)
    await record.record(at)
    await leaving.quit_window(at)


def test_the_session_of_a_temporary_lab_is_saved(tmp_path, monkeypatch):
    """It is not thrown away with the lab; the place is proposed, and one key saves there, never over a file."""
    (tmp_path / "2026-01-01.maillab").touch()

    def save_there(question):
        assert "temporary" in question.text
        [answer] = [answer for answer in question.answers if answer.key == "s"]
        return answer.value

    at = living(temporary(tmp_path, monkeypatch, save_there), run_and_quit)
    [saved] = at.records.rescued
    assert saved.parent == tmp_path
    assert any(isinstance(entry.event, Delivered) for entry in load(saved).entries)
    assert ui_of(at).closed == 0


def test_a_session_that_still_grows_is_saved_too(tmp_path, monkeypatch):
    """With the one that was finished before: both go into one folder."""

    async def story(at):
        await record.record(at)
        await send.send(at)
        await happened(at, Delivered)
        await record.record(at)
        await record.record(at)
        await leaving.quit_window(at)

    at = living(temporary(tmp_path, monkeypatch, "ask.save_elsewhere", str(tmp_path / "kept")), story)
    assert {path.parent for path in at.records.rescued} == {tmp_path / "kept"}
    assert len(at.records.rescued) == 2


def test_a_place_that_cannot_be(tmp_path, monkeypatch):
    """It is asked again, with what is wrong; whoever gives up stays, and nothing is lost."""
    at = living(temporary(tmp_path, monkeypatch, "ask.save_elsewhere", "none/of/that.maillab"), run_and_quit)
    assert at.records.rescued == []
    assert "there is no such folder" in ui_of(at).asked[-1].complaint


def test_nothing_to_lose(tmp_path, monkeypatch):
    """Without a session nobody is asked; nor where the lab is kept."""

    async def story(at):
        await leaving.quit_window(at)

    assert ui_of(living(temporary(tmp_path, monkeypatch), story)).asked == []
    assert ui_of(living(context(tmp_path), run_and_quit)).asked == []


@pytest.mark.parametrize("answers", [("ask.just_quit",), ("ask.save_first", "ask.save_there")])
def test_messages_that_nobody_recorded(tmp_path, monkeypatch, answers):
    """It is said that they go with a temporary lab; they can be saved as a session, under the session's own name.

    One that was refused is nowhere, and is not counted.
    """

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        at.drafting.put(replace(at.drafting.form, to="bob@gmail.com"))
        await send.send(at)
        assert "554" in ui_of(at).complained[-1]
        assert len(heard(at).journeys.trips) == 2
        await leaving.quit_window(at)
        assert ui_of(at).closed is None
        await leaving.quit_window(at)
        assert ui_of(at).closed == 0

    at = living(temporary(tmp_path, monkeypatch, None, *answers), story)
    assert "1 message will be deleted" in ui_of(at).asked[0].text
    assert [path.name[10:] for path in tmp_path.glob("*.maillab")] == [" Hello from the laboratory.maillab"] * (
        len(answers) - 1
    )


def test_thrown_away_on_purpose(tmp_path, monkeypatch):
    """Whoever says so."""

    async def story(at):
        await record.record(at)
        await leaving.quit_window(at)

    at = living(temporary(tmp_path, monkeypatch, "ask.drop_sessions"), story)
    assert (at.records.rescued, ui_of(at).closed) == ([], 0)
    assert list(tmp_path.glob("*.maillab")) == []


# ── zones ──


@pytest.mark.parametrize("lab", [None, "lab"])
def test_an_edited_zone(tmp_path, monkeypatch, lab):
    """It would go with the lab, temporary or not: it is offered to be saved, and never over a file; or one stays."""
    (tmp_path / "recipient.test.zone").write_text("mine")
    text = "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\n@ MX 5 mx\nmx A 127.0.0.1\nns A 127.0.0.1\n"

    async def story(at):
        await at.host.ask(partial(lab_actions.edit_zone, origin="recipient.test.", text=text))
        await leaving.quit_window(at)
        assert ui_of(at).closed is None
        await leaving.quit_window(at)
        assert ui_of(at).closed == 0

    monkeypatch.chdir(tmp_path)
    at = living(context(tmp_path, None, "ask.save_zones", lab=lab and tmp_path / lab), story)
    question = ui_of(at).asked[0].text
    assert "zone recipient.test." in question
    assert "lab.toml" in question
    assert "./recipient.test.zone?" in question
    assert at.records.rescued == [tmp_path / "recipient.test-1.zone"]
    assert at.records.rescued[0].read_text() == text
    assert (tmp_path / "recipient.test.zone").read_text() == "mine"


def test_an_edited_zone_that_nobody_wants(tmp_path, monkeypatch):
    """Whoever says so leaves without it."""

    async def story(at):
        [text] = [zone.text for zone in at.host.lab.zones if zone.origin == "recipient.test."]
        await at.host.ask(partial(lab_actions.edit_zone, origin="recipient.test.", text=text + "; mine\n"))
        await leaving.quit_window(at)

    at = living(temporary(tmp_path, monkeypatch, "ask.just_quit"), story)
    assert ui_of(at).closed == 0
    assert list(tmp_path.glob("*.zone")) == []
