"""Lines, however many: only those on the screen are made. Every list and every text of the window is one of these.

Rules for this file: an item has one line, or several where it is wrapped or unfolded; what is drawn comes from `sink`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from maillab.tui.actions import bindings
from maillab.tui.looks import sink, theme
from maillab.tui.looks.card import Card, CardLine
from maillab.tui.looks.sink import Line
from maillab.tui.widgets.titled import Titled

AIR = 1  # cells between a line and the scrollbar
GUTTER = 1 + AIR  # columns of the scrollbar and the gap before it
KEPT = 160  # lines that were drawn and may be drawn again: more than a window has, for each takes 10 KB
MARKED = 20_000  # lines; of more nothing is marked with the mouse
FOLDS = frozenset("▸▾")  # signs of what is folded, or unfolded: a click on one turns it round


class AboutItem(Message):
    """What a list tells of one of its items."""

    def __init__(self, rows: "Rows", item: int) -> None:
        super().__init__()
        self.rows, self.item = rows, item

    @property
    def control(self) -> "Rows":
        """The list."""
        return self.rows


class Rows(ScrollView, Titled, can_focus=True):
    """A list with a cursor. Subclasses say how many items there are and what stands in each."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("rows",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("rows")
    ALLOW_SELECT = True
    LEFT: ClassVar[str] = "blur"  # the look of the cursor while the focus is elsewhere; "base" for none

    cursor: reactive[int] = reactive(0, repaint=False, always_update=False)
    nothing: reactive[str] = reactive("")  # what is said where there are no items
    card: reactive[Card | None] = reactive(None)  # or shown there

    class Chosen(AboutItem):
        """An item was opened: Enter, or a second click."""

    class Moved(AboutItem):
        """The cursor stands on another item."""

    class Cleared(Message):
        """The sign ✕ behind a part of the title was clicked: what that part says holds no longer."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def __init__(self, *, id: str | None = None, classes: str | None = None, has_cursor: bool = True) -> None:
        super().__init__(id=id, classes=classes)
        self.has_cursor = has_cursor
        self.clicks = 2  # that do what Enter does
        self._strips: LRUCache[tuple[int, int, int, int], Strip] = LRUCache(KEPT)
        self._styles: dict[str, Style] = {}
        self._chosen: dict[str, Style] = {}  # the same in the line that is chosen
        self._under: dict[str, Style] = {}
        self._tops: list[int] | None = None  # the line at which each item begins; None: each has one line
        self._lines = 0
        self._wide = 0  # cells of the widest line that was drawn
        self._carded: tuple[Card | None, Size, Sequence[CardLine]] = (None, Size(), ())  # a card, room, its lines

    # ── what subclasses say ──

    def count(self) -> int:
        """How many items there are."""
        return 0

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """The lines of an item, as many as `height` says, for so many cells."""
        return ((),)

    def height(self, index: int, cells: int) -> int:
        """How many lines an item has, in so many cells; asked only while `uneven`."""
        return 1

    def below(self, index: int) -> int:
        """How many of an item's lines are its last ones, which the cursor does not cover."""
        return 0

    def lasting(self, index: int) -> bool:
        """Does an item look the same until `changed`? Others are made each time they are drawn."""
        return True

    def instead(self, y: int) -> Line | None:
        """What is drawn in a line of the screen instead of the item that has it."""
        return None

    @property
    def uneven(self) -> bool:
        """May an item have more than one line?"""
        return False

    # ── changes ──

    # Textual calls `on_…` of every class of a widget, its own first: one that called super() would do it twice.

    def on_mount(self) -> None:
        self.changed()

    def changed(self) -> None:
        """What is shown is another thing now."""
        self._strips.clear()
        self._tops = None
        self._measure(0)
        self._set_size()
        self.cursor = self.validate_cursor(self.cursor)
        self.refresh()

    def grew(self) -> None:
        """More items came behind those that are there: these are as they were, but the last of them may have grown."""
        before = self._lines
        self._measure(max(0, len(self._tops) - 2) if self._tops is not None else 0)
        if self._lines != before:
            self._set_size()

    def _measure(self, from_item: int) -> None:
        count = self.count()
        if not self.uneven:
            self._tops, self._lines = None, count
            return
        cells = self.cells
        old = self._tops[: from_item + 1] if self._tops is not None else [0]
        heights = (self.height(index, cells) for index in range(len(old) - 1, count))
        self._tops = old[:-1] + list(accumulate(heights, initial=old[-1]))
        self._lines = self._tops[-1]

    def _set_size(self) -> None:
        wide = self.cells if self.wraps else max(self._wide, self.size.width)
        old, size = self.virtual_size, Size(wide, self._lines)
        if size == old:
            return
        is_beyond = size.height > self.size.height
        is_aside = wide != old.width and (wide > self.size.width or self.show_horizontal_scrollbar)
        if self.styles.auto_dimensions or is_aside or self.show_vertical_scrollbar is not is_beyond:
            self.virtual_size = size
            return
        # No scrollbar comes or goes: nothing moves, and Textual would lay out the whole screen.
        self.set_reactive(Widget.virtual_size, size)
        if is_beyond:
            self.vertical_scrollbar.window_virtual_size = size.height
        if not is_beyond or size.height < old.height:
            self.scroll_to(y=min(self.scroll_y, self.max_scroll_y), animate=False, immediate=True, force=True)
            self.refresh()

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Textual asks here whether all of it fits: the width that it filled before says nothing about that."""
        if size != self._size and not self.styles.auto_dimensions:
            wide = 0 if self.wraps else self._wide
            self.set_reactive(Widget.virtual_size, Size(wide, self.virtual_size.height))
        return super()._size_updated(size, virtual_size, container_size, layout)

    @property
    def wraps(self) -> bool:
        """Are long lines broken, rather than going on beyond the edge?"""
        return True

    @property
    def cells(self) -> int:
        """For a line. The column of the scrollbar is kept free, also while there is none: it comes after the lines were
        measured, and would hide the end of what was measured without it. No text touches it.
        """
        bar = self.styles.scrollbar_size_vertical
        return max(1, self.size.width - bar - AIR * (bar > 0))

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """It comes after the lines: whoever was scrolled to their end meanwhile has it stand there."""
        if shown:
            self.vertical_scrollbar.position = self.scroll_y

    # ── places ──

    def line_of(self, item: int) -> int:
        """The line at which an item begins."""
        return item if self._tops is None else self._tops[min(item, len(self._tops) - 1)]

    def item_at(self, line: int) -> int:
        """The item that a line belongs to."""
        if self._tops is None:
            return line
        return max(0, min(bisect_right(self._tops, line) - 1, self.count() - 1))

    def show(self, item: int) -> None:
        """Put the cursor there, and let it be seen."""
        self.cursor = self.validate_cursor(item)
        self._see_cursor()

    def _see_cursor(self, around: int = 0) -> None:
        """Scroll to it, and to so many lines above and below it as far as there is room for them."""
        if not self.count():
            return
        top = self.line_of(self.cursor)
        height = min(self.line_of(self.cursor + 1) - top if self._tops is not None else 1, self.size.height or 1)
        around = min(around, max(0, self.size.height - height) // 2)
        first, last = max(0, top - around), min(self._lines, top + max(1, height) + around)
        self.scroll_to_region(
            Region(self.scroll_offset.x, first, 1, last - first), animate=False, force=True, x_axis=False
        )

    # ── drawing ──

    def render_line(self, y: int) -> Strip:
        scroll_x, scroll_y = self.scroll_offset
        line, cells = scroll_y + y, self.size.width
        base = self._under.get("base") or self._restyle()
        if line >= self._lines:
            if self.card and not self._lines:
                card = self._card_lines(self.card, self.size)
                pieces, press = card[line] if line < len(card) else CardLine(())
                under = base + Style(meta={"press": press}) if press else base  # the screen does what is clicked
                return sink.strip(pieces, self._styles, under).adjust_cell_length(cells, under)
            words = sink.wrapped(self.nothing, cells - 1)[line:] if self.nothing and not self._lines else ()
            if not words:
                return Strip.blank(cells, base)
            return sink.strip([sink.piece("dim", f" {words[0]}")], self._styles, base).adjust_cell_length(cells, base)
        if (other := self.instead(y)) is not None:
            return sink.strip(other, self._styles, base).adjust_cell_length(cells, base)
        item = self.item_at(line)
        part = line - self.line_of(item)
        on_cursor = self.has_cursor and item == self.cursor and self._covers(item, part)
        is_lit = self.has_focus or self.LEFT == "focus"
        under = self._under["focus" if is_lit else self.LEFT] if on_cursor else base
        look = (2 if self.has_focus else 1) if on_cursor else 0
        key = (item, part, look, self.cells)  # a first layout may have been wider, and nobody is told in time
        strip = self._strips.get(key)
        if strip is None or not self.lasting(item):
            lines = self.item(item, self.cells)
            styles = self._chosen if on_cursor and is_lit else self._styles
            strip = sink.strip(lines[part] if part < len(lines) else (), styles, under)
            self._strips[key] = strip
        self.widen(strip.cell_length)
        if (selection := self.text_selection) is not None and (span := selection.get_span(line)) is not None:
            strip = _marked(strip, *span, self.selection_style)
        free = self._free_at_right if on_cursor else 0
        if free and strip.cell_length <= scroll_x + cells - free:
            strip = Strip.join([strip.adjust_cell_length(scroll_x + cells - free, under), Strip.blank(free, base)])
        strip = strip.crop_extend(scroll_x, scroll_x + cells, under)
        return strip.apply_offsets(scroll_x, line) if self.ALLOW_SELECT else strip

    @property
    def _free_at_right(self) -> int:
        """Cells that the cursor leaves free, as at its left; where there is a scrollbar it stands in them."""
        return 0 if self.show_vertical_scrollbar else self.styles.padding.left

    def _covers(self, item: int, part: int) -> bool:
        below = self.below(item)
        return not below or part < self.line_of(item + 1) - self.line_of(item) - below

    def _card_lines(self, card: Card, size: Size) -> Sequence[CardLine]:
        if (card, size) != self._carded[:2]:
            self._carded = card, size, card.lines(*size)
        return self._carded[2]

    def widen(self, cells: int) -> None:
        """A line takes so many cells, of which not all may be drawn."""
        if cells > self._wide:
            self._wide = cells
            if not self.wraps and self._wide > self.virtual_size.width:
                self.call_later(self._set_size)

    def _restyle(self) -> Style:
        self._strips.clear()
        colours, base = self.app.theme_variables, self.rich_style
        self._styles = theme.styles(theme.LINES, colours)
        self._chosen = theme.on_cursor(self._styles, colours)
        self._under = {"base": base, **{n: base + look for n, look in theme.cursors(colours).items()}}
        return base

    def notify_style_update(self) -> None:
        """The theme, or a class, has changed."""
        super().notify_style_update()
        self._under = {}

    # ── the cursor ──

    def validate_cursor(self, cursor: int) -> int:
        """It stands on an item, on the first where there is none."""
        return max(0, min(cursor, self.count() - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        for item in (old, new):
            self.refresh_lines(self.line_of(item), 1 if self._tops is None else 8)
        self.post_message(self.Moved(self, new))

    def on_resize(self, _event: events.Resize) -> None:
        if self.uneven:
            self.changed()
        else:
            self._set_size()
        self.resized()

    def resized(self) -> None:
        """It has another size, and its lines are counted for that; for those who have more to do."""

    def action_move(self, by: int) -> None:
        """So many items down, or up; without a cursor, so many lines."""
        if not self.has_cursor:
            self.scroll_relative(y=by, animate=False)
            return
        self.cursor = self.validate_cursor(self.cursor + by)
        self._see_cursor()
        self.person_moved()

    def person_moved(self) -> None:
        """A person has put the cursor where it is: by a key, by a click."""

    @property
    def page(self) -> int:
        """How many lines are gone on by at once."""
        return max(1, self.size.height - 1)

    def action_move_page(self, by: int) -> None:
        self.action_move(by * self.page)

    def action_first(self) -> None:
        self.action_move(-self._lines)

    def action_last(self) -> None:
        self.action_move(self._lines)

    def action_move_aside(self, by: int) -> None:
        self.scroll_relative(x=8 * by, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is no cursor nothing is opened."""
        return action != "open" or self.has_cursor

    def action_open(self) -> None:
        if self.count():
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        if part := event.style.meta.get("says"):
            self.post_message(self.Cleared(str(part)))
            return
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = self.scroll_offset.y + offset.y
        if line >= self._lines:
            return
        item = self.item_at(line)
        on_sign = self._covers(item, line - self.line_of(item)) and self._is_fold(offset)
        self.cursor = item
        self.person_moved()
        if on_sign:
            self.fold()
        elif event.chain == self.clicks and self.check_action("open", ()):
            self.action_open()

    def _is_fold(self, offset: Offset) -> bool:
        """Is a sign of folding drawn there, or beside it? One cell is small for a hand."""
        beside = self.render_line(offset.y).crop(max(0, offset.x - 1), offset.x + 2).text
        return not FOLDS.isdisjoint(beside)

    def fold(self) -> None:
        """Unfold what is under the cursor, or fold it again; for those in which something folds."""

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was marked with the mouse."""
        lines: list[str] = []
        for item in range(self.count()) if self._lines <= MARKED else ():
            begin = self.line_of(item)
            parts = ["".join(text for _, text in line) for line in self.item(item, self.cells)]
            height = (self.line_of(item + 1) if item + 1 < self.count() else self._lines) - begin
            lines += (parts + [""] * height)[:height]
        return selection.extract("\n".join(lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """What is marked is drawn by the screen itself."""
        self.refresh()


def _marked(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """A line of which a part is marked with the mouse; `end` -1 is the end of the line."""
    end = strip.cell_length if end < 0 else min(end, strip.cell_length)
    inner = strip.crop(start, end)
    marked = Strip([Segment(text, (under or Style.null()) + style) for text, under, _ in inner], inner.cell_length)
    return Strip.join([strip.crop(0, start), marked, strip.crop(end)])
