"""A list to choose from, narrowed down by typing: the palette, and every other choice of many."""

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from maillab.tui import sink
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.questions import Choice, Pick
from maillab.tui.sink import Line
from maillab.tui.widgets.rows import Rows
from maillab.views.safe import unaccented
from maillab.views.searched import fold


class Picker(Dialog[str]):
    """Gives the value of the choice."""

    def __init__(self, question: Pick, *, nothing: str) -> None:
        super().__init__()
        self._placeholder = question.title
        self._choices = question.choices
        self._nothing = nothing

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker"):
            yield Input(placeholder=self._placeholder, compact=True)
            yield _Choices(self._choices, self._nothing)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        self.set_focus(field)

    def on_key(self, event: events.Key) -> None:
        """The cursor of the list moves while the field is typed in."""
        rows = self.query_one(_Choices)
        steps = {"down": 1, "up": -1, "pagedown": rows.page, "pageup": -rows.page}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            rows.action_move(steps[event.key])

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self.query_one(_Choices).narrow(message.value)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.query_one(_Choices).action_open()

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self.dismiss(self.query_one(_Choices).matching[message.item].value)


class _Choices(Rows):
    """Those that match what was typed: every word of it, in any order."""

    def __init__(self, choices: Sequence[Choice], nothing: str) -> None:
        super().__init__()
        self.can_focus = False
        self.matching = list(choices)
        self._choices = choices
        self._labels = _widest(choice.label for choice in choices)
        self._notes = _widest(choice.note for choice in choices)
        self.nothing = nothing

    def narrow(self, text: str) -> None:
        """Show those that match; the best ones first."""
        words = fold(text).split()
        ranked = [
            (_rank(words, _spelled(choice.label)), choice)
            for choice in self._choices
            if all(word in _spelled(f"{choice.label} {choice.note} {choice.key}") for word in words)
        ]
        self.matching = [choice for _, choice in sorted(ranked, key=lambda pair: pair[0])]
        self.set_reactive(Rows.cursor, 0)
        self.changed()

    def count(self) -> int:
        """As many as match."""
        return len(self.matching)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Label, note, key: a note gives way to longer labels down to half of the room."""
        choice = self.matching[index]
        key = f" {choice.key} " if choice.key else ""
        room = max(10, cells - sink.width([("key", key)]) - 2)
        wide = min(self._labels, room - min(self._notes, room // 2))
        label = sink.fit(sink.piece("", choice.label)[1], wide)
        note = sink.fit(sink.piece("", choice.note)[1], room - wide)
        return [(("plain", f" {label}"), ("dim", f" {note}"), ("key", key))]


def _widest(texts: Iterable[str]) -> int:
    return max((sink.width([sink.piece("", text)]) for text in texts), default=0)


def _spelled(text: str) -> str:
    """A text as it may be typed: with its accents, and without."""
    folded = fold(text)
    return folded if folded.isascii() else f"{folded}\n{unaccented(folded)}"


def _rank(words: Sequence[str], label: str) -> int:
    """0 where the label begins with what was typed, 1 where it holds it, 2 elsewhere."""
    if not words or label.startswith(words[0]):
        return 0
    return 1 if all(word in label for word in words) else 2
