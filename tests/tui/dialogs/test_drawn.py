"""Which dialog draws which question."""

import pytest

from maillab.tui.dialogs.drawn import drawn
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import AskByKey, Choice, HelpText, JumpTo, KeyAnswer, Pick, Prompt, Question
from maillab.tui.texts import Texts

QUESTIONS = [
    Pick("what", [Choice("a", "A")]),
    Prompt("name"),
    AskByKey("sure?", [KeyAnswer("yes", "y", "yes")]),
    HelpText([]),
    JumpTo([(0, 0)]),
]


def test_every_question_has_a_dialog():
    """And a kind that nobody knows is a fault."""
    assert {type(one).__name__ for one in QUESTIONS} == {kind.__name__ for kind in Question.__subclasses__()}
    for question in QUESTIONS:
        assert isinstance(drawn(question, Texts("en")), Dialog)
    with pytest.raises(TypeError):
        drawn(Question(), Texts("en"))
