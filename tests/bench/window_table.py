"""The table about the window: numbers, what they should be, and whom they stand beside. Pure."""

import statistics
from collections.abc import Sequence

OURS, SMALLEST = "maillab", "smallest"
Facts = dict[tuple[str, str], list[float]]  # what, of whom: numbers
GOALS = {  # at most; what a key costs should be no more than in the edition before
    "first paint, ms of CPU": "1.6 x smallest",
    "first paint, ms": "1.6 x smallest",
    "doors open, ms": "600",
    "resident, MiB": "60",
    "100,000 lines given, visible, ms": "60",
    "filter on 100,000 lines: first rows, ms": "40",
    "2,000 lines/s: CPU, %": "22",
    "2,000 lines/s: key to paint p50, p95, ms": "15, 60",
    "2,000 lines/s: loop late p99, ms": "15",
    "resident, for each 100,000 live lines, MiB": "30",
    "1,000,000 lines given, visible, ms": "400",
    "resident, for each 100,000 lines, MiB": "30",
    "20,000 lines/s: CPU, %": "35",
    "20,000 lines/s: missing from the record": "0",
    "20 kB/s terminal: loop late p99, ms": "20",
    "20 kB/s terminal: message later by, ms": "+-2",
    "idle: CPU, %": "0.2",
    "idle: octets/s": "0",
}


def share(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of them do not exceed; nan for none.

    >>> share([1.0, 2.0, 3.0, 4.0], 50), share([5.0], 99)
    (2.0, 5.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)] if ordered else float("nan")


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, and the range where there are several.

    >>> spread([3.0, 1.0, 2.0]), spread([1.25], 1), spread([])
    ('2 (1 to 3)', '1.2', 'none')
    """
    if not values:
        return "none"
    middle = f"{statistics.median(values):.{digits}f}"
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else middle


def row(what: str, value: str, goal: str | None = None) -> str:
    """A line of the table: what, how much, and what it should be at most."""
    goal = GOALS.get(what, "") if goal is None else goal
    return f"  {what:<46} {value:<44} {goal and '  goal ' + goal}".rstrip()


def rows(what: str, facts: Facts, digits: int = 0) -> list[str]:
    """Ours, with the ratio to the smallest window; below, everybody else's."""
    sides = [name for fact, name in facts if fact == what]
    ratio = ""
    if {OURS, SMALLEST} <= set(sides):
        ratio = f", {statistics.median(facts[what, OURS]) / statistics.median(facts[what, SMALLEST]):.1f} x smallest"
    ours = [row(what, spread(facts[what, OURS], digits) + ratio)] if OURS in sides else []
    return [*ours, *(row(f"    {name}", spread(facts[what, name], digits)) for name in sides if ours and name != OURS)]
