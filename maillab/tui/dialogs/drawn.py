"""The dialog that asks a question."""

from typing import Any, TypeVar, cast

from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import AskByKey, HelpText, JumpTo, Listing, Pick, Prompt, Question
from maillab.tui.texts import Texts

T = TypeVar("T")


def drawn(question: Question[T], texts: Texts) -> Dialog[T]:
    """A dialog for each kind of question; its module is imported when the first of its kind is asked."""
    return cast("Dialog[T]", _drawn(question, texts))


def _drawn(question: Question[Any], texts: Texts) -> Dialog[Any]:
    match question:
        case HelpText():
            from maillab.tui.dialogs.help import Help

            return Help(question, texts)
        case JumpTo():
            from maillab.tui.dialogs.jump import Jump

            return Jump(question, banner=texts("jump.banner"))
        case AskByKey():
            from maillab.tui.dialogs.ask import AskDialog

            return AskDialog(question, texts)
        case Pick():
            from maillab.tui.dialogs.picker import PickDialog

            return PickDialog(question, texts)
        case Prompt():
            from maillab.tui.dialogs.prompt import PromptDialog

            return PromptDialog(question, texts)
        case Listing():
            from maillab.tui.dialogs.listing import ListDialog

            return ListDialog(question, texts)
    raise TypeError(type(question).__name__)
