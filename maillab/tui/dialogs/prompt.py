"""One field to fill in: a name, a place, a moment. What is wrong with it is said below it while it is typed."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from maillab.tui import sink
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import Prompt


class PromptDialog(Dialog[str]):
    """Gives the text."""

    def __init__(self, question: Prompt) -> None:
        super().__init__()
        self._title = question.title
        self._value = question.value
        self._hint = question.hint
        self._check = question.check
        self._suggestions = question.suggestions
        self._secret = question.secret

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(sink.content(self._title), classes="title")
            yield Input(
                value=self._value,
                compact=True,
                select_on_focus=False,
                password=self._secret,
                suggester=SuggestFromList(self._suggestions) if self._suggestions else None,
            )
            yield Label(sink.content(self._hint), id="complaint")

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        self.set_focus(field)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._complain(self._check(message.value) if message.value else "")

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if complaint := self._check(message.value):
            self._complain(complaint)
        else:
            self.dismiss(message.value)

    def _complain(self, text: str) -> None:
        label = self.query_one("#complaint", Label)
        label.update(sink.paragraphs(text or self._hint))
        label.set_class(bool(text), "-bad")
