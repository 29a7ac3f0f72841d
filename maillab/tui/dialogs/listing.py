"""A list to work in: settings to switch, rules to edit and remove. It stays open, and says what was done."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Label

from maillab.tui.actions.spelled import shown
from maillab.tui.dialogs.frame import FRAME, HIGH, BoxDialog, DialogBox, Hint, KeysAtOnce, columns
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.questions import Deed, Listing, ListItem
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows

WIDE = 84  # columns of a line
NARROW = 48
AIR = 2  # columns beside the note of an item
MOST_OF_NOTE = 4  # lines of a note
AGAIN = 0.5  # seconds between two looks at what the items say
AROUND, AROUND_SHORT = 9, 5  # lines beside items and note; in a window that is not high it has no air
STEPS = {"down": 1, "up": -1, "j": 1, "k": -1}
PAGES = {"pagedown": 1, "pageup": -1}
ENDS = {"home": -1, "end": 1}
MARKS = {True: "[x]", False: "[ ]", None: "   "}
SHOWN = {"enter": "Enter", "space": "Space", "delete": "Del"}  # keys of deeds as people write them


class ListDialog(BoxDialog[str]):
    """What is to be done is done while it stands; it gives the value of an item that leaves it."""

    def __init__(self, question: Listing, texts: Texts) -> None:
        super().__init__(texts)
        self._question = question
        self._items = _Items(question.items(), question.nothing)
        self._waiting: list[tuple[Deed, str]] = []

    def compose(self) -> ComposeResult:
        with DialogBox(classes="dialog list") as box:
            self.framed(box, self._question.title, self._hints)
            yield self._items
            yield Label("", classes="more -on")
            yield Label("", classes="result")

    @property
    def _hints(self) -> list[Hint]:
        help = [("F1", self.texts("dialog.help"))] if self._question.help else []
        deeds = [(SHOWN.get(deed.keys[0], deed.keys[0]), deed.label) for deed in self._question.deeds]
        return [*deeds, *help, self.closing]

    def on_mount(self) -> None:
        self._fit()
        self.set_focus(self._items)
        self._explain()
        self.set_interval(AGAIN, self._look_again)

    def _look_again(self) -> None:
        """What the items say may change while they are looked at: a rule is played."""
        value = self._items.current.value if self._items.current is not None else ""
        if not self.left and not self._waiting and self._items.show_items(self._question.items()):
            self._items.stand_on(value)
            self._fit()
            self._explain()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        window, items = self.app.size, self._items
        self.widen(max(NARROW, min(items.want, WIDE)))
        cells = columns(max(NARROW, min(items.want, WIDE)), window.width) - FRAME - AIR
        notes = max((len(sink.wrapped(item.note, cells)) for item in self._question.items() if item.note), default=0)
        note = max(2, min(notes, MOST_OF_NOTE))
        around = AROUND if window.height >= HIGH else AROUND_SHORT
        self.query_one(".more", Label).styles.height = note
        items.styles.height = max(1, min(items.lines, window.height - around - note))

    # ── keys ──

    def pressed(self, key: str, character: str | None) -> bool:
        """What moves, what is done, and what leaves."""
        items = self._items
        if deed := self._deed(key, character):
            self._begin(deed)
        elif key in STEPS:
            items.action_move(STEPS[key])
        elif key in PAGES:
            items.action_move_page(PAGES[key])
        elif key in ENDS:
            items.action_move(ENDS[key] * items.count())
        elif key == "f1" and self._question.help:
            self._show_help()
        elif not super().pressed(key, character):
            self._say(self.texts("dialog.not_here", pressed=shown(key)))
            return False
        return True

    def _deed(self, key: str, character: str | None) -> Deed | None:
        return next((deed for deed in self._question.deeds if {key, character} & {*deed.keys}), None)

    def _show_help(self) -> None:
        from maillab.tui.dialogs.help import help_before

        help_before(self, self._question.title, self._question.help)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self._begin(self._question.deeds[0])

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        message.stop()
        self._explain()

    def _explain(self) -> None:
        item = self._items.current
        self.query_one(".more", Label).update(sink.content(item.note if item else ""))

    # ── what is done ──

    def _begin(self, deed: Deed) -> None:
        """Do it, after everything that was begun before it."""
        item = self._items.current
        if item is None and not deed.alone:
            return
        if item is not None and item.leaves and not deed.alone:
            self.dismiss(item.value)
            return
        self._waiting.append((deed, "" if deed.alone or item is None else item.value))
        if len(self._waiting) == 1:
            self.app.run_worker(self._work(), exit_on_error=False)

    async def _work(self) -> None:
        try:
            while self._waiting and not self.left:
                deed, value = self._waiting[0]
                result = await deed.does(value)
                if result and deed.leaves:
                    self.dismiss(result)
                self._show(value, result)
                self._waiting.pop(0)
        finally:
            self._waiting.clear()

    def _show(self, value: str, result: str) -> None:
        """The list as it is now, and what was done."""
        if self.left:
            return
        self._items.show_items(self._question.items())
        self._items.stand_on(value)
        self._fit()
        self._explain()
        self._say(result)

    def _say(self, text: str) -> None:
        """Below the list."""
        self.query_one(".result", Label).update(sink.content(text))
        self.query_one(".result", Label).set_class(bool(text), "-on")


class _Items(Rows, KeysAtOnce):
    """The items: a mark, a label, the state at the right."""

    ALLOW_SELECT = False

    def __init__(self, items: Sequence[ListItem], nothing: str) -> None:
        super().__init__()
        self._list = items
        self.nothing = nothing

    @property
    def current(self) -> ListItem | None:
        """The one under the cursor."""
        return self._list[self.cursor] if self._list else None

    @property
    def want(self) -> int:
        """How many columns everything would take."""
        return max((self._width(item) for item in self._list), default=0)

    def _width(self, item: ListItem) -> int:
        return 10 + sink.width([sink.piece("", item.there or item.label), sink.piece("", item.state)])

    @property
    def lines(self) -> int:
        """How many lines all of them have, with their headings."""
        return sum(self.height(index, self.cells) for index in range(self.count()))

    @property
    def _marked(self) -> bool:
        return any(item.on is not None for item in self._list)

    def show_items(self, items: Sequence[ListItem]) -> bool:
        """As they are now; are they others than before?"""
        if (are_new := list(items) != list(self._list)) or not items:
            self._list = items
            self.changed()
        return are_new

    def stand_on(self, value: str) -> None:
        """Put the cursor on the item of this value, if it is there."""
        self.show(next((n for n, item in enumerate(self._list) if item.value == value), self.cursor))

    def count(self) -> int:
        """As many as there are."""
        return len(self._list)

    @property
    def uneven(self) -> bool:
        """Where there are headings."""
        return any(item.under for item in self._list)

    def height(self, index: int, cells: int) -> int:
        """A line, and above it what begins with it."""
        return len(self._heading(index)) + 1

    def _covers(self, item: int, part: int) -> bool:
        """The cursor stands below the heading."""
        return part == len(self._heading(item))

    def _heading(self, index: int) -> list[Line]:
        """What stands above an item with which others begin, and an empty line before that."""
        under, before = self._list[index].under, self._list[index - 1].under if index else ""
        if under == before:
            return []
        heading: Line = (sink.piece("heading", f" {under}"),)
        return [(), heading] if index else [heading]

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Its heading, if one begins with it; mark, label and state."""
        item = self._list[index]
        state = sink.piece("accent" if item.on is not False else "dim", item.state)
        mark = f" {MARKS[item.on]} " if self._marked else " "
        room = cells - len(mark) - sink.width([state]) - 3
        label = sink.piece("", item.there or item.label)[1]
        line: Line = (
            ("good" if item.on else "dim", mark),
            ("plain", sink.fit(label, max(1, room))),
            ("plain", "  "),
            state,
        )
        return [*self._heading(index), line]
