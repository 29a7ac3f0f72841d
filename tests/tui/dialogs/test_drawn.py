"""Which dialog asks which question."""

import pytest

from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.drawn import drawn
from maillab.tui.dialogs.help import Help
from maillab.tui.dialogs.jump import Jump
from maillab.tui.dialogs.listing import ListDialog
from maillab.tui.dialogs.picker import PickDialog
from maillab.tui.dialogs.prompt import PromptDialog
from maillab.tui.questions import AskByKey, HelpText, JumpPlace, JumpTo, KeyAnswer, Listing, Pick, Prompt, Question
from maillab.tui.texts import Texts


@pytest.mark.parametrize(
    ("question", "dialog"),
    [
        (AskByKey("Sure?", [KeyAnswer("yes", "y", "yes")]), AskDialog),
        (Pick("Which?", []), PickDialog),
        (HelpText("Wire", []), Help),
        (JumpTo([JumpPlace(1, 1)]), Jump),
        (Prompt("Name"), PromptDialog),
        (Listing("Settings", list, []), ListDialog),
    ],
)
def test_every_question_has_its_dialog(question, dialog):
    """One for each kind of question."""
    assert type(drawn(question, Texts("en"))) is dialog


def test_there_are_no_others():
    """A kind of question that no dialog asks is a fault."""
    with pytest.raises(TypeError):
        drawn(Question(), Texts("en"))
    assert {kind.__name__ for kind in Question.__subclasses__()} == {
        "AskByKey",
        "HelpText",
        "JumpTo",
        "Pick",
        "Prompt",
        "Listing",
    }
