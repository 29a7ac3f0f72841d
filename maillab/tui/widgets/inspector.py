"""The entry under the cursor, explained, and the message as it stood there."""

from collections.abc import Sequence

from maillab.tui.sink import Line
from maillab.tui.widgets.text import TextRows


class Inspector(TextRows):
    """Shows lines made by `inspection`; `hexed` shows octets."""

    def __init__(self, *, id: str = "inspector", classes: str = "pane") -> None:
        super().__init__(id=id, classes=classes)
        self.hexed = False

    def explain(self, lines: Sequence[Line]) -> None:
        """Another entry."""
        self.show_lines(lines)
        self.scroll_home(animate=False, immediate=True)
