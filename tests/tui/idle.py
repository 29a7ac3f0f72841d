"""When a window under a pilot has nothing more to do, told by its event loop; on a busy computer, too.

Textual's own pilot looks how much the processor did in the last 20 ms. That takes at least as long, and where other
programs have the processor, it takes a window that could not work for one that has done its work.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

SOON = 0.02  # seconds; a timer that rings sooner is work, such as the next picture
ERRAND = 0.1  # seconds for which a thread may work; one that takes longer waits for something
LONG = 1.0  # seconds after which a window that never rests has rested long enough


async def rest(_least: float = 0.0, most: float = LONG) -> None:
    """Return when the loop would sleep and no thread works for it, or after `most` seconds."""
    loop: Any = asyncio.get_running_loop()
    selector = loop._selector
    select: Callable[[float | None], list[Any]] = selector.select
    asleep = loop.create_future()
    end_of_errands = time.monotonic() + ERRAND

    def before_sleep(timeout: float | None) -> list[Any]:
        if asleep.done() or (timeout is not None and timeout < SOON):
            return select(timeout)
        if _threads_work(loop) and (left := end_of_errands - time.monotonic()) > 0:
            return select(left if timeout is None else min(left, timeout))
        asleep.set_result(None)
        return select(0)

    end = loop.call_later(most, lambda: asleep.done() or asleep.set_result(None))
    selector.select = before_sleep
    try:
        await asleep
    finally:
        selector.select = select
        end.cancel()


def _threads_work(loop: Any) -> bool:
    pool = loop._default_executor
    return pool is not None and pool._idle_semaphore._value < len(pool._threads)
