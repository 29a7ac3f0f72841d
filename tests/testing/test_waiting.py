"""What a test waits for."""

import asyncio

import pytest

from maillab.events import Closed
from maillab.logbook import Logbook
from maillab.testing.waiting import until
from tests.support import run


def test_past_and_to_come():
    """Events that have happened count as well as those that come; what does not happen ends with a sentence."""

    async def waits():
        book = Logbook(clock=lambda: 0.0)
        book.append(Closed("submit-1", "quit"))
        await until(book, lambda event: True, 1, 1)
        asyncio.get_running_loop().call_soon(book.append, Closed("submit-2", "quit"))
        await until(book, lambda event: event.why == "quit", 2, 1)
        with pytest.raises(TimeoutError, match="did not happen within"):
            await until(book, lambda event: True, 3, 0.001)

    run(waits())
