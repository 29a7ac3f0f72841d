"""Numbers of several rounds, side by side: medians, spread and ratios as text. Pure; nothing is judged here."""

import statistics
from collections.abc import Callable, Sequence

Side = Callable[[], float]
Tell = Callable[[str], None]  # what is said while it goes on


def alternate(sides: dict[str, Side], rounds: int, tell: Tell = lambda line: None) -> dict[str, list[float]]:
    """Ask each side once a round, the first one changing from round to round, so that neither owns the warm disk.

    >>> alternate({"a": lambda: 1.0, "b": lambda: 2.0}, rounds=2)
    {'a': [1.0, 1.0], 'b': [2.0, 2.0]}
    """
    numbers: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in order:
            numbers[name].append(sides[name]())
            tell(f"  round {number + 1} {name}: {numbers[name][-1]:.0f}")
    return numbers


def summary(name: str, values: Sequence[float], digits: int = 0) -> str:
    """Median, range and relative standard deviation of one side.

    >>> summary("maillab", [100.0, 110.0, 120.0])
    'maillab     median     110   100 to 120   spread 9 %'
    """
    middle = statistics.median(values)
    spread = 100 * statistics.stdev(values) / statistics.mean(values) if len(values) > 1 else 0.0
    return f"{name:<10}  median {middle:7.{digits}f}   {min(values):.{digits}f} to {max(values):.{digits}f}   spread {spread:.0f} %"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours by theirs, round by round.

    >>> ratios([3.0, 4.0], [2.0, 2.0])
    [1.5, 2.0]
    """
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def table(title: str, numbers: dict[str, list[float]], digits: int = 0) -> str:
    """The rows of one measurement; the ratio of the first side to each other one below them."""
    rows = [title, *("  " + summary(name, values, digits) for name, values in numbers.items())]
    (_, ours), *others = numbers.items()
    rows += ["  " + summary(f"ratio to {name}", ratios(ours, theirs), 2) for name, theirs in others]
    return "\n".join(rows)
