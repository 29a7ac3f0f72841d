"""The saved sessions, the newest first."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events

from maillab.recording.saved_sessions import SavedSession, stem
from maillab.tui.dates import WIDE as DATE
from maillab.tui.dates import date
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.playing.session_names import shortened, untimed
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.views.safe import safe
from maillab.views.units import duration

ROOMY = 57  # cells, from which on the length stands in the line, too
WIDE = 75  # cells, from which on there is room for how many messages it has
MESSAGES = 12  # cells of how many messages a session has
LENGTH = 11  # cells of how long it is: 5d 00:06:28


class SessionList(Rows):
    """A line for each file: how it came out, its name, its day, its length, its messages."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="list", classes="pane")
        self._texts = texts
        self.sessions: Sequence[SavedSession] = ()
        self._now = 0.0
        self.summaries: dict[SavedSession, SessionSummary] = {}

    def show_sessions(self, sessions: Sequence[SavedSession], now: float) -> None:
        """Others than before; the cursor stays on its session."""
        here = self.here
        self.sessions, self._now = sessions, now
        self.changed()
        self.cursor = next(
            (n for n, session in enumerate(sessions) if here is not None and session.path == here.path), 0
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is a key of the mode, which opens what is under the cursor: there it has a name."""
        return action != "open"

    def on_click(self, event: events.Click) -> None:
        """A second click opens, too."""
        if event.chain == 2:
            self.action_open()

    def know(self, session: SavedSession, summary: SessionSummary) -> None:
        """What is in one of them."""
        self.summaries[session] = summary
        self.changed()

    @property
    def here(self) -> SavedSession | None:
        """The one under the cursor."""
        return self.sessions[self.cursor] if self.cursor < len(self.sessions) else None

    def count(self) -> int:
        """A line each."""
        return len(self.sessions)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """The name gets what the others leave."""
        session = self.sessions[index]
        summary = self.summaries.get(session)
        when = f"  {date(session.changed, self._now, self._texts):<{DATE}}"
        sign, length, messages = ("dim", " "), "", ""
        if summary is not None:
            sign = summary.outcome
            length = (
                "" if summary.trouble or cells < ROOMY else f"{'≥' if summary.more else ''}{duration(summary.seconds)}"
            )
            messages = self._texts("session.messages", count=len(summary.messages))
        messages = f"  {sink.fit(messages, MESSAGES)}" if cells >= WIDE else ""
        if cells >= ROOMY:
            length = f"  {length:>{LENGTH}}"
        room = max(8, cells - cell_len(when) - cell_len(messages) - cell_len(length) - 3)
        return [
            (
                (sign[0], f" {sign[1]} "),
                ("plain", sink.fit(shortened(untimed(safe(stem(session.path)), session.changed), room), room)),
                ("dim", f"{when}{length}{messages}"),
            )
        ]
