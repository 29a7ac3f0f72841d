"""The schedule of attempts, as a function of birth and moment."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sender.retry import Schedule, end_of_life, gap, next_attempt, warning_due


def moments(schedule: Schedule) -> list[float]:
    """Every attempt of a message that is never accepted, born at 0."""
    seen, now = [0.0], 0.0
    while (at := next_attempt(schedule, 0.0, now, len(seen))) is not None:
        seen.append(at)
        now = at
    return seen


def test_default_schedule() -> None:
    """The waits are 300, 600, 1200, 2400, 4000, 4000... and the last attempt is at five days exactly."""  # T052
    seen = moments(Schedule())

    assert [b - a for a, b in pairwise(seen[:7])] == [300, 600, 1200, 2400, 4000, 4000]
    assert seen[-1] == 5 * 86_400
    assert max(b - a for a, b in pairwise(seen)) == 4000


def test_own_schedule() -> None:
    """A schedule of one wait and a short life repeats the wait and ends with the life."""
    assert moments(Schedule((10,), 25, 0)) == [0, 10, 20, 25]


def test_life_of_no_length() -> None:
    """A message with no life in the queue is tried once."""
    assert moments(Schedule(lifetime=0)) == [0]


def test_birth_in_the_future() -> None:
    """A message born after now, because the date was set back, is retried by the schedule all the same."""  # T044
    assert next_attempt(Schedule(), born=1e9, now=1000.0, attempts=1) == 1300.0


def test_warning() -> None:
    """The warning is due from four hours on, once, and never where it is switched off."""
    assert not warning_due(Schedule(), 100.0, 14_499.0, warned=False)
    assert warning_due(Schedule(), 100.0, 14_500.0, warned=False)
    assert not warning_due(Schedule(), 100.0, 14_500.0, warned=True)
    assert not warning_due(Schedule(warn_after=0), 100.0, 1e9, warned=False)


@pytest.mark.parametrize("gaps", [(), (0,), (5, -1)])
def test_no_schedule_without_pause(gaps: tuple[int, ...]) -> None:
    """A schedule without a positive wait is refused."""
    with pytest.raises(ValueError, match="schedule"):
        Schedule(gaps)


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 1000))
def test_always_later_and_within_life(born: int, age: int, attempts: int) -> None:
    """The next attempt is after now, within the life, and no further away than its wait."""
    schedule, now = Schedule(), float(born + age)
    at = next_attempt(schedule, float(born), now, attempts)
    if at is None:
        assert now >= end_of_life(schedule, born)
    else:
        assert now < at <= min(now + gap(schedule, attempts), end_of_life(schedule, born))
