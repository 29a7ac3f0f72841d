"""When a window under a pilot has nothing more to do, told by its event loop; on a busy computer, too.

Textual's own pilot looks how much the processor did in the last 20 ms. That takes at least as long, and where other
programs have the processor, it takes a window that could not work for one that has done its work. Here time in which
other programs have it does not count.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOON = 0.02  # seconds; a timer that rings sooner is work, such as the next picture
LOOK = 0.005  # seconds between two looks at what threads do
ERRAND = 0.1  # seconds for which a thread may do nothing; one that does nothing for longer waits for something
LONG = 3.0  # seconds, worked or slept, after which a window that never rests has rested long enough


async def rest(_least: float = 0.0, most: float = LONG) -> None:
    """Return when the loop would sleep and no thread works for it, or after `most` seconds of its own."""
    loop: Any = asyncio.get_running_loop()
    selector = loop._selector
    select: Callable[[float | None], list[Any]] = selector.select
    asleep, errands = loop.create_future(), _Errands(loop)
    began, slept = time.thread_time(), 0.0

    def before_sleep(timeout: float | None) -> list[Any]:
        nonlocal slept
        if asleep.done() or timeout == 0.0:
            found = select(timeout)
        elif (timeout is None or timeout >= SOON) and not errands.are_under_way:
            asleep.set_result(None)
            return select(0)
        else:
            wait, since = LOOK if timeout is None else min(LOOK, timeout), time.monotonic()
            found = select(wait)
            took = min(wait, time.monotonic() - since)
            errands.look(took)
            slept += took
        if not asleep.done() and slept + time.thread_time() - began > most:
            asleep.set_result(None)
        return found

    selector.select = before_sleep
    try:
        await asleep
    finally:
        selector.select = select


class _Errands:
    """What threads do for a loop; they are looked at again and again."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._worked = self._still = 0.0  # seconds that all threads have worked; for which none did anything

    @property
    def are_under_way(self) -> bool:
        """Has a thread something to do, and does it?"""
        pool = self._loop._default_executor
        is_busy = pool is not None and pool._idle_semaphore._value < len(pool._threads)
        return is_busy and self._still < ERRAND

    def look(self, seconds: float) -> None:
        """What has been done in so many seconds, in which the loop slept?"""
        worked = time.process_time()
        if worked - self._worked > seconds / 5 or self._want_the_processor():
            self._still = 0.0
        else:
            self._still += seconds
        self._worked = worked

    def _want_the_processor(self) -> bool:
        pool = self._loop._default_executor
        return pool is not None and any(_state(thread.native_id) in "RD" for thread in pool._threads)


def _state(thread: int | None) -> str:
    """R of a thread that has the processor or waits for it, D of one that waits for a disk, S of one that sleeps."""
    try:
        return Path(f"/proc/self/task/{thread}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # it has ended; or there is no such place
        return "S"
