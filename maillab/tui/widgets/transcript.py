"""The whole conversation of the lab: every line of every talk, as it is said.

Rules for this file: what a line says is decided in `views`; here it gets its place and its colour. Lines are made when
they are drawn, and never before.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from maillab.events import Carried, Closed, Entry, Leg, Opened, Packet, Said, Secured, Side, Spoken
from maillab.protocols.dns.described import fields
from maillab.tui import bindings
from maillab.tui.filtered_view import FilteredView
from maillab.tui.model import Model
from maillab.tui.sink import LONGEST, Line, Piece, wrapped
from maillab.tui.widgets.rows import Rows
from maillab.views.gloss import Lang
from maillab.views.transcript import Row, Transcript
from maillab.views.verdict import Verdict

TAGS = {Leg.SUBMIT: "sub", Leg.LOOKUP: "dns", Leg.RELAY: "rly", Leg.RETRIEVE: "pop", None: "lab"}
SIGNS = {Verdict.OK: " ", Verdict.WARN: "!", Verdict.ERROR: "✗"}
TIMES = ("relative", "delta", "absolute")
SOUGHT = 2_000  # lines that are looked through without a pause
UNFOLDED = 2_000  # lines of one content that are unfolded here; all of it is in the inspector
_TIME, _TAG = 10, 7  # cells of the first two columns


class TranscriptPane(Rows):
    """Shows a view on a model. `follow` keeps the newest line in sight."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("transcript", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("transcript")

    follow: reactive[bool] = reactive(True, repaint=False)
    wrap: reactive[bool] = reactive(False, repaint=False)
    time: reactive[str] = reactive("relative", repaint=False)

    class FollowChanged(Message):
        """Newest lines are followed, or no longer."""

    def __init__(self, model: Model, lang: Lang, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.view = FilteredView(model)
        self.searched: Callable[[str], bool] | None = None  # what is looked for
        self._view = Transcript("rfc", lang)
        self._ends = Transcript("rfc", lang, ends=True)
        self._unfolded: dict[int, list[str]] = {}  # number of an entry: the lines of its content, which are shown
        self._seen = 0  # rows, when it was followed last
        self.replaying = False  # a session plays: some keys move in it, and not the cursor

    # ── what there is ──

    @property
    def model(self) -> Model:
        """The model that is looked at."""
        return self.view.model

    def look_through(self, view: FilteredView, enough: Callable[[], bool] = lambda: False) -> None:
        """Show what this view sees, looking until it is `enough`; the cursor stays at its moment."""
        seq = self.seq
        if view.model is not self.view.model:
            self._unfolded.clear()
        self.view = view
        view.advance(enough if self.follow or seq is None else lambda: False)
        self._seen = len(view)
        self.changed()
        if self.follow or seq is None:
            self._to_end()
        else:
            self.show(view.row(self.model.index(seq)))

    def news(self, enough: Callable[[], bool] = lambda: False) -> None:
        """The model knows more."""
        view = self.view
        if view.generation != self.model.generation:
            view.advance(enough)
            self.changed()
        elif view.advance(enough) or self.count() != self._seen:
            self.grew()
        if self.follow:
            self._to_end()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.follow:
            self._to_end()

    @property
    def unseen(self) -> int:
        """Lines that came since the newest was followed no longer."""
        return 0 if self.follow else max(0, len(self.view) - self._seen)

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        view = self.view
        return view.entry(self.cursor) if not view.is_old and self.cursor < len(view) else None

    @property
    def seq(self) -> int | None:
        """Its number."""
        entry = self.entry
        return entry.seq if entry is not None else None

    def show_entry(self, seq: int) -> None:
        """Put the cursor on this entry, or on the next one that is seen."""
        self.follow = False
        self.show(self.view.row(self.model.index(seq)))

    def _to_end(self) -> None:
        self._seen = len(self.view)
        last = max(0, self._seen - 1)
        if last != self.cursor:
            self.set_reactive(TranscriptPane.cursor, last)
            self.refresh()
        self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)

    # ── lines ──

    def count(self) -> int:
        """As many as the view sees."""
        return len(self.view)

    @property
    def uneven(self) -> bool:
        """Where lines are broken or contents unfolded."""
        return self.wrap or bool(self._unfolded)

    @property
    def wraps(self) -> bool:
        """Only if asked for."""
        return self.wrap

    def height(self, index: int, cells: int) -> int:
        """Broken lines, unfolded lines."""
        entry = self.view.entry(index)
        unfolded = len(self._unfolded.get(entry.seq, ()))
        if not self.wrap:
            return 1 + unfolded
        event = entry.event
        room = max(1, cells - _TIME - _TAG - 2)
        if isinstance(event, Said) and event.line.isascii() and len(event.line) - 2 <= room:
            return 1 + unfolded
        return len(self.item(index, cells))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Time, tag, sign, text; the text goes on below itself."""
        if self.view.is_old:
            return [()]  # a picture between two models: the next one follows at once
        entry = self.view.entry(index)
        row = self._row(entry)
        style = _style(entry, row)
        head = (
            *self._time(index, entry),
            ("dim", f"{tag_of(entry, row):<{_TAG}}"),
            (_sign_style(row), f"{SIGNS[row.verdict]} "),
        )
        texts = wrapped(row.text, cells - _TIME - _TAG - 2) if self.wrap else [row.text[:LONGEST]]
        lines: list[Line] = [(*head, *self._searched(style, texts[0]))]
        margin: Piece = ("dim", " " * (_TIME + _TAG + 2))
        lines += [(margin, *self._searched(style, text)) for text in texts[1:]]
        inner: Piece = ("dim", " " * (_TIME + _TAG) + "│ ")
        lines += [(inner, (style, text)) for text in self._unfolded.get(entry.seq, ())]
        return lines

    def _row(self, entry: Entry) -> Row:
        return self._view.rows(entry)[0]

    def _content(self, entry: Entry) -> list[str]:
        if isinstance(entry.event, Packet):
            return [f"{name:<10} {value}" for name, value in fields(entry.event.octets)]
        unfolding = Transcript("rfc", "en", content=None)
        return [row.text for row, _ in zip(unfolding.iterate(entry), range(UNFOLDED), strict=False)]

    def _time(self, index: int, entry: Entry) -> tuple[Piece, ...]:
        if self.time == "absolute":
            text = datetime.fromtimestamp(entry.at).strftime("%H:%M:%S")  # noqa: DTZ006 - the reader's own time of day
            return (("dim", f"{text:>{_TIME - 1}} "),)
        since = self.model.start
        if self.time == "delta":
            since = self.view.entry(index - 1).at if index else entry.at
        return (("dim", f"{entry.at - since:>{_TIME - 1}.3f} "),)

    def _searched(self, style: str, text: str) -> list[Piece]:
        """The text, what is looked for standing out."""
        if self.searched is not None and self.searched(text):
            return [("found", text)]
        return [(style, text)]

    # ── what a person does ──

    def person_moved(self) -> None:
        """Whoever goes back to an older line wants to read it; nothing else ends the following of the newest."""
        if self.cursor < len(self.view) - 1:
            self.follow = False

    def on_mouse_scroll_up(self) -> None:
        """Whoever turns the wheel back wants to read, too."""
        if self.max_scroll_y:
            self.follow = False

    def watch_follow(self, follow: bool) -> None:
        """Go to the newest line; or count from here what comes."""
        if follow:
            self._to_end()
        self._seen = len(self.view)
        self.post_message(self.FollowChanged())

    def watch_wrap(self) -> None:
        self._again()

    def watch_time(self) -> None:
        self._again()

    def _again(self) -> None:
        cursor = self.cursor
        self.changed()
        if self.follow:
            self._to_end()
        else:
            self.show(cursor)

    def action_follow(self) -> None:
        self.follow = not self.follow

    def action_last(self) -> None:
        self.follow = True
        self._to_end()

    def action_wrap(self) -> None:
        self.wrap = not self.wrap

    def action_time(self) -> None:
        self.time = TIMES[(TIMES.index(self.time) + 1) % len(TIMES)]

    def action_open(self) -> None:
        """Unfold a content or a message of DNS, or fold it again; everything else is for the inspector."""
        entry = self.entry
        if entry is None:
            return
        if isinstance(entry.event, Carried | Packet):
            if self._unfolded.pop(entry.seq, None) is None:
                self._unfolded[entry.seq] = self._content(entry)
            self.follow = False
            self._again()
        super().action_open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a session plays, [ and ] are for its time."""
        return not (self.replaying and action == "pair") and super().check_action(action, parameters)

    def action_pair(self, step: int) -> None:
        self._along(step, _is_command)

    def action_leg(self, step: int) -> None:
        self._along(step, lambda entry: isinstance(entry.event, Opened), any_talk=True)

    def _along(self, step: int, wanted: Callable[[Entry], bool], *, any_talk: bool = False) -> None:
        talk = getattr(self.entry.event, "talk", "") if self.entry is not None else ""
        row = self.cursor + step
        while 0 <= row < len(self.view):
            entry = self.view.entry(row)
            if wanted(entry) and (any_talk or getattr(entry.event, "talk", "") == talk):
                self.follow = False
                self.show(row)
                return
            row += step

    def find(self, wanted: Callable[[str], bool], step: int = 1) -> Iterator[bool]:
        """To the next line whose text is wanted, round the end: False after so many lines that are none, True at last.

        It ends without True where there is none, or where something else is looked through meanwhile.
        """
        self.searched = wanted
        self.changed()
        view, count, cursor = self.view, len(self.view), self.cursor
        for distance in range(1, count + 1):
            row = (cursor + step * distance) % count
            if view is not self.view or view.is_old or self.searched is not wanted:
                return
            if wanted(self._row(view.entry(row)).text):
                self.follow = False
                self.show(row)
                yield True
                return
            if distance % SOUGHT == 0:
                yield False


