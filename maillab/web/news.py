"""Tells whoever waits, in the lab's loop, that something may have changed in an inbox."""

import asyncio
from contextlib import suppress


class Ring:
    """One ring, for as many as wait for it."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Now. In the loop."""
        self._rung.set()

    async def wait(self, longest: float) -> bool:
        """Until it rings, at most so many seconds; did it?"""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await self._rung.wait()
        return self._rung.is_set()


class InboxNews:
    """`ring` from any thread; `next` is the bell for what comes after this moment, in the loop of the lab."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._bell = Ring()

    def ring(self) -> None:
        """Something may have changed. A loop that has ended hears nothing."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ring)

    def next(self) -> Ring:
        """The bell that rings for the next change: take it before you look, and nothing is missed."""
        return self._bell

    def _ring(self) -> None:
        rung, self._bell = self._bell, Ring()
        rung.ring()
