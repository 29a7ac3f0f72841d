"""The Mail mode."""

import threading
from threading import current_thread

import pytest

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.events import Delivered, Read, Removed
from maillab.tui import messageview
from maillab.tui.commands import mail as mail_commands
from maillab.tui.commands import replay as replay_commands
from maillab.tui.screens import mail
from maillab.tui.screens.mail import matches
from tests.house import ROOT


async def read(seat):
    """Bob has fetched a message, and its list is looked at."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered)
    await seat.press("2")
    await seat.heard(Read)
    await seat.see("bob@recipient.test · Inbox · 1")


async def recall(seat):
    """The messages of a session are looked at."""
    await replay_commands.open_session(seat.app.context, ROOT / "examples" / "sessions" / "seven-steps.maillab")
    await seat.press("space", "ctrl+end", "2")
    await seat.until(lambda: seat.app.current_mode == "mail")
    await seat.see("747 B")


def test_a_message_is_opened(stage):
    """It is decoded, and shown in every way; when it is read it is no longer new."""

    async def story(seat):
        await read(seat)
        assert "1/1" in seat.text
        await seat.press("enter")
        await seat.see("Subject   Hello from the laboratory")
        await seat.until(lambda: " ● Hello" not in seat.text)
        for words in ("Subject: Hello", "Subject: Hello from the laboratory␍␊", "text/plain", " 1 mail.sender.test"):
            await seat.press("right_square_bracket")
            await seat.see(words)
        await seat.press("escape", "u")
        await seat.see("1/1")

    stage(story)


def test_a_message_that_takes_too_long(stage, monkeypatch):
    """Its source is shown instead, and that is said; no way to look at it is made in the window's own thread."""
    made_in, tab = [], messageview.tab
    monkeypatch.setattr(mail, "OPENING", 0.0)
    monkeypatch.setattr(messageview, "tab", lambda *words: (made_in.append(current_thread()), tab(*words))[1])

    async def story(seat):
        await read(seat)
        await seat.press("enter")
        await seat.see("Subject: Hello from the laboratory␍␊", "takes too long")
        await seat.press("right_square_bracket")
        await seat.see("text/plain")
        assert current_thread() not in made_in

    stage(story)
    assert made_in


def test_throwing_away(stage):
    """It lies in the trash, and the server deletes it at the next fetch: that is said when it has happened."""

    async def story(seat):
        await read(seat)
        await seat.press("d")
        await seat.see("bob@recipient.test · Inbox · 0")
        await seat.press("f")
        await seat.heard(Removed, mailbox="bob@recipient.test")
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press("j", "j")
        await seat.see("bob@recipient.test · Trash · 1")
        await seat.press("f6", "D")
        await seat.see("bob@recipient.test · Trash · 0")

    stage(story)


