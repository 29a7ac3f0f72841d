"""The Mail mode."""

import threading
from threading import current_thread

from maillab.client.local_store import MailFolder
from maillab.events import Delivered, Read
from maillab.tui import messageview
from maillab.tui.commands import replay as replay_commands
from maillab.tui.screens import mail
from tests.house import ROOT


async def read(seat):
    """Bob has fetched a message, and its list is looked at."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered)
    await seat.press("2")
    await seat.heard(Read)
    await seat.see("bob · Inbox · 1", "Subject   Hello from the laboratory")


async def recall(seat, name="seven-steps.maillab"):
    """The messages of a session are looked at."""
    await replay_commands.open_session(seat.app.context, ROOT / "examples" / "sessions" / name)
    await seat.press("space", "ctrl+end", "2")
    await seat.until(lambda: seat.app.current_mode == "mail")
    await seat.see("bob · Inbox · 1", "Alice")
    await seat.until(lambda: seat.app.ui.screen._opened is not None)


BOB, CAROL = "bob@recipient.test", "carol@recipient.test"


def bounce(number):
    """A message that is only a report."""
    return f"From: a{number}@sender.test\r\nSubject: Number {number}\r\n\r\nwords of {number}\r\n".encode()


def test_the_message_under_the_cursor_is_opened(stage, monkeypatch):
    """It is seen while the cursor goes through the list; it counts as read when it was in sight, or Enter went into it."""
    monkeypatch.setattr(mail, "READ", 60.0)

    async def story(seat):
        await read(seat)
        await seat.see("1 new")
        no_html = seat.app.context.texts("message.no_html")
        shelf = seat.app.context.home.shelf
        assert shelf.counts(BOB)[MailFolder.INBOX] == (1, 1)
        await seat.press("enter")
        await seat.until(lambda: shelf.counts(BOB)[MailFolder.INBOX] == (1, 0))
        for words in (no_html, no_html, "Subject: Hello", r"Subject: Hello from the laboratory\r\n", "text/plain"):
            await seat.press("right_square_bracket")
            await seat.see(words)
        await seat.press("right_square_bracket")
        await seat.see(seat.app.context.texts("route.trusted"))
        await seat.press("escape", "u")
        await seat.see("1 new")
        for number in range(3):
            shelf.put(BOB, bounce(number), 0.0)
        seat.app.context.home.changed()
        seat.app.ui.refresh()
        await seat.see("Number 2", "Number 0")
        assert seat.app.ui.screen._item.subject.startswith("Hello")
        monkeypatch.setattr(mail, "READ", 0.01)
        await seat.press("k")
        await seat.until(lambda: shelf.counts(BOB)[MailFolder.INBOX] == (4, 3))
        assert "Number 0" in seat.text
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press("j", "j", "j")
        await seat.see("carol · Inbox")
        assert "Number" not in seat.text

    stage(story)


def test_a_part_is_chosen(stage, tmp_path):
    """In the tree of parts Enter opens one, s saves it, Esc goes back to the tree, then to the list."""

    async def story(seat):
        await recall(seat, "attachment.maillab")
        await seat.press("enter", "left_square_bracket", "left_square_bracket")
        await seat.see("multipart/mixed", "└ ")
        await seat.press("G")
        names = seat.app.ui.screen._opened.message.parts
        await seat.press("enter")
        await seat.see(seat.app.context.texts("parts.back"))
        await seat.press("s")
        await seat.see(names[-1].name)
        await seat.press("enter")
        await seat.until(lambda: (tmp_path / names[-1].name).exists())
        await seat.press("escape")
        await seat.see("multipart/mixed")
        assert seat.app.ui.screen.here == "message"
        await seat.press("escape")
        assert seat.app.ui.screen.here == "messages"

    stage(story)


def test_a_message_that_takes_too_long(stage, monkeypatch):
    """Its source is shown instead, and that is said; no way to look at it is made in the window's own thread."""
    made_in, tab = [], messageview.tab
    monkeypatch.setattr(mail, "OPENING", 0.0)
    monkeypatch.setattr(messageview, "tab", lambda *words: (made_in.append(current_thread()), tab(*words))[1])

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("2")
        await seat.see(r"Subject: Hello from the laboratory\r\n", "takes too long")
        await seat.press("right_square_bracket")
        await seat.see("text/plain")
        assert current_thread() not in made_in

    stage(story)
    assert made_in


def test_searching(stage):
    """Only messages that have the words, as long as the border says so; Esc and a click on the sign show all again."""

    async def story(seat):
        await read(seat)
        await seat.press("slash")
        await seat.write("from:nobody")
        await seat.press("enter")
        await seat.see("Inbox · from:nobody ✕ · 0 of 1")
        assert "Subject" not in seat.text
        await seat.press("escape")
        await seat.see("Inbox · 1", "Subject   Hello")
        await seat.press("slash")
        await seat.write("hello")
        await seat.press("enter")
        await seat.see("Inbox · hello ✕ · 1 of 1")
        await seat.click("✕")
        await seat.see("Inbox · 1")

    stage(story)


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
    """When a session is left its message is closed, and one of the living ones is opened."""

    async def story(seat):
        await read(seat)
        await recall(seat)
        await seat.press("enter")
        await seat.see("Parts")
        await seat.until(lambda: seat.app.ui.screen._item is not None)
        await seat.press("Q")
        await seat.until(lambda: seat.app.context.playback is None)
        await seat.until(lambda: (item := seat.app.ui.screen._item) is not None and item.uidl, "a living message")
        await seat.see("Subject   Hello from the laboratory")

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
