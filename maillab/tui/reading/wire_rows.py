"""Which rows the wire has: a heading where another talk begins, the lines, and of a long answer its first line only.

Rules for this file: no Textual, no clock of its own; a row is a number in an array, and an entry is looked at once.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from enum import IntEnum

from maillab.events import Closed, Opened
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import LinePart

SLICE = 2_000  # entries between two looks at the clock
_BITS = 2  # of a row, for its kind; the others are the place of its entry


_LINES = range(LinePart.RUN)  # what an entry may be of an answer
_PARTS = (  # and what it is of whatever is folded, a run or an answer
    *_LINES,
    *[int(LinePart.MORE)] * len(_LINES),
    *[int(LinePart.HEAD)] * len(_LINES),
)
_PARTS_OF_ONE_SIDE = (*_LINES, *_LINES, *_LINES)  # a run is of both


class RowKind(IntEnum):
    """`heading`: of the talk that goes on with this entry. `tagged`: its talk is not that of the heading above."""

    HEADING = 0
    LINE = 1
    TAGGED = 2


class WireRows:
    """The rows of a view. Where a filter picks lines out, each is a row that says its talk, and nothing is folded.

    Entries that the model has not looked into yet have a row each, too, and so has what the view did not lay out yet:
    `grow` goes on with that.
    """

    def __init__(self, view: FilteredView) -> None:
        self.view = view
        self.unfolded: set[int] = set()  # places of the first lines of answers that are shown whole
        self._seen = _PARTS_OF_ONE_SIDE if view.side is not None else _PARTS
        self._rows = array("Q")
        self._restart()

    def _restart(self) -> None:
        self._generation = self.view.model.generation
        self._laid = self._counted = self.view.model.gone  # the place up to which rows were made, or counted
        del self._rows[:]
        self.unfolded.clear()
        self._head = ""  # the talk of the last heading
        self._ended = False  # has it?
        self._known: set[str] = set()  # talks that have had a heading, and have not ended
        self._open: dict[str, int] = {}  # of a talk: the place of the answer that is shown whole

    @property
    def is_old(self) -> bool:
        """Has the model begun anew since rows were made?"""
        return self._generation != self.view.model.generation

    # ── how many, and what they are ──

    def __len__(self) -> int:
        view = self.view
        if not view.shows_talks:
            return len(view)
        return len(self._rows) + len(view) - view.row(self._laid)

    def at(self, row: int) -> tuple[RowKind, int]:
        """What a row is, and the place of its entry."""
        view = self.view
        if not view.shows_talks:
            return RowKind.TAGGED, view.place(row)
        if row < len(self._rows):
            number = self._rows[row]
            return RowKind(number & ((1 << _BITS) - 1)), number >> _BITS
        return RowKind.TAGGED, view.place(view.row(self._laid) + row - len(self._rows))

    def row(self, place: int) -> int:
        """The row of the entry at a place, or of the first after it that has one."""
        view = self.view
        if not view.shows_talks:
            return view.row(place)
        if place >= self._laid:
            return len(self._rows) + view.row(place) - view.row(self._laid)
        return bisect_left(self._rows, place << _BITS | RowKind.LINE)

    # ── making them ──

    def grow(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Make rows of what came until it is `enough`; True where rows that were there are others now."""
        model, view = self.view.model, self.view
        others = False
        if self.is_old:
            self._restart()
            others = True
        others |= self._forget()
        if not view.shows_talks:
            return others
        stop = min(view.looked, model.learned)
        others |= self._laid < min(self._counted, stop)
        while self._laid < stop:
            upto = min(stop, self._laid + SLICE)
            self._rows.extend(self._laid_out(self._laid, upto))
            self._laid = upto
            if enough():
                break
        self._counted = view.looked
        return others

    @property
    def done(self) -> bool:
        """Is all that is known laid out?"""
        return not self.view.shows_talks or self._laid >= min(self.view.looked, self.view.model.learned)

    def _forget(self) -> bool:
        gone = self.view.model.gone
        if not self.view.shows_talks:
            before, self._laid = self._laid, gone
            return before < gone
        self._laid = max(self._laid, gone)
        count = bisect_left(self._rows, gone << _BITS)
        if count:
            del self._rows[:count]
            self.unfolded = {place for place in self.unfolded if place >= gone}
        return bool(count)

    def _laid_out(self, start: int, stop: int) -> Iterator[int]:
        model, line, tagged = self.view.model, RowKind.LINE.value, RowKind.TAGGED.value
        entries, parts, gone, seen = model.entries, model.parts, model.gone, self._seen
        for place in self.view.places(start, stop):
            event = entries[place - gone].event
            name = getattr(event, "talk", "")
            part = parts[place - gone]
            if part:
                part = seen[part]
                if part == LinePart.END:
                    self._end(name)
                    continue
                if part == LinePart.HEAD:
                    self._open.pop(name, None)
                if part == LinePart.MORE and (not self._open or name not in self._open):
                    if name not in self._known:
                        yield from self._under_heading(place, name)  # its first line is not seen
                    continue
            if not name or name == self._head:
                yield place << _BITS | line
            elif type(event) is Opened:
                self._begin(name)
                yield place << _BITS | line
            elif name in self._known and not self._ended:
                yield place << _BITS | tagged
            else:
                yield from self._under_heading(place, name)
            if type(event) is Closed:
                self._end(name)

    def _under_heading(self, place: int, name: str) -> Iterator[int]:
        self._begin(name)
        yield place << _BITS | RowKind.HEADING
        yield place << _BITS | RowKind.LINE

    def _begin(self, name: str) -> None:
        self._head, self._ended = name, False
        self._known.add(name)

    def _end(self, name: str) -> None:
        self._known.discard(name)
        self._open.pop(name, None)
        self._ended |= name == self._head

    # ── answers of many lines, and runs of requests ──

    def _part(self, place: int) -> int:
        """What the entry at a place is of an answer, or of a run, that is folded; nothing before it was learned."""
        model = self.view.model
        return self._seen[model.part(place)] if model.gone <= place < model.learned else LinePart.WHOLE

    def more(self, place: int) -> Iterator[int]:
        """The places of the other lines of the answer that begins here, as far as they were said."""
        model = self.view.model
        if self._part(place) != LinePart.HEAD:
            return
        name = model.at(place).talk
        for other in range(place + 1, model.learned):
            if model.at(other).talk == name:
                if self._part(other) != LinePart.MORE:
                    return
                yield other

    def head(self, place: int) -> int:
        """The place of the first line of the answer that the line here belongs to; itself where there is none."""
        model = self.view.model
        if self._part(place) != LinePart.MORE:
            return place
        name = model.at(place).talk
        for other in range(place - 1, model.gone - 1, -1):
            if self._part(other) == LinePart.HEAD and model.at(other).talk == name:
                return other
        return place

    def folds(self, place: int) -> bool:
        """Does the row of this entry stand for lines that are not shown?"""
        return self.view.shows_talks and place < self._laid and place not in self.unfolded and any(self.more(place))

    def unfold(self, place: int) -> bool:
        """Show the whole of the answer that begins here, or its first line only; False where it is none."""
        if not self.view.shows_talks or place >= self._laid:
            return False
        others = list(self.more(place))
        if not others:
            return False
        name = self.view.model.at(place).talk
        kind = self.at(self.row(place))[0] or RowKind.LINE
        numbers = [other << _BITS | kind for other in others if other < self._laid and self.view.sees(other)]
        start, stop = bisect_left(self._rows, place << _BITS), bisect_left(self._rows, others[-1] + 1 << _BITS)
        between = self._rows[start:stop]
        if place in self.unfolded:
            mine = set(numbers)
            self._rows[start:stop] = array("Q", [number for number in between if number not in mine])
        else:
            self._rows[start:stop] = array("Q", sorted([*between, *numbers]))
        if place in self.unfolded:
            self.unfolded.remove(place)
            self._open.pop(name, None)
        else:
            self.unfolded.add(place)
            if others[-1] >= self._laid - 1:
                self._open[name] = place  # it may go on
        return True
