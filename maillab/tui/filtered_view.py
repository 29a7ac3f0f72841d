"""Which entries are seen: a filter over a model, kept up to date a slice at a time, so that nobody waits for it.

Rules for this file: no Textual, no clock of its own; it never looks at an entry twice under the same filter.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection
from functools import partial

from maillab.events import Entry, Side, Spoken
from maillab.tui.model import Model
from maillab.views.context import Context
from maillab.views.filter import Filter

SLICE = 2_000  # entries between two looks at the clock


class FilteredView:
    """The places of the entries that are seen, in their order. `filter` None, `talks` None and `side` None show all.

    `side` leaves out what the other side says, and what nobody said.
    """

    def __init__(
        self,
        model: Model,
        filter: Filter | None = None,
        talks: Collection[str] | None = None,
        side: Side | None = None,
    ) -> None:
        self.model = model
        self.filter = filter
        self.talks = None if talks is None else frozenset(talks)
        self.side = side
        self.generation = model.generation
        self._places = array("Q")
        self._looked = 0  # entries that were looked at
        self._context = self._new_context()

    @property
    def shows_all(self) -> bool:
        """Is every entry seen?"""
        return self.filter is None and self.talks is None and self.side is None

    @property
    def is_old(self) -> bool:
        """Has the model begun anew since this was looked through?"""
        return self.generation != self.model.generation

    @property
    def done(self) -> bool:
        """Has every entry been looked at?"""
        return self.shows_all or self._looked == len(self.model.entries)

    def __len__(self) -> int:
        return len(self.model.entries) if self.shows_all else len(self._places)

    def place(self, row: int) -> int:
        """The place, in the model, of the entry in a row."""
        return row if self.shows_all else self._places[row]

    def entry(self, row: int) -> Entry:
        """The entry in a row."""
        return self.model.entries[self.place(row)]

    def row(self, place: int) -> int:
        """The row of the entry at a place of the model, or of the first one after it that is seen."""
        if self.shows_all:
            return min(place, len(self))
        return bisect_left(self._places, place)

    def advance(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Look at more entries until there are no more or it is `enough`; True when something new is seen."""
        if self.is_old:
            self._restart()
        if self.shows_all:
            return True
        before, entries, sees = len(self._places), self.model.entries, self._sees
        if self.filter is not None and self.talks is None and self.side is None:
            sees = partial(self.filter.matches, context=self._context)  # the one that people wait for
        while self._looked < len(entries):
            stop = min(len(entries), self._looked + SLICE)
            self._places.extend(place for place in range(self._looked, stop) if sees(entries[place]))
            self._looked = stop
            if enough():
                break
        return len(self._places) != before

    def _sees(self, entry: Entry) -> bool:
        event = entry.event
        if self.filter is not None and not self.filter.matches(entry, self._context):
            return False
        if self.talks is not None and getattr(event, "talk", None) not in self.talks:
            return False
        return self.side is None or (isinstance(event, Spoken) and event.side is self.side)

    def _restart(self) -> None:
        self.generation = self.model.generation
        self._places, self._looked, self._context = array("Q"), 0, self._new_context()

    def _new_context(self) -> Context:
        return Context(start=self.model.start or None, known=self.model.context.jobs.of)
