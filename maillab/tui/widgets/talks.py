"""The talks of the lab, grouped by the message that they were about: a tree of two levels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from textual.message import Message

from maillab.tui import sink
from maillab.tui.model import Model, TalkSummary
from maillab.tui.sink import Line
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.views.journey import HopState, Trip
from maillab.views.units import lasted
from maillab.views.verdict import Verdict

_SIGNS = {Verdict.OK: ("good", "✓"), Verdict.WARN: ("warn", "!"), Verdict.ERROR: ("bad", "✗")}
SHOWN = 2_000  # rows; the newest messages come first


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

    def show_model(self, model: Model) -> None:
        """More is known, or another model."""
        if model is not self._model:
            self._folded.clear()
        self._model = model
        nodes = [TalkNode(()), *islice(self._grouped(model), SHOWN - 1)]
        if nodes != self._shown:
            here = self._shown[self.cursor].name if self.cursor < len(self._shown) else ""
            self._shown = nodes
            with self.prevent(Rows.Moved, self.Seen):
                self.changed()
                self.cursor = next((place for place, node in enumerate(nodes) if node.name == here), 0)
        else:
            self._strips.clear()
            self.refresh()

    def _grouped(self, model: Model) -> Iterable[TalkNode]:
        """Messages, the newest first, each with its talks; then the talks of none."""
        seen: set[str] = set()
        for trip in reversed(model.journeys.trips[-SHOWN:]):
            names = tuple(dict.fromkeys(name for talks in trip.talks.values() for name in talks))
            seen |= set(names)
            key = f"{trip.seq}"
            yield TalkNode(names, trip, key)
            if key not in self._folded:
                yield from (TalkNode((name,)) for name in names)
        others = [name for name in model.talks if name not in seen]
        if others:
            yield TalkNode(tuple(others), None, "others")
            if "others" not in self._folded:
                yield from (TalkNode((name,)) for name in reversed(others[-SHOWN:]))

    def count(self) -> int:
        """All, messages, talks."""
        return len(self._shown)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A message, or a talk with its state and how long it took."""
        node, model = self._shown[index], self._model
        if not index or model is None:
            return [(("bold", f" {self._texts('talks.all')}"),)]
        if node.key:
            return [self._message(node)]
        talk = model.talks.get(node.talks[0])
        return [self._talk(talk, model, cells)] if talk is not None else [()]

    def _message(self, node: TalkNode) -> Line:
        sign = "▸ " if node.key in self._folded else "▾ "
        trip = node.trip
        if trip is None:
            return (("dim", sign), ("bold", self._texts("talks.others")))
        style = "bad" if HopState.FAILED in trip.hops.values() else "good" if trip.settled else "accent"
        sender = trip.sender.partition("@")[0] or "<>"
        whom = ", ".join(who.partition("@")[0] for who in trip.recipients)
        return (
            ("dim", sign),
            sink.piece(style, f"{trip.message or '·':<3} "),
            sink.piece("bold", f"{sender} → {whom}"),
        )

    def _talk(self, talk: TalkSummary, model: Model, cells: int) -> Line:
        sign = _SIGNS[talk.verdict] if talk.closed is not None else ("accent", "●")
        took = lasted((model.now if talk.closed is None else talk.closed) - talk.opened)
        name = sink.fit(sink.piece("", talk.name)[1], 13)
        server = sink.fit(sink.piece("", talk.server)[1], max(0, cells - 13 - 4 - len(took) - 2))
        return (("plain", "  "), (sign[0], f"{sign[1]} "), ("plain", name), ("dim", f"{server} {took}"))

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

    def watch_cursor(self, old: int, new: int) -> None:
        """Another row: other talks are to be seen."""
        super().watch_cursor(old, new)
        self.post_message(self.Seen(self.chosen))

    def action_open(self) -> None:
        """Fold a message, or unfold it; a talk is gone into."""
        node = self._shown[self.cursor]
        if node.key:
            self._folded ^= {node.key}
            if self._model is not None:
                self.show_model(self._model)
        else:
            super().action_open()
