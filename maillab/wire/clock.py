"""The clock of the lab: the time of day plus what a person has turned it forward by.

Machines ask it for the time and wait on it, so that five days of retries can pass in a second.
"""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970, moving with the computer's steady clock: a jump of the date moves nothing (T043)."""

    def __init__(self, start: float, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._offset = start - steady()
        self._turned = asyncio.Event()

    def now(self) -> float:
        """The lab's time in seconds since 1970."""
        return self._steady() + self._offset

    def advance(self, seconds: float) -> None:
        """Turn the clock forward; everyone who waits looks again."""
        self._offset += max(0.0, seconds)
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()

    async def wait_until(self, at: float) -> None:
        """Return when the lab's time has reached `at`."""
        while (left := at - self.now()) > 0:
            turned = self._turned
            try:
                async with asyncio.timeout(min(left, 3600.0)):  # not wait_for: on 3.11 it can swallow a cancellation
                    await turned.wait()
            except TimeoutError:
                pass  # time has passed by itself; look again
