"""The message that is being written: kept, offered, gone on with, and its files."""

import asyncio
import os
import stat

import pytest

from maillab.events import Carried, Delivered
from maillab.tui.commands import draft, send
from maillab.tui.commands.draft import BESIDE, FieldToFill
from maillab.tui.machines import drafts
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.mail.replayed_mailbox import ReplayedMailbox
from maillab.tui.questions import AskByKey
from maillab.tui.texts import Texts
from tests.tui.fake_ui import context, happened, living, ui_of

PRECIOUS = DraftForm("a@x.test", "b@x.test", subject="Precious")
OTHER = DraftForm("a@x.test", "c@x.test", subject="Other")


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "lab" / "draft.json"
    path.parent.mkdir()
    drafts.save(PRECIOUS, path)
    return path


def test_it_survives(tmp_path, monkeypatch):
    """What is written is kept when nobody has typed for a moment, by nobody else to be read; sent, it is no longer."""
    monkeypatch.setattr(draft, "SAVED_AFTER", 0.0)
    path = tmp_path / "lab" / "draft.json"

    async def write(at):
        draft.typed(at, OTHER)
        draft.typed(at, PRECIOUS)
        await ui_of(at).settled("looking")
        assert drafts.load(path) == PRECIOUS
        assert path.stat().st_mode & 0o077 == 0

    async def again(at):
        assert at.drafting.form == PRECIOUS
        at.drafting.put(DraftForm("alice@sender.test", "bob@recipient.test", text="x"))
        await send.send(at)
        await happened(at, Delivered)
        assert not path.exists()

    living(context(tmp_path), write)
    living(context(tmp_path), again)


@pytest.mark.parametrize("answer", ["ask.kept_message", "ask.new_message"])
def test_two_messages(tmp_path, kept, answer):
    """What was written meanwhile never takes the place of what was kept before: that is asked about."""
    at = context(tmp_path, answer)
    at.drafting.typed(OTHER)

    async def story(at):
        [question] = ui_of(at).asked
        assert isinstance(question, AskByKey)
        assert question.unasked
        assert at.drafting.form == {"ask.kept_message": PRECIOUS, "ask.new_message": OTHER}[answer]

    living(at, story)
    assert drafts.load(kept) == at.drafting.form
    assert not kept.with_name(BESIDE).exists()


def test_nobody_decides(tmp_path, kept):
    """Left without an answer both stay, and it is asked again next time."""
    at = context(tmp_path)
    at.drafting.typed(OTHER)
    living(at, lambda at: asyncio.sleep(0))
    assert (drafts.load(kept), drafts.load(kept.with_name(BESIDE))) == (PRECIOUS, OTHER)

    async def again(at):
        assert at.drafting.form == OTHER

    living(context(tmp_path, "ask.new_message"), again)
    assert drafts.load(kept) == OTHER


def test_attaching(tmp_path):
    """A file is attached with its type, and can be taken off again; what cannot be read is named with the reason.

    Both are said: another pane may be in front.
    """
    notes = tmp_path / "notes.txt"
    notes.write_text("some notes")
    wrong = {
        str(tmp_path / "none.txt"): "no such file or directory",
        "x" * 300: "file name too long",
        "~nobody-of-that-name": "no such file or directory",
        str(tmp_path): "is not a file",
    }

    async def story(at):
        await draft.attach(at)
        assert [(file.name, file.type) for file in at.drafting.form.files] == [("notes.txt", "text/plain")]
        await draft.detach(at)
        assert at.drafting.form.files == ()
        assert ui_of(at).said == ["Attached to the draft: notes.txt, 10 B.", "Removed from the draft: notes.txt."]
        await draft.attach(at)
        complaints = [asked.complaint for asked in ui_of(at).asked[3:]]
        assert all(text in complaint for text, complaint in zip(wrong.values(), complaints, strict=True))
        assert ui_of(at).asked[0].complete(f"{tmp_path}/no") == [str(notes)]

    living(context(tmp_path, str(notes), "notes.txt", *wrong, None), story)


def test_a_new_message(tmp_path):
    """After a question, if something was written that has not been sent."""
    at = context(tmp_path, False, True)
    at.drafting.typed(PRECIOUS)
    asyncio.run(draft.clear(at))
    assert at.drafting.form == PRECIOUS
    asyncio.run(draft.clear(at))
    assert at.drafting.form == DraftForm()
    at.drafting.typed(PRECIOUS)
    at.drafting.sent = PRECIOUS
    asked = len(ui_of(at).asked)
    asyncio.run(draft.clear(at))
    assert at.drafting.form == DraftForm()
    assert len(ui_of(at).asked) == asked


