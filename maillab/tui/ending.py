"""The end of the window by a signal or by a fault: nothing is lost, and no secret is told.

Rules for this file: it runs when nothing else may run any more, outside the loop too.
"""

import asyncio
import os
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from maillab.system import CALLED_AWAY, HERE
from maillab.tui.commands.draft import draft_to_keep
from maillab.tui.commands.leaving import leave
from maillab.tui.context import WindowContext
from maillab.tui.machines import drafts
from maillab.views.safe import safe

FRAMES = 30  # of a fault that are written down
HANG_UP = "SIGHUP"
LAST = 12.0  # seconds from a signal to the end, whatever stands in its way


class WindowEnd:
    """`crash_report` is printed when the window has closed by a fault; `hung_up` is told that the terminal has."""

    def __init__(self, at: WindowContext, hung_up: Callable[[], None]) -> None:
        self._at = at
        self._hung_up = hung_up
        self.crash_report = ""

    def listen_to_signals(self) -> None:
        """SIGTERM and a hung-up terminal are no reason to lose anything."""
        loop = asyncio.get_running_loop()

        def hung_up(number: int) -> None:
            self._hung_up()  # first: the loop itself may be waiting for the terminal that is gone
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._called_away, number)

        try:
            HERE.on_signals(loop, [name for name in CALLED_AWAY if name != HANG_UP], self._called_away)
            HERE.at_once(HANG_UP, hung_up)
        except (ValueError, RuntimeError):  # not the main thread
            return

    def _called_away(self, _number: int) -> None:
        watch = threading.Timer(LAST, self._end_at_once)
        watch.daemon = True
        watch.start()
        self._at.ui.attempt(leave(self._at, 0))

    def _end_at_once(self) -> None:
        """The window's loop does not come to its end: what matters is kept without it, if that ends."""
        rites = threading.Thread(target=self.last_rites, daemon=True)
        rites.start()
        rites.join(LAST)
        os._exit(1)

    def last_rites(self) -> None:
        """Shut down in order after the window has closed."""
        if (path := draft_to_keep(self._at)) is not None:
            try:
                drafts.save(self._at.drafting.form, path)
            except OSError:
                pass  # the disk takes nothing more
        if self._at.host.begun:
            self._at.host.stop_now()

    def crashed(self, error: BaseException) -> None:
        """Write down where it happened, without the values of anything (T280)."""
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        words = f"{type(error).__name__}: {safe(str(error))[:500]}" if is_ours(error) else type(error).__name__
        report = "\n".join(["the window has ended by a fault of its own", *lines, words]) + "\n"
        self.crash_report = f"maillab: {report}"
        folder = self._at.settings.lab
        if folder is not None and folder.is_dir():
            path = folder / "crash.txt"
            try:
                path.touch(mode=0o600)
                path.write_text(report, "utf-8")
                self.crash_report += f"  written to {path}\n"
            except OSError:
                pass  # it is printed, too


def is_ours(error: BaseException) -> bool:
    """May its words be told? Those of other errors may quote what somebody typed or sent."""
    return isinstance(error, AssertionError | NotImplementedError | ImportError)
