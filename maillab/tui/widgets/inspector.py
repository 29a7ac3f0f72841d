"""The pane that explains the entry under the cursor."""

from collections.abc import Callable, Sequence

from textual import events

from maillab.tui import sink
from maillab.tui.sink import Line
from maillab.tui.widgets.text import TextRows

Made = Callable[[int], Sequence[Line]]  # the lines, for so many cells


class Inspector(TextRows):
    """Shows what `inspection` makes, which depends on how wide it is; `hexed` shows bytes."""

    hexed = False

    def __init__(self, *, classes: str = "pane") -> None:
        super().__init__(id="inspector", classes=classes)
        self._made: Made = lambda _: ()

    def explain(self, title: str, made: Made) -> None:
        """Another text, to be read from its beginning."""
        self.border_title = sink.content(title)
        self._made = made
        self.show_from_top(made(self._cells))

    def on_resize(self, event: events.Resize) -> None:
        self._texts = self._made(self._cells)
        super().on_resize(event)
