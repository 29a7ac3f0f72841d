"""The Sessions mode: saved runs of the lab, to look at again, to compare, to do again."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from maillab.tui import archive, bindings
from maillab.tui.archive import SavedSession, SessionSummary
from maillab.tui.dialogs.picker import Choice
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.sink import Line, piece
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.sessionlist import SessionList
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.text import TextRows

if TYPE_CHECKING:
    from maillab.recording.compare import ComparedRow

LISTED = 200  # sessions that are looked into for the list
_MARKS = {" ": "plain", "-": "bad", "+": "good", "@": "heading"}


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

    def arrived(self) -> None:
        """Look into the folder again."""
        super().arrived()
        self.action_refresh_list()

    def news(self) -> None:
        """Where the sessions are."""
        super().news()
        self.query_one(StatusBar).facts = str(self.window.sessions_folder())

    def action_refresh_list(self) -> None:
        self.window.attempt(self._look(), group="sessions")

    async def _look(self) -> None:
        sessions = await asyncio.to_thread(archive.saved, self.window.sessions_folder())
        if self.is_mounted:
            self.query_one(SessionList).show_sessions(sessions, self.texts("sessions.empty"))
            await self._preview()
            for session in sessions[:LISTED]:
                if self.window.at is self:
                    await self._summary(session)

    async def _summary(self, session: SavedSession) -> SessionSummary:
        summaries = self.query_one(SessionList).summaries
        if session not in summaries:
            self.query_one(SessionList).know(session, await asyncio.to_thread(archive.summary, session.path))
        return summaries[session]

    async def _preview(self) -> None:
        here = self.query_one(SessionList).here
        lines: Sequence[Line] = [(("dim", self.texts("sessions.hint")),)]
        if here is not None:
            lines = archive.preview(await self._summary(here), self.texts)
        self._show(lines)

    def _show(self, lines: Sequence[Line]) -> None:
        self.query_one("#preview", TextRows).show_from_top(lines)

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        if isinstance(message.rows, SessionList):
            message.stop()
            self.window.attempt(self._preview(), group="preview", alone=True)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if (path := self._path) is not None:
            self.window.attempt(self.window.open_session(path))

    @property
    def _path(self) -> Path | None:
        here = self.query_one(SessionList).here
        return here.path if here is not None else None

    # ── what is done with one ──

    def action_rename(self) -> None:
        if (path := self._path) is not None:
            self.window.attempt(self._rename(path))

    async def _rename(self, path: Path) -> None:
        renamed = await self.window.ask_until(
            self.texts("session.name"), archive.stem(path), lambda name: asyncio.to_thread(archive.rename, path, name)
        )
        if renamed is not None:
            await self._look()

    def action_delete(self) -> None:
        if (path := self._path) is not None:
            self.window.attempt(self._delete(path))

    async def _delete(self, path: Path) -> None:
        if await self.window.is_sure(self.texts("ask.delete", name=path.name)):
            where = await asyncio.to_thread(archive.throw_away, path)
            self.window.say(self.texts("say.thrown", path=where))
            await self._look()

    def action_compare(self) -> None:
        if (path := self._path) is not None:
            self.window.attempt(self._compare(path))

    async def _compare(self, path: Path) -> None:
        from maillab.recording.compare import compare
        from maillab.recording.session import load

        paths = [session.path for session in self.query_one(SessionList).sessions]
        choices = [Choice(str(other), other.name) for other in paths if other != path]
        picked = await self.window.pick(self.texts("compare.title", name=path.name), choices)
        if picked is not None:
            rows = await asyncio.to_thread(lambda: compare(load(path).entries, load(Path(picked)).entries))
            self._show_difference(f"{path.name} / {Path(picked).name}", rows)

    def _show_difference(self, title: str, rows: "Sequence[ComparedRow]") -> None:
        lines: list[Line] = [(piece("heading", title),), ()]
        if not rows:
            lines.append((("good", self.texts("compare.same")),))
        lines += [[("dim", f"{row.mark} "), piece(_MARKS[row.mark], row.text)] for row in rows]
        self._show(lines)
        self.front("preview")

    def action_export(self) -> None:
        if (path := self._path) is not None:
            from maillab.recording.session import load

            self.window.attempt(self.window.export(lambda: asyncio.to_thread(load, path), archive.stem(path)))

    def action_reenact(self) -> None:
        """Say it again to the running lab, and show what differs."""
        if (path := self._path) is not None and self.window.living():
            self.window.attempt(self._reenact(path))

    async def _reenact(self, path: Path) -> None:
        from maillab.tui.replay_differences import playable, said_again

        talks = await asyncio.to_thread(playable, path)
        choices = [Choice(talk.name, talk.name, f"{talk.service} {talk.server}") for talk in talks]
        picked = await self.window.pick(self.texts("again.title"), choices)
        if picked is None:
            return
        talk = next(talk for talk in talks if talk.name == picked)
        rows, notes = await self.window.host.ask(lambda lab: said_again(lab, talk))
        self._show_difference(self.texts("again.done", name=talk.name), rows)
        for note in notes:
            self.window.say(note)
