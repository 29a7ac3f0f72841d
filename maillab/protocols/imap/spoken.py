"""A whole command of a client: its lines, and the octets that stood between them as literals (RFC 9051 §4.3).

Rules for this file: it looks at ends of lines only. Whatever looks like the announcement of a literal is one, even in a
line that means nothing: else the octets behind it would be heard as commands.
"""

import re
from dataclasses import dataclass

from maillab.mail.content import Content
from maillab.protocols.protocol import Announced

MOST = 10**18  # a literal that is announced as longer than this is said to be this long: nobody takes it

_MARKER = re.compile(rb"(~?)\{([0-9]+)(\+?)\}\r?\n\Z")
_DIGITS = len(str(MOST)) - 1


@dataclass(frozen=True, slots=True)
class SpokenCommand:
    """One command. `text` is its lines in one, each with its ending, and {n} left where the next of `literals` stood.

    A literal in a file is a message; all others are short.

    >>> SpokenCommand(b"a LOGIN bob {3}\\r\\n\\r\\n", (b"x y",)).literals
    (b'x y',)
    """

    text: bytes
    literals: tuple[bytes | Content, ...] = ()


def literal_of(line: bytes) -> Announced | None:
    """The literal that a line, given with its ending, announces; None where the command ends with this line.

    >>> literal_of(b"a LOGIN {3}\\r\\n"), literal_of(b"a LOGIN bob {3}x\\r\\n")
    (Announced(octets=3, waits=True), None)
    >>> literal_of(b"a APPEND x ~{10+}\\r\\n"), literal_of(b"a LOGIN {99999999999999999999}\\n").octets == MOST
    (Announced(octets=10, waits=False), True)
    """
    if not line.endswith((b"}\r\n", b"}\n")):
        return None
    match = _MARKER.search(line, max(0, line.rfind(b"{") - 1))
    if match is None:
        return None
    digits = match[2].lstrip(b"0") or b"0"
    octets = int(digits) if len(digits) <= _DIGITS else MOST
    return Announced(octets, waits=not match[3])
