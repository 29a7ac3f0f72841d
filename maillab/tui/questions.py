"""What can be asked of the person, as values; `dialogs` draw them, and the answer is `None` where one is left.

Rules for this file: no Textual. A question says what it is about and what may be answered; how it looks and
which keys move in it is the business of the dialogs.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from maillab.tui.looks.sink import Line

T_co = TypeVar("T_co", covariant=True)


class Question(Struct, Generic[T_co], frozen=True):
    """Whatever can be asked; `T_co` is what an answer is."""


class KeyAnswer(Struct, frozen=True):
    """An answer that one key gives; the label says what it means."""

    value: str
    key: str
    label: str


class AskByKey(Question[str], frozen=True):
    """A question with a few answers, each with a key; the answer is the value of one.

    One that nobody asked for waits until typing stops, so that no key that is typed answers it. `title` says what was
    begun by which it is asked; the cursor begins at the answer number `chosen`.
    """

    text: str
    answers: Sequence[KeyAnswer]
    unasked: bool = False
    title: str = ""
    chosen: int = 0


class HelpText(Question[None], frozen=True):
    """A text to read, then a page of the manual, which is called `topic`."""

    title: str
    lines: Sequence[Line]
    page: Sequence[Line] = ()
    topic: str = ""


JUMP_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class JumpPlace(Struct, frozen=True):
    """Where the letter of a place stands; `letter` where it has always the same, else it gets one that is free."""

    column: int
    line: int
    letter: str = ""


class JumpTo(Question[int], frozen=True):
    """Where to go: a letter stands at each place; the answer is its number. `kept`: letters of places not there now."""

    places: Sequence[JumpPlace]
    kept: str = ""


class Choice(Struct, frozen=True):
    """`value` is given back; `note` explains the label; `key` does the same without a dialog, in the pane `area`.

    `within` is the part of the window with which its name begins. `aka` are words under which it is found too, and
    `abroad` is its label in the other language.
    `explains`: it is an answer to read, and nothing is done by it. `enter` names what Enter does with it, where that
    is something else than with the others. `dim`: it cannot be done now.
    """

    value: str
    label: str
    note: str = ""
    key: str = ""
    area: str = ""
    aka: str = ""
    explains: bool = False
    enter: str = ""
    dim: bool = False
    within: str = ""
    abroad: str = ""

    @property
    def name(self) -> str:
        """Its label behind the part of the window to which it belongs."""
        return f"{self.within}: {self.label}" if self.within else self.label


class Pick(Question[str], frozen=True):
    """One of a few, or one of many that is found by typing. Gives its value.

    `search` gives what is shown for a text, where it is another than the best of `choices`. `preview` is told which
    choice the cursor stands on. The cursor begins at the choice of the value `chosen`. `enter` names what Enter does
    (texts enter.…). `typed` makes a choice of what was typed itself, which stands before what is found. Where
    there is a word for `tab`, that key gives the value, too, with TAB before it. `help` are the paragraphs of F1.
    """

    title: str
    choices: Sequence[Choice]
    nothing: str = ""
    search: Callable[[str], Sequence[Choice]] | None = None
    preview: Callable[[str], object] | None = None
    chosen: str = ""
    enter: str = "choose"
    typed: Callable[[str], Choice | None] | None = None
    tab: str = ""
    help: str = ""


TAB = "tab "


def _right(_: str) -> str:
    return ""


class Prompt(Question[str], frozen=True):
    """One field to fill in. Gives the text.

    `check` gives what is wrong with it, "" where nothing is; `hint` is said below it meanwhile, and `complaint` until
    something is typed. `complete` gives what the text may become by Tab; the cursor begins at `cursor`, -1 for the end.
    """

    title: str
    value: str = ""
    hint: str = ""
    check: Callable[[str], str] = _right
    complaint: str = ""
    suggestions: Sequence[str] = ()
    complete: Callable[[str], Sequence[str]] | None = None
    secret: bool = False
    cursor: int = -1


class ListItem(Struct, frozen=True):
    """A line of a list that stays open. `on` is its mark, `None` for none; `state` stands at its right.

    One that `leaves` closes the list, and is its answer: what it does needs the whole window. `under` is the heading
    above it and those beside it, where it has the name `there`, "" for its label.
    """

    value: str
    label: str
    on: bool | None = None
    state: str = ""
    note: str = ""
    leaves: bool = False
    under: str = ""
    there: str = ""


class Deed(Struct, frozen=True):
    """What its keys do to the item under the cursor; what it gives is said in the list, "" for nothing.

    `alone`: it needs no item, and is given "". `leaves`: the list closes when it was done, and gives what that gave.
    """

    keys: tuple[str, ...]
    label: str
    does: Callable[[str], Awaitable[str]]
    alone: bool = False
    leaves: bool = False


class Listing(Question[str], frozen=True):
    """A list to work in: it stays open, unless a deed leaves it, and is read anew after each. `help` are the
    paragraphs of F1.
    """

    title: str
    items: Callable[[], Sequence[ListItem]]
    deeds: Sequence[Deed]
    nothing: str = ""
    help: str = ""
