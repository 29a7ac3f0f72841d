"""How much room the panes of a mode have beside one another: a person's own choice for each layout of the screen.

Rules for this file: arithmetic and names of style rules; the style sheet decides wherever nobody has chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LEAST = 4  # cells or lines that a pane keeps
LAYOUTS = ("-normal", "-wide")  # those in which panes stand beside one another


@dataclass(frozen=True, slots=True)
class PaneSplit:
    """The pane `measured` has so many lines or cells; `rule` of `target` says so in this `form`, # for the number."""

    measured: str
    target: str
    rule: Literal["height", "width", "grid_rows", "grid_columns"]
    form: str = "#"

    @property
    def step(self) -> int:
        """By how much one key moves it: two lines, or four cells."""
        return 2 if self.is_vertical else 4

    @property
    def is_vertical(self) -> bool:
        """Are lines counted?"""
        return self.rule in ("height", "grid_rows")

    def moved(self, now: int, total: int, by: int) -> int:
        """The size after `by` steps (more for the others): never nothing, never more than half of all.

        >>> PaneSplit("desk", "desk", "height").moved(14, 34, 1), PaneSplit("desk", "desk", "height").moved(16, 34, -1)
        (12, 17)
        """
        return max(LEAST, min(now - by * self.step, total // 2))

    def value(self, size: int) -> str:
        """What the rule is set to."""
        return self.form.replace("#", str(size))


Splits = Mapping[str, PaneSplit]  # by layout
