"""The pane that explains the entry under the cursor."""

from textual import events

from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import CORNERS, whole_parts
from maillab.tui.widgets.text import MadeLines, TextRows


class ExplainPane(TextRows):
    """Shows what `explanation` makes, which depends on how wide it is; `hexed` shows bytes."""

    hexed = False
    _heading = ""

    def __init__(self, *, classes: str = "pane") -> None:
        super().__init__(id="explain", classes=classes)

    def explain(self, title: str, made: MadeLines) -> None:
        """Another text, to be read from its beginning."""
        self._heading = title
        self._entitle()
        self.show_made(made)
        self.scroll_home(animate=False, immediate=True)

    def _entitle(self) -> None:
        """As many of its parts as have room."""
        if self._heading:
            cells = self.outer_size.width or len(self._heading) + CORNERS
            self.entitle(sink.content(whole_parts(self._heading, cells)))

    def on_resize(self, _event: events.Resize) -> None:
        self._entitle()
