"""Which lines are seen, of all that was said; and in words what keeps the others out of sight.

Rules for this file: no Textual; values, of which each change gives another.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from maillab.events import Entry, Side
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.filter import Filter
from maillab.views.journey import Hop

SIDES = (None, Side.CLIENT, Side.SERVER)  # one after the other


class SightPart(StrEnum):
    """What can be undone alone: a filter, what is looked for, one side, the talks that were chosen."""

    FILTER = "filter"
    FIND = "find"
    SIDE = "side"
    TALKS = "seen"


@dataclass(frozen=True, slots=True)
class Sight:
    """Lines of these talks, which may be those of a station of the message, of one side, that the filter matches.

    `None` keeps nothing out.
    """

    filter: Filter | None = None
    talks: frozenset[str] | None = None
    side: Side | None = None
    hop: Hop | None = None

    @property
    def is_of_some(self) -> bool:
        """Are only some talks seen?"""
        return self.hop is not None or self.talks is not None

    def of(self, model: Model, says: Callable[[Entry], str] | None = None) -> FilteredView:
        """What is seen of a model so; `says` gives the text of an entry's row."""
        return FilteredView(model, self.filter, self.talks, self.side, says)

    def of_next_side(self) -> "Sight":
        """The client's lines, then the server's, then all."""
        return replace(self, side=SIDES[(SIDES.index(self.side) + 1) % len(SIDES)])

    def of_all_talks(self) -> "Sight":
        """Whatever talks were chosen; filter and side stay."""
        return replace(self, talks=None, hop=None)

    def chips(self, texts: Texts) -> list[tuple[str, str]]:
        """Filter and side in words, each with the part that it is."""
        chips: list[tuple[str, str]] = []
        if self.filter is not None:
            chips.append((self.filter.text, SightPart.FILTER))
        if self.side is not None:
            chips.append((texts(f"wire.side.{self.side}"), SightPart.SIDE))
        return chips