def test_answering(stage):
    """A reply goes to the sender, with the thread; a message can be sent on in the text or as it is."""

    async def story(seat):
        await read(seat)
        await seat.press("r")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.see("Re: Hello from the laboratory")
        assert (seat.app.context.drafting.form.sender, seat.app.context.drafting.form.to) == (
            "bob@recipient.test",
            "alice@sender.test",
        )
        assert seat.app.context.drafting.form.in_reply_to.startswith("<")
        await seat.press("escape", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.press("W")
        await seat.until(lambda: seat.app.context.drafting.form.files)
        assert seat.app.context.drafting.form.files[0].type == "message/rfc822"

    stage(story)


def test_whom_an_answer_leaves_out(stage):
    """Who is named in a message and has no address is named again when the message is answered."""

    async def story(seat):
        await read(seat)
        octets = b"From: alice@sender.test\r\nTo: bob@recipient.test, the class\r\n\r\nhi\r\n"
        seat.app.context.messages.put("bob@recipient.test", octets, 0.0)
        item = seat.app.context.messages.items("bob@recipient.test", MailFolder.INBOX)[0]
        await mail_commands.answer(seat.app.context, item, "reply_all")
        await seat.told("the class")
        assert seat.app.context.drafting.form.to == "alice@sender.test"

    stage(story)


def test_searching(stage):
    """Only messages that have the words; Esc shows all of them again."""

    async def story(seat):
        await read(seat)
        await seat.press("slash")
        await seat.write("from:nobody")
        await seat.press("enter")
        await seat.see("Inbox · 0", "from:nobody")
        await seat.press("escape")
        await seat.see("Inbox · 1")

    stage(story)


def test_saving(stage, tmp_path):
    """The message becomes a file, under a name of its own."""

    async def story(seat):
        await read(seat)
        await seat.press("s")
        await seat.see("Save as")
        await seat.press("enter")
        await seat.until(lambda: list(tmp_path.glob("*.eml")))
        [file] = tmp_path.glob("*.eml")
        assert b"Subject: Hello from the laboratory" in file.read_bytes()

    stage(story)


def test_where_it_came_from(stage):
    """From a message one goes to the line that carried it."""

    async def story(seat):
        await read(seat)
        await seat.press("x")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.until(lambda: seat.app.ui.screen.transcript.entry is not None)
        event = seat.app.ui.screen.transcript.entry.event
        assert type(event).__name__ == "Carried"
        assert event.talk == "retrieve-1"

    stage(story)


def test_messages_by_themselves(stage):
    """New mail is fetched every few seconds when one wants it; what is fetched may be deleted on the server."""

    async def story(seat):
        await read(seat)
        await seat.press("F", "K")
        await seat.see(seat.app.context.texts("mail.often"), seat.app.context.texts("mail.takes"))
        await seat.press("F", "f")
        await seat.heard(Removed, mailbox="bob@recipient.test")
        assert seat.app.context.texts("mail.often") not in seat.text

    stage(story)


@pytest.mark.parametrize(
    ("text", "found"),
    [("", True), ("lunch", True), ("LUNCH alice", True), ("from:alice", True), ("subject:alice", False), ("to:bob", True),
     ("x:lunch", False), ("dinner", False)],
)  # fmt: skip
def test_matches(text, found):
    """Words alone ask sender, recipient and subject; a field asks only itself."""
    message = LocalMessage(
        1, "bob@x", MailFolder.INBOX, "", True, False, 9, 0.0, "Alice <alice@x>", "bob@x", "Lunch?", None, False
    )
    assert matches(message, text) is found


def test_half_written(stage):
    """An answer does not take the place of a message that somebody is writing, unless they say so."""

    async def story(seat):
        await read(seat)
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write(" half")
        await seat.press("escape", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.press("r")
        await seat.see(seat.app.context.texts("ask.clear"))
        await seat.press("n")
        assert seat.app.context.drafting.form.subject.endswith(" half")
        await seat.press("r", "y")
        await seat.see("Re: Hello from the laboratory")
        await seat.until(lambda: seat.app.focused is not None and seat.app.focused.id == "field-text")

    stage(story)


def test_messages_of_a_session_stay_there(stage):
    """When a session is left its message is closed: what is done next concerns the living ones."""

    async def story(seat):
        await read(seat)
        await recall(seat)
        await seat.press("enter")
        await seat.see("Parts")
        await seat.until(lambda: seat.app.ui.screen._item is not None)
        await seat.press("Q")
        await seat.until(lambda: seat.app.context.playback is None and seat.app.ui.screen._item is None)
        await seat.see("Hello from the laboratory")

    stage(story)


def test_a_list_of_yesterday(stage, monkeypatch):
    """While the living messages are looked up after a session, those of the session are nobody's to throw away."""
    wait = threading.Event()

    async def story(seat):
        await read(seat)
        await recall(seat)
        counts = seat.app.context.home.shelf.counts
        monkeypatch.setattr(seat.app.context.home.shelf, "counts", lambda account: (wait.wait(10), counts(account))[1])
        await seat.press("Q", "d", "u", "enter")
        await seat.until(lambda: seat.app.context.playback is None)
        assert seat.app.ui.screen._here() is None
        wait.set()
        await seat.see("Hello from the laboratory")
        assert seat.app.context.home.shelf.counts("bob@recipient.test")[MailFolder.INBOX] == (1, 1)

    try:
        stage(story)
    finally:
        wait.set()
