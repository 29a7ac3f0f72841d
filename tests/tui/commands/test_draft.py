"""The message that is being written, kept and sent."""

import contextlib
import os
import stat

import pytest

from maillab.events import Authenticated, Delivered, Submitted
from maillab.tui import drafts
from maillab.tui.commands import draft
from maillab.tui.commands.draft import BESIDE
from maillab.tui.drafts import DraftForm
from tests.house import ROOT
from tests.tui.commands.test_everywhere import dialog
from tests.tui.fake_ui import context, living, ui_of

SEVEN = ROOT / "examples" / "sessions" / "seven-steps.maillab"


def test_it_survives(stage, tmp_path):
    """What was being written when the window closed, by whatever cause, is there again."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write(" and more")
        await seat.until((tmp_path / "lab" / "draft.json").exists)

    async def again(seat):
        await seat.ready()
        await seat.see("Hello from the laboratory and more")
        await seat.press("ctrl+s")
        await seat.heard(Submitted)
        await seat.until(lambda: not (tmp_path / "lab" / "draft.json").exists())

    stage(story)
    stage(again)


@pytest.mark.parametrize("wanted", ["k", "n"])
def test_two_messages(stage, tmp_path, wanted):
    """What is written while a session plays never takes the place of what was kept before: that is asked about."""
    kept, path = DraftForm("a@x.test", "b@x.test", subject="Precious"), tmp_path / "lab" / "draft.json"
    path.parent.mkdir()
    drafts.save(kept, path)

    async def write(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write("other")

    async def leave_the_window(seat):
        await write(seat)
        await seat.press("ctrl+q")
        await seat.until(lambda: seat.app._exit)

    async def leave_the_session(seat):
        await write(seat)
        seat.app.action_run("replay.leave")
        await seat.see("Precious", "Continue the kept")
        await seat.press(wanted)
        await seat.until(lambda: seat.app.context.drafting.form.subject == {"k": "Precious", "n": "other"}[wanted])

    stage(leave_the_window, replay=SEVEN)
    assert drafts.load(path) == kept
    assert drafts.load(path.with_name(BESIDE)).subject == "other"
    stage(leave_the_session, replay=SEVEN)
    assert drafts.load(path).subject == {"k": "Precious", "n": "other"}[wanted]
    assert not path.with_name(BESIDE).exists()


def test_nobody_decides(stage, tmp_path):
    """Esc at the question of the two messages keeps both, and it is asked again next time."""
    path = tmp_path / "lab" / "draft.json"
    path.parent.mkdir()
    drafts.save(DraftForm("a@x.test", "b@x.test", subject="Precious"), path)
    drafts.save(DraftForm("a@x.test", "c@x.test", subject="Other"), path.with_name(BESIDE))

    async def story(seat):
        await seat.see("Precious", "Continue the kept")
        await seat.press("escape")
        await seat.until(lambda: seat.app.context.home.shelf is not None and dialog(seat) is None)

    stage(story)
    assert (drafts.load(path).subject, drafts.load(path.with_name(BESIDE)).subject) == ("Precious", "Other")

    async def again(seat):
        await seat.see("Precious", "Continue the kept")
        await seat.press("n")
        await seat.see("Subject  Other")

    stage(again)
    assert drafts.load(path).subject == "Other"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("to", "bob@", "To: "), ("sender", "nobody", "From: "), ("to", "", "To: ")],
)
def test_what_is_wrong_is_said_at_the_field(stage, field, text, words):
    """Nothing is sent, the field is pointed at, wherever one was."""

    async def story(seat):
        await seat.ready()
        seat.app.ui.screen.query_one(f"#field-{field}").value = text
        await seat.pilot.pause()
        await seat.press("escape", "3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.press("ctrl+s")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.see(words)
        await seat.until(lambda: seat.app.focused is not None and seat.app.focused.id == f"field-{field}")
        assert not seat.app.context.live.model.journeys.trips

    stage(story)


def test_a_header_that_would_smuggle(stage):
    """A field with a line end in it is refused in the form (T252)."""

    async def story(seat):
        await seat.ready()
        seat.app.context.drafting.put(
            DraftForm("alice@sender.test", "bob@recipient.test", headers="X\u2028Bcc: evil@x.test", text="x")
        )
        await seat.press("ctrl+s")
        await seat.until(lambda: seat.app.ui.screen.query_one("ComposePane").tab == "headers")
        assert not seat.app.context.live.model.journeys.trips

    stage(story)


def test_a_server_that_refuses(stage):
    """What the server says is said, and the message stays."""

    async def story(seat):
        await seat.ready()
        seat.app.ui.screen.query_one("#field-to").value = "bob@nowhere.else.test"
        seat.app.ui.screen.query_one("#field-sender").value = "eve@sender.test"
        await seat.pilot.pause()
        await seat.press("ctrl+s")
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.context.drafting.form.to == "bob@nowhere.else.test"

    stage(story)


def test_another_door(stage):
    """Handed over at port 25, nobody logs in."""

    async def story(seat):
        await seat.ready()
        await seat.press("f10")
        await seat.answer("smtp")
        await seat.until(lambda: seat.app.context.drafting.service == "smtp")
        await seat.see("^S send · smtp")
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        assert not any(isinstance(entry.event, Authenticated) for entry in seat.app.context.live.model.entries)

    stage(story)


def test_attaching(tmp_path):
    """A file is attached with its type, and can be taken off again; what cannot be read is named with the reason."""
    notes = tmp_path / "notes.txt"
    notes.write_text("some notes")
    wrong = {
        str(tmp_path / "none.txt"): "none.txt: no such file or directory",
        "x" * 300: "file name too long",
        "~nobody-of-that-name": "~nobody-of-that-name: no such file or directory",
        str(tmp_path): "is no file",
    }

    async def story(at):
        await draft.attach(at)
        assert [(file.name, file.type) for file in at.drafting.form.files] == [("notes.txt", "text/plain")]
        await draft.detach(at)
        assert at.drafting.form.files == ()
        await draft.attach(at)
        complaints = [asked.complaint for asked in ui_of(at).asked[3:]]
        assert all(text in complaint for text, complaint in zip(wrong.values(), complaints, strict=True))
        assert ui_of(at).asked[0].complete(f"{tmp_path}/no") == [str(notes)]

    living(context(tmp_path, str(notes), "notes.txt", *wrong, None), story)


def test_a_new_message(stage):
    """After a question, if something was written."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.query_one("#field-cc"))
        await seat.write("carol@recipient.test")
        await seat.press("ctrl+n")
        await seat.until(lambda: dialog(seat) is not None)
        await seat.press("y")
        await seat.until(lambda: seat.app.context.drafting.form.cc == "")

    stage(story)


