"""The saved sessions, the newest first."""

from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from textual import events

from maillab.recording.saved_sessions import SavedSession, stem
from maillab.tui.dates import date
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.playing.session_names import shortened, untimed
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.views.safe import safe
from maillab.views.units import duration

NAME = 16  # cells of a name that its length must leave
WIDE = 75  # cells, from which on there is room for how many messages it has
MESSAGES = 12  # cells of how many messages a session has
SIGN = 3  # cells of how it came out


class SessionList(Rows):
    """A line for each file: how it came out, its name, its day, its length, its messages."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="list", classes="pane")
        self._texts = texts
        self.sessions: Sequence[SavedSession] = ()
        self._now = 0.0
        self.summaries: dict[SavedSession, SessionSummary] = {}
        self._dates = self._lengths = 0  # cells of the widest

    def show_sessions(self, sessions: Sequence[SavedSession], now: float, new: Path | None = None) -> None:
        """Others than before; the cursor goes to a `new` one, and else stays on its session."""
        here = new or (self.here.path if self.here is not None else None)
        self.sessions, self._now = sessions, now
        self._dates = max((cell_len(self._date(session)) for session in sessions), default=0)
        self.changed()
        self.cursor = next((n for n, session in enumerate(sessions) if session.path == here), 0)

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
        self._lengths = max(self._lengths, cell_len(_length(summary)))
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
        sign, length = (summary.outcome, _length(summary)) if summary is not None else (("dim", " "), "")
        facts = f"  {sink.fit(self._date(session), self._dates)}"
        if cells - SIGN - cell_len(facts) - self._lengths - 2 >= NAME:
            facts += f"  {length:>{self._lengths}}"
        if cells >= WIDE:
            messages = self._texts("session.messages", count=len(summary.messages)) if summary is not None else ""
            facts += f"  {sink.fit(messages, MESSAGES)}"
        room = max(8, cells - SIGN - cell_len(facts))
        name = shortened(untimed(safe(stem(session.path)), session.changed), room)
        return [((sign[0], f" {sign[1]} "), ("plain", sink.fit(name, room)), ("dim", facts))]

    def _date(self, session: SavedSession) -> str:
        return date(session.changed, self._now, self._texts)


def _length(summary: SessionSummary) -> str:
    return "" if summary.trouble else f"{'≥' if summary.more else ''}{duration(summary.seconds)}"
