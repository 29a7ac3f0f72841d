"""The entry under the cursor, explained, and the message as it stood there."""

from maillab.tui.widgets.text import TextRows


class Inspector(TextRows):
    """Shows lines made by `inspection`; `hexed` shows octets."""

    hexed = False

    def __init__(self, *, classes: str = "pane") -> None:
        super().__init__(id="inspector", classes=classes)
