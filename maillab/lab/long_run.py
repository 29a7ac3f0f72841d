"""What a process arranges that runs for days: descriptors, a calm collector, asyncio's complaints in the logbook."""

import gc
from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Any

from maillab.events import Warned
from maillab.logbook import Logbook
from maillab.system import HERE
from maillab.wire.limits import DESCRIPTORS

SWEEP = 5.0  # seconds between two looks at young garbage


def settle_in(loop: AbstractEventLoop, logbook: Logbook) -> None:
    """Arrange it, once everything is made and the loop runs."""
    HERE.allow_descriptors(DESCRIPTORS)
    _calm_collector(loop)
    loop.set_exception_handler(overhearing(logbook))


def overhearing(logbook: Logbook) -> Callable[[AbstractEventLoop, dict[str, Any]], None]:
    """What asyncio itself complains of becomes an entry, once a minute each, never a traceback: where no descriptor is
    left for another client it complains thousands of times a second (T035).
    """
    complaints: dict[str, float] = {}  # and when each was logged

    def hear(loop: AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        what = f"{context['message']}: {type(error).__name__}: {error}" if error else str(context["message"])
        now = loop.time()
        for old in [old for old, at in complaints.items() if at < now - 60]:
            del complaints[old]
        if what not in complaints:
            complaints[what] = now
            logbook.append(Warned("asyncio", what))

    return hear


def _calm_collector(loop: AbstractEventLoop) -> None:
    """The logbook keeps hundreds of thousands of small values that form no cycles; looking through them again and again
    costs a tenth of all time, and would hold up the loop for 100 ms when it is full.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1000)

    def sweep() -> None:
        """What failed handshakes leave behind are few objects and large buffers: no threshold sees them."""
        gc.collect(1)
        loop.call_later(SWEEP, sweep)

    loop.call_later(SWEEP, sweep)
