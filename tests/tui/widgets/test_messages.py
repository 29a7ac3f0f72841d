"""The mailboxes, and the messages of a folder."""

from maillab.client.local_store import MailFolder
from maillab.tui.mail.mailboxes import MailboxCounts, tree
from maillab.tui.texts import Texts
from maillab.tui.widgets.messages import Folders, Messages
from tests.tui.mail.test_maillist import NOW, message

BOB, CAROL = "bob@x.test", "carol@y.test"


def test_the_cursor_stays_on_its_message(stage):
    """When a new one comes the cursor is where it was."""
    messages = Messages(Texts("en"))

    async def story(seat):
        messages.show_items([message(2), message(1)], "", NOW)
        await seat.focus(messages)
        await seat.press("j")
        messages.show_items([message(3), message(2), message(1)], "", NOW)
        assert messages.item_here.id == 1
        messages.show_items([], "empty", NOW)
        assert messages.item_here is None
        await seat.see("empty")

    stage.alone(messages, story=story)


def test_from_mailbox_to_mailbox(stage):
    """The cursor stands on what can be looked at, never on a site; where it goes is told."""
    folders = Folders()
    boxes = [MailboxCounts(BOB), MailboxCounts(CAROL, waiting=2)]

    async def story(seat):
        here = (CAROL, MailFolder.INBOX)
        folders.show_tree(tree(boxes, here, Texts("en")), here)
        await seat.see("x.test", "bob", "2 unread", "Sent")
        assert folders.place == here
        await seat.focus(folders)
        for key, place in (
            ("k", (BOB, MailFolder.INBOX)), ("k", (BOB, MailFolder.INBOX)), ("j", here), ("j", (CAROL, MailFolder.SENT)),
            ("G", (CAROL, MailFolder.TRASH)), ("g", (BOB, MailFolder.INBOX)),
        ):  # fmt: skip
            await seat.press(key)
            assert folders.place == place
        gone = [m.place for m in seat.app.told if isinstance(m, Folders.Gone)]
        assert gone[-1] == (BOB, MailFolder.INBOX)
        folders.show_tree([], None)
        assert folders.place is None

    stage.alone(folders, story=story)


def test_ten_thousand(stage, monkeypatch):
    """A mailbox of ten thousand messages is drawn as far as it is seen, at its beginning, in its middle and at its end."""
    messages = Messages(Texts("en"))
    drawn = []
    item = Messages.item
    monkeypatch.setattr(Messages, "item", lambda self, n, cells: drawn.append(n) or item(self, n, cells))

    async def story(seat):
        messages.show_items([message(n) for n in range(10_000, 0, -1)], "", NOW)
        await seat.focus(messages)
        await seat.see("Message 10000")
        await seat.press("G")
        await seat.see("Message 1 ")
        await seat.press("pageup", "pageup")
        await seat.see("Message 30 ")
        messages.show(5_000)
        await seat.see("Message 5000")
        assert len(set(drawn)) < 300

    stage.alone(messages, story=story)
