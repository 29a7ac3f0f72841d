"""Which dialog draws which question."""

from typing import Any

from textual.geometry import Offset

from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.dialogs.help import Help
from maillab.tui.dialogs.jump import Jump
from maillab.tui.dialogs.picker import Picker
from maillab.tui.dialogs.prompt import PromptDialog
from maillab.tui.questions import AskByKey, HelpText, JumpTo, Pick, Prompt, Question
from maillab.tui.texts import Texts


def drawn(question: Question[Any], texts: Texts) -> Dialog[Any]:
    """The dialog that asks it."""
    match question:
        case Pick():
            return Picker(question, nothing=texts("palette.nothing"))
        case Prompt():
            return PromptDialog(question)
        case AskByKey():
            return AskDialog(question)
        case HelpText():
            return Help(question)
        case JumpTo():
            return Jump([Offset(*place) for place in question.places])
    raise TypeError(f"{type(question).__name__} has no dialog")
