"""Leaving the window, by will or by a fault: nothing is lost, and the terminal is as it was."""

import asyncio
import os
import signal
import threading
import traceback
from pathlib import Path

from maillab.system import CALLED_AWAY, HERE
from maillab.tui import drafts
from maillab.tui.commands.base import Base, complaint
from maillab.tui.writer import never_wait
from maillab.views.safe import safe

FRAMES = 30  # of a fault that are written down
LAST = 12.0  # seconds from a signal to the end, whatever stands in its way


class Leaving(Base):
    """A part of the window."""

    crash_report: str = ""  # what is printed when the window has closed by a fault
    left: bool = False  # by will: all is in order

    # ── by will ──

    async def action_quit(self) -> None:
        """Leave; a record that is being made is asked about."""
        self.attempt(self._quit())

    async def _quit(self) -> None:
        if self.host.recording:
            question = self.texts("ask.record", path=self.host.recorded_in)
            choice = await self.choose(question, k="ask.keep_record", d="ask.drop_record", s="ask.stay")
            if choice in (None, "ask.stay"):
                return
            if choice == "ask.drop_record":
                await self.host.drop_record()
            else:
                await self.host.finish_record()
                if self.host.record_trouble:  # it is not what the person wanted to leave behind
                    self.say(self.host.record_trouble, bad=True)
                    return
        await self.leave(0)

    async def leave(self, code: int) -> None:
        """Close everything in its order: the message that is being written, the lab, the window."""
        self.refresher.stop()
        self.playback = None  # a session that is still read is read no further
        try:
            await self.keep_draft()
        except OSError as error:
            self.say(complaint(error), bad=True)
        try:
            async with asyncio.timeout(5):
                await self.host.stop()
        except TimeoutError:
            pass  # it is waited for once more when the window has closed; what was promised is on the disk
        if self.shelf is not None:
            await asyncio.to_thread(self.shelf.close)
        self.left = True
        self.exit(code)

    def last_rites(self) -> None:
        """Shut down in order after the window has closed. Runs outside the event loop."""
        if not self.left and (path := self.draft_to_keep) is not None:
            try:
                drafts.save(self.draft, path)
            except OSError:
                pass  # the disk takes nothing more
        if self.host.begun:
            self.host.stop_now()

    # ── by a signal ──

    def listen_to_signals(self) -> None:
        """SIGTERM and a hung-up terminal are no reason to lose anything."""
        try:
            HERE.on_signals(asyncio.get_running_loop(), CALLED_AWAY, self._called_away)
        except (ValueError, RuntimeError):  # not the main thread
            return

    def _called_away(self, number: int) -> None:
        if signal.Signals(number).name == "SIGHUP":
            never_wait(self._driver)
        watch = threading.Timer(LAST, self._end_at_once)
        watch.daemon = True
        watch.start()
        self.attempt(self.leave(0))

    def _end_at_once(self) -> None:
        """The window's loop does not come to its end: what matters is kept without it, if that ends."""
        rites = threading.Thread(target=self.last_rites, daemon=True)
        rites.start()
        rites.join(LAST)
        os._exit(1)

    # ── the record ──

    def recorded_for(self) -> str:
        """How long it has been recorded, in minutes and seconds of the lab."""
        seconds = max(0, int(self.host.lab.clock.now() - self.host.recorded_since)) if self.host.lab is not None else 0
        return f"{seconds // 60:02}:{seconds % 60:02}"

    async def record_stopped(self) -> None:
        """The disk takes no more of the record; the mail goes on."""
        why = self.host.record_trouble
        await self.host.finish_record()
        self.say(self.texts("say.record_stopped", why=why), bad=True)
        self.news()

    # ── by a fault ──

    def lab_ended(self) -> None:
        """The lab's thread has ended by itself: everything else goes on, and it can be started again."""
        self.trouble = complaint(self.host.failure) or self.texts("say.lab_ended")
        self.say(self.texts("say.no_lab", why=self.trouble), bad=True)
        self.news()

    def crashed(self, error: BaseException) -> None:
        """Write down where it happened, without the values of anything (T280)."""
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        words = f"{type(error).__name__}: {safe(str(error))[:500]}" if _is_ours(error) else type(error).__name__
        report = "\n".join(["the window has ended by a fault of its own", *lines, words]) + "\n"
        self.crash_report = f"maillab: {report}"
        if self.settings.lab is not None and self.settings.lab.is_dir():
            path = self.settings.lab / "crash.txt"
            try:
                path.touch(mode=0o600)
                path.write_text(report, "utf-8")
                self.crash_report += f"  written to {path}\n"
            except OSError:
                pass  # it is printed, too


def _is_ours(error: BaseException) -> bool:
    """May its words be told? Those of other errors may quote what somebody typed or sent."""
    return isinstance(error, AssertionError | NotImplementedError | ImportError)
