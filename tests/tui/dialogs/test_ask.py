"""A question with a few answers."""

from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.questions import AskByKey, KeyAnswer
from maillab.tui.texts import Texts
from tests.tui.dialogs.test_frame import given

QUESTION = AskByKey("Sure?", [KeyAnswer("yes", "y", "yes, do it"), KeyAnswer("no", "n", "no")], title="Quit")


def test_answers(stage):
    """By its key, or with the cursor and Enter."""

    async def story(seat):
        assert await given(seat, QUESTION, "n") == "no"
        assert await given(seat, QUESTION, "enter") == "yes"
        assert await given(seat, QUESTION, "down", "enter") == "no"

    stage.alone(story=story)


def test_by_mouse(stage):
    """A click answers."""

    async def story(seat):
        results = []
        seat.app.push_screen(AskDialog(QUESTION, Texts("en")), results.append)
        await seat.see("━ Quit ━", "yes, do it")
        await seat.click("yes, do it")
        await seat.until(lambda: results)
        assert results == ["yes"]

    stage.alone(story=story)


def test_a_path(stage):
    """It goes on below behind a slash, and not at a blank of a name."""

    async def story(seat):
        path = "/home/somebody/.local/share/maillab/sessions/2026-12-01 Hello from the laboratory.maillab"
        seat.app.push_screen(AskDialog(AskByKey(f"Saved to\n{path}", QUESTION.answers), Texts("en")))
        await seat.see(
            "  /home/somebody/.local/share/maillab/sessions/  ", "  2026-12-01 Hello from the laboratory.maillab  "
        )

    stage.alone(story=story)


def test_a_hostile_question(stage):
    """Markup in a question is text, and a long one has several lines (T268)."""

    async def story(seat):
        asked = "[@click=app.quit]Port 25[/]\n[/nope] is taken by \x1b]0;x\x07"
        seat.app.push_screen(AskDialog(AskByKey(asked, QUESTION.answers), Texts("en")))
        await seat.see("[@click=app.quit]Port 25[/]", "[/nope] is taken by")
        assert "\x1b" not in seat.text

    stage.alone(story=story)
