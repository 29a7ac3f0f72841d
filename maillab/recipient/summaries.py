"""What is worked out of a message when it is stored, so that nobody reads it again to list it.

Quiet. What it is, the store need not know: whoever builds the machine says how it is made, and whether it is outdated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maillab.mail.content import Content


@dataclass(frozen=True, slots=True)
class Summarising:
    """`make` works a message out, for the index: what it is told by, and what is searched in it. `is_fresh`: was the
    first made in the way of today?
    """

    make: Callable[[Content], tuple[bytes, bytes]]
    is_fresh: Callable[[bytes], bool]


NO_SUMMARIES = Summarising(lambda _: (b"", b""), lambda _: True)
