"""When the screen is brought up to date."""

import asyncio
import threading
from itertools import pairwise

from maillab.tui.terminal.refresher import FRAME, Refresher
from tests.support import run


async def turns(seconds=4 * FRAME):
    """Let the loop go on for a while: frames are what is waited for here."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, done.set)
    await done.wait()


def test_a_burst_is_one_frame():
    """However often it is woken, there are at most thirty flushes a second, and none without need."""

    async def story():
        flushes = []
        refresher = Refresher(lambda: bool(flushes.append(1)), lambda: 0)
        refresher.wake()  # before it was started
        refresher.start()
        for _ in range(1_000):
            refresher.wake()
        await turns()
        assert len(flushes) == 1
        await turns()
        assert len(flushes) == 1

    run(story())


def test_from_any_thread():
    """Whoever wakes it comes back at once."""

    async def story():
        flushed = asyncio.Event()
        refresher = Refresher(lambda: bool(flushed.set()), lambda: 0)
        refresher.start()
        thread = threading.Thread(target=refresher.wake)
        thread.start()
        thread.join()
        await asyncio.wait_for(flushed.wait(), 5)

    run(story())


def test_as_long_as_there_is_more():
    """It goes on while there is more to do."""

    async def story():
        left, done = [5], asyncio.Event()

        def flush():
            left[0] -= 1
            if not left[0]:
                done.set()
            return left[0] > 0

        refresher = Refresher(flush, lambda: 0)
        refresher.start()
        refresher.wake()
        await asyncio.wait_for(done.wait(), 5)

    run(story())


def test_a_slow_terminal():
    """While the terminal has not taken the last frames no other one is made."""

    async def story():
        waiting, flushes, flushed = [5], [], asyncio.Event()

        def flush():
            flushes.append(1)
            flushed.set()
            return False

        refresher = Refresher(flush, lambda: waiting[0])
        refresher.start()
        refresher.wake()
        await turns()
        assert flushes == []
        assert refresher.skipped
        waiting[0] = 0
        await asyncio.wait_for(flushed.wait(), 5)
        await turns()
        assert flushes == [1]

    run(story())


def test_the_end():
    """When it was stopped nothing is flushed, and waking it does nothing; nor when the loop has gone."""
    flushes = []
    refresher = Refresher(lambda: bool(flushes.append(1)), lambda: 0)

    async def story():
        refresher.start()
        refresher.wake()
        await asyncio.sleep(0)
        refresher.stop()
        refresher.wake()
        await turns()

    run(story())
    assert flushes == []

    async def begin():
        refresher.start()

    run(begin())
    refresher.wake()


def test_the_mail_comes_first():
    """While frames cost much, they are rare: most of the time is the lab's."""

    async def story():
        worked, flushes, enough = [0.0], [], asyncio.Event()

        def flush():
            flushes.append(asyncio.get_running_loop().time())
            worked[0] += 2 * FRAME
            if len(flushes) == 4:
                enough.set()
            return True

        refresher = Refresher(flush, lambda: 0, lambda: worked[0])
        refresher.start()
        refresher.wake()
        await asyncio.wait_for(enough.wait(), 10)
        assert all(after - before >= 5.9 * FRAME for before, after in pairwise(flushes))

    run(story())
