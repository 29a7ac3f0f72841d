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


def test_it_explains_itself(stage):
    """F1 shows what the list is for, and Esc comes back to it."""

    async def story(seat):
        seat.app.push_screen(ListDialog(Switches().listing, EN))
        await seat.see("F1 help")
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
        await seat.see("Rule 0", "━ a does a thing · b does a thing · Esc close ━")
        await seat.press("end")
        await seat.see("Rule 29", "Esc close")
        await seat.until(lambda: next(line for line in seat.lines if "Rule 2" in line).split()[2] == "24")

    stage.alone(story=story, size=(60, 15), layout="-short")
