"""Folders, and the messages of a folder."""

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui.texts import Texts
from maillab.tui.widgets.messages import FOLDERS, FolderCounts, Folders, Messages

NOW = 1_700_000_000.0


def message(number, **changes):
    fields = {
        "id": number, "account": "bob@x.test", "folder": MailFolder.INBOX, "uidl": "", "seen": False, "doomed": False,
        "octets": 1_234, "stored": NOW, "sender": "Alice <alice@x.test>", "recipient": "bob@x.test",
        "subject": f"Message {number}", "at": None, "mixed": False,
    }  # fmt: skip
    return LocalMessage(**(fields | changes))


def test_messages(stage):
    """New ones stand out, those with files have a sign, one that is to be deleted another."""
    messages = Messages(Texts("en"))

    async def story(seat):
        items = [message(3), message(2, seen=True, mixed=True), message(1, doomed=True, subject="")]
        messages.show_items(items, "", NOW)
        await seat.pilot.pause()
        first, second, third = seat.lines[1:4]
        assert " ● " in first
        assert "Message 3" in first
        assert "1.2 kB" in first
        assert "1.2 kB +" in second
        assert " ● " not in second
        assert " ✗ " in third
        assert Texts("en")("messages.no_subject") in third

    stage.alone(messages, story=story)


def test_messages_for_other_names(stage):
    """Where messages were for another address than the mailbox's own, a column says for which."""
    messages = Messages(Texts("en"))

    async def story(seat):
        messages.show_items([message(2, delivered_to="Bob@x.test"), message(1)], "", NOW)
        await seat.pilot.pause()
        plain = seat.lines[1]
        messages.show_items(
            [message(2, delivered_to="app@example.com"), message(1, delivered_to="bob@x.test")], "", NOW
        )
        await seat.pilot.pause()
        assert "app@example.com" in seat.lines[1]
        assert "bob@x.test" not in seat.lines[2]
        assert seat.lines[1].index("Message 2") == seat.lines[2].index("Message 1") > plain.index("Message 2")

    stage.alone(messages, story=story)


def test_two_accounts_of_one_name(stage):
    """Accounts that share the name before the @ are told apart by their domains."""
    folders = Folders(Texts("en"))

    async def story(seat):
        folders.show_places(
            [FolderCounts(who, each) for who in ("ann@a.test", "bob@a.test", "bob@b.test") for each in FOLDERS], None
        )
        await seat.pilot.pause()
        assert [line.split()[1] for line in seat.lines[1:10]] == [
            "ann", "Sent", "Trash", "bob", "@a", "Trash", "bob", "@b", "Trash",
        ]  # fmt: skip

    stage.alone(folders, story=story)


def test_when(stage):
    """The time of what came today, the day of everything else."""
    messages = Messages(Texts("en"))

    async def story(seat):
        messages.show_items([message(2), message(1, stored=NOW - 3 * 86_400)], "", NOW)
        await seat.pilot.pause()
        assert ":" in seat.lines[1][4:10]
        assert "-" in seat.lines[2][4:10]

    stage.alone(messages, story=story)


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


def test_whom_it_was_for(stage):
    """Of messages that were sent, it is whom they were for."""
    messages = Messages(Texts("en"))

    async def story(seat):
        messages.show_items([message(1, folder=MailFolder.SENT, recipient="dave@x.test")], "", NOW)
        await seat.see("dave@x.test")

    stage.alone(messages, story=story)


def test_hostile_fields(stage):
    """What a stranger wrote is text, and nothing more (T260, T265)."""
    messages = Messages(Texts("en"))

    async def story(seat):
        messages.show_items(
            [message(1, sender="\x1b]0;PWN\x07[@click=app.bell]x[/]", subject="\u202e[/nope]")], "", NOW
        )
        await seat.see("␛]0;PWN␇[@click", "⟨202E⟩[/nope]")

    stage.alone(messages, story=story, size=(100, 10))


def test_folders(stage):
    """Each account once, with its folders and how many messages of them are new; the cursor goes to one."""
    folders = Folders(Texts("en"))
    places = [FolderCounts(account, folder, 3, 1) for account in ("bob@x.test", "carol@x.test") for folder in FOLDERS]

    async def story(seat):
        folders.show_places(places, ("carol@x.test", MailFolder.INBOX))
        await seat.see("bob", "carol", "1/3")
        assert folders.place == places[3]
        await seat.focus(folders)
        await seat.press("k")
        [message] = [m for m in seat.app.told if isinstance(m, Folders.Gone)]
        assert message.place == places[2]
        folders.show_places(places, None)

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
