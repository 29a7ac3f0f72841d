"""What is worked out of a message when it is stored, so that nobody reads it again to list it.

Quiet. What it is, the store need not know: whoever builds the machine says how it is made, and whether it is outdated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maillab.mail.content import Content


@dataclass(frozen=True, slots=True)
class Summarising:
    """`make` works a message out, for the index: what it is told by, and what is searched in it. `is_fresh`: was the
    first made in the way of today? `make_heading` works out as much of the first as the header says, which is had in a
    third of the time; `has_heading`: is so much in it, made in the way of today? `make_words` makes the second alone.
    """

    make: Callable[[Content], tuple[bytes, bytes]]
    is_fresh: Callable[[bytes], bool]
    make_heading: Callable[[Content], bytes]
    has_heading: Callable[[bytes], bool]
    make_words: Callable[[Content], bytes]


NO_SUMMARIES = Summarising(lambda _: (b"", b""), lambda _: True, lambda _: b"", lambda _: True, lambda _: b"")
