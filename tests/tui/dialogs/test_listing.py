"""A list that stays open."""

from maillab.tui.dialogs.listing import ListDialog
from maillab.tui.questions import Deed, Listing, ListItem
from maillab.tui.texts import Texts

EN = Texts("en")


class Switches:
    """Two settings that can be switched, taken away and added."""

    def __init__(self):
        self.on = {"tls": True, "grey": False}
        self.done = []

    def items(self):
        return [ListItem(name, f"The {name}", on, "now", f"What {name} is") for name, on in self.on.items()]

    async def switch(self, name):
        self.on[name] = not self.on[name]
        return f"{name}: {'on' if self.on[name] else 'off'}"

    async def remove(self, name):
        del self.on[name]
        return ""

    async def add(self, name):
        assert name == ""
        self.on["new"] = False
        return "added"

    @property
    def listing(self):
        deeds = [Deed(("enter", "space"), "switch", self.switch), Deed(("a",), "add", self.add, alone=True),
                 Deed(("d", "delete"), "remove", self.remove)]  # fmt: skip
        return Listing("Settings", self.items, deeds, "Nothing here.", "What settings are.\nAnd more.")


def test_it_stays_open(stage):
    """Each line has a mark and is explained; a deed is done, its result is named, and the list is as it is then."""

    async def story(seat):
        switches, results = Switches(), []
        seat.app.push_screen(ListDialog(switches.listing, EN), results.append)
        await seat.see("━ Settings ━", "[x] The tls", "[ ] The grey", "What tls is", "Enter switch · a add · d remove")
        await seat.press("down", "space")
        await seat.see("[x] The grey", "grey: on", "What grey is")
        await seat.press("enter", "up", "enter")
        await seat.see("[ ] The grey", "[ ] The tls", "tls: off")
        await seat.press("escape")
        await seat.until(lambda: results == [None])

    stage.alone(story=story)


def test_a_deed_that_leaves_it(stage):
    """Once it is done: what it gave is the answer, and what was begun behind it is done no more; else the list stays."""

    async def story(seat):
        switches, results = Switches(), []

        async def add_some(_):
            return await switches.add("") if switches.done else ""

        deeds = [Deed(("a",), "add", add_some, alone=True, leaves=True), Deed(("d",), "remove", switches.remove)]
        seat.app.push_screen(ListDialog(Listing("Settings", switches.items, deeds), EN), results.append)
        await seat.press("a")
        await seat.see("━ Settings ━", "The tls")
        switches.done.append("now there is something to add")
        await seat.press("a", "d")
        await seat.until(lambda: results == ["added"])
        assert [*switches.on] == ["tls", "grey", "new"]

    stage.alone(story=story)


def test_a_key_of_the_window(stage):
    """It does nothing while the list stands before it; that is said, with the key that closes the list."""

    async def story(seat):
        seat.app.push_screen(ListDialog(Switches().listing, EN))
        await seat.see("The tls")
        await seat.press("ctrl+s")
        await seat.see("^S does nothing here. Esc closes this list.")
        await seat.press("space")
        await seat.see("tls: off")
        assert "does nothing" not in seat.text

    stage.alone(story=story)


def test_what_changes_meanwhile(stage):
    """It is seen while the list is open, and the cursor stays where it is."""

    async def story(seat):
        switches = Switches()
        seat.app.push_screen(ListDialog(switches.listing, EN))
        await seat.press("down")
        switches.on["tls"] = False
        await seat.see("[ ] The tls", "What grey is")

    stage.alone(story=story)


def test_items_come_and_go(stage):
    """The cursor stays within them; where there are none only what needs none can be done."""

    async def story(seat):
        switches = Switches()
        seat.app.push_screen(ListDialog(switches.listing, EN))
        await seat.see("The tls")
        await seat.press("d", "d", "d")
        await seat.see("Nothing here.")
        assert switches.on == {}
        await seat.press("enter", "a")
        await seat.see("[ ] The new", "added")

    stage.alone(story=story)


def test_headings(stage):
    """Each stands once, above those that belong to it, in which they are called shortly; the cursor passes it by."""

    async def story(seat):
        items = [ListItem("all", "Of all"), *(ListItem(f"{name} {site}", f"{name} at {site}", True, under=site, there=name)
                 for site in ("a.test", "b.test") for name in ("tls", "grey"))]  # fmt: skip
        dialog = ListDialog(Listing("Settings", lambda: items, [Deed(("enter",), "switch", None)]), EN)
        seat.app.push_screen(dialog)
        await seat.see("Of all", "a.test", "b.test")
        inside = [line.strip(" ┃") for line in seat.lines if "┃" in line]
        begin = next(n for n, line in enumerate(inside) if "Of all" in line)
        assert inside[begin : begin + 9] == [
            inside[begin], "", "a.test", "[x] tls", "[x] grey", "", "b.test", "[x] tls", "[x] grey",
        ]  # fmt: skip
        for value in ("tls a.test", "grey a.test", "tls b.test"):
            await seat.press("down")
            assert dialog._items.current.value == value
        assert "at b.test" not in seat.text

    stage.alone(story=story, size=(80, 30))


def test_nothing_is_cut_that_has_room(stage):
    """A label is as wide as it is, also beside a state."""

    async def story(seat):
        items = [
            ListItem("limit", "Size limit of a message at recipient.test", None, "1.0 MB"),
            ListItem("x", "x", True),
        ]
        seat.app.push_screen(ListDialog(Listing("Settings", lambda: items, [Deed(("enter",), "switch", None)]), EN))
        await seat.see("Size limit of a message at recipient.test ", "1.0 MB")

    stage.alone(story=story, size=(120, 30))


def test_it_explains_itself(stage):
    """F1 shows what the list is for, and Esc comes back to it."""

    async def story(seat):
        seat.app.push_screen(ListDialog(Switches().listing, EN))
        await seat.see("F1 Help")
        await seat.press("f1")
        await seat.see("And more.")
        await seat.press("escape")
        await seat.until(lambda: "And more." not in seat.text)
        await seat.see("The grey")

    stage.alone(story=story)


def test_it_is_as_small_as_its_window(stage):
    """A long list is scrolled, in all the room that the note of an item leaves it; keys in its border are whole."""

    async def story(seat):
        items = [ListItem(str(number), f"Rule {number}", note="What this rule is for. " * 8) for number in range(30)]
        deeds = [Deed((key,), "does a thing", None) for key in "abcdef"]
        seat.app.push_screen(ListDialog(Listing("Rules", lambda: items, deeds), EN))
        await seat.see("Rule 0", "━ a does a thing · b does a thing · Esc Close ━")
        await seat.press("end")
        await seat.see("Rule 29", "Esc Close")
        await seat.until(lambda: next(line for line in seat.lines if "Rule 2" in line).split()[2] == "24")

    stage.alone(story=story, size=(60, 15), layout="-short")
