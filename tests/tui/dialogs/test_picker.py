"""A list to choose from."""

from maillab.tui.dialogs.picker import Picker
from maillab.tui.questions import Choice, Pick
from tests.tui.dialogs.test_frame import given

CHOICES = [Choice("send", "Send", "send the message", "^S"), Choice("story", "Tell a story", "of mail"),
           Choice("thu", "Tiếng Việt", "ngôn ngữ"), Choice("quit", "Quit", "leave the window", "^Q")]  # fmt: skip


def picker():
    return Picker(Pick("type", CHOICES), nothing="nothing of the kind")


def test_choosing(stage):
    """The first one with Enter; others by going there, or by typing a part of any word, accents or not."""

    async def story(seat):
        assert await given(seat, picker(), "enter") == "send"
        assert await given(seat, picker(), "down", "down", "up", "enter") == "story"
        assert await given(seat, picker(), *"leave", "enter") == "quit"
        assert await given(seat, picker(), *"tieng", "enter") == "thu"
        assert await given(seat, picker(), *"st", "enter") == "story"

    stage.alone(story=story)


def test_nothing_matches(stage):
    """It says so, and Enter does nothing."""

    async def story(seat):
        seat.app.push_screen(picker())
        await seat.see("Send")
        await seat.write("xyzzy")
        await seat.see("nothing of the kind")
        await seat.press("enter", "down", "up", "pagedown", "pageup")
        await seat.see("nothing of the kind")

    stage.alone(story=story)


def test_by_mouse(stage):
    """A second click chooses."""

    async def story(seat):
        results = []
        seat.app.push_screen(picker(), results.append)
        await seat.see("Quit")
        await seat.click("Quit", times=2)
        await seat.until(lambda: results)
        assert results == ["quit"]

    stage.alone(story=story)


def test_hostile_choices(stage):
    """A name from outside is text (T268)."""

    async def story(seat):
        name = "[@click=app.quit]x[/] [/nope] \x1b]0;PWN\x07"
        seat.app.push_screen(Picker(Pick("type", [Choice("a", name, name)]), nothing=""))
        await seat.see("[@click=app.quit]x[/]")
        assert "\x1b" not in seat.text

    stage.alone(story=story, size=(100, 24))
