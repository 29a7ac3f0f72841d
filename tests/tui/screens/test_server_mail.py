"""Mail mode on a server that is read by IMAP."""

import asyncio

import pytest

from maillab.events import Delivered, Said, Side
from maillab.lab.person import read_mail
from maillab.tui.screens import reader
from maillab.tui.state.server_mail import FLAGGED
from tests.tui.fake_ui import BY_POP3

BOB = "bob@recipient.test"


async def reading(seat):
    """Bob has a message, and looks at his mail by IMAP."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered)
    await seat.press("2")
    await seat.see("bob · Inbox · 1", "Subject   Hello from the laboratory")


def test_folders_of_the_server(stage):
    """They stand below the mailbox; a message is marked and moved, and is read in the folder where it lies then."""

    async def story(seat):
        await reading(seat)
        texts = seat.app.context.texts
        await seat.done("mail")
        assert times(seat, b" LIST ") == 1  # Mail has just come, and asks once
        await seat.see("Drafts", "Archive", "Junk", "Trash")
        await seat.press("exclamation_mark")
        await seat.see("! ")
        await seat.press("a")
        await seat.see("bob · Inbox · 0", "Archive   1 unread", texts("messages.empty.inbox"))
        assert "No mail for bob yet" not in seat.text
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press("down", "down", "down")
        await seat.see("bob · Archive · 1", "!  ", "Dear Bob,")

    stage(story)


def test_two_programs_at_one_mailbox(stage, monkeypatch):
    """While Mail watches, what another program marks and removes is seen without a key, and said (RFC 2177)."""

    monkeypatch.setattr(reader, "READ", 1e6)

    async def elsewhere(seat, errand):
        async def work(lab):
            async with read_mail(lab, BOB) as mail:
                await errand(mail)

        await seat.app.context.host.ask(work)

    async def story(seat):
        await reading(seat)
        await seat.press("F")
        await seat.until(lambda: said(seat, b"IDLE"), "somebody who watches")
        await seat.pilot.resize_terminal(80, 24)
        await seat.see(" bob · Inbox · 1    ", f"  {seat.app.context.texts('mail.watching')}")
        await seat.pilot.resize_terminal(120, 40)
        await elsewhere(seat, lambda mail: mail.flag("INBOX", [1], [FLAGGED]))
        await seat.see("!  ")
        await elsewhere(seat, lambda mail: mail.move("INBOX", [1], "Trash"))
        await seat.see("bob · Inbox · 0", "Trash     1 unread")
        await seat.told("1 message has gone from bob's Inbox.")

    stage(story)


def test_what_comes_by_itself_is_not_read(stage, monkeypatch):
    """Mail that the server tells of is in sight, and counts as new until somebody does something about it."""

    monkeypatch.setattr(reader, "READ", 0.05)

    async def story(seat):
        await seat.ready()
        await seat.press("2")
        screen = seat.app.ui.screen
        await seat.see("bob · Inbox · 0")
        await seat.done("mail")  # what comes while somebody waits for it they have asked for
        await seat.focus(screen.pane("folders"))
        await seat.press("F")
        await seat.until(lambda: said(seat, b"IDLE"), "somebody who watches")
        await seat.press("ctrl+s")
        await seat.see("bob · Inbox · 1", "Dear Bob,")
        messages = screen.query_one("#messages")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await seat.until(lambda: messages.item_here.seen)
        await seat.press("2")
        await seat.until(lambda: messages.item_here.seen)

    stage(story)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_erasing(stage, size):
    """In Trash a key asks before it erases: no, and the message is there; yes, and it is gone."""

    async def story(seat):
        await reading(seat)
        texts = seat.app.context.texts
        await seat.press("d")
        await seat.see("bob · Inbox · 0")
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press(*["down"] * 5)
        await seat.see("bob · Trash · 1")
        await seat.focus(seat.app.ui.screen.pane("messages"))
        await seat.press("d")
        await seat.see(texts("ask.erase"), texts("no.erase"))
        await seat.decide("n")
        await seat.press("d")
        await seat.see(texts("ask.erase"))
        await seat.decide("y")
        await seat.see("bob · Trash · 0")
        await seat.told(texts("say.erased"))

    stage(story, size=size)


def said(seat, words):
    """Has a reader said this?"""
    return times(seat, words) > 0


def times(seat, words):
    """How often a reader has said this."""
    events = (entry.event for entry in seat.app.context.live.model.entries)
    return sum(isinstance(event, Said) and event.side is Side.CLIENT and words in event.line for event in events)


def test_another_way_to_read(stage):
    """A key goes from POP3 to IMAP and back: what is at home is found there, what lies on the server there."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("2")
        await heard_out(seat, "Fetched 1 new message.")
        await seat.see("bob · Inbox · 1", "messages stay on the server")
        await seat.press("p")
        await heard_out(seat, "Mail is now fetched by IMAP")
        await seat.see("Archive", "at home", seat.app.context.texts("mail.stays"))
        await seat.press("f")
        await seat.see("bob · Inbox · 1")
        await seat.press("p")
        await heard_out(seat, "Mail is now fetched by POP3")
        await seat.see("bob · Inbox · 1", "messages stay on the server")
        await seat.until(lambda: "Archive" not in seat.text)

    stage(story, config=BY_POP3)


async def heard_out(seat, words):
    """This is said in the place of the facts, which stand there again when it has been read."""
    await seat.told(words)
    seat.app.ui.hush()
