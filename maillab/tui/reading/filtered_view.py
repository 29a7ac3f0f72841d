"""Which entries are seen: a filter over a model, kept up to date a slice at a time, so that nobody waits for it.

Rules for this file: no Textual, no clock of its own; it never looks at an entry twice under the same filter.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from functools import partial

from maillab.events import Entry, Side, Spoken
from maillab.tui.reading.model import Model
from maillab.views.context import Context
from maillab.views.filter import Filter
from maillab.views.shown import Shows, shows

SLICE = 2_000  # entries between two looks at the clock


class FilteredView:
    """The places of the entries that are seen, in their order. `filter` None, `talks` None and `side` None show all.

    A place counts from the first entry of all, also when that is kept no longer. `side` leaves out what the other side
    says, and what nobody said. `says` gives the text of an entry's row, for a filter by a word.
    """

    def __init__(
        self,
        model: Model,
        filter: Filter | None = None,
        talks: Collection[str] | None = None,
        side: Side | None = None,
        says: Callable[[Entry], str] | None = None,
    ) -> None:
        self.model = model
        self.filter = filter
        self.talks = None if talks is None else frozenset(talks)
        self.side = side
        self.generation = model.generation
        self._places = array("Q")
        self._says = says
        self._looked = model.gone  # the place up to which entries were looked at
        self._context = self._new_context()
        self._answers: dict[str, bool] = {}  # of a filter that asks for the talk only

    @property
    def shows_all(self) -> bool:
        """Is every entry seen?"""
        return self.filter is None and self.talks is None and self.side is None

    @property
    def shows_talks(self) -> bool:
        """Is it talks that are seen, rather than lines that a filter picks out of them?"""
        return self.filter is None or self.filter.by_talk

    @property
    def is_old(self) -> bool:
        """Has the model begun anew since this was looked through?"""
        return self.generation != self.model.generation

    @property
    def done(self) -> bool:
        """Has every entry been looked at?"""
        return self.shows_all or self._looked == self.model.gone + len(self.model.entries)

    @property
    def looked(self) -> int:
        """The place up to which entries were looked at."""
        return self.model.gone + len(self.model.entries) if self.shows_all else self._looked

    def __len__(self) -> int:
        return len(self.model.entries) if self.shows_all else len(self._places)

    def place(self, row: int) -> int:
        """The place of the entry that is seen as this one, counting from 0."""
        return self.model.gone + row if self.shows_all else self._places[row]

    def places(self, start: int, stop: int) -> Sequence[int]:
        """Those between two places that are seen."""
        if self.shows_all:
            return range(max(start, self.model.gone), min(stop, self.looked))
        return self._places[bisect_left(self._places, start) : bisect_left(self._places, stop)]

    def entry(self, row: int) -> Entry:
        """The entry that is seen as this one."""
        return self.model.at(self.place(row))

    def row(self, place: int) -> int:
        """As which one the entry at a place is seen, or the first after it that is."""
        if self.shows_all:
            return min(max(0, place - self.model.gone), len(self))
        return bisect_left(self._places, place)

    def sees(self, place: int) -> bool:
        """Is the entry at this place seen, as far as it was looked at?"""
        row = self.row(place)
        return row < len(self) and self.place(row) == place

    def advance(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Look at more entries until there are no more or it is `enough`; True when something new is seen."""
        if self.is_old:
            self._restart()
        self._forget()
        if self.shows_all:
            return True
        model, sees, before = self.model, self._test(), len(self._places)
        entries, gone = model.entries, model.gone
        while self._looked < gone + len(entries):
            stop = min(gone + len(entries), self._looked + SLICE)
            looked_at = zip(range(self._looked, stop), entries[self._looked - gone : stop - gone], strict=True)
            self._places.extend(place for place, entry in looked_at if sees(entry))
            self._looked = stop
            if enough():
                break
        return len(self._places) != before

    def _test(self) -> Callable[[Entry], bool]:
        """What an entry must be; the shortest way for each kind of question, because people wait for it."""
        filter = self.filter
        if self.talks is not None or self.side is not None or filter is None:
            return self._sees
        if filter.by_talk:
            return self._by_talk
        if filter.hears:
            return partial(filter.matches, context=self._context)
        test, context = filter.test, self._context
        return lambda entry: test(entry, context)

    def _by_talk(self, entry: Entry) -> bool:
        """The answer is one for a whole talk: it is asked once."""
        assert self.filter is not None
        name = getattr(entry.event, "talk", "")
        answer = self._answers.get(name)
        if answer is None:
            answer = self.filter.matches(entry, self._context)
            if name:
                self._answers[name] = answer
        return answer

    def _sees(self, entry: Entry) -> bool:
        event = entry.event
        if self.filter is not None and not self.filter.matches(entry, self._context):
            return False
        if self.talks is not None and getattr(event, "talk", None) not in self.talks:
            return False
        return self.side is None or (isinstance(event, Spoken) and event.side is self.side)

    def _forget(self) -> None:
        """What the model does not keep any more is not seen."""
        gone = self.model.gone
        self._looked = max(self._looked, gone)
        if self._places and self._places[0] < gone:
            del self._places[: bisect_left(self._places, gone)]

    def _restart(self) -> None:
        self.generation = self.model.generation
        self._places, self._looked, self._context = array("Q"), self.model.gone, self._new_context()
        self._answers.clear()

    def _new_context(self) -> Context:
        return Context(start=self.model.start or None, known=self.model.context.jobs.of, says=self._rows_say())

    def _rows_say(self) -> Shows | None:
        """What the rows say here, and in English as everywhere."""
        says, everywhere = self._says, shows()
        return None if says is None else lambda entry: (*everywhere(entry), says(entry))
