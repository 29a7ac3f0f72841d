"""A message on everything that can have the focus: press it, and be there."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.widgets import Label

from maillab.tui import sink
from maillab.tui.dialogs.frame import Dialog

MESSAGES = "asdfghjklqwertyuiopzxcvbnm"


class Jump(Dialog[int]):
    """Where each place begins on the screen. Gives the number of the one whose message was pressed."""

    def __init__(self, places: Sequence[Offset]) -> None:
        super().__init__()
        self._places = dict(zip(MESSAGES, enumerate(places), strict=False))

    def compose(self) -> ComposeResult:
        for message, (_, offset) in self._places.items():
            label = Label(sink.content(f" {message} "), classes="jump")
            label.styles.offset = (offset.x, offset.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        place = self._places.get(event.key)
        self.dismiss(place[0] if place is not None else None)

    def on_click(self, event: events.Click) -> None:
        self.dismiss(None)
