"""What can be asked of a person, as values: commands ask them through `Ui.ask`, dialogs draw them.

Rules for this file: no Textual; a question knows nothing of how it looks. `None` is the answer of who leaves it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from maillab.tui.sink import Line

T = TypeVar("T")


class Question(Generic[T]):
    """Whatever can be asked; `T` is what an answer is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of many: `value` is given back; `key` and `note` stand beside the label."""

    value: str
    label: str
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pick(Question[str]):
    """A list to choose from, narrowed down by typing; the answer is the value of a choice."""

    title: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Prompt(Question[str]):
    """A line to fill in. `check` gives what is wrong with it, "" for nothing."""

    title: str
    value: str = ""
    hint: str = ""
    check: Callable[[str], str] = lambda _: ""
    suggestions: Sequence[str] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """An answer that one key gives; the label says what it means."""

    value: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class AskByKey(Question[str]):
    """A question with a few answers, each with a key; the answer is the value of one.

    One that nobody asked for waits until typing stops, so that no key that is typed answers it.
    """

    text: str
    answers: Sequence[KeyAnswer]
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class HelpText(Question[None]):
    """A text to read, then a page of the manual; `hint` stands in the frame."""

    lines: Sequence[Line]
    page: Sequence[Line] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class JumpTo(Question[int]):
    """Where to go: a letter stands at each place, column and line; the answer is its number."""

    places: Sequence[tuple[int, int]]
