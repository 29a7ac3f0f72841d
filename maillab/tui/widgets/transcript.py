"""The whole conversation of the lab: every line of every talk, as it is said.

Rules for this file: which rows there are is decided in `wire_rows`, what they say in `wire_lines`, how they are laid
out in `wire_layout`; here is what a person does with them. Lines are made when they are drawn, and never before.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from maillab.events import Carried, Entry, Opened, Packet
from maillab.tui.actions import bindings
from maillab.tui.looks.sink import Line
from maillab.tui.reading.copying import is_client
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.search import Search, marks_of
from maillab.tui.reading.wire_layout import TIMES, UNFOLDED, WireLayout
from maillab.tui.reading.wire_lines import WireLines
from maillab.tui.reading.wire_rows import RowKind, WireRows
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows

AROUND = 3  # rows that are seen above and below what was found: the answer to a command stands below it


class TranscriptPane(Rows):
    """Shows a view on a model. `follow` keeps the newest line in sight: it ends by what a person does, and only so."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("transcript", "rows")
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("transcript")

    follow: reactive[bool] = reactive(True, repaint=False)
    wrap: reactive[bool] = reactive(False, repaint=False)
    time: reactive[str] = reactive("relative", repaint=False)
    explains: reactive[bool] = reactive(True, repaint=False)

    class FollowChanged(Message):
        """Newest lines are followed, or no longer."""

    def __init__(self, model: Model, texts: Texts, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._texts = texts
        self.view = FilteredView(model)
        self._rows = self._all_rows = WireRows(self.view)  # those of all lines are kept: people come back to them
        self._layout = WireLayout(self._rows, WireLines(model, texts), texts)
        self._seen = 0  # entries, when it was followed last
        self.at_cause = False  # it stands where a message failed, and nobody has gone elsewhere
        self._kept: int | None = None  # place of the entry at which the cursor is to be when it can be seen
        self._chosen_place: int | None = None  # where a person was, through whatever views, until they go elsewhere
        self._stepped: int | None = None  # place of the answer that was unfolded because a step led into it
        self._steps = False  # somebody has just gone to another moment
        self._is_sought = False  # somebody went to the line under the cursor from elsewhere, and has not scrolled since
        self.replaying = False  # a session plays: some keys move in it, and not the cursor

    def on_mount(self) -> None:
        self.news(lambda: True)

    # ── what there is ──

    @property
    def model(self) -> Model:
        """The model that is looked at."""
        return self.view.model

    def look_through(self, view: FilteredView, enough: Callable[[], bool] = lambda: False) -> None:
        """Show what this view sees, looking until it is `enough`; the cursor stays at its moment.

        Where the view leaves that out, the cursor is back there as soon as another view sees it.
        """
        is_other = view.model is not self.view.model
        place = self._chosen_place if self._chosen_place is not None else self._place
        if is_other:
            self._all_rows = WireRows(FilteredView(view.model))
        self._rows = self._all_rows if view.shows_all else WireRows(view)
        self.view = self._rows.view
        if is_other:
            self._layout.said, self._layout.search, place = WireLines(view.model, self._texts), None, None
            self._layout.unfolded.clear()
        self._layout.rows, self._layout.marks = self._rows, marks_of(view.filter)
        self.follow |= is_other  # of what one sees for the first time the newest is seen first
        self._kept = self._chosen_place = None if self.follow else place
        self._advance(enough)
        self._seen = len(self.view)
        self.changed()
        self._stay()

    def news(self, enough: Callable[[], bool] = lambda: False) -> None:
        """The model knows more."""
        place = self._place
        if self._advance(enough):
            self._kept = self._kept if self._kept is not None else place
            self.changed()
        else:
            self.grew()
            if self._passing():
                self.refresh()
        self._stay()

    def stepped(self) -> None:
        """Somebody went to another moment of a session: the line that it brought is where they look."""
        self.follow = self._steps = True

    def _show_step(self) -> bool:
        """Unfold the answer in which the newest line stands, and fold the last one; did anything change?"""
        self._steps = False
        place = self.view.place(len(self.view) - 1) if len(self.view) else 0
        head = self._rows.head(place) if len(self.view) else 0
        changed = False
        if self._stepped is not None and self._stepped != head and self._stepped in self._rows.unfolded:
            changed = self._rows.unfold(self._stepped)
        if head != place and head not in self._rows.unfolded:
            changed = self._rows.unfold(head)
        self._stepped = head
        return changed

    def _advance(self, enough: Callable[[], bool]) -> bool:
        """Look at more of what happened; are rows that were there others now?"""
        self.view.advance(enough)
        others = self._rows.grow(enough)
        others |= self._layout.new_times()
        others |= self._steps and self._show_step()
        return others

    def _stay(self) -> None:
        """The cursor is at the newest line, or at the entry at which it was."""
        if self.follow:
            self._kept = None
            self._to_end()
        elif self._kept is not None:
            row = min(self._rows.row(self._kept), len(self._rows) - 1)
            if row != self.cursor:
                self.show(row)
            if self.view.looked > self._kept and self._rows.done:
                self._kept = None

    def resized(self) -> None:
        """Other columns; the newest line is still seen, or the one that was gone to: a pane below may have grown."""
        self._strips.clear()
        self.refresh()
        if self.follow:
            self._to_end()
        elif self._is_sought:
            self.call_after_refresh(self._see_cursor)

    @property
    def done(self) -> bool:
        """Is everything looked at, and laid out?"""
        return self.view.done and self._rows.done

    @property
    def unseen(self) -> int:
        """Lines that came since the newest was followed no longer."""
        return 0 if self.follow else max(0, len(self.view) - self._seen)

    @property
    def cursor_place(self) -> int:
        """The place of the entry under the cursor, -1 where there is none."""
        place = self._place
        return -1 if place is None else place

    @property
    def is_at_end(self) -> bool:
        """Is the cursor on the last row? What comes after its entry is folded in it, or has no row, as a talk's end."""
        return self.done and self.cursor == len(self._rows) - 1

    @property
    def _place(self) -> int | None:
        """The place of the entry under the cursor."""
        return self._place_at(self.cursor)

    def _place_at(self, row: int) -> int | None:
        if self.view.is_old or self._rows.is_old or row >= len(self._rows):
            return None
        return max(self.model.gone, self._rows.at(row)[1])

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        place = self._place
        return self.model.at(place) if place is not None and self.model.entries else None

    @property
    def seq(self) -> int | None:
        """Its number."""
        entry = self.entry
        return entry.seq if entry is not None else None

    def show_entry(self, seq: int) -> None:
        """Put the cursor on this entry, or on the next one that is seen; what is folded is unfolded for it."""
        self.show_place(self.model.place(seq))

    def show_place(self, place: int) -> None:
        """The same, by its place."""
        self.follow, self._kept, self._chosen_place, self._is_sought = False, None, None, True
        head = self._rows.head(place)
        if head != place and head not in self._rows.unfolded and self._rows.unfold(head):
            self.changed()
        self.show(self._rows.row(place))

    def stand_at(self, seq: int) -> None:
        """Stay at the line that says why a message failed, whatever comes, until somebody goes on."""
        self.show_entry(seq)
        self.at_cause = True
        middle = self.line_of(self.cursor) - self.size.height // 2
        self.scroll_to(y=max(0, middle), animate=False, immediate=True, force=True)

    def _to_end(self) -> None:
        self._seen, self._chosen_place = len(self.view), None
        last = max(0, len(self._rows) - 1)
        if last != self.cursor:
            self.set_reactive(TranscriptPane.cursor, last)
            self.refresh()
        self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)

    # ── lines ──

    def count(self) -> int:
        """As many as there are rows."""
        return len(self._rows)

    @property
    def uneven(self) -> bool:
        """Where lines are broken or contents unfolded."""
        return self.wrap or bool(self._layout.unfolded)

    @property
    def wraps(self) -> bool:
        """Only if asked for."""
        return self.wrap

    def height(self, index: int, cells: int) -> int:
        """Broken lines, unfolded lines."""
        return self._layout.height(index, cells)

    def below(self, index: int) -> int:
        """The lines of a content that is unfolded: they are read, and the row above them is chosen."""
        return self._layout.below(index) if self._layout.unfolded else 0

    def lasting(self, index: int) -> bool:
        """The heading of a talk that goes on tells how long it has lasted; an answer may have more lines soon."""
        kind, place = self._rows.at(index)
        event = self.model.at(place).event
        if kind is RowKind.HEADING or isinstance(event, Opened):
            talk = self.model.talks.get(getattr(event, "talk", ""))
            return talk is not None and talk.closed is not None
        return not self._rows.folds(place) or place + UNFOLDED < self.model.gone + len(self.model.entries)

    def instead(self, y: int) -> Line | None:
        """The heading of a talk that began above stays at the top, where it hides no line that one stands on."""
        if y or self.view.is_old or self._rows.is_old or not self._lines:
            return None
        row = self.item_at(self.scroll_offset.y)
        kind, place = self._rows.at(row)
        entry = self.model.at(place)
        if kind is not RowKind.LINE or row == self.cursor or isinstance(entry.event, Opened):
            return None
        if entry.talk not in self.model.talks or not self.view.shows_talks:
            return None
        if self._is_last_line(row):
            return None  # two headings would stand one under the other
        return self._layout.heading(entry, self.cells, again=False)

    def _is_last_line(self, row: int) -> bool:
        """Does another talk begin in the second line of the screen?"""
        second = self.scroll_offset.y + 1
        below = self.item_at(second) if second < self._lines else row
        return below != row and self._layout.is_heading(below)

    def _passing(self) -> bool:
        """Is there anything on the screen that may look different now?"""
        first = self.item_at(min(self.scroll_offset.y, max(0, self._lines - 1)))
        return any(not self.lasting(row) for row in range(first, min(first + self.size.height, len(self._rows))))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Time, who speaks, sign, text, meaning; the text goes on below itself."""
        if self.view.is_old or self._rows.is_old:
            return [()]  # a picture between two models: the next one follows at once
        is_read = self.has_cursor and index == self.cursor and not self.follow
        lines = self._layout.lines(index, cells, whole=is_read, aside=bool(self.scroll_offset.x))
        self.widen(self._layout.widest)
        return lines

    # ── what a person does ──

    def person_moved(self) -> None:
        """Whoever goes back to an older line wants to read it; nothing else ends the following of the newest."""
        self._kept, self._chosen_place, self.at_cause, self._is_sought = None, None, False, False
        if self.cursor < len(self._rows) - 1:
            self.follow = False

    def on_mouse_scroll_up(self) -> None:
        """Whoever turns the wheel back wants to read, too."""
        self._is_sought = False
        if self.max_scroll_y:
            self.follow = False

    def on_mouse_scroll_down(self) -> None:
        """Nor is whoever turns it on taken back to the line that they went to."""
        self._is_sought = False

    def on_scroll_to(self) -> None:
        """The same with the scrollbar."""
        self._is_sought = False

    def watch_follow(self, follow: bool) -> None:
        """Go to the newest line; or count from here what comes."""
        self.at_cause &= not follow
        if follow:
            self._to_end()
            self.post_message(self.Moved(self, self.cursor))
        self._seen = len(self.view)
        self._strips.clear()  # the line that one stands on is laid out for reading, or not
        self.refresh()
        self.post_message(self.FollowChanged())

    def watch_wrap(self, wrap: bool) -> None:
        self._layout.wrap = wrap
        self._again()

    def watch_time(self, time: str) -> None:
        self._layout.time = time
        self._again()

    def watch_explains(self, explains: bool) -> None:
        self._layout.explains = explains
        self._again()

    def watch_scroll_x(self, old: float, new: float) -> None:
        """Aside the lines are not cut."""
        super().watch_scroll_x(old, new)
        if bool(old) != bool(new):
            self._strips.clear()

    def _again(self) -> None:
        place = self._place
        self.changed()
        if self.follow:
            self._to_end()
        elif place is not None:
            self.show(self._rows.row(place))

    def action_follow(self) -> None:
        self.follow = not self.follow

    def action_last(self) -> None:
        self.follow = True
        self._to_end()

    def action_wrap(self) -> None:
        self.wrap = not self.wrap

    def action_explain(self) -> None:
        self.explains = not self.explains

    def action_time(self) -> None:
        self.time = TIMES[(TIMES.index(self.time) + 1) % len(TIMES)]

    def action_open(self) -> None:
        """Unfold what is folded, or fold it again; what it means stands in its pane."""
        self.fold()
        super().action_open()

    def fold(self) -> None:
        """A long answer, a content, or a message of DNS."""
        place = self._place
        if place is None:
            return
        if self._rows.unfold(place):
            self.follow = False
            self._again()
        elif isinstance((entry := self.model.at(place)).event, Carried | Packet):
            self._toggle(entry)

    def folds(self, row: int) -> bool:
        """Does Enter fold or unfold anything in this row? The cursor may be elsewhere by now."""
        place = self._place_at(row)
        if place is None:
            return False
        is_answer = self._rows.folds(place) or place in self._rows.unfolded
        return is_answer or isinstance(self.model.at(place).event, Carried | Packet)

    def _toggle(self, entry: Entry) -> None:
        if self._layout.unfolded.pop(entry.seq, None) is None:
            self._layout.unfolded[entry.seq] = self._layout.content(entry)
        self.follow = False
        self._again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a session plays, [ and ] are for its time."""
        return not (self.replaying and action == "pair") and super().check_action(action, parameters)

    def action_pair(self, step: int) -> None:
        self._along(step, is_client)

    def action_leg(self, step: int) -> None:
        self._along(step, lambda entry: isinstance(entry.event, Opened), any_talk=True)

    def _along(self, step: int, wanted: Callable[[Entry], bool], *, any_talk: bool = False) -> None:
        talk = self.entry.talk if self.entry is not None else ""
        row = self.cursor + step
        while 0 <= row < len(self._rows):
            kind, place = self._rows.at(row)
            entry = self.model.at(place)
            same_talk = any_talk or entry.talk == talk
            if kind is not RowKind.HEADING and same_talk and wanted(entry):
                self.follow = False
                self.show(row)
                self.person_moved()
                return
            row += step

    # ── finding ──

    @property
    def search(self) -> Search | None:
        """What is looked for."""
        return self._layout.search

    def seek(self, search: Search | None) -> None:
        """These words stand out, or none."""
        self._layout.search = search
        self._strips.clear()
        self.refresh()

    def words_of(self, entry: Entry) -> str:
        """What the row of an entry says."""
        return self._layout.said.text(entry)

    def show_found(self, place: int) -> None:
        """Put the cursor there, where the words are; where they are in a message that is folded it unfolds."""
        entry = self.model.at(place)
        if (
            isinstance(entry.event, Carried)
            and entry.seq not in self._layout.unfolded
            and self.search is not None
            and not self.search.spans(self.words_of(entry))
        ):
            self._toggle(entry)
        self.show_place(place)
        self._see_cursor(AROUND)
