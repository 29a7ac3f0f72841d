"""The Sessions mode: saved runs of the lab, to look at again, to compare, to do again."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from maillab.recording.saved_sessions import SavedSession, stem
from maillab.tui.actions import bindings
from maillab.tui.actions.action import Offer
from maillab.tui.commands.replay import open_session
from maillab.tui.commands.sessions import SessionDifference, known, why_none
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.card import Card
from maillab.tui.looks.sink import Line
from maillab.tui.playing import archive
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.playing.session_card import session_card
from maillab.tui.playing.session_difference import difference_lines
from maillab.tui.playing.session_names import shortened
from maillab.tui.playing.session_preview import preview
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.state.record import OnRecord
from maillab.tui.subjects import SavedRun, Subject
from maillab.tui.widgets.panetabs import PaneTabs
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.sessionlist import SessionList
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.text import MadeLines, TextRows

NAME = 25  # cells of each of two sessions that are compared, in the border
LISTED = 200  # sessions that are looked into for the list


class SessionsScreen(ModeScreen):
    """The list, and a look into the one under the cursor."""

    MODE: ClassVar[str] = "sessions"
    PANES: ClassVar[tuple[str, ...]] = ("list", "preview")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("list", "panes", "grid_columns", "# 1fr"),
        "-wide": PaneSplit("list", "panes", "grid_columns", "# 1fr"),
    }
    CONTEXTS: ClassVar[tuple[str, ...]] = ("sessions",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("sessions")

    def panes(self) -> Iterable[Widget]:
        """List and preview."""
        yield SessionList(self.texts)
        yield TextRows(id="preview", classes="pane")

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._version = -1  # of the files, when they were looked at last
        self._saved = 0  # sessions of this run, when the list was shown last
        self._title = ""  # of what differs, where that is shown

    def arrived(self) -> None:
        """Look into the folder again."""
        self._version = -1
        super().arrived()

    def news(self) -> None:
        """Where the sessions are; files that came, went or got another name meanwhile."""
        super().news()
        self.query_one(StatusBar).facts = str(self.at.sessions_folder)
        self.query_one(SessionList).nothing = why_none(self.at)
        if self._version != self.at.records.version:
            self._version = self.at.records.version
            self.at.ui.attempt(self._look(), group="sessions")

    def subject(self) -> Subject | None:
        """The session under the cursor."""
        here = self.query_one(SessionList).here
        return SavedRun(here.path) if here is not None else None

    def belongs(self, offer: Offer, pane: str) -> bool:
        """Sending works here as everywhere, but is no key of this place: nothing that was sent is seen in it."""
        return offer.action.name != "app.send" and super().belongs(offer, pane)

    def visit(self, pane: str, about: object) -> None:
        """To what differs between two sessions."""
        if isinstance(about, SessionDifference):
            self._show(
                difference_lines(about.first, about.second, about.rows, self.texts),
                f"{about.title} · {shortened(about.first, NAME)} ↔ {shortened(about.second, NAME)}",
            )
        super().visit(pane, about)

    def back(self) -> bool:
        """From a comparison to the session under the cursor."""
        if not self._title:
            return False
        self.front("list")
        self.at.ui.attempt(self._preview(), group="preview", alone=True)
        return True

    async def _look(self) -> None:
        sessions = await asyncio.to_thread(known, self.at)
        if self.is_mounted:
            saved = self.at.records.saved
            new = saved[-1] if len(saved) > self._saved else None
            self._saved = len(saved)
            self.query_one(SessionList).show_sessions(sessions, self.at.now, new)
            self._tell_keys()  # something can be done now, or nothing any more
            self._advise()
            await self._preview()
            for session in sessions[:LISTED]:
                if self.is_current:
                    await self._summary(session)

    async def _summary(self, session: SavedSession) -> SessionSummary:
        summaries = self.query_one(SessionList).summaries
        if session not in summaries:
            self.query_one(SessionList).know(session, await asyncio.to_thread(archive.summary, session.path))
        return summaries[session]

    async def _preview(self) -> None:
        here = self.query_one(SessionList).here
        if here is None:
            self._show([])
        else:
            self._show(partial(preview, stem(here.path), await self._summary(here), self.at.now, self.texts))

    def on_resize(self) -> None:
        """The preview may not be seen beside the list now."""
        self.call_after_refresh(self._advise)

    def _advise(self) -> None:
        """What to do where there is no session: in the preview, or where that is not seen beside the list in both."""
        card = Card(session_card, (self.texts, self.key, isinstance(self.at.records.state, OnRecord)))
        listed = self.query_one(SessionList)
        listed.card = None if self.layout_now else card
        self.query_one("#preview", TextRows).card = None if listed.sessions else card

    def _show(self, lines: Sequence[Line] | MadeLines, title: str = "") -> None:
        """In the preview, which has another title where it shows something else."""
        preview = self.query_one("#preview", TextRows)
        preview.show_from_top(lines)
        if title != self._title:
            self._title = title
            preview.entitle(sink.content(title or self.texts("pane.preview")))
            self.query_one(PaneTabs).rename({"preview": title.partition(" · ")[0]})

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        if isinstance(message.rows, SessionList):
            message.stop()
            self.at.ui.attempt(self._preview(), group="preview", alone=True)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        here = self.query_one(SessionList).here
        if here is not None:
            self.at.ui.attempt(open_session(self.at, here.path))
