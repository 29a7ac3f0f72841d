"""What is worked out of a message when it is stored, so that nobody reads it again to list it.

Quiet. What it is, the store need not know: whoever builds the machine says how it is made, and whether it is outdated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maillab.mail.content import Content


@dataclass(frozen=True, slots=True)
class Summarising:
    """`make` works a message out: octets for the index. `is_fresh`: were they made in the way of today?"""

    make: Callable[[Content], bytes]
    is_fresh: Callable[[bytes], bool]


NO_SUMMARIES = Summarising(lambda _: b"", lambda _: True)
