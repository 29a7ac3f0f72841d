"""When to try again, and when to stop: a schedule, and what it says at a given moment (RFC 5321 §4.5.4.1).

Rules for this file: the moment is passed in, always; nothing here looks at a clock.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds: the waits after the first, second, third... attempt (the last one repeats), the life of a message in the
    queue, and its age at which its sender is told that it is late (0: never told)."""

    gaps: tuple[int, ...] = (300, 600, 1200, 2400, 4000)
    lifetime: int = 432_000  # RFC 5321 §4.5.4.1: "at least 4-5 days"
    warn_after: int = 14_400

    def __post_init__(self) -> None:
        """Raises `ValueError` for a schedule that would try without pause or without end."""
        if not self.gaps or min(self.gaps) <= 0 or self.lifetime < 0 or self.warn_after < 0:
            raise ValueError("a schedule needs at least one wait, all waits positive, and no negative age")


def gap(schedule: Schedule, attempts: int) -> int:
    """Seconds to wait after so many attempts.

    >>> [gap(Schedule(), n) for n in (1, 2, 3, 4, 5, 6, 100)]
    [300, 600, 1200, 2400, 4000, 4000, 4000]
    """
    return schedule.gaps[min(max(attempts, 1), len(schedule.gaps)) - 1]


def end_of_life(schedule: Schedule, born: float) -> float:
    """The moment of the last attempt of a message born then."""
    return born + schedule.lifetime


def next_attempt(schedule: Schedule, born: float, now: float, attempts: int) -> float | None:
    """The moment of the next attempt after `attempts` of them, or `None`: the message's life is over.

    The last attempt is at the end of life exactly. A birth in the future (the date was set back) counts as now.

    >>> next_attempt(Schedule(), born=0.0, now=300.0, attempts=2)
    900.0
    >>> next_attempt(Schedule(lifetime=1000), 0.0, 900.0, 3), next_attempt(Schedule(lifetime=1000), 0.0, 1000.0, 4)
    (1000.0, None)
    """
    end = end_of_life(schedule, min(born, now))
    return None if now >= end else min(now + gap(schedule, attempts), end)


def warning_due(schedule: Schedule, born: float, now: float, *, warned: bool) -> bool:
    """Is it time to tell the sender that the message is late? Once only.

    >>> warning_due(Schedule(), 0.0, 14_400.0, warned=False), warning_due(Schedule(), 0.0, 14_399.0, warned=False)
    (True, False)
    """
    return bool(schedule.warn_after) and not warned and now - born >= schedule.warn_after
