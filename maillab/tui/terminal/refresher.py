"""When the screen is brought up to date: thirty times a second at most, as the terminal takes it, and the mail first.

Rules for this file: whoever wakes the refresher comes back at once, from whatever thread; an idle lab costs nothing.
"""

import asyncio
import time
from collections.abc import Callable

FRAME = 1 / 30  # seconds
BEHIND = 1  # frames that may wait for the terminal before the next one is made
REST = 5.0  # after a frame that cost t seconds, wait 5 t: meanwhile the lab has the processor
LONGEST = 0.2  # seconds between two flushes, however much the window works for its own sake, as when a key is held down


def a_slice(seconds: float) -> Callable[[], bool]:
    """Have so many seconds passed since now?"""
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


class Refresher:
    """Calls `flush` in the window's loop some time after `wake`. `waiting` says how many frames the terminal has not
    taken yet, `worked` how many seconds this thread has worked so far. `flush` says whether there is more to do; a
    fault in it goes to `failed`.
    """

    def __init__(
        self,
        flush: Callable[[], bool],
        waiting: Callable[[], int],
        worked: Callable[[], float] = lambda: 0.0,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._flush = flush
        self._waiting = waiting
        self._worked = worked
        self._failed = failed
        self._worked_then = 0.0  # at the last flush
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due = False  # somebody has woken us
        self._last = 0.0  # when it was flushed
        self._timer: asyncio.TimerHandle | None = None
        self.skipped = 0  # frames that were not made because the terminal was behind

    def start(self) -> None:
        """From now on; called in the window's loop."""
        self._loop = asyncio.get_running_loop()
        self._due, self._worked_then = False, self._worked()

    def stop(self) -> None:
        """Nothing is flushed any more."""
        self._loop = None
        if self._timer is not None:
            self._timer.cancel()

    def wake(self) -> None:
        """Something is new. Any thread."""
        loop = self._loop
        if loop is None or self._due:
            return
        self._due = True
        try:
            loop.call_soon_threadsafe(self._arm)
        except RuntimeError:  # the window has closed
            pass

    def _arm(self) -> None:
        loop = self._loop
        if loop is None:
            return
        wait = self._last + FRAME - loop.time()
        self._timer = loop.call_later(max(0.0, wait), self._run)

    def _run(self) -> None:
        loop = self._loop
        if loop is None:
            return
        if self._waiting() > BEHIND:
            self.skipped += 1
            self._timer = loop.call_later(FRAME, self._run)
            return
        rest = self._last + min(LONGEST, REST * (self._worked() - self._worked_then)) - loop.time()
        if rest > 0:
            self._timer = loop.call_later(rest, self._run)
            return
        self._due = False
        self._worked_then = self._worked()
        try:
            if self._flush():
                self.wake()
        except Exception as error:
            if self._failed is None:
                raise
            self._failed(error)
        finally:
            self._last = loop.time()
