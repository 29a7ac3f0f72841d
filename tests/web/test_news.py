"""The bell that rings in the lab's loop, from any thread."""

import asyncio

from maillab.web.news import InboxNews
from tests.support import run


def test_everybody_hears_it():
    """All who wait are woken by one ring, and one who took the bell before it rang is not too late."""

    async def play():
        news = InboxNews()
        early = news.next()
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(news.next().wait(20)) for _ in range(2)]
            await asyncio.to_thread(news.ring)
        assert [task.result() for task in waiting] == [True, True]
        assert await early.wait(0)
        assert not await news.next().wait(0)
        return news

    run(play()).ring()  # a loop that has ended hears nothing
