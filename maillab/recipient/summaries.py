"""What is worked out of a message when it is stored, so that nobody reads it again to list it.

Quiet. What it is, the store need not know: whoever builds the machine says how it is made, and whether it is outdated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from maillab.mail.content import Content


class Made(NamedTuple):
    """What was worked out of a message, for the index; None stands for what was not looked for.

    `summary`: what it is told by, and `fields`: what is searched in the fields of its header. `words`: what is searched
    in all of it, but for what is read in the message itself in no time.
    """

    summary: bytes | None = None
    fields: bytes = b""
    words: bytes | None = None


@dataclass(frozen=True, slots=True)
class Summarising:
    """`make` works out all of a message. `is_fresh`: was its summary made in the way of today (the beginning of it will
    do)? `make_heading` works out its fields, and as much of the summary as the header says, which is had in a third of
    the time; `has_heading`: is so much in it, made in the way of today? `make_words` makes the words alone. `mark` is
    what fields begin with that were made in the way of today.
    """

    make: Callable[[Content], Made]
    is_fresh: Callable[[bytes], bool]
    make_heading: Callable[[Content], Made]
    has_heading: Callable[[bytes], bool]
    make_words: Callable[[Content], Made]
    mark: bytes


def _nothing(_: Content) -> Made:
    return Made(b"", b"", b"")


NO_SUMMARIES = Summarising(_nothing, lambda _: True, _nothing, lambda _: True, _nothing, b"")
