"""Saved sessions and stories: opening one, moving about in it, leaving it for the living lab."""

import asyncio
import sys
from pathlib import Path

from maillab.recording.session import SessionError
from maillab.tui.commands.general import General
from maillab.tui.dialogs.picker import Choice
from maillab.tui.dialogs.prompt import Prompt
from maillab.tui.model import Model
from maillab.tui.playback import Pace, Playback, Recording
from maillab.views.units import seconds_of

TAKEN = 20_000  # entries that are taken into the model at once when somebody moves far


class PlayCommands(General):
    """A part of the window."""

    opened: Path | None  # the file of the session that plays; None for a story

    # ── opening ──

    async def open_session(self, path: Path) -> None:
        """Show a saved session; nothing of it is done again."""
        from maillab.tui import loading

        try:
            header = await asyncio.to_thread(loading.first_look, path)
        except (SessionError, OSError) as error:
            self.say(self.texts("say.no_session", path=path, why=error), bad=True)
            return
        recording = Recording(header)
        playback = self._show(recording, None, path)
        playback.arriving = True  # somebody who opens a record wants to see it, as far as it has been read

        def given_up() -> bool:
            return self.playback is not playback

        await asyncio.to_thread(loading.read, path, recording, self.refresher.wake, given_up)
        if self.playback is playback:
            if recording.trouble:
                self.say(self.texts("say.session_cut", why=recording.trouble), bad=True)
            if recording.told:
                playback.play()
        self.refresher.wake()

    def action_story(self) -> None:
        self.attempt(self._choose_story())

    async def _choose_story(self) -> None:
        from maillab.stories.script import NAMES, load

        lang = self.texts.lang
        stories = await asyncio.to_thread(lambda: [(name, load(name).title.said(lang)) for name in NAMES])
        choices = [Choice(name, title, name) for name, title in stories]
        picked = await self.pick(self.texts("story.title"), choices)
        if picked is not None:
            await self.tell_story(picked)

    async def tell_story(self, name: str) -> None:
        """It happens at once, in a lab of its own; then it is shown at reading speed."""
        from maillab.tui import loading

        self.say(self.texts("say.story_begins"))
        recording = await asyncio.to_thread(loading.tell, name)
        self._show(recording, "reading", None).play()
        self.refresher.wake()

    def _show(self, recording: Recording, pace: Pace | None, path: Path | None) -> Playback:
        """From now on the session is shown; without a pace, the one that it asks for itself."""
        playback = self.playback = Playback(recording, pace, self.texts.lang)
        self.replayed = Model()
        self.opened = path
        self.go("lab" if pace == "reading" else "wire", self._shown)
        return playback

    def _shown(self) -> None:
        """The wire is what there is to see; the space bar plays, and must not be typed anywhere."""
        if (screen := self.at) is not None and "wire" in screen.PANES:
            screen.front("wire")
        self.refresher.wake()

    def action_leave(self) -> None:
        if self.playback is not None:
            self.playback = self.replayed = None
            self.opened = None
            self.refresh_bindings()
            if not self.host.begun:
                self.attempt(self.live_on())
            self.news()

    async def live_on(self) -> None:
        """Start the living lab; the window's own."""
        raise NotImplementedError

    # ── bringing the model to the moment ──

    def follow_playback(self, now: float) -> bool:
        """Let time pass, and take into the model what has happened; is there more to take?"""
        playback, model = self.playback, self.replayed
        if playback is None or model is None:
            return False
        playback.pass_time(now)
        entries, have = playback.recording.entries, len(model.entries)
        if playback.position < have:
            model.reset()
            have = 0
        stop = min(playback.position, have + TAKEN)
        if stop > have:
            model.take(entries[have:stop])
        return stop < playback.position

    # ── moving about ──

    def action_play(self) -> None:
        if self.playback is not None:
            if self.playback.playing:
                self.playback.pause()
            else:
                self.playback.play()
            self.refresher.wake()

    def action_move(self, by: int) -> None:
        """So many lines on, or back."""
        if self.playback is not None:
            self.playback.pause()
            self.playback.to(self.playback.position + by)
            self.refresher.wake()

    def action_begin(self) -> None:
        self.action_move(-sys.maxsize)

    def action_end(self) -> None:
        self.action_move(sys.maxsize)

    def action_pair(self, step: int) -> None:
        if self.playback is not None:
            self.playback.pause()
            self.playback.pair(step)
            self.refresher.wake()

    def action_faster(self, step: int) -> None:
        if self.playback is not None:
            self.playback.faster(step)
            self.refresher.wake()

    def action_mark_on(self) -> None:
        if self.playback is not None:
            names = ", ".join(mark.name for mark in self.playback.mark_on())
            self.say(self.texts("say.at_mark", name=names) if names else self.texts("say.no_mark"))
            self.refresher.wake()

    def action_seek(self) -> None:
        self.attempt(self._seek())

    async def _seek(self) -> None:
        playback = self.playback
        if playback is None:
            return
        marks = {mark.name: mark for mark in playback.marks}

        def check(text: str) -> str:
            if text in marks:
                return ""
            try:
                seconds_of(text)
            except ValueError as error:
                return str(error)
            return ""

        hint = self.texts("seek.hint", marks=", ".join(list(marks)[:6])) if marks else self.texts("seek.plain")
        text = await self.ask_for(Prompt(self.texts("seek.title"), hint=hint, check=check, suggestions=list(marks)))
        if text is None:
            return
        begin = playback.recording.entries[0].at if playback.recording.entries else 0.0
        playback.to_moment(marks[text].at - begin if text in marks else seconds_of(text))
        self.refresher.wake()

    def scrub(self, says: str) -> None:
        """The line of time was clicked, at so many thousandths of it."""
        if self.playback is not None and says:
            self.playback.to_moment(self.playback.length * int(says) / 1000)
            self.refresher.wake()
