"""How commands ask."""

import asyncio

from maillab.tui.commands import asking
from maillab.tui.questions import Prompt
from tests.tui.fake_ui import context, ui_of


def test_until_it_can_be_done(tmp_path):
    """What was typed stays, and why it could not be done stands below it."""

    async def open_it(text):
        if text == "in/a":
            raise FileNotFoundError(2, "No such file or directory", "in/a")
        return f"did {text}"

    at = context(tmp_path, "in/a", "b")
    assert asyncio.run(asking.ask_until(at, "Which?", "x", open_it)) == "did b"
    first, second = ui_of(at).asked
    assert first == Prompt("Which?", "x", "", check=first.check)
    assert (second.value, second.complaint) == ("in/a", "a: no such file or directory")
    assert asyncio.run(asking.ask_until(at, "Which?", "x", open_it)) is None


def test_answers_by_their_keys(tmp_path):
    """Each has its own key, and is named by its text."""
    at = context(tmp_path, "on")
    assert asyncio.run(asking.choose(at, "title.quit", "Sure?", y="on", n="off", unasked=True)) == "on"
    [question] = ui_of(at).asked
    assert [(answer.key, answer.value) for answer in question.answers] == [("y", "on"), ("n", "off")]
    assert question.unasked
    assert question.title == "Quit"
