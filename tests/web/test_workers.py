"""The threads in which answers are worked out."""

import asyncio
import threading

from maillab.web.workers import in_thread
from tests.support import run


def test_the_lab_does_not_wait_behind_questions():
    """However many questions take long: the lab's own work in threads goes on (a login took minutes)."""
    done = threading.Event()

    async def play():
        async with asyncio.TaskGroup() as group:
            for _ in range(100):
                group.create_task(in_thread(lambda: done.wait(20)))
            await asyncio.sleep(0)
            try:
                async with asyncio.timeout(10):
                    assert await asyncio.to_thread(lambda: "in") == "in"
            finally:
                done.set()

    run(play())
