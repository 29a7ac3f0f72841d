"""The smallest window that Textual makes of a title, a field and keys: what every window in it costs."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input


class Smallest(App[None]):
    """Title, field, keys."""

    TITLE = "smallest"

    def compose(self) -> ComposeResult:
        yield Header()
        yield Input(placeholder="Write here")
        yield Footer()


if __name__ == "__main__":
    Smallest().run()
