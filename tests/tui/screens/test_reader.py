"""The message under the cursor, opened."""

import asyncio
from threading import current_thread

from maillab.client.local_store import MailFolder
from maillab.events import Delivered
from maillab.tui.commands import mail
from maillab.tui.commands.server_mail import NotAnswered
from maillab.tui.mail import messageview
from maillab.tui.screens import reader
from tests.tui.fake_ui import BY_POP3
from tests.tui.screens.test_mail import BOB, read


def numbered(number):
    """A message of this number."""
    return f"From: a{number}@sender.test\r\nSubject: Number {number}\r\n\r\nwords of {number}\r\n".encode()


def test_the_message_under_the_cursor_is_opened(stage, monkeypatch):
    """It is seen while the cursor goes through the list; it counts as read when it was in sight, or Enter went into it."""
    monkeypatch.setattr(reader, "READ", 60.0)

    async def story(seat):
        await read(seat)
        await seat.see("1 unread")
        shelf = seat.app.context.home.shelf
        assert shelf.counts(BOB)[MailFolder.INBOX] == (1, 1)
        await seat.press("enter")
        await seat.until(lambda: shelf.counts(BOB)[MailFolder.INBOX] == (1, 0))
        for words in ("Subject: Hello", r"Subject: Hello from the laboratory\r\n"):
            await seat.press("right_square_bracket")
            await seat.see(words)
        await seat.press("right_square_bracket")
        await seat.see(seat.app.context.texts("route.trusted"))
        await seat.press("escape", "u")
        await seat.see("1 unread")
        for number in range(3):
            shelf.put(BOB, numbered(number), 0.0)
        seat.app.context.home.changed()
        seat.app.ui.refresh()
        await seat.see("Number 2", "Number 0")
        assert seat.app.ui.screen.reader.item.subject.startswith("Hello")
        monkeypatch.setattr(reader, "READ", 0.01)
        await seat.press("k")
        await seat.until(lambda: shelf.counts(BOB)[MailFolder.INBOX] == (4, 3))
        assert "Number 0" in seat.text
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press("j", "j", "j")
        await seat.see("carol · Inbox")
        assert "Number" not in seat.text

    stage(story, config=BY_POP3)


def test_a_message_that_takes_too_long(stage, monkeypatch):
    """Its source is shown instead, and that is said; no way to look at it is made in the window's own thread."""
    made_in, tab = [], messageview.tab
    monkeypatch.setattr(reader, "OPENING", 0.0)
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

    stage(story, config=BY_POP3)
    assert made_in


def test_a_message_for_which_nobody_waits_any_more(stage, monkeypatch):
    """When a server has at last said why it does not give a message, the one to which somebody went meanwhile stays
    open, and does not count as read.
    """
    monkeypatch.setattr(reader, "READ", 60.0)
    monkeypatch.setattr(reader, "WAITED", 0.0)

    async def story(seat):
        await read(seat)
        at, asked, answered = seat.app.context, asyncio.Event(), asyncio.Event()
        shelf, octets_of = at.home.shelf, mail.octets_of
        shelf.put(BOB, numbered(1), 0.0)
        at.home.changed()
        at.ui.refresh()
        await seat.see("Number 1")

        async def slowly(at, item):
            if item.subject != "Number 1":
                return await octets_of(at, item)
            asked.set()
            await answered.wait()
            raise NotAnswered("the server hung up")

        monkeypatch.setattr(mail, "octets_of", slowly)
        screen = at.ui.screen
        await seat.press("k")
        await seat.until(lambda: screen.reader._under_cursor().subject == "Number 1")
        await seat.press("enter")
        await asked.wait()
        await seat.press("j")
        await seat.see("Dear Bob,")
        unread = shelf.counts(BOB)[MailFolder.INBOX]
        answered.set()
        await seat.told("the server hung up")
        assert "Dear Bob," in seat.text
        assert screen.reader.item.subject.startswith("Hello")
        assert shelf.counts(BOB)[MailFolder.INBOX] == unread

    stage(story, config=BY_POP3)
