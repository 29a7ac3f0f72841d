"""A letter at everything that can have the focus, and at every tab: press it, and be there."""

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.widgets import Label

from maillab.tui.dialogs.frame import Dialog
from maillab.tui.looks import sink
from maillab.tui.questions import JUMP_LETTERS, JumpTo


class Jump(Dialog[int]):
    """Gives the number of the place whose letter was pressed. `banner` says what to do."""

    def __init__(self, question: JumpTo, *, banner: str) -> None:
        super().__init__()
        taken = {*question.kept, *(place.letter for place in question.places)}
        free = iter([letter for letter in JUMP_LETTERS if letter not in taken])
        lettered = [(place.letter or next(free, ""), n, place) for n, place in enumerate(question.places)]
        self._places = {letter: (n, place) for letter, n, place in lettered if letter}
        self._banner = banner

    def compose(self) -> ComposeResult:
        yield from self._labels()
        yield Label(sink.content(self._banner), id="jumpbanner")

    def _labels(self) -> Iterator[Label]:
        for letter, (_, place) in self._places.items():
            label = Label(sink.content(letter), classes="jump")
            label.styles.offset = (place.column, place.line)
            yield label

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        place = self._places.get(event.key)
        self.dismiss(place[0] if place is not None else None)

    def on_click(self, event: events.Click) -> None:
        self.dismiss(None)
