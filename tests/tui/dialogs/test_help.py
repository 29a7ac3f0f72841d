"""A text to read before everything."""

import pytest

from maillab.tui.dialogs.help import Help
from maillab.tui.questions import HelpText
from maillab.tui.texts import Texts

LINES = [[("plain", f"line {number}")] for number in range(60)]
EN = Texts("en")


@pytest.mark.parametrize("key", ["escape", "f1", "q", "enter", "question_mark"])
def test_it_is_left_by_any_of_the_usual_keys(stage, key):
    """Whatever one is used to; the frame says which."""

    async def story(seat):
        results = []
        seat.app.push_screen(Help(HelpText("Wire", LINES), EN), results.append)
        await seat.see("line 0", "━ Wire ━", "Esc Close")
        await seat.press(key)
        await seat.until(lambda: results == [None])

    stage.alone(story=story)


def test_the_page_of_the_manual(stage):
    """The frame names the page, and m goes to it, and back; the title says which of the two is read."""

    async def story(seat):
        seat.app.push_screen(Help(HelpText("Wire", LINES, [[("plain", "the page")], *LINES], "filters"), EN))
        await seat.see("line 0", "m Manual: filters")
        await seat.press("m")
        await seat.see("the page", "━ Manual: filters ━", "m Wire")
        assert "line 59" not in seat.text
        await seat.press("m")
        await seat.see("line 0", "━ Wire ━", "m Manual: filters")

    stage.alone(story=story)


def test_it_is_scrolled(stage):
    """A text that is longer than the screen."""

    async def story(seat):
        seat.app.push_screen(Help(HelpText("Wire", LINES), EN))
        await seat.see("line 0")
        await seat.press("G")
        await seat.see("line 59")

    stage.alone(story=story)
