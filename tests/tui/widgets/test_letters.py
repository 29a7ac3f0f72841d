"""Folders, and the letters of a folder."""

from maillab.client.shelf import Folder, Item
from maillab.tui.texts import Texts
from maillab.tui.widgets.letters import FOLDERS, Folders, Letters, Place

NOW = 1_700_000_000.0


def letter(number, **changes):
    fields = {
        "id": number, "account": "bob@x.test", "folder": Folder.INBOX, "uidl": "", "seen": False, "doomed": False,
        "octets": 1_234, "stored": NOW, "sender": "Alice <alice@x.test>", "recipient": "bob@x.test",
        "subject": f"Letter {number}", "at": None, "mixed": False,
    }  # fmt: skip
    return Item(**(fields | changes))


def test_letters(stage):
    """New ones stand out, those with files have a sign, one that is to be deleted another."""
    letters = Letters(Texts("en"))

    async def story(seat):
        items = [letter(3), letter(2, seen=True, mixed=True), letter(1, doomed=True, subject="")]
        letters.show_items(items, "", NOW)
        await seat.pilot.pause()
        first, second, third = seat.lines[1:4]
        assert " ● " in first
        assert "Letter 3" in first
        assert "1.2 kB" in first
        assert "1.2 kB +" in second
        assert " ● " not in second
        assert " ✗ " in third
        assert Texts("en")("letters.no_subject") in third

    stage.alone(letters, story=story)


def test_letters_for_other_names(stage):
    """Where letters were for another address than the mailbox's own, a column says for which."""
    letters = Letters(Texts("en"))

    async def story(seat):
        letters.show_items([letter(2, delivered_to="Bob@x.test"), letter(1)], "", NOW)
        await seat.pilot.pause()
        plain = seat.lines[1]
        letters.show_items([letter(2, delivered_to="app@example.com"), letter(1, delivered_to="bob@x.test")], "", NOW)
        await seat.pilot.pause()
        assert "app@example.com" in seat.lines[1]
        assert "bob@x.test" not in seat.lines[2]
        assert seat.lines[1].index("Letter 2") == seat.lines[2].index("Letter 1") > plain.index("Letter 2")

    stage.alone(letters, story=story)


def test_two_accounts_of_one_name(stage):
    """Accounts that share the name before the @ are told apart by their domains."""
    folders = Folders(Texts("en"))

    async def story(seat):
        folders.show_places(
            [Place(who, each) for who in ("ann@a.test", "bob@a.test", "bob@b.test") for each in FOLDERS], None
        )
        await seat.pilot.pause()
        assert [line.split()[1] for line in seat.lines[1:10]] == [
            "ann", "Sent", "Trash", "bob", "@a", "Trash", "bob", "@b", "Trash",
        ]  # fmt: skip

    stage.alone(folders, story=story)


def test_when(stage):
    """The time of what came today, the day of everything else."""
    letters = Letters(Texts("en"))

    async def story(seat):
        letters.show_items([letter(2), letter(1, stored=NOW - 3 * 86_400)], "", NOW)
        await seat.pilot.pause()
        assert ":" in seat.lines[1][4:10]
        assert "-" in seat.lines[2][4:10]

    stage.alone(letters, story=story)


def test_the_cursor_stays_on_its_letter(stage):
    """When a new one comes the cursor is where it was."""
    letters = Letters(Texts("en"))

    async def story(seat):
        letters.show_items([letter(2), letter(1)], "", NOW)
        await seat.focus(letters)
        await seat.press("j")
        letters.show_items([letter(3), letter(2), letter(1)], "", NOW)
        assert letters.item_here.id == 1
        letters.show_items([], "empty", NOW)
        assert letters.item_here is None
        await seat.see("empty")

    stage.alone(letters, story=story)


def test_whom_it_was_for(stage):
    """Of letters that were sent, it is whom they were for."""
    letters = Letters(Texts("en"))

    async def story(seat):
        letters.show_items([letter(1, folder=Folder.SENT, recipient="dave@x.test")], "", NOW)
        await seat.see("dave@x.test")

    stage.alone(letters, story=story)


def test_hostile_fields(stage):
    """What a stranger wrote is text, and nothing more (T260, T265)."""
    letters = Letters(Texts("en"))

    async def story(seat):
        letters.show_items([letter(1, sender="\x1b]0;PWN\x07[@click=app.bell]x[/]", subject="\u202e[/nope]")], "", NOW)
        await seat.see("␛]0;PWN␇[@click", "⟨202E⟩[/nope]")

    stage.alone(letters, story=story, size=(100, 10))


def test_folders(stage):
    """Each account once, with its folders and how many letters of them are new; the cursor goes to one."""
    folders = Folders(Texts("en"))
    places = [Place(account, folder, 3, 1) for account in ("bob@x.test", "carol@x.test") for folder in FOLDERS]

    async def story(seat):
        folders.show_places(places, ("carol@x.test", Folder.INBOX))
        await seat.see("bob", "carol", "1/3")
        assert folders.place == places[3]
        await seat.focus(folders)
        await seat.press("k")
        [message] = [m for m in seat.app.told if isinstance(m, Folders.Gone)]
        assert message.place == places[2]
        folders.show_places(places, None)

    stage.alone(folders, story=story)


def test_ten_thousand(stage, monkeypatch):
    """A mailbox of ten thousand letters is drawn as far as it is seen, at its beginning, in its middle and at its end."""
    letters = Letters(Texts("en"))
    drawn = []
    item = Letters.item
    monkeypatch.setattr(Letters, "item", lambda self, n, cells: drawn.append(n) or item(self, n, cells))

    async def story(seat):
        letters.show_items([letter(n) for n in range(10_000, 0, -1)], "", NOW)
        await seat.focus(letters)
        await seat.see("Letter 10000")
        await seat.press("G")
        await seat.see("Letter 1 ")
        await seat.press("pageup", "pageup")
        await seat.see("Letter 30 ")
        letters.show(5_000)
        await seat.see("Letter 5000")
        assert len(set(drawn)) < 300

    stage.alone(letters, story=story)
