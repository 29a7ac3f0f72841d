"""One field to fill in: a name, a file, a moment. What is wrong with it is said below it while it is typed.

Where what is typed can be completed (a file), Tab goes on with it as far as there is one way, and the ways stand below.
"""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from maillab.tui.dialogs.frame import BoxDialog, DialogBox, DialogField, Hint
from maillab.tui.looks import sink
from maillab.tui.paths import common
from maillab.tui.questions import Prompt
from maillab.tui.texts import Texts
from maillab.tui.widgets.text import TextRows

WIDE = 66  # columns of a field
WIDEST = 96  # of one for a long line that stands in it already
NARROW = 40
SHOWN = 6  # ways to go on


class PromptDialog(BoxDialog[str]):
    """Gives the text of the field."""

    def __init__(self, question: Prompt, texts: Texts) -> None:
        super().__init__(texts)
        self._question = question
        self._is_typed_in = False  # is or was there anything but what stood in it at first?

    def compose(self) -> ComposeResult:
        question = self._question
        with DialogBox(classes="dialog prompt") as box:
            self.framed(box, question.title, self._hints)
            yield DialogField(
                value=question.value,
                compact=True,
                select_on_focus=False,
                password=question.secret,
                suggester=SuggestFromList(question.suggestions) if question.suggestions else None,
            )
            yield TextRows(classes="ways")
            yield Label("", id="complaint")

    @property
    def _hints(self) -> list[Hint]:
        tab = [("Tab", self.texts("dialog.complete"))] if self._question.complete is not None else []
        return [*tab, ("Enter", self.texts("dialog.take")), self.closing]

    def on_mount(self) -> None:
        question, field = self._question, self.query_one(DialogField)
        field.cursor_blink = False
        self._fit()
        self._complain(question.complaint)
        self.set_focus(field)
        if question.cursor >= 0:
            field.cursor_position = question.cursor
        self.query_one(".ways", TextRows).can_focus = False

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        question = self._question
        line = sink.width([sink.piece("", question.value)])
        words = max(sink.width([sink.piece("", text)]) for text in question.hint.split("\n"))
        wide = WIDE if question.complete is not None else max(NARROW, min(words + 4, WIDE), min(line + 4, WIDEST))
        self.widen(wide)

    def pressed(self, key: str, character: str | None) -> bool:
        """Enter takes what is typed, if nothing is wrong with it; Tab completes it."""
        if key == "enter":
            self._take()
        elif key == "tab" and self._question.complete is not None:
            self._go_on(self._question.complete)
        else:
            return super().pressed(key, character)
        return True

    def _take(self) -> None:
        text = self.query_one(Input).value
        if complaint := self._question.check(text):
            self._complain(complaint)
        else:
            self.dismiss(text)

    def _go_on(self, complete: Callable[[str], Sequence[str]]) -> None:
        """As far as there is one way; the ways are shown."""
        field = self.query_one(Input)
        ways = complete(field.value)
        if longer := common(ways):
            field.value = longer if len(longer) > len(field.value) else field.value
            field.cursor_position = len(field.value)
        self._show(complete(field.value))

    def _show(self, ways: Sequence[str]) -> None:
        """The ways to go on, by their last names."""
        names = [sink.piece("plain", f" {way.rstrip('/').rpartition('/')[2]}{'/' * way.endswith('/')}") for way in ways]
        lines = [[name] for name in names[:SHOWN]]
        if len(names) > SHOWN:
            lines[-1] = [("dim", " " + self.texts("dialog.more", count=len(names) - SHOWN + 1))]
        rows = self.query_one(".ways", TextRows)
        rows.show_lines(lines)
        rows.styles.height = len(lines)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if begun_anew := self._begun_anew(message.value):
            field = self.query_one(Input)
            field.value = begun_anew
            field.cursor_position = len(begun_anew)
            return
        question, is_as_given = self._question, message.value == self._question.value
        self._is_typed_in |= not is_as_given
        if self._is_typed_in:
            known = question.complaint if is_as_given else ""
            self._complain(known or (question.check(message.value) if message.value else ""))
        if question.complete is not None:
            self._show(question.complete(message.value))

    def _begun_anew(self, value: str) -> str:
        """A path from the root or from home that is typed behind the one that stood there: that one goes."""
        stood = self._question.value
        if self._question.complete is None or not stood.startswith(("/", "~")):
            return ""
        added = value.removeprefix(stood)
        return added if added != value and added.startswith(("/", "~")) else ""

    def _complain(self, text: str) -> None:
        label = self.query_one("#complaint", Label)
        label.update(sink.paragraphs(text or self._question.hint))
        label.set_class(bool(text), "-bad")
        label.set_class(bool(text or self._question.hint), "-on")
