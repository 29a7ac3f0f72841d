"""One of a few choices, or one of many that is found by typing: the palette, and every other list to choose from."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Input, Label

from maillab.tui.dialogs.frame import FRAME, HIGH, BoxDialog, DialogBox, DialogField, Hint, KeysAtOnce, columns
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line
from maillab.tui.palette.ranking import Ranking, matched, unseen
from maillab.tui.questions import TAB, Choice, Pick
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import GUTTER, Rows
from maillab.views.safe import safe

FEW = 6  # choices that are seen at a glance: no field to search them
WIDE = 96  # columns of labels with their notes beside them
BELOW_WIDE = 72  # columns where notes stand below: longer lines are hard to read
GAP = 3  # columns between a label and its note
NARROW = 34  # columns at least
BESIDE, BELOW, APART = "beside", "below", "apart"  # where notes stand; apart: under the list, that of the cursor alone
AROUND, AROUND_SHORT = 10, 6  # lines beside the choices; in a low window a dialog has no air
LOW = 20  # lines of a window, from which on there is room for notes below their labels
STEPS = {"down": 1, "up": -1}
PAGES = {"pagedown": 1, "pageup": -1}
ENDS = {"home": -1, "end": 1}
ANSWER = 4  # lines of a note at most


class PickDialog(BoxDialog[str]):
    """Gives the value of the choice. A field to search stands above where there are more than a few."""

    def __init__(self, question: Pick, texts: Texts) -> None:
        super().__init__(texts)
        self._question = question
        self._ranking = Ranking(question.choices)
        self._search = question.search or self._found
        self._choices = _Choices(question.choices, question.nothing or texts("dialog.nothing"))
        self._choices.clicks = 1 if question.preview is None else 2  # with a preview one looks first
        self._has_field = question.search is not None or len(question.choices) > FEW
        self._typed = ""  # where there is no field
        self._fitted: Size | None = None  # to which window
        self._more = ""  # what stands below
        self._inside = self._most = self._lines = 0  # cells of a choice; lines there may be, and are

    def compose(self) -> ComposeResult:
        self.set_class(self._question.preview is not None, "-previews")
        with DialogBox(classes="dialog picker") as box:
            self.framed(box, self._question.title, self._hints)
            if self._has_field:
                yield DialogField(placeholder=self.texts("dialog.search"), compact=True)
            yield self._choices
            yield Label("", classes="more")

    @property
    def _hints(self) -> list[Hint]:
        closing = ("Esc", self.texts("dialog.clear")) if self._field_text else self.closing
        here = self._choices.current
        enter = (here.enter if here is not None else "") or self._question.enter
        help = [("F1", self.texts("dialog.help"))] if self._question.help else []
        tab = [("Tab", self._question.tab)] if self._question.tab else []
        return [("↑↓", self.texts("dialog.move")), ("Enter", self.texts(f"enter.{enter}")), *tab, *help, closing]

    def _found(self, text: str) -> list[Choice]:
        """What is meant; before that what was typed, where it can be given itself."""
        own = self._question.typed(text) if self._question.typed is not None and text.strip() else None
        return [*([own] if own is not None else []), *self._ranking.search(text)]

    @property
    def _field_text(self) -> str:
        return self.query_one(Input).value if self._has_field and self.is_mounted else ""

    def on_mount(self) -> None:
        self._fit()
        self._choices.stand_on(self._question.chosen)
        if self._has_field:
            field = self.query_one(DialogField)
            field.cursor_blink = False
            self.set_focus(field)
        else:
            self._choices.can_focus = True
            self.set_focus(self._choices)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """As wide and as high as what it holds, as far as there is room."""
        window, choices = self.app.size, self._choices
        if window == self._fitted:
            return
        self._fitted = window
        is_even = self._question.search is None and choices.want + GUTTER <= columns(WIDE, window.width) - FRAME
        choices.notes = BESIDE if is_even else APART if window.height < LOW else BELOW
        wide = choices.want + GUTTER if is_even else BELOW_WIDE
        self.widen(max(NARROW, wide))
        around = AROUND if window.height >= HIGH else AROUND_SHORT
        room = max(3, window.height - around)
        inside = columns(wide, window.width) - FRAME - GUTTER
        self._inside, self._most = inside, room
        self._fit_height()
        if self._has_field:  # the field stays where it is while one types, and what is found takes as much as it needs
            self.styles.align_vertical = "top"
            above = max(1, (window.height - self._lines - around) // 2) if window.height >= HIGH else 0
            self.query_one(".dialog").styles.margin = (above, 0, 0, 0)
        choices.changed()
        self.call_after_refresh(self._tell_more)

    def _fit_height(self) -> None:
        """As many lines as what was found takes, as far as there is room."""
        lines = max(1, min(self._choices.lines_of(self._inside), self._most))
        if lines != self._lines:
            self._lines = lines
            self._choices.styles.height = lines

    # ── keys ──

    def pressed(self, key: str, character: str | None) -> bool:
        """What moves in the list, chooses, and leaves; everything else is typed."""
        rows = self._choices
        self._narrow(self._field_text)  # what is typed may not have been told yet
        if key == "enter":
            self._give()
        elif key == "escape" and self._field_text:
            self.query_one(Input).value = ""
        elif key in STEPS:
            rows.action_move(STEPS[key])
        elif key in PAGES:
            rows.action_move_page(PAGES[key])
        elif key in ENDS and self._is_at_its_end(key):
            rows.action_move(ENDS[key] * rows.count())
        elif key == "tab" and self._question.tab:
            self._give(TAB)
        elif key == "f1" and self._question.help:
            self._show_help()
        elif not self._has_field and character is not None and character.isprintable():
            self._look_for(character)
        else:
            return super().pressed(key, character)
        return True

    def _is_at_its_end(self, key: str) -> bool:
        """Does a key that goes to an end do nothing in the field, so that it is for the list?"""
        if not self._has_field:
            return True
        field = self.query_one(Input)
        return field.cursor_position == (0 if key == "home" else len(field.value))

    def _look_for(self, character: str) -> None:
        """Go to the choice that is meant by what was typed so far, or else by this character alone."""
        for text in (self._typed + character, character):
            if best := Ranking(self._question.choices).search(text):
                self._typed = text
                self._choices.stand_on(best[0].value)
                return

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._narrow(message.value)
        self.hint(self._hints)  # Esc clears now, or leaves

    def _narrow(self, text: str) -> None:
        if self._has_field and text != self._choices.text:
            self._choices.show_found(text, self._search(text))
            self._fit_height()

    # ── results ──

    def _show_help(self) -> None:
        from maillab.tui.dialogs.help import help_before

        help_before(self, self._question.title, self._question.help)

    def _give(self, before: str = "") -> None:
        if choice := self._choices.current:
            self.dismiss(before + choice.value)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self._give()

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        """What the list has no room for is said below; a preview is shown."""
        message.stop()
        self._tell_more()
        self.hint(self._hints)  # Enter does something else with another kind of choice
        if self._question.preview is not None and (choice := self._choices.current):
            self._question.preview(choice.value)

    def _tell_more(self) -> None:
        label = self.query_one(".more", Label)
        label.set_class(self._choices.notes == APART, "-on")
        if self._more != (more := self._choices.apart):
            self._more = more
            label.update(sink.content(more))


class _Choices(Rows, KeysAtOnce):
    """What is found. A note stands beside its label, in one column, while all of them fit; else below it, in full."""

    LEFT: ClassVar[str] = "focus"  # the keys are its own, though the focus is in the field
    ALLOW_SELECT = False

    def __init__(self, choices: Sequence[Choice], nothing: str) -> None:
        super().__init__()
        self.can_focus = False
        self.text = ""
        self._found = choices
        self._choices = choices
        self.nothing = nothing
        self.notes = BESIDE

    @property
    def want(self) -> int:
        """How many columns everything would take, in one line each."""
        notes = _widest(choice.note for choice in self._choices)
        ends = max((sink.width(self._end(choice)) for choice in self._choices), default=0)
        return 2 + self._labels + (notes + GAP if notes else 0) + ends

    @cached_property
    def _labels(self) -> int:
        return _widest(choice.name for choice in self._choices)

    def lines_of(self, cells: int) -> int:
        """How many lines everything takes, in so many columns."""
        return sum(self.height(index, cells) for index in range(self.count()))

    @property
    def current(self) -> Choice | None:
        """The one under the cursor."""
        return self._found[self.cursor] if self._found else None

    def show_found(self, text: str, found: Sequence[Choice]) -> None:
        """Show what was found for this text, from the best on."""
        self.text, self._found = text, found
        self.set_reactive(Rows.cursor, 0)
        self.scroll_home(animate=False, immediate=True)
        self.changed()
        self.post_message(self.Moved(self, 0))

    def stand_on(self, value: str) -> None:
        """Put the cursor on the choice of this value, if it is there."""
        self.show(next((n for n, choice in enumerate(self._found) if choice.value == value), self.cursor))

    def count(self) -> int:
        """As many as were found."""
        return len(self._found)

    @property
    def uneven(self) -> bool:
        """Notes stand below their labels, and are wrapped."""
        return self.notes == BELOW or any(choice.explains for choice in self._found)

    @property
    def page(self) -> int:
        """As many as are seen."""
        return max(1, super().page // (2 if self.uneven else 1))

    def height(self, index: int, cells: int) -> int:
        """The label's line, and those of its note: counted for all of them, though few are made."""
        choice = self._found[index]
        return 1 + (min(ANSWER, len(_sentences(choice.note, cells))) if self._is_below(choice) else 0)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Label, area and key; the note beside the label or below it."""
        choice = self._found[index]
        end = self._end(choice)
        label, note = (sink.piece("", text)[1] for text in (choice.name, choice.note))
        mark = "?" if choice.explains else " "
        style = "key" if choice.explains else "dim" if choice.dim else "bold" if self.notes == BELOW else "plain"
        room = max(4, cells - 2 - sink.width(end))
        if self.notes == BESIDE and not choice.explains:
            wide = min(self._labels, room)
            beside = sink.fit(note, max(0, room - wide - GAP))
            named = self._marked(style, f"{mark} {sink.fit(label, wide)}")
            return [[*named, *self._marked("dim", f"{' ' * GAP}{beside}"[: room - wide]), *end]]
        head: Line = [*self._head(style, mark, label, unseen(choice, self.text), room), *end]
        if not self._is_below(choice):
            return [head]
        sentences = _sentences(choice.note, cells)
        if len(sentences) > ANSWER:
            sentences = [*sentences[: ANSWER - 1], sink.fit(f"{sentences[ANSWER - 1]} …", max(10, cells - 4))]
        said = "plain" if choice.explains else "dim"
        return [head, *(self._marked(said, f"  {sentence}") for sentence in sentences)]

    def _head(self, style: str, mark: str, label: str, also: str, room: int) -> Line:
        """A label; behind it in brackets another word by which it was found, where there is room for that."""
        also = f"  ({sink.piece('', also)[1]})" if also else ""
        if not also or sink.width([("", label + also)]) > room:
            return self._marked(style, f"{mark} {sink.fit(label, room)}")
        rest = sink.fit(also, room - sink.width([("", label)]))
        return [*self._marked(style, f"{mark} {label}"), ("dim", rest)]

    def _marked(self, style: str, text: str) -> Line:
        """A text; what was typed stands out in it."""
        pieces, at = [], 0
        for start, end in matched(text, self.text) if self.text else ():
            pieces += [(style, text[at:start]), ("typed", text[start:end])]
            at = end
        return [*pieces, (style, text[at:])]

    def _is_below(self, choice: Choice) -> bool:
        """Does its note stand in lines of its own?"""
        return bool(choice.note) and (self.notes == BELOW or choice.explains)

    def _end(self, choice: Choice) -> Line:
        """The area and the key, at the right edge."""
        pieces = sink.piece("dim", choice.area), sink.piece("key", choice.key)
        return [(style, f"  {text}") for style, text in pieces if text] + [("plain", " ")]

    @property
    def apart(self) -> str:
        """The note under the cursor, where it stands neither beside its label nor below."""
        choice = self.current
        return choice.note if choice is not None and self.notes == APART and not choice.explains else ""


@lru_cache(1_000)  # of all choices their number is asked for with every letter that is typed
def _sentences(note: str, cells: int) -> Sequence[str]:
    """The lines of a note below its label."""
    return sink.wrapped(safe(note), max(10, cells - 4))


def _widest(texts: Iterable[str]) -> int:
    return max((sink.width([sink.piece("", text)]) for text in texts), default=0)
