"""The talks of the lab, grouped by the message that they were about: a tree of two levels."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.cache import LRUCache
from textual.message import Message

from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.reading.model import Model, TalkSummary
from maillab.tui.reading.outcome import outcome
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.views.journey import Hop, HopState, Trip
from maillab.views.safe import clip
from maillab.views.subject import subject_of

SHOWN = 2_000  # rows; of more the oldest are left out
SUBJECTS = 500  # that are remembered
REASON = 12  # cells, with fewer of which no reason can be read
SUBJECT = 6  # cells, with fewer of which a subject says nothing
NAME = 10  # cells of the name of a talk


@dataclass(frozen=True, slots=True)
class TalkNode:
    """A row: a message with its talks, or one talk."""

    talks: tuple[str, ...]
    trip: Trip | None = None
    key: str = ""

    @property
    def name(self) -> str:
        """What it is known by, whatever comes to it; "" for all talks."""
        return self.key or "".join(self.talks[:1])


class TalkTree(Rows):
    """`Seen` tells which talks are to be seen: all, those of a message, or one."""

    class Seen(Message):
        """These talks are to be seen; `None` for all."""

        def __init__(self, talks: frozenset[str] | None) -> None:
            super().__init__()
            self.talks = talks

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="talks", classes="pane")
        self._texts = texts
        self._model: Model | None = None
        self._shown: list[TalkNode] = [TalkNode(())]
        self._folded: set[str] = set()
        self._subjects: LRUCache[int, str] = LRUCache(SUBJECTS)  # by the number of the first entry of a message
        self._is_read = False  # somebody has put the cursor somewhere, and does not want to be moved

    def show_model(self, model: Model) -> None:
        """More is known, or another model."""
        if model is not self._model:
            self._folded.clear()
            self._subjects.clear()
            self._is_read = False
        self._model = model
        nodes = [TalkNode(()), *self._grouped(model)]
        if nodes != self._shown:
            here = self._shown[self.cursor].name if self.cursor < len(self._shown) else ""
            self._shown = nodes
            with self.prevent(Rows.Moved, self.Seen):
                self.changed()
                self.cursor = next((place for place, node in enumerate(nodes) if node.name == here), 0)
            if not self._is_read:
                self.scroll_end(animate=False, immediate=True, x_axis=False)
        else:
            self._strips.clear()
            self.refresh()

    def _grouped(self, model: Model) -> list[TalkNode]:
        """Messages, the oldest first as in the wire, each with its talks; then the talks of none."""
        seen: set[str] = set()
        nodes: list[TalkNode] = []
        for trip in model.journeys.trips[-SHOWN:]:
            names = tuple(dict.fromkeys(name for talks in trip.talks.values() for name in talks))
            seen |= set(names)
            key = f"{trip.seq}"
            nodes.append(TalkNode(names, trip, key))
            if key not in self._folded:
                nodes += [TalkNode((name,)) for name in names]
        others = [name for name in model.talks if name not in seen]
        if others:
            nodes.append(TalkNode(tuple(others), None, "others"))
            if "others" not in self._folded:
                nodes += [TalkNode((name,)) for name in others[-SHOWN:]]
        return nodes[-SHOWN:]

    def count(self) -> int:
        """All, messages, talks."""
        return len(self._shown)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A message, or a talk with its state and how long it took."""
        node, model = self._shown[index], self._model
        if not index or model is None:
            return [(("bold", f" {self._texts('talks.all')}"),)]
        if node.key:
            return [self._message(node, model, cells)]
        talk = model.talks.get(node.talks[0])
        return [self._talk(talk, model, cells)] if talk is not None else [()]

    def _message(self, node: TalkNode, model: Model, cells: int) -> Line:
        """Its name, who wrote to whom, and about what."""
        sign = "▸ " if node.key in self._folded else "▾ "
        trip = node.trip
        if trip is None:
            return (("dim", sign), ("bold", self._texts("talks.others")))
        failed = "warn" if trip.partly_delivered or trip.thrown_away else "bad"
        style = failed if HopState.FAILED in trip.hops.values() else "good" if trip.settled else "accent"
        sender = trip.sender.partition("@")[0] or "<>"
        whom = ", ".join(who.partition("@")[0] for who in trip.recipients or trip.asked)
        head = (
            ("dim", sign),
            sink.piece(style, f"{trip.message or '·':<3} "),
            sink.piece("bold", f"{sender} → {whom}"),
        )
        room = cells - sink.width(head) - 2
        return (*head, ("dim", f"  {sink.fit(self._subject(trip, model), room)}")) if room >= SUBJECT else head

    def _subject(self, trip: Trip, model: Model) -> str:
        if trip.report_of:
            return self._texts("talks.report", message=trip.report_of)
        if trip.hops[Hop.SUBMIT] is HopState.FAILED:
            return self._texts("talks.refused")
        subject = self._subjects.get(trip.seq)
        if not subject:
            content = model.content_of(trip)
            subject = self._subjects[trip.seq] = subject_of(content) if content is not None else ""
        return subject

    def _talk(self, talk: TalkSummary, model: Model, cells: int) -> Line:
        """Its state, its name, and what became of it: how long it took, or what went wrong."""
        style, sign, words, took = outcome(talk, model.now, self._texts)
        name = sink.piece("", talk.name)[1]
        line = (("plain", " "), (style, f"{sign} "), ("plain", f"{name} "))
        room, gap = cells - sink.width(line), max(0, NAME - len(name))
        said = sink.piece("", words)[1] or sink.piece("", talk.server)[1]
        free = room - gap - cell_len(said) - len(took)
        if free > 1:
            return (*line, ("dim", " " * gap + said + " " * free + took))
        if not words:
            said = took
        elif cell_len(words) > room < REASON:
            said = said.partition(" ")[0]  # the code says more than a few letters of a sentence
        return (*line, ("dim", clip(said, room).rjust(room)))  # a pane of a few cells has no room at all

    @property
    def chosen(self) -> frozenset[str] | None:
        """The talks of the row under the cursor."""
        return frozenset(self._shown[self.cursor].talks) if self.cursor else None

    @property
    def named(self) -> str:
        """What the row under the cursor is called, "" for all talks."""
        node = self._shown[self.cursor]
        if not self.cursor:
            return ""
        if not node.key:
            return sink.piece("", node.name)[1]
        return sink.piece("", node.trip.message)[1] if node.trip is not None else self._texts("talks.others")

    def choose_all(self) -> None:
        """The cursor goes to the row of all talks, without a word: somebody else says what is seen."""
        with self.prevent(Rows.Moved, self.Seen):
            self.cursor = 0

    def person_moved(self) -> None:
        """From now on it stays where it is, whatever comes."""
        self._is_read = self.cursor > 0

    def watch_cursor(self, old: int, new: int) -> None:
        """Another row: other talks are to be seen."""
        super().watch_cursor(old, new)
        self.post_message(self.Seen(self.chosen))

    def action_open(self) -> None:
        """Fold a message, or unfold it; a talk is gone into."""
        if self._shown[self.cursor].key:
            self.fold()
        else:
            super().action_open()

    def fold(self) -> None:
        """The talks of a message."""
        if (key := self._shown[self.cursor].key) and self._model is not None:
            self._folded ^= {key}
            self.show_model(self._model)
