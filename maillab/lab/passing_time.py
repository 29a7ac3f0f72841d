"""Letting time pass in a lab: its clock is turned, and what falls due on the way is done at its moment, in its turn.

A message that is tried again after 5, 10 and 20 minutes is tried three times in an hour, whether one waits or not.
"""

import asyncio

from maillab.events import Adjusted
from maillab.lab.desk import Lab

LOOK = 0.005  # seconds between two looks at the queues
PATIENCE = 5.0  # seconds in which what is due at one moment should be done; a slow host keeps nobody longer


async def let_time_pass(lab: Lab, seconds: float) -> None:
    """Turn the clock forward by so much, stopping wherever a queue has something to do; one after the other."""
    async with lab.turning:
        lab.logbook.append(Adjusted("clock", "clock", f"{seconds:.0f}"))
        end = lab.clock.now() + seconds
        while await _is_done(lab) and (due := lab.next_due) is not None and due < end:
            lab.clock.advance(due - lab.clock.now())
        lab.clock.advance(end - lab.clock.now())


async def _is_done(lab: Lab) -> bool:
    """Is everything done that is due by now? Waits for it, but not without end."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not lab.at_rest:  # noqa: ASYNC110 - a queue tells nobody when it is empty
                await asyncio.sleep(LOOK)
    except TimeoutError:
        return False
    return True
