"""The field for a filter or for something to find; what is wrong with it is said while it is typed."""

import re
from collections.abc import Callable
from typing import ClassVar, Literal

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from maillab.tui.actions import bindings
from maillab.tui.looks import sink
from maillab.tui.widgets.linefield import LineField
from maillab.tui.widgets.titled import ASKED
from maillab.views.filter import Filter, FilterError, parse
from maillab.views.safe import clip, safe

HELD = 24  # cells of a filter that is in force while another is typed
BEGUN = re.compile(r"(?:\A|[\s(-])[A-Za-z][A-Za-z0-9_-]*:\Z")  # the name of a term, perhaps, and no value yet
LAST_WORD = re.compile(r"\S*\Z")

Purpose = Literal["filter", "find"]


class Underline(Highlighter):
    """Draws a line below some of what is typed: the characters from `start` up to `end`."""

    def __init__(self) -> None:
        self.start = self.end = 0

    def highlight(self, text: Text) -> None:
        """Draw it, if there is one."""
        if self.start < self.end:
            text.stylize("underline", self.start, self.end)


class FilterField(LineField):
    """Enter and Esc act at once; a key that was typed right behind them is for whoever has the focus then."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("typing",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("typing")

    def __init__(self) -> None:
        line = Underline()
        super().__init__(compact=True, id="filterfield", highlighter=line)
        self._line = line

    def mark(self, start: int, end: int) -> None:
        """What is wrong stands from `start` up to `end`; nothing, where they are the same."""
        if (start, end) != (self._line.start, self._line.end):
            self._line.start, self._line.end = start, end
            self.refresh()

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # Textual calls Input's own after this
        if self.screen.focused is not self:
            self.app.post_message(events.Key(event.key, event.character))
        elif event.key == "enter":
            self.action_keep()
        elif event.key == "escape":
            self.action_clear()
        elif event.key == "f1" and self._bar.purpose == "filter":
            self.post_message(FilterBar.Asked())
        else:
            return
        event.stop()
        event.prevent_default()

    def _on_hide(self, event: events.Hide) -> None:  # Textual calls its own after this
        """This is told late, too: a field that is asked for again by then keeps the focus."""
        if self._bar.is_open:
            event.prevent_default()

    def action_keep(self) -> None:
        """What was typed is in force."""
        self._bar.enter(self.value)

    def action_clear(self) -> None:
        """It is given up."""
        self._bar.give_up()

    @property
    def _bar(self) -> "FilterBar":
        return next(above for above in self.ancestors if isinstance(above, FilterBar))


class FilterBar(Vertical):
    """Hidden until `ask`; what is wrong stands below what is typed, so that neither is cut.

    The filter language is the one of every command (`--filter`).
    """

    class Filtered(Message):
        """A filter was typed; `None` for none."""

        def __init__(self, filter: Filter | None) -> None:
            super().__init__()
            self.filter = filter

    class Asked(Message):
        """Somebody wants to know what can be typed."""

    class Sought(Message):
        """Something is to be found; `final`: with Enter, or by giving up."""

        def __init__(self, text: str, *, final: bool) -> None:
            super().__init__()
            self.text, self.final = text, final

    def __init__(self, about: str) -> None:
        """It is about the lines in the pane of this name."""
        super().__init__(id="filterbar")
        self._about = about
        self.purpose: Purpose = "filter"
        self._return: Callable[[], object] = lambda: None
        self._said: Callable[[str], str] = str
        self._holds: Callable[[str], str] = str
        self._before: Filter | None = None  # in force when the field was opened
        self._told: Filter | None = None  # in force now
        self._word = ""  # that stands behind the field
        self._bad = ""  # what is wrong, below it

    def compose(self) -> ComposeResult:
        with Horizontal(id="filterline"):
            yield Label("", id="filtersign")
            yield FilterField()
            yield Label("", id="filterword")
        yield Label("", id="filterbad")

    def ask(
        self,
        purpose: Purpose,
        name: str,
        text: str,
        hint: str,
        back: Callable[[], object],
        said: Callable[[str], str] = str,
        holds: Callable[[str], str] = str,
    ) -> None:
        """Let something be typed, for what `name` says; `back` puts the focus where it was, `said` says a complaint.

        `holds` says which filter is in force while what is typed means nothing.
        """
        self.purpose, self._return, self._said, self._holds = purpose, back, said, holds
        self._before = self._told = meant(text) if purpose == "filter" else None
        self.add_class("-open")
        self._light(True)
        self.query_one("#filtersign", Label).update(sink.content(f" {name} "))
        field = self.query_one(Input)
        field.cursor_blink = False
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self._say(hint)
        self.screen.set_focus(field)  # at once: the next key is for it

    def report(self, text: str) -> None:
        """Say what came of what is typed."""
        if self.is_open:
            self._say(text)

    @property
    def is_open(self) -> bool:
        """Is somebody typing?"""
        return self.has_class("-open")

    def hide(self) -> None:
        """Nobody types in it any more."""
        self.remove_class("-open")
        self._light(False)

    def _light(self, lit: bool) -> None:
        """The lines that it is about stay lit. They are told alone: a class of the screen is looked for everywhere."""
        self.screen.query(f"#{self._about}").set_class(lit, ASKED)

    def close(self) -> None:
        """Hide it; the focus goes back."""
        self.hide()
        self._return()

    @on(events.DescendantBlur)
    def _left(self) -> None:
        """Somebody went elsewhere: what was typed and means something is in force, what does not is forgotten, and so
        is the half of it that meant something.
        """
        asked_again = self.screen.focused is self.query_one(Input)  # this is told late, after a second `ask`
        if self.app.app_focus and not asked_again:  # not where the whole terminal went to the back
            if self.is_open and self.has_class("-bad"):
                self._filter_by(self._before)
            self.hide()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._tell(message.value, final=False)

    def enter(self, text: str) -> None:
        """What was typed is in force, if it means something."""
        if self._tell(text, final=True):
            self.close()

    def give_up(self) -> None:
        """No filter, and nothing to find."""
        if self.purpose == "filter":
            self.post_message(self.Filtered(None))
        else:
            self.post_message(self.Sought("", final=True))
        self.close()

    def _tell(self, text: str, *, final: bool) -> bool:
        """Tell what was typed if it means something; did it?"""
        self.query_one(FilterField).mark(0, 0)
        if self.purpose == "find":
            self.post_message(self.Sought(text, final=final))
            return True
        try:
            filter = parse(text) if text.strip() else None
        except FilterError as error:
            self._fall_back(text[: error.column - 1])
            self.query_one(FilterField).mark(*faulty(text, error.column))
            still = self._holds(clip(safe(self._told.text), HELD)) if self._told is not None else ""
            self._say(still, bad=placed(self._said(error.text), text[error.column - 1 :]))
            return False
        self._say("")
        if not final and (begun := BEGUN.search(text)):
            self._fall_back(text[: begun.end()])
            return True
        self._filter_by(filter)
        return True

    def _fall_back(self, text: str) -> None:
        """The words before the last one are in force, where they are a filter: the last one means nothing yet."""
        words = LAST_WORD.sub("", text).strip()
        if words == (self._told.text if self._told is not None else ""):
            return
        filter = meant(words)
        if filter is not None or not words:
            self._filter_by(filter)

    def _filter_by(self, filter: Filter | None) -> None:
        self._told = filter
        self.post_message(self.Filtered(filter))

    def _say(self, text: str, *, bad: str = "") -> None:
        """A word behind the field, and a complaint below it."""
        if text != self._word:  # whatever may have another width is laid out with all the screen
            self._word = text
            self.query_one("#filterword", Label).update(sink.content(text))
        if bad != self._bad:
            self._bad = bad
            self.query_one("#filterbad", Label).update(sink.content(bad))
            self.set_class(bool(bad), "-bad")


def meant(text: str) -> Filter | None:
    """The filter that this is; `None` for none, and for what means nothing.

    >>> meant("code:5xx") is not None, meant(" "), meant("code:foo ((")
    (True, None, None)
    """
    try:
        return parse(text) if text.strip() else None
    except FilterError:
        return None


def faulty(text: str, column: int) -> tuple[int, int]:
    """From where to where the word stands of which the column is told; the last one, where that is behind them all.

    >>> faulty("from:bob foo:bar quit", 10), faulty("from:bob leg:", 14)
    ((9, 16), (9, 13))
    """
    words = [word.span() for word in re.finditer(r"\S+", text)]
    return next(((start, end) for start, end in words if column <= end), words[-1] if words else (0, 0))


def placed(complaint: str, rest: str) -> str:
    """A complaint behind the word it is about, where it does not name that word itself; else it begins a sentence.

    >>> placed("a reply code is expected here, like 550", "abc or quit")
    'abc: a reply code is expected here, like 550'
    >>> placed("there is no term “kode”; did you mean code:?", "kode:550")
    'There is no term “kode”; did you mean code:?'
    """
    at = rest.split()[:1]
    if at and at[0].partition(":")[0] not in complaint:
        return f"{at[0]}: {complaint}"
    return complaint[:1].upper() + complaint[1:]