def tag_of(entry: Entry, row: Row) -> str:
    """The leg, the number of the talk, and who speaks: sub1> is the client of submit-1, dns2= an answer of DNS.

    A long number leaves room for one letter of the leg.
    """
    event = entry.event
    leg = row.leg
    name: str = getattr(event, "talk", "")
    number = name.rpartition("-")[2] if name else ""
    number = number if number.isascii() and number.isdigit() else ""
    tag = TAGS[leg] if len(number) < 4 else TAGS[leg][0]
    if isinstance(event, Spoken):
        client = event.side is Side.CLIENT
        sign = ("?" if client else "=") if leg is Leg.LOOKUP else (">" if client else "<")
    else:
        sign = "-" if isinstance(event, Opened | Secured | Closed) else "*"
    return f"{tag}{number}{sign}"


def _style(entry: Entry, row: Row) -> str:
    if row.verdict is Verdict.ERROR or (row.verdict is Verdict.WARN and row.side is not None):
        return "bad"
    if row.side is not None:
        return "client" if row.side is Side.CLIENT else "server"
    if isinstance(entry.event, Opened | Secured | Closed):
        return "dim"
    return "warn" if row.verdict is Verdict.WARN else "plain"


def _sign_style(row: Row) -> str:
    return {Verdict.OK: "dim", Verdict.WARN: "warn", Verdict.ERROR: "bad"}[row.verdict]


def _is_command(entry: Entry) -> bool:
    return isinstance(entry.event, Said | Packet) and entry.event.side is Side.CLIENT
