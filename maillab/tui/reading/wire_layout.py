"""How a row of the wire is laid out: the time, who speaks, what is said, and behind it, in one column, what it means.

Rules for this file: no Textual; which rows there are is decided in `wire_rows`, what they say in `wire_lines`.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len

from maillab.events import Entry, Leg, Opened, Packet, Said
from maillab.protocols.dns.described import fields
from maillab.tui.looks.sink import LONGEST, Line, Piece, piece, width, wrapped
from maillab.tui.reading.model import Model, TalkSummary
from maillab.tui.reading.outcome import outcome
from maillab.tui.reading.search import Search, TextMarks
from maillab.tui.reading.wire_lines import WireLine, WireLines, address
from maillab.tui.reading.wire_rows import RowKind, WireRows
from maillab.tui.texts import Texts
from maillab.views.fitting import by_words, fitting
from maillab.views.journey import Hop
from maillab.views.safe import clip, safe
from maillab.views.short_glosses import LONGEST as GLOSS
from maillab.views.transcript import Transcript
from maillab.views.units import time_of_day

_TAB = safe("\t")
_FIELD = re.compile(rf"[!-9;-~]+:|[ {_TAB}]")  # or what goes on of one (RFC 5322 §2.2)
_MORE_LINES = re.compile(r" (?:…|\.\.\.) [^…]{1,40}\Z")  # behind an answer that is folded

TIMES = ("relative", "delta", "absolute")
UNFOLDED = 2_000  # lines of one content that are unfolded here; all of it is in the Explain pane
FOLDED = 5_000  # lines of a long answer that are counted
SHORTEST = 6  # cells of a time
HEAD = 5  # cells behind the time: who speaks, a sign, and what is free between them
WIDEST = 96  # cells of what is said, and of the gap behind it: explanations are not farther away
LEAST = 30  # the same: with fewer there are no explanations
GAP = 2
TAB = 4  # cells of a tab in a content
TALKS = 8, 12  # cells of the name of a talk, at least and at most, in a row that is not under its heading
JOB = 4  # cells of a job
FOLDS = (" ▸", " ▾")  # at the end of an answer of many lines
REASON = 24  # cells that a heading needs for why a talk failed


class UnfoldedLine(NamedTuple):
    """A line of a content; so many characters at its beginning name a header field."""

    text: str
    name: int = 0


class WireLayout:
    """`time` is one of `TIMES`; `wrap`: long lines are broken; `explains`: what they mean stands behind them."""

    def __init__(self, rows: WireRows, said: WireLines, texts: Texts) -> None:
        self.rows = rows
        self.said = said
        self._texts = texts
        self.search: Search | None = None  # what is looked for stands out
        self.marks: Sequence[TextMarks] = ()  # and, less, for what lines are seen
        self.unfolded: dict[
            int, list[UnfoldedLine]
        ] = {}  # number of an entry: the lines of its content, which are shown
        self.time = TIMES[0]
        self.wrap = False
        self.explains = True
        self.time_cells = SHORTEST
        self.name_cells = TALKS[0]
        self.widest = 0  # cells of the longest row that was laid out

    @property
    def _model(self) -> Model:
        return self.said.model

    def new_times(self) -> bool:
        """More has happened; have times become longer by it, or the names of talks?"""
        before, (least, most) = (self.time_cells, self.name_cells), TALKS
        self.time_cells = max(SHORTEST, len(time_of_day(self._model.now - self._model.start)))
        self.name_cells = min(most, max(0, least, *map(len, self._model.talks)))
        return (self.time_cells, self.name_cells) != before

    # ── a row ──

    def is_heading(self, row: int) -> bool:
        """Is it drawn as the heading of a talk?"""
        kind, place = self.rows.at(row)
        return kind is RowKind.HEADING or (kind is RowKind.LINE and isinstance(self._model.at(place).event, Opened))

    def lines(self, row: int, cells: int, *, whole: bool = False, aside: bool = False) -> list[Line]:
        """Its lines, in so many cells. `whole`: somebody reads it, and all of it is for what is said, where that helps;
        `aside`: they scrolled, and nothing is cut.
        """
        kind, place = self.rows.at(row)
        entry = self._model.at(place)
        if self.is_heading(row):
            return [self.heading(entry, cells, again=kind is RowKind.HEADING)]
        line = self.said.line(entry)
        text, gloss = line.text, line.gloss
        if self.rows.folds(place):
            others = [self._model.at(other) for other in islice(self.rows.more(place), FOLDED)]
            text, gloss = self.said.folded(entry, others)
        elif place in self.rows.unfolded:
            text += " ▾"
        if entry.seq in self.unfolded and text.startswith("▸"):
            text = "▾" + text[1:]
        head = self._head(row, entry, line)
        if kind is RowKind.TAGGED or not entry.talk:
            head.append(("dim", f"{self.said.tag(entry):<{self.name_cells if kind is RowKind.TAGGED else JOB}} "))
        lines = self._text(head, line.style, text, gloss, cells, whole=whole, aside=aside)
        inner: Piece = ("dim", " " * (self.time_cells + 4) + "│ ")
        return lines + [(inner, *self._inner(line)) for line in self.unfolded.get(entry.seq, ())]

    def below(self, row: int) -> int:
        """How many of its lines are those of its content."""
        return len(self.unfolded.get(self._model.at(self.rows.at(row)[1]).seq, ()))

    def height(self, row: int, cells: int) -> int:
        """How many lines it has."""
        place = self.rows.at(row)[1]
        entry = self._model.at(place)
        if self.is_heading(row):
            return 1
        unfolded = len(self.unfolded.get(entry.seq, ()))
        if not self.wrap:
            return 1 + unfolded
        event, room = entry.event, cells - self.time_cells - HEAD - 3
        is_short = isinstance(event, Said) and event.line.isascii() and len(event.line) - 2 <= room
        if is_short and not self.rows.folds(place):
            return 1 + unfolded
        return len(self.lines(row, cells))

    def content(self, entry: Entry) -> list[UnfoldedLine]:
        """The lines of a content, or of a message of DNS, when it is unfolded."""
        if isinstance(entry.event, Packet):
            named = [(f"{name:<10} ", value) for name, value in fields(entry.event.octets)]
            return [UnfoldedLine(name + value, len(name)) for name, value in named]
        unfolding = Transcript("rfc", "en", content=None)
        texts = [row.text for row, _ in zip(unfolding.iterate(entry), range(UNFOLDED), strict=False)]
        head = next((at for at, text in enumerate(texts) if not _FIELD.match(text)), len(texts))
        return [_unfolded(text, is_head=at < head) for at, text in enumerate(texts)]

    # ── its text ──

    def column(self, cells: int) -> int:
        """Where explanations begin, the same in every line; 0 where there is no room for them."""
        text = min(WIDEST, cells - self.time_cells - HEAD - GLOSS)
        return self.time_cells + HEAD + text if text >= LEAST and self.explains else 0

    def _text(
        self, head: list[Piece], style: str, text: str, gloss: str, cells: int, *, whole: bool, aside: bool
    ) -> list[Line]:
        """The text behind its head: broken, or cut where its column ends, with its meaning in the next.

        Where there is room for more than the longest meaning, a long text pushes its own aside.
        """
        margin = width(head)
        if self.wrap:
            first, *rest = wrapped(text, cells - margin)
            indent: Piece = ("dim", " " * margin)
            return [(*head, *self._searched(style, first)), *((indent, *self._searched(style, one)) for one in rest)]
        text, column, room = text[:LONGEST], self.column(cells), cells - margin
        size = cell_len(text)
        self.widest = max(self.widest, margin + size)
        if aside:
            return [(*head, *self._searched(style, text))]
        gloss = fitting(gloss, cells - column) if column else ""
        most = max(column, cells - GLOSS) - margin - GAP if gloss else room
        if whole and size > most:
            most = room - GAP - cell_len(gloss)
            gloss, most = (gloss, most) if size <= most else ("", room)
        text = _cut(text, most)
        gap = " " * max(GAP, column - margin - cell_len(text)) if gloss else ""
        return [(*head, *self._searched(style, text), ("dim", gap), ("dim", gloss))]

    def _inner(self, line: UnfoldedLine) -> list[Piece]:
        """A line of a content, the name of its field standing out as that of who says it."""
        name, rest = line.text[: line.name], line.text[line.name :]
        return (
            [*self._searched("client", name), *self._searched("plain", rest)] if name else self._searched("plain", rest)
        )

    def _searched(self, style: str, text: str) -> list[Piece]:
        """The text, what is looked for standing out, and for what it is seen."""
        kinds = [*(("typed", marks) for marks in self.marks), *([("found", self.search)] if self.search else [])]
        spans = [(look, *span) for look, marks in kinds for span in marks.spans(text)]
        if not spans:
            return [(style, text)]
        looks = [style] * len(text)
        for look, start, end in spans:
            looks[start:end] = [look] * (end - start)
        runs = groupby(zip(looks, text, strict=True), key=itemgetter(0))
        return [(look, "".join(char for _, char in run)) for look, run in runs]

    # ── its time ──

    def _head(self, row: int, entry: Entry, line: WireLine) -> list[Piece]:
        sign = {"!": "warn", "✗": "bad"}.get(line.sign, "dim")
        return [
            ("dim", f"{self._time(row, entry):>{self.time_cells}} "),
            (line.arrow_style, f"{line.arrow} "),
            (sign, f"{line.sign} "),
        ]

    def _time(self, row: int, entry: Entry) -> str:
        start = self._model.start
        if self.time == "absolute":
            return datetime.fromtimestamp(entry.at).strftime("%H:%M:%S")  # noqa: DTZ006 - the reader's own time of day
        if self.time == "relative":
            return time_of_day(entry.at - start)
        return time_of_day(entry.at - self._before(row, entry).at)

    def _before(self, row: int, entry: Entry) -> Entry:
        """The entry of the line above, which has a time: headings have none."""
        for other in range(row - 1, -1, -1):
            if not self.is_heading(other):
                return self._model.at(self.rows.at(other)[1])
        return entry

    # ── headings ──

    def heading(self, entry: Entry, cells: int, *, again: bool) -> Line:
        """The talk that begins here, or goes on `again`: between whom, how long it took, and how it ended."""
        name: str = entry.talk
        talk = self._model.talks.get(name)
        left: list[Piece] = [("dim", "── "), piece("bold", name)]
        if talk is None:
            return left
        if again:
            left.append(("dim", f" {self._texts('wire.again')}"))
            right: list[Piece] = []
        else:
            style, sign, words, took = outcome(talk, self._model.now, self._texts)
            right = [piece("dim", f" {took} "), (style, f"{sign} "), ("dim", "──")]
            left += _hosts(client_of(self._model, talk), talk, cells - width(left) - width(right) - 3)
            room = cells - width(left) - width(right) - 8
            if words and room > REASON:
                right.insert(2, piece(style, f"{by_words(words, room)} "))
        rule = max(1, cells - width(left) - width(right) - 1)
        return (*left, ("dim", f" {'─' * rule}"), *right)


def _cut(text: str, cells: int) -> str:
    """So many cells of it; of an answer that is folded the number of lines goes first, and the sign that it unfolds
    stays, for it can be clicked.

    >>> _cut("* STATUS Archive (MESSAGES 0) … 1 more line ▸", 32), _cut("* STATUS Archive (MESSAGES 0) ▸", 20)
    ('* STATUS Archive (MESSAGES 0) ▸', '* STATUS Archive … ▸')
    """
    if not text.endswith(FOLDS) or cell_len(text) <= cells:
        return clip(text, cells)
    return clip(_MORE_LINES.sub("", text[:-2]), cells - 2) + text[-2:]


def _unfolded(text: str, *, is_head: bool) -> UnfoldedLine:
    """A line of a content, as it stands there; tabs are blanks."""
    text = text.replace(_TAB, " " * TAB)
    return UnfoldedLine(text, text.find(":") + 1 if is_head and not text[0].isspace() else 0)


def client_of(model: Model, talk: TalkSummary) -> str:
    """Who asks in a talk: as the client called itself; a reader of mail by their login; in DNS nobody says their name.

    There it is the server that has the message: the one to which it was submitted; of a report the one to which the
    message was, about which it is.
    """
    if talk.client or talk.leg is not Leg.LOOKUP:
        return talk.client or (talk.user if talk.leg is Leg.RETRIEVE else "")
    trips = model.journeys.trips
    trip = next((trip for trip in reversed(trips) if talk.name in trip.talks[Hop.LOOKUP]), None)
    if trip is not None and trip.report_of:
        trip = next((other for other in trips if other.message == trip.report_of), None)
    submitted = [model.talks.get(name) for name in trip.talks[Hop.SUBMIT]] if trip is not None else []
    return next((found.server for found in submitted if found is not None), "")


def _hosts(client: str, talk: TalkSummary, room: int) -> list[Piece]:
    """Who talks with whom, in so many cells: the client falls away before the server is cut."""
    if not talk.server:
        return []
    client, server = safe(client), address(talk)
    if client and cell_len(f"   {client} ▶ {server}") <= room:
        return [("plain", "   "), ("client", client), ("dim", " ▶ "), ("server", server)]
    server = clip(server, room - 3)
    return [("dim", " ▶ "), ("server", server)] if server else []
