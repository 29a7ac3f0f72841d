"""The saved sessions, the newest first."""

from collections.abc import Sequence
from datetime import datetime

from maillab.tui import sink
from maillab.tui.archive import Saved
from maillab.tui.sink import Line
from maillab.tui.widgets.rows import Rows


class SessionList(Rows):
    """A line for each file."""

    def __init__(self) -> None:
        super().__init__(id="list", classes="pane")
        self.sessions: Sequence[Saved] = ()

    def show_sessions(self, sessions: Sequence[Saved], empty: str) -> None:
        """Others than before."""
        here = self.here
        self.sessions, self.nothing = sessions, empty
        self.changed()
        self.cursor = next((n for n, one in enumerate(sessions) if here is not None and one.path == here.path), 0)

    @property
    def here(self) -> Saved | None:
        """The one under the cursor."""
        return self.sessions[self.cursor] if self.cursor < len(self.sessions) else None

    def count(self) -> int:
        """A line each."""
        return len(self.sessions)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Name, when, how large."""
        one = self.sessions[index]
        when = f"{datetime.fromtimestamp(one.changed).astimezone():%Y-%m-%d %H:%M}"
        size = f"{one.octets / 1000:.0f} kB"
        name = one.path.name.removesuffix(".gz").removesuffix(".maillab")
        room = max(8, cells - len(when) - len(size) - 4)
        return [(sink.piece("plain", " " + sink.fit(name, room)), ("dim", f" {when} {size}"))]
