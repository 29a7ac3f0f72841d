"""Where some words stand: in every line that was said or decided, and in the messages, whatever is shown of them now.

Rules for this file: no Textual, no clock of its own; what is secret is found by nobody; an entry is looked at once.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Protocol

from maillab.events import Carried, Entry, Opened, Said
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.views.context import Context
from maillab.views.filter import Filter
from maillab.views.filter_terms import NOTHING
from maillab.views.pattern import MARKED, Pattern
from maillab.views.searched import fold, raw, spoken, verb


class TextMarks(Protocol):
    """What stands out in a text."""

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it stands, as slices."""
        ...


class WordMarks:
    """Words as a person typed them; a verb in capitals is a word of its own."""

    def __init__(self, typed: str) -> None:
        self.words = fold(typed).strip()
        self.verb = verb(typed.strip())

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand, whatever their case.

        >>> WordMarks("alice").spans("From: Alice <alice@a.test>"), WordMarks("RCPT").spans("RCPTMAX, RCPT")
        ([(6, 11), (13, 18)], [(9, 13)])
        """
        folded = text.lower()
        if not self.words or len(folded) != len(text):
            return []
        spans: list[tuple[int, int]] = []
        at = folded.find(self.words)
        while at >= 0 and len(spans) < MARKED:
            if self.verb is None or self.verb.match(text, at):
                spans.append((at, at + len(self.words)))
            at = folded.find(self.words, at + len(self.words))
        return spans


def marks_of(filter: Filter | None) -> list[TextMarks]:
    """The words and patterns for which lines are seen."""
    values = filter.words if filter is not None else ()
    return [Pattern(value.text) if value.is_pattern else WordMarks(value.text) for value in values]


class Search:
    """`words` are looked for whatever their case; `says` gives the text of an entry's row."""

    def __init__(self, model: Model, words: str, says: Callable[[Entry], str]) -> None:
        self.typed = words.strip()  # as a person wrote it
        marks = WordMarks(words)
        self.words, self._verb, self.spans = marks.words, marks.verb, marks.spans
        self._says = says
        self._octets = self.words.encode("utf-8", "surrogatepass")
        self._plain = self.words.isascii()
        self._found = FilteredView(model, Filter(words, self._has, NOTHING))
        self._counted: tuple[object, ...] = ()
        self._count = (0, 0)

    @property
    def model(self) -> Model:
        """Where it is looked for."""
        return self._found.model

    @property
    def done(self) -> bool:
        """Has every entry been looked at?"""
        return self._found.done

    def advance(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Look at more entries until there are no more or it is `enough`; True when there is another that has it."""
        return self._found.advance(enough)

    def has(self, place: int) -> bool:
        """Is it in the entry at this place?"""
        return self._found.sees(place)

    def count(self, view: FilteredView) -> tuple[int, int]:
        """In how many entries it is that are seen in this view, and in how many others."""
        now = (id(view), len(self._found), len(view), view.generation)
        if now != self._counted:
            here = len(self._found) if view.shows_all else sum(map(view.sees, self._places()))
            self._counted, self._count = now, (here, len(self._found) - here)
        return self._count

    def number(self, place: int, view: FilteredView) -> int:
        """Which one this is of those that are seen, counting from 1; 0 where it is none."""
        if not self.has(place):
            return 0
        before = self._found.row(place) + 1
        return before if view.shows_all else sum(map(view.sees, self._places()[:before]))

    def next(self, place: int, step: int, view: FilteredView | None = None) -> int | None:
        """The place of the next one, or of the one before (-1), round the end; None where there is none.

        With a view it is one that is seen there. From a place in front of everything, -1, the first is the next.
        """
        places = self._places()
        start = bisect_left(places, place + (step > 0)) if place >= 0 else 0
        start -= step < 0
        for distance in range(len(places)):
            found = places[(start + step * distance) % len(places)]
            if view is None or view.sees(found):
                return found
        return None

    def nearest(self, place: int, view: FilteredView | None = None) -> int | None:
        """The place of the first one from here on, else of the last before; None where there is none."""
        places = self._places()
        start = bisect_left(places, place) if place >= 0 else 0
        ways = (*places[start:], *reversed(places[:start]))
        return next((found for found in ways if view is None or view.sees(found)), None)

    def _places(self) -> list[int]:
        return list(self._found.places(0, self._found.looked))

    def _has(self, entry: Entry, context: Context) -> bool:
        return self._has_words(entry, context) and (self._verb is None or self._has_verb(entry, self._verb))

    def _has_verb(self, entry: Entry, pattern: re.Pattern[str]) -> bool:
        """Is it there as a word of its own?"""
        event = entry.event
        text = raw(event.content).decode("utf-8", "replace") if type(event) is Carried else ""
        return bool(pattern.search(self._says(entry)) or pattern.search(text))

    def _has_words(self, entry: Entry, _context: Context) -> bool:
        event = entry.event
        if type(event) is Said and self._plain:
            return self._octets in event.line.lower() and self._octets in spoken(event).lower()  # misses are fast
        if type(event) is Carried and self._octets in raw(event.content).lower():
            return True
        if type(event) is Opened and self.words in fold(event.talk):  # its name stands over its lines
            return True
        return self.words in fold(self._says(entry))
