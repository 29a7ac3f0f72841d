"""The clock of the lab."""

import asyncio

from maillab.wire.clock import Clock


def test_waiting_ends_when_the_clock_is_turned():
    """Five days pass at once when somebody turns the clock."""

    async def story():
        clock = Clock(1000.0)
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(clock.wait_until(1000.0 + 432_000))
            await asyncio.sleep(0)
            clock.advance(432_000)
        return clock.now()

    assert asyncio.run(story()) >= 433_000


def test_the_clock_moves_with_the_steady_clock_only():
    """A jump of the computer's date moves nothing; turning back is not possible (T043)."""
    steady = [5.0]
    clock = Clock(100.0, lambda: steady[0])
    steady[0] = 7.5
    clock.advance(-50)
    assert clock.now() == 102.5


def test_a_moment_that_has_passed_is_not_waited_for():
    """Waiting until the past returns at once."""
    asyncio.run(asyncio.wait_for(Clock(100.0).wait_until(50.0), 1))
