"""How long one callback of an event loop computes: whoever computes for long lets nobody else speak."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

MOST = 0.1  # seconds: the house's bound


@dataclass
class Longest:
    """The callback that computed for longest so far."""

    seconds: float = 0.0
    who: str = ""


@contextmanager
def watched_loops() -> Iterator[Longest]:
    """Every callback of every loop of this process is measured meanwhile.

    In seconds of computing of its thread: what other programs do meanwhile does not count.
    """
    longest, real = Longest(), asyncio.events.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        before = time.thread_time()
        real(handle)
        if (spent := time.thread_time() - before) > longest.seconds:
            longest.seconds, longest.who = spent, repr(handle)

    gc.collect()
    gc.freeze()  # what other tests left behind is not looked through meanwhile
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.events.Handle, "_run", timed)
        yield longest
