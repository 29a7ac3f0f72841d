"""A question with a few answers: a key for each, or the cursor and Enter."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from maillab.tui.dialogs.frame import FRAME, BoxDialog, DialogBox, KeysAtOnce, columns
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.questions import AskByKey, KeyAnswer
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import GUTTER, Rows
from maillab.tui.widgets.text import TextRows

WIDE = 62  # columns of a question before it goes on below
STEPS = {"up": -1, "down": 1, "shift+tab": -1, "tab": 1}


class AskDialog(BoxDialog[str]):
    """Gives what the chosen answer stands for."""

    def __init__(self, question: AskByKey, texts: Texts) -> None:
        super().__init__(texts)
        self._question = question

    def compose(self) -> ComposeResult:
        room = columns(WIDE, self.app.size.width) - FRAME - GUTTER
        lines = [part for line in self._question.text.split("\n") for part in sink.at_slashes(line, room)]
        with DialogBox(classes="dialog") as box:
            self.framed(box, self._question.title, [("Enter", self.texts("dialog.answer")), self.closing])
            yield TextRows([[sink.piece("plain", line)] for line in lines], classes="question")
            yield _Answers(self._question.answers)

    def on_mount(self) -> None:
        question = self._question
        texts = (*question.text.split("\n"), *(f"    {answer.label}" for answer in question.answers))
        self.widen(min(WIDE, max(sink.width([sink.piece("", text)]) for text in texts) + GUTTER))
        self.query_one(_Answers).cursor = question.chosen
        self.set_focus(self.query_one(_Answers))

    def pressed(self, key: str, character: str | None) -> bool:
        """The key of an answer, or Enter for the one under the cursor."""
        rows = self.query_one(_Answers)
        if key == "enter":
            self._give(rows.cursor)
        elif key in STEPS:
            rows.action_move(STEPS[key])
        elif (by_key := self._answered_by(key, character)) is not None:
            self._give(by_key)
        else:
            return super().pressed(key, character)
        return True

    def _answered_by(self, key: str, character: str | None) -> int | None:
        return next((n for n, answer in enumerate(self._question.answers) if answer.key in (key, character)), None)

    def _give(self, answer: int) -> None:
        self.dismiss(self._question.answers[answer].value)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self._give(message.item)


class _Answers(Rows, KeysAtOnce):
    """The answers, one a line."""

    def __init__(self, answers: Sequence[KeyAnswer]) -> None:
        super().__init__(classes="answers")
        self._answers = answers
        self.clicks = 1
        self.styles.height = len(answers)

    def count(self) -> int:
        """As many as there are."""
        return len(self._answers)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Key and label."""
        answer = self._answers[index]
        return [(("key", f" {answer.key:<3}"), sink.piece("plain", answer.label))]
