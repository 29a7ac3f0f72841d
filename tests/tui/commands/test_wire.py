"""Taking lines of the conversation along."""

import asyncio

from maillab.recording.session import load
from maillab.tui.commands import wire
from maillab.tui.commands.everywhere import TOLD
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import SeenLines, SelectedLine
from maillab.views.safe import clip
from tests.house import ROOT
from tests.tui.fake_ui import context, ui_of

SESSION = load(ROOT / "examples" / "sessions" / "seven-steps.maillab")


def replaying(tmp_path, *answers):
    at = context(tmp_path, *answers)
    at.shown = Replay(Model(), Playback(Recording(SESSION.header, list(SESSION.entries), whole=True)))
    at.model.take(SESSION.entries)
    return at


def line(number=2):
    return SelectedLine(SESSION.entries[number], SeenLines(lambda: tuple(SESSION.entries)))


def test_copied(tmp_path):
    """The line, or more of it, or a command that says it again."""
    at = replaying(tmp_path, "talk")
    wire.copy(at, line())
    asyncio.run(wire.copy_as(at, line()))
    one, talk = ui_of(at).copied
    assert one.count("\n") == 1
    assert one in talk
    first, *others = talk.splitlines()
    assert ui_of(at).said == [f"Copied: {one.strip()}", f"Copied {len(others) + 1} lines: {clip(first, TOLD)}"]


def test_what_cannot_be_copied_is_said(tmp_path, monkeypatch):
    """There is nothing of the kind, or too much of it."""
    at = replaying(tmp_path)
    wire.copy(at, line(0), "nothing of the kind")
    monkeypatch.setattr(wire, "CLIPBOARD", 3)
    wire.copy(at, line())
    assert len(ui_of(at).complained) == 2 - bool(ui_of(at).copied)


def test_exported(tmp_path, monkeypatch):
    """What is seen, as a file."""
    monkeypatch.chdir(tmp_path)
    at = replaying(tmp_path, "md", lambda question: question.value)
    asyncio.run(wire.export(at, line().seen))
    assert len(list(tmp_path.glob("maillab.*"))) == 1