def test_another_service(tmp_path):
    """Those with a login come first."""
    at = context(tmp_path, "smtp")
    asyncio.run(draft.service(at))
    assert at.drafting.service == "smtp"
    assert [choice.value for choice in ui_of(at).asked[0].choices][-1] == "smtp"


def test_an_answer_to_go_on_with(tmp_path):
    """The form is gone to; what is half written is asked about."""
    at = context(tmp_path, False)
    asyncio.run(draft.go_on_with(at, OTHER))
    assert ui_of(at).gone == [("lab", "compose", FieldToFill("text"))]
    at.drafting.typed(PRECIOUS)
    asyncio.run(draft.go_on_with(at, OTHER))
    assert at.drafting.form == PRECIOUS


def test_as_it_will_go(tmp_path):
    """Octet for octet, or what is wrong with it."""
    at = context(tmp_path)
    at.drafting.typed(DraftForm("a@x.test", "b@x.test", subject="S", text="Hello"))
    lines, head = asyncio.run(draft.source(at))
    said = ["".join(text for _, text in line) for line in lines]
    assert "RCPT TO:<b@x.test>" in said
    assert any("Subject: S" in "".join(text for _, text in line) for line in head)
    at.drafting.typed(DraftForm("nobody"))
    at.texts = Texts("vi")
    wrong, _ = asyncio.run(draft.source(at))
    assert wrong[0][0][0] == "bad"
    assert "nobody: địa chỉ được viết" in wrong[0][0][1]


def test_what_is_shown_is_what_goes(tmp_path):
    """Octet for octet, as the other server takes it."""

    async def story(at):
        at.drafting.put(DraftForm("alice@sender.test", "bob@recipient.test", subject="Đúng", text="Hello\n.\n"))
        lines, _ = await draft.source(at)
        shown = ["".join(text for _, text in line) for line in lines]
        await send.send(at)
        await happened(at, Delivered)
        model = at.live.model
        sent = ReplayedMailbox(model).octets(next(e.seq for e in model.entries if isinstance(e.event, Carried)))
        assert "".join(shown[shown.index("") + 2 :]) == sent.decode().replace("\r\n", "␍␊")

    living(context(tmp_path), story)


def editor(tmp_path, monkeypatch, script):
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", str(path))


def test_an_editor_of_ones_own(tmp_path, monkeypatch):
    """The text goes to the editor and comes back; what does not work is said."""
    at = context(tmp_path)
    at.drafting.typed(PRECIOUS)
    editor(tmp_path, monkeypatch, "echo 'Written elsewhere' > \"$1\"")
    asyncio.run(draft.editor(at))
    assert at.drafting.form.text == "Written elsewhere\n"
    for broken in (str(tmp_path / "none"), "'", "false"):
        monkeypatch.setenv("VISUAL", broken)
        asyncio.run(draft.editor(at))
    assert len(ui_of(at).complained) == 3
    assert at.drafting.form.text == "Written elsewhere\n"


def test_a_text_that_is_too_long(tmp_path, monkeypatch):
    """It is attached."""
    monkeypatch.setattr(drafts, "MOST_TEXT", 5)
    at = context(tmp_path)
    editor(tmp_path, monkeypatch, "echo 'Written elsewhere' > \"$1\"")
    asyncio.run(draft.editor(at))
    [file] = at.drafting.form.files
    assert file.octets == b"Written elsewhere\n"
    assert os.fspath(file.name) == "message.txt"


def test_a_message_before_the_ports_are_open(tmp_path, monkeypatch):
    """The form shows what will be offered while the lab starts; what somebody has begun to write stays."""
    seen = []

    async def clear_away(at):
        seen.append(at.drafting.form)

    monkeypatch.setattr("maillab.tui.commands.lab._clear_away", clear_away)

    async def story(at):
        assert seen[0].to == "bob@recipient.test"
        assert at.drafting.form == seen[0]
        at.drafting.known = False
        at.drafting.typed(OTHER)
        draft.offer_first(at)
        assert at.drafting.form == OTHER

    living(context(tmp_path), story)
