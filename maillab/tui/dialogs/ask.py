"""A question with a few answers: a key for each, or the cursor and Enter."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key

from maillab.tui import sink
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import AskByKey, KeyAnswer
from maillab.tui.sink import Line
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.text import TextRows


class AskDialog(Dialog[str]):
    """Gives what the chosen answer stands for."""

    def __init__(self, question: AskByKey) -> None:
        super().__init__()
        self._question = question.text
        self._answers = question.answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield TextRows([[sink.piece("plain", line)] for line in self._question.split("\n")], classes="question")
            yield _Answers(self._answers)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(_Answers))

    def on_key(self, event: Key) -> None:
        for answer in self._answers:
            if answer.key in (event.character, event.key):
                event.stop()
                self.dismiss(answer.value)
                return

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self.dismiss(self._answers[message.item].value)


class _Answers(Rows):
    """The answers, one a line."""

    def __init__(self, answers: Sequence[KeyAnswer]) -> None:
        super().__init__(classes="answers")
        self._answers = answers
        self.styles.height = len(answers)

    def count(self) -> int:
        """As many as there are."""
        return len(self._answers)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Key and label."""
        answer = self._answers[index]
        return [(("key", f" {answer.key:<3}"), sink.piece("plain", answer.label))]
