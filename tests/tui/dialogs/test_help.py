"""Help."""

import pytest

from maillab.tui.dialogs.help import Help
from maillab.tui.questions import HelpText
from tests.tui.dialogs.test_frame import given

LINES = [[("plain", f"line {number}")] for number in range(60)]


@pytest.mark.parametrize("key", ["escape", "f1", "q", "enter", "question_mark"])
def test_it_is_left_by_any_of_the_usual_keys(stage, key):
    """Whatever one is used to."""

    async def story(seat):
        assert await given(seat, Help(HelpText(LINES)), key) is None

    stage.alone(story=story)


def test_the_page_of_the_manual(stage):
    """The frame names the page, and m goes to it."""

    async def story(seat):
        seat.app.push_screen(Help(HelpText(LINES, [[("plain", "the page")], *LINES], "m the manual")))
        await seat.see("line 0", "m the manual")
        await seat.press("m")
        await seat.see("the page")
        assert "line 59" not in seat.text

    stage.alone(story=story)


def test_it_is_scrolled(stage):
    """A text that is longer than the screen."""

    async def story(seat):
        seat.app.push_screen(Help(HelpText(LINES)))
        await seat.see("line 0")
        await seat.press("G")
        await seat.see("line 59")

    stage.alone(story=story)
