"""The Mail mode."""

import asyncio
import threading
from pathlib import Path

import pytest

from maillab.client.local_store import MailFolder
from maillab.events import Delivered, Read, Submitted
from maillab.tui.commands import mail as mail_commands
from maillab.tui.commands import replay as replay_commands
from maillab.tui.screens import mail as mail_screen
from maillab.tui.screens import reader
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.messages import Messages
from tests.house import ROOT
from tests.tui.fake_ui import BY_POP3
from tests.tui.openings import back_to


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
    await seat.until(lambda: seat.app.ui.screen.reader.opened is not None)


async def read_again(seat):
    """The same list later: nothing is looked for, and no session plays."""
    await back_to(seat, "mail")
    await seat.click("Text")
    seat.app.ui.screen.front("messages")
    while "bob · Inbox · 1" not in seat.text:
        await seat.press("escape")


@pytest.fixture(scope="module")
def bobs(opened):
    """A window on Bob's one message, which nobody has read as long as no Enter is pressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "READ", 1e6)
        yield opened(read, read_again, config=BY_POP3)


BOB, CAROL = "bob@recipient.test", "carol@recipient.test"


def test_a_part_is_chosen(bobs):
    """In the tree of parts Enter opens one, s saves it, Esc goes back to the tree, then to the list."""

    async def story(seat):
        await recall(seat, "attachment.maillab")
        await seat.press("enter", "left_square_bracket", "left_square_bracket")
        await seat.see("multipart/mixed", "└ ")
        await seat.press("G")
        names = seat.app.ui.screen.reader.opened.message.parts
        await seat.press("enter")
        await seat.see(seat.app.context.texts("parts.back"))
        await seat.press("s")
        await seat.see(names[-1].name)
        await seat.press("enter")
        await seat.until(lambda: Path(names[-1].name).exists())
        await seat.press("escape")
        await seat.see("multipart/mixed")
        assert seat.app.ui.screen.here == "message"
        await seat.press("escape")
        assert seat.app.ui.screen.here == "messages"

    bobs(story)


def test_only_html_is_opened_in_a_browser(bobs):
    """The key for it does something only where the open message has a page."""

    def hinted(seat):
        return any(offer.action.name == "mail.open_outside" for offer in seat.app.ui.pressable())

    async def story(seat):
        await seat.until(lambda: seat.app.ui.screen.reader.opened is not None)
        assert not hinted(seat)
        await recall(seat, "attachment.maillab")
        pages = seat.app.ui.screen.reader.opened.message.pages
        await seat.until(lambda: hinted(seat) is bool(pages))

    bobs(story)


def test_searching(bobs):
    """Only messages that have the words, as long as the border says so; Esc and a click on the sign show all again."""

    async def story(seat):
        await seat.press("slash")
        await seat.write("from:nobody")
        await seat.press("enter")
        await seat.see("Inbox · from:nobody ✕ · 0 of 1")
        await seat.see(seat.app.context.texts("messages.no_match", text="from:nobody"))
        assert "Subject" not in seat.text
        await seat.press("escape")
        await seat.see("Inbox · 1", "Subject   Hello")
        await seat.press("slash")
        await seat.write("hello")
        await seat.press("enter")
        await seat.see("Inbox · hello ✕ · 1 of 1")
        await seat.click("✕")
        await seat.see("Inbox · 1")

    bobs(story)


def test_searching_while_one_types(bobs):
    """The list shows what matches so far, and how many; where one goes to read it, it holds."""

    async def story(seat):
        messages = seat.app.ui.screen.query_one(Messages)
        await seat.press("slash")
        await seat.see("from:alice subject:lunch words")
        await seat.write("hel")
        await seat.see("Inbox · hel ✕", "1 of 1")
        assert seat.app.focused.id == "filterfield"
        assert messages.is_lit
        await seat.write("z")
        await seat.until(lambda: not messages.items)
        await seat.press("backspace")
        await seat.until(lambda: messages.items)
        await seat.focus(messages)
        await seat.see("Inbox · hel ✕")
        assert not seat.app.ui.screen.query_one(FilterBar).is_open
        await seat.press("slash")
        await seat.until(lambda: seat.app.focused.id == "filterfield" and seat.app.focused.value == "hel")
        await seat.press("escape")
        await seat.see("Inbox · 1")
        assert seat.app.focused is messages

    bobs(story)


def test_searching_where_nothing_is(bobs):
    """It is answered, too: nothing matches; and no message is said to be there to choose."""

    async def story(seat):
        texts, folders = seat.app.context.texts, seat.app.ui.screen.query_one("#folders")
        await seat.focus(folders)
        await seat.press("down")
        await seat.see("Sent · 0", texts("messages.empty.sent", who="bob"), texts("card.message"))
        await seat.press("slash")
        await seat.write("xyz")
        await seat.press("enter")
        await seat.see("Sent · xyz ✕ ━", texts("messages.no_match", text="xyz"))
        await seat.press("escape")
        await seat.focus(folders)
        await seat.press("up")
        await seat.see("bob · Inbox · 1")

    bobs(story)


def test_half_written(bobs):
    """An answer does not take the place of a message that somebody is writing, unless they say so."""

    async def story(seat):
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write(" half")
        await seat.press("escape", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.press("r")
        await seat.see(seat.app.context.texts("ask.clear"))
        await seat.decide("n")
        assert seat.app.context.drafting.form.subject.endswith(" half")
        await seat.press("r")
        await seat.decide("y")
        await seat.until(lambda: seat.app.context.drafting.form.subject == "Re: Hello from the laboratory")
        await seat.until(lambda: seat.app.focused is not None and seat.app.focused.id == "field-text")

    bobs(story)


def test_a_message_that_came_meanwhile(stage):
    """Whoever comes back because of it finds it under the cursor, wherever that stood before; and stays there."""

    async def story(seat):
        await read(seat)
        screen = seat.app.ui.screen
        await seat.press("enter", "1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.press("ctrl+s")
        await seat.until(lambda: len(seat.app.context.model.boxes[BOB].unread) == 1)
        await seat.press("2")
        await seat.see("bob · Inbox · 2")
        messages = screen.query_one("#messages")
        await seat.until(lambda: screen.reader.item is not None and screen.reader.item.id == messages.items[0].id)
        assert messages.cursor == 0
        await seat.press("1", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        assert messages.cursor == 0

    stage(story, config=BY_POP3)


def test_a_message_that_came_while_somebody_is_there(stage):
    """The key that the notice names leads to it, from another mailbox of the same mode."""

    async def story(seat):
        await seat.ready()
        await seat.press("2")
        screen = seat.app.ui.screen
        await seat.see("bob · Inbox · 0")
        await seat.focus(screen.pane("folders"))
        await seat.press("up", "up", "up", "up", "up", "up")
        await seat.see("alice · Inbox · 0")
        await seat.press("ctrl+s")
        await seat.told("Press 2 to read it.")
        await seat.press("2")
        await seat.see("bob · Inbox · 1", "Dear Bob,")

    stage(story, config=BY_POP3)


def test_messages_of_a_session_stay_there(bobs):
    """When a session is left its message is closed, and one of the living ones is opened."""

    async def story(seat):
        await recall(seat)
        await seat.press("enter")
        await seat.see("Parts")
        await seat.until(lambda: seat.app.ui.screen.reader.item is not None)
        await seat.press("Q")
        await seat.until(lambda: seat.app.context.playback is None)
        await seat.until(lambda: (item := seat.app.ui.screen.reader.item) is not None and item.uidl, "a living message")
        await seat.see("Subject   Hello from the laboratory")

    bobs(story)


def test_an_empty_folder_of_a_session(bobs):
    """It is empty, and nobody says that there is no mail at all."""

    async def story(seat):
        await recall(seat)
        await seat.focus(seat.app.ui.screen.pane("folders"))
        await seat.press("down")
        await seat.see("bob · Sent", "No messages.")
        await seat.press("up", "Q")
        await seat.until(lambda: seat.app.context.playback is None)

    bobs(story)


def test_who_appears_later_in_a_session(bobs):
    """An empty mailbox that nobody chose is left for one to which a message comes; what was chosen is not."""

    async def story(seat):
        at = seat.app.context

        async def alone():
            """The moment at which only Alice has a message, the one that she has sent."""
            at.playback.pause()
            at.playback.to(1 + [type(entry.event) for entry in at.playback.recording.entries].index(Submitted))
            at.ui.refresh()
            await seat.until(lambda: at.readers == ["alice@sender.test"])

        await replay_commands.open_session(at, ROOT / "examples" / "sessions" / "seven-steps.maillab")
        await seat.until(lambda: at.playback.recording.whole)
        await alone()
        await seat.press("2")
        await seat.see("alice · Inbox · 0")
        await seat.press("ctrl+end")
        await seat.see("bob · Inbox · 1", "Alice")
        await alone()
        await seat.click("Sent")
        await seat.see("alice · Sent · 1")
        await seat.press("ctrl+end")
        await seat.until(lambda: "bob@recipient.test" in at.readers)
        await seat.see("bob", "alice · Sent · 1")
        await seat.click("  bob  ")
        await seat.see("bob · Inbox · 1")
        await seat.press("Q")
        await seat.until(lambda: at.playback is None)

    bobs(story)


def test_a_list_of_yesterday(bobs, monkeypatch):
    """While the living messages are looked up after a session, those of the session are nobody's to throw away."""
    wait = threading.Event()

    async def story(seat):
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
        bobs(story)
    finally:
        wait.set()


@pytest.mark.parametrize(("room", "what"), [(mail_screen, "mailboxes_now"), (mail_commands, "octets_of")])
def test_another_language_meanwhile(stage, monkeypatch, room, what):
    """What a mode still waited for when it was made anew in another language is for nobody, and no fault."""

    async def story(seat):
        await read(seat)
        at, really, began, go_on = seat.app.context, getattr(room, what), asyncio.Event(), asyncio.Event()

        async def slowly(*given):
            began.set()
            await go_on.wait()
            return await really(*given)

        screen = at.ui.screen
        with monkeypatch.context() as patch:
            patch.setattr(room, what, slowly)
            screen.reader.close()
            at.home.changed()
            at.ui.refresh()
            await began.wait()
        late = [worker for worker in seat.app.workers if worker.group in ("look", "preview")]
        assert late
        at.ui.speak(at.texts.translated("vi"))
        await seat.until(lambda: at.ui.modes.worded.is_set() and at.ui.screen is not screen)
        at.said.hush()
        go_on.set()
        await seat.until(lambda: all(worker.is_finished for worker in late))
        assert not [words for words in at.said.words if words.level == "bad"]

    stage(story)
