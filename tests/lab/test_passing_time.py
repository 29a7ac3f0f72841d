"""Time that passes in a lab."""

import asyncio
from itertools import pairwise

import pytest

from maillab.events import Adjusted, Attempted, Bounced, Deferred, Delivered, Failed
from maillab.lab.passing_time import let_time_pass
from tests.lab.test_desk import NOW, desk, kinds, post
from tests.support import run, wait_for


def times(lab, kind):
    """When events of a kind happened, in whole seconds since the lab began."""
    return [int(entry.at - NOW) for entry in lab.logbook.since(0) if isinstance(entry.event, kind)]


@pytest.mark.parametrize("turns", [(3600,), (1800, 1800)])
def test_each_retry_in_its_turn(tmp_path, turns):
    """A message that nobody takes is tried when it is due, as often as if one had waited; turned twice at once, too."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))
            await asyncio.gather(*(let_time_pass(lab, seconds) for seconds in turns))
            assert 3600 <= lab.clock.now() - NOW < 3660
            assert sum(int(event.value) for event in kinds(lab, Adjusted) if event.what == "clock") == 3600
            return times(lab, Deferred)

    tried = run(story())
    assert [round(later - before, -2) for before, later in pairwise(tried)] == [300, 600, 1200]


def test_until_it_is_given_up(tmp_path):
    """Five days later the report has come back, after all that was to be tried was tried."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))
            await let_time_pass(lab, 432_000)
            await wait_for(lab.logbook, lambda event: isinstance(event, Bounced) and event.kind == "failed")
            await wait_for(lab.logbook, lambda event: len(kinds(lab, Delivered)) == 2)  # the delay was reported, too
            return len(times(lab, Attempted)), times(lab, Failed)

    attempts, [failed] = run(story())
    assert attempts > 100
    assert 432_000 <= failed < 432_060


def test_a_queue_that_is_held(tmp_path):
    """Nothing of it is tried, however much time passes, and nobody waits for it."""

    async def story():
        async with desk(tmp_path) as lab:
            lab.dispatcher("sender.test").pause()
            await post(lab, "bob@recipient.test")
            await let_time_pass(lab, 86_400)
            assert lab.clock.now() >= NOW + 86_400
            return times(lab, Attempted)

    assert run(story()) == []
