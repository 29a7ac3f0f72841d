"""What is done with saved sessions."""

import asyncio
import shutil

import pytest

from maillab.tui.commands import sessions
from maillab.tui.commands.sessions import SessionDifference
from maillab.tui.state.record import OnRecord
from maillab.tui.subjects import SavedRun
from tests.house import ROOT
from tests.tui.fake_ui import context, living, ui_of

SESSIONS = ROOT / "examples" / "sessions"


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "lab" / "sessions"
    shutil.copytree(SESSIONS, folder)
    return SavedRun(folder / "seven-steps.maillab")


def test_another_name(run, tmp_path):
    """What is no name is said below it."""
    at = context(tmp_path, "a/b", "friday")
    asyncio.run(sessions.rename(at, run))
    assert (run.path.parent / "friday.maillab").exists()
    assert "cannot be called" in ui_of(at).asked[1].complaint
    assert at.records.version == 1


def test_sessions_from_elsewhere(run, tmp_path):
    """One that the window was opened with, and one that was asked for with --record: listed beside those of the lab,
    compared with them, and still known when they are called otherwise.
    """
    opened, recorded = tmp_path / "opened.maillab", tmp_path / "asked.maillab"
    for path in (opened, recorded):
        shutil.copy(run.path, path)
    at = context(tmp_path, "friday", str(recorded.with_name("friday.maillab")), replay=opened)
    at.records.finished(recorded)
    asyncio.run(sessions.rename(at, SavedRun(recorded)))
    names = {one.path.name for one in sessions.known(at)}
    assert {"opened.maillab", "friday.maillab", run.path.name} < names
    assert "asked.maillab" not in names
    asyncio.run(sessions.compare(at, run))
    assert ui_of(at).gone[0][2].second == "friday"


def test_into_the_trash(run, tmp_path):
    """After a question."""
    at = context(tmp_path, False, True)
    asyncio.run(sessions.delete(at, run))
    assert run.path.exists()
    asyncio.run(sessions.delete(at, run))
    assert not run.path.exists()
    assert list((run.path.parent / "trash").iterdir())


def test_compared(run, tmp_path):
    """With another one of the folder; the preview shows what differs."""
    at = context(tmp_path, str(run.path.with_name("greylist-then-retry.maillab")))
    asyncio.run(sessions.compare(at, run))
    labels = [choice.label for choice in ui_of(at).asked[0].choices]
    assert run.path.stem not in labels
    assert "greylist-then-retry" in labels  # by their names, as in the list
    [(mode, pane, about)] = ui_of(at).gone
    assert (mode, pane) == ("sessions", "preview")
    assert isinstance(about, SessionDifference)
    assert about.rows


def test_nothing_to_compare_with(run, tmp_path):
    """Where no other session is saved, that is said, and how another one comes to be."""
    for other in run.path.parent.glob("*.maillab"):
        if other != run.path:
            other.unlink()
    at = context(tmp_path)
    asyncio.run(sessions.compare(at, run))
    assert ui_of(at).asked == []
    assert (ui_of(at).said, ui_of(at).complained) == ([at.texts("compare.alone")], [])


def test_exported(run, tmp_path, monkeypatch):
    """In another format, under the name of the session."""
    monkeypatch.chdir(tmp_path)
    at = context(tmp_path, "html", lambda question: question.value)
    asyncio.run(sessions.export(at, run))
    assert (tmp_path / "seven-steps.html").exists()


def test_said_again(run, tmp_path):
    """To the running lab; the preview shows what is another thing now."""

    async def story(at):
        await sessions.reenact(at, run)
        [(_, pane, about)] = ui_of(at).gone
        assert pane == "preview"
        assert isinstance(about, SessionDifference)

    living(context(tmp_path, lambda question: question.choices[0].value), story)


def test_why_there_is_none(tmp_path):
    """Where nothing is recorded the key that does it is named; while something is, since when, and how it is saved."""
    at = context(tmp_path)
    assert sessions.why_none(at) == at.texts("sessions.empty")
    at.records.state = OnRecord(tmp_path / "a.maillab", 0.0)
    assert sessions.why_none(at).startswith("Recording everything since ")
    assert "^R saves" in sessions.why_none(at)
