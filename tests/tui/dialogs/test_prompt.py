"""One field to fill in."""

from textual.widgets import Input

from maillab.tui.dialogs.prompt import PromptDialog
from maillab.tui.questions import Prompt
from tests.tui.dialogs.test_frame import given


def check(text):
    return "" if text.isdigit() else f"{text} is no number [/nope]"


def test_a_text(stage):
    """What is typed, behind what stood there."""

    async def story(seat):
        assert await given(seat, PromptDialog(Prompt("Name", value="a")), "end", "b", "enter") == "ab"
        assert await given(seat, PromptDialog(Prompt("Name")), "enter") == ""

    stage.alone(story=story)


def test_what_is_wrong(stage):
    """It is said while it is typed, and Enter waits until it is right."""

    async def story(seat):
        results = []
        seat.app.push_screen(PromptDialog(Prompt("Count", hint="a hint", check=check)), results.append)
        await seat.see("Count", "a hint")
        await seat.write("x")
        await seat.see("x is no number [/nope]")
        await seat.press("enter")
        assert results == []
        await seat.press("backspace", "7", "enter")
        await seat.until(lambda: results)
        assert results == ["7"]

    stage.alone(story=story)


def test_suggestions_and_secrets(stage):
    """What is known is offered; a secret is not shown."""

    async def story(seat):
        assert (
            await given(seat, PromptDialog(Prompt("Mark", suggestions=["delivered"])), "d", "right", "enter")
            == "delivered"
        )
        seat.app.push_screen(PromptDialog(Prompt("Password", secret=True)))
        await seat.until(lambda: seat.app.screen.query(Input))
        await seat.write("hunter")
        assert "hunter" not in seat.text

    stage.alone(story=story)
