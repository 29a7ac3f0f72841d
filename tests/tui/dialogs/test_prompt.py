"""One field to fill in."""

from textual.widgets import Input

from maillab.tui.dialogs.prompt import PromptDialog
from maillab.tui.questions import Prompt
from maillab.tui.texts import Texts
from tests.tui.dialogs.test_frame import given

EN = Texts("en")


def check(text):
    return "" if text.isdigit() else f"{text} is no number [/nope]"


def test_a_text(stage):
    """What is typed, behind what stood there, or where the cursor was put."""

    async def story(seat):
        assert await given(seat, Prompt("Name", value="a"), "b", "enter") == "ab"
        assert await given(seat, Prompt("Name", value="@there.test", cursor=0), *"bob", "enter") == "bob@there.test"
        assert await given(seat, Prompt("Name"), "enter") == ""

    stage.alone(story=story)


def test_what_is_longer_than_the_field(stage):
    """Its end is seen, where the cursor is; with another cursor, its beginning."""

    async def story(seat):
        seat.app.push_screen(PromptDialog(Prompt("File", value="/folder" * 20 + "/end.txt"), EN))
        await seat.see("/end.txt")
        seat.app.push_screen(PromptDialog(Prompt("File", value="begin/" + "folder/" * 20, cursor=0), EN))
        await seat.see("begin/")

    stage.alone(story=story)


def test_another_path(stage):
    """Typed from the root behind the one that is proposed it takes its place; a name alone goes on with it."""

    async def story(seat):
        there = Prompt("File", value="/work/main/", complete=lambda text: [])
        assert await given(seat, there, *"/etc", "enter") == "/etc"
        assert await given(seat, there, *"~/a", "enter") == "~/a"
        assert await given(seat, there, *"x/y", "enter") == "/work/main/x/y"

    stage.alone(story=story)


def test_nothing_is_wrong_before_something_is_typed(stage):
    """What stands there at first is not whole: that is said of what was typed, and of what Enter is to take."""

    async def story(seat):
        there = Prompt("Who", value="@x.test", hint="a hint", check=check, cursor=0)
        seat.app.push_screen(PromptDialog(there, EN))
        await seat.see("a hint")
        await seat.pilot.pause()
        assert "is no number" not in seat.text
        await seat.press("enter")
        await seat.see("@x.test is no number")
        await seat.write("a")
        await seat.see("a@x.test is no number")
        await seat.press("backspace")
        await seat.see(" @x.test is no number")

    stage.alone(story=story)


def test_what_is_wrong(stage):
    """It is said while it is typed, and Enter waits until it is right."""

    async def story(seat):
        results = []
        seat.app.push_screen(PromptDialog(Prompt("Count", hint="a hint", check=check), EN), results.append)
        await seat.see("━ Count ━", "a hint")
        await seat.write("x")
        await seat.see("x is no number [/nope]")
        await seat.press("enter")
        assert results == []
        await seat.press("backspace", "7", "enter")
        await seat.until(lambda: results)
        assert results == ["7"]

    stage.alone(story=story)


def test_what_was_wrong_when_it_was_tried(stage):
    """Stands below in the colour of trouble until something is typed."""

    async def story(seat):
        seat.app.push_screen(PromptDialog(Prompt("File", value="x.txt", complaint="x.txt: no such file"), EN))
        await seat.see("x.txt: no such file")
        assert seat.app.screen.query_one("#complaint").has_class("-bad")
        await seat.write("y")
        await seat.until(lambda: "no such file" not in seat.text)

    stage.alone(story=story)


def test_suggestions_and_secrets(stage):
    """What is known is offered; a secret is not shown."""

    async def story(seat):
        seat.app.push_screen(PromptDialog(Prompt("Mark", suggestions=["delivered"]), EN))
        await seat.see("Mark")
        await seat.write("d")
        await seat.see("delivered")
        await seat.press("right", "escape")
        seat.app.push_screen(PromptDialog(Prompt("Password", secret=True), EN))
        await seat.until(lambda: seat.app.screen.query(Input))
        await seat.write("hunter")
        assert "hunter" not in seat.text

    stage.alone(story=story)


def test_tab_completes(stage):
    """As far as there is one way; all ways stand below, the last names of them."""
    ways = ["notes/march.txt", "notes/may.txt", "notes/old/", *(f"notes/z{number}" for number in range(9))]

    def complete(text):
        return [way for way in ways if way.startswith(text)]

    async def story(seat):
        results = []
        seat.app.push_screen(PromptDialog(Prompt("File", value="n", complete=complete), EN), results.append)
        await seat.see("Tab Complete", "march.txt", "old/", EN("dialog.more", count=7))
        await seat.press("tab", "m", "tab")
        await seat.until(lambda: seat.app.screen.query_one(Input).value == "notes/ma")
        assert "old/" not in seat.text
        await seat.press("y", "tab", "enter")
        await seat.until(lambda: results == ["notes/may.txt"])

    stage.alone(story=story)