def test_an_editor_of_ones_own(stage, tmp_path, monkeypatch):
    """The text goes to the editor and comes back; the lab goes on meanwhile."""
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nwhile ! test -e go-on; do sleep 0.02; done; echo 'Written elsewhere' > \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", str(editor))

    async def story(seat):
        await seat.ready()
        seat.app.suspend = contextlib.nullcontext  # a pilot has no terminal to give away
        await seat.press("f3")
        await seat.until(lambda: seat.app._batch_count, "a terminal on which nothing is drawn")
        seat.app.action_run("app.send")
        await seat.heard(Delivered)
        (tmp_path / "go-on").touch()
        await seat.see("Written elsewhere")
        assert not seat.app._batch_count
        monkeypatch.setenv("VISUAL", str(tmp_path / "none"))
        await seat.press("f3")
        await seat.until(lambda: seat.app._notifications)
        assert "Written elsewhere" in seat.app.context.drafting.form.text

    stage(story)


def test_only_its_owner_reads_a_draft(stage, tmp_path):
    """What is kept on the disk is nobody else's business."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write("x")
        await seat.until((tmp_path / "lab" / "draft.json").exists)
        assert os.stat(tmp_path / "lab" / "draft.json").st_mode & 0o077 == 0

    stage(story)


def test_written_while_another_is_sent(stage, tmp_path):
    """What somebody writes while the message is on its way is another message, and is kept."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        sent = seat.app.context.drafting.form
        seat.app.action_run("app.send")
        await seat.write("!")
        await seat.heard(Submitted)
        await seat.until(lambda: seat.app.context.drafting.sent is not None)
        assert seat.app.context.drafting.sent == sent
        await seat.until((tmp_path / "lab" / "draft.json").exists)
        assert seat.app.context.drafting.form.subject.endswith("!")

    stage(story)
