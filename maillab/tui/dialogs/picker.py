"""One of a few choices, or one of many that is found by typing: the palette, and every other list to choose from."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from maillab.tui.dialogs.frame import BoxDialog, DialogField, Hint, KeysAtOnce
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line, Piece
from maillab.tui.palette.ranking import Ranking
from maillab.tui.questions import Choice, Pick
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows

FEW = 6  # choices that are seen at a glance: no field to search them
MOST = 16  # lines of choices
WIDE = 96  # columns of a choice, of which the rest is cut
LABEL = 44  # columns of labels; a longer one takes what it needs, from its own note
GUTTER = 2  # columns of the scrollbar and the gap before it
NOTE = 8  # columns of a note at least, or it is left out
NARROW = 34  # columns at least
AROUND, AROUND_SHORT = 11, 6  # lines of a dialog beside its choices; in a low window it has no air
STEPS = {"down": 1, "up": -1}
PAGES = {"pagedown": 1, "pageup": -1}
ENDS = {"home": -1, "end": 1}
ANSWER = 4  # lines of an explanation at most


class PickDialog(BoxDialog[str]):
    """Gives the value of the choice. A field to search stands above where there are more than a few."""

    def __init__(self, question: Pick, texts: Texts) -> None:
        super().__init__(texts)
        self._question = question
        self._search = question.search or Ranking(question.choices).search
        self._choices = _Choices(question.choices, question.nothing or texts("dialog.nothing"))
        self._has_field = question.search is not None or len(question.choices) > FEW
        self._typed = ""  # where there is no field

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker") as box:
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
        return [("↑↓", self.texts("dialog.move")), ("Enter", self.texts(f"enter.{enter}")), closing]

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
        self.widen(max(NARROW, min(choices.want + GUTTER, WIDE)))
        room = max(3, window.height - (AROUND_SHORT if self.has_class("-short") else AROUND))
        lines = MOST if self._question.search is not None else min(MOST, len(self._question.choices))
        choices.styles.height = max(1, min(lines, room))
        self.call_after_refresh(self._tell_more)

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
        elif not self._has_field and key in ENDS:
            rows.action_move(ENDS[key] * rows.count())
        elif not self._has_field and character is not None and character.isprintable():
            self._look_for(character)
        else:
            return super().pressed(key, character)
        return True

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

    # ── results ──

    def _give(self) -> None:
        if choice := self._choices.current:
            self.dismiss(choice.value)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        self._give()

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        """What the line under the cursor had no room for is said below; a preview is shown."""
        message.stop()
        self._tell_more()
        self.hint(self._hints)  # Enter does something else with another kind of choice
        if self._question.preview is not None and (choice := self._choices.current):
            self._question.preview(choice.value)

    def _tell_more(self) -> None:
        label = self.query_one(".more", Label)
        label.update(sink.content(self._choices.cut_note))
        label.set_class(self._choices.cuts, "-on")


class _Choices(Rows, KeysAtOnce):
    """What is found, one a line; what explains has several, for it is there to be read."""

    LEFT: ClassVar[str] = "focus"  # the keys are its own, though the focus is in the field

    def __init__(self, choices: Sequence[Choice], nothing: str) -> None:
        super().__init__()
        self.can_focus = False
        self.text = ""
        self._found = choices
        self._labels = self._least = _column(choices)
        self._notes = _widest(choice.note for choice in choices)
        self._keys = _widest(choice.key for choice in choices)
        self._ends = max((sink.width(self._end(choice)) for choice in choices), default=0)
        self._longest = max((self._line(choice) for choice in choices), default=0)
        self.nothing = nothing

    @property
    def want(self) -> int:
        """How many columns everything would take."""
        return max(2 + self._labels + (self._notes + 2 if self._notes else 0) + self._ends, self._longest)

    def _line(self, choice: Choice) -> int:
        """How many columns this one would take, where its label is longer than others."""
        return (
            2
            + _widest([choice.label])
            + (2 + _widest([choice.note]) if choice.note else 0)
            + sink.width(self._end(choice))
        )

    @property
    def current(self) -> Choice | None:
        """The one under the cursor."""
        return self._found[self.cursor] if self._found else None

    def show_found(self, text: str, found: Sequence[Choice]) -> None:
        """Show what was found for this text, from the best on."""
        self.text, self._found = text, found
        self._labels = max(self._least, _column(found))
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
        """Explanations are wrapped."""
        return any(choice.explains for choice in self._found)

    def height(self, index: int, cells: int) -> int:
        """As many lines as there are of an explanation."""
        return len(self.item(index, cells))

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Label, note, area and key."""
        choice, end = self._found[index], self._end(self._found[index])
        label = self._label_room(choice, cells)
        head = (
            "key" if choice.explains else "dim" if choice.dim else "plain",
            sink.fit(f"{'?' if choice.explains else ' '} {sink.piece('', choice.label)[1]}", label + 2),
        )
        if choice.explains:
            return _explanation(choice, head, end, max(10, cells - label - 5))
        room = cells - label - 2 - sink.width(end)
        if room < NOTE + 2:
            return [(head, ("plain", " " * max(0, room)), *end)]
        return [(head, ("dim", f"  {sink.fit(sink.piece('', choice.note)[1], room - 2)}"), *end)]

    def _label_room(self, choice: Choice, cells: int) -> int:
        """Columns of a label: that of all, or what it needs itself: a sentence is cut before a name is."""
        room = max(10, cells - 2 - sink.width(self._end(choice)))
        return min(max(self._labels, _widest([choice.label])), room)

    def _end(self, choice: Choice) -> Line:
        """The area, and the key in a column of its own."""
        area, key = sink.piece("dim", choice.area), sink.piece("key", choice.key)
        wide = self._keys and self._keys - sink.width([key])
        return [(style, f" {text} ") for style, text in (area,) if text] + (
            [("key", f" {' ' * wide}{key[1]} ")] if self._keys else []
        )

    @property
    def cut_note(self) -> str:
        """The note under the cursor, if it was cut."""
        choice = self.current
        if choice is None or choice.explains:
            return ""
        return choice.note if _widest([choice.note]) > self._note_room(choice) else ""

    @property
    def cuts(self) -> bool:
        """May a note be cut?"""
        return any(_widest([choice.note]) > self._note_room(choice) for choice in self._found if choice.note)

    def _note_room(self, choice: Choice) -> int:
        """Columns of its note, of which there may be too few."""
        room = self._cells - self._label_room(choice, self._cells) - 4 - sink.width(self._end(choice))
        return room if room >= NOTE else 0


def _explanation(choice: Choice, head: Piece, end: Line, cells: int) -> list[Line]:
    """A sentence in full, as far as it is not too long, and where it is from."""
    sentences = sink.wrapped(sink.piece("", choice.note)[1], cells)
    if len(sentences) > ANSWER:
        sentences = [*sentences[: ANSWER - 1], f"{sentences[ANSWER - 1][: cells - 1]}…"]
    lines: list[list[Piece]] = [[head, ("plain", f"  {sentences[0]}")]]
    indent = " " * (sink.width([head]) + 2)
    lines += [[("plain", f"{indent}{sentence}")] for sentence in sentences[1:]]
    if end and sink.width(lines[-1]) - len(indent) + sink.width(end) <= cells:
        lines[-1] += [("plain", "  "), *end]
    elif end:
        lines.append([("plain", indent), *end])
    return list(lines)


def _column(choices: Sequence[Choice]) -> int:
    """Columns in which the labels stand, but for those that are too long."""
    return max((wide for choice in choices if (wide := _widest([choice.label])) <= LABEL), default=0)


def _widest(texts: Iterable[str]) -> int:
    return max((sink.width([sink.piece("", text)]) for text in texts), default=0)
