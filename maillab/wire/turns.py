"""What a dialogue may do when it is its turn: the few values in which POP3 speaks to whoever holds its socket.

Quiet: a `Dialogue` is told lines and yields turns; the driver (wire/dialogue.py) acts on them and sends back what a
`Call` gave. So a verb reads from top to bottom like blocking code, and a test needs no socket to play it.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from maillab.events import DecidedEvent
from maillab.mail.content import Content

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Say these octets: one line, or several, each with its ending."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """Say `status`, then a message dressed for a multi-line answer, then the end mark.

    An `OSError` comes back out of the `yield` when the message cannot be read; then nothing has been said yet.
    """

    status: bytes
    content: Content


@dataclass(frozen=True, slots=True)
class Call:
    """Run this in a thread: it blocks. What it returns is sent back, what it raises comes out of the `yield`."""

    function: Callable[[], object]


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Let whoever guesses passwords wait before they hear the answer; the gate knows how long."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS. Goes on when the handshake is done; a client that sent anything behind its command is cut off."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Write this into the logbook."""

    event: DecidedEvent


@dataclass(frozen=True, slots=True)
class Close:
    """Hang up, after everything has been said; `why` is for the logbook."""

    why: str


Turn = Answer | Body | Call | WrongPassword | StartTls | Decided | Close
Turns = Generator[Turn, object, None]


class Dialogue(Protocol):
    """A protocol without its socket. Each method gives the turns that follow from what happened."""

    line_octets: int
    """The longest line that the client may send, with its ending."""

    @property
    def answering(self) -> bool:
        """The client's next line answers a challenge: it is secret."""
        ...

    def greet(self) -> Turns:
        """The client has connected."""
        ...

    def turn_away(self) -> Turns:
        """The client has connected, and there is no room for it."""
        ...

    def hear(self, line: bytes) -> Turns:
        """The client said one line, given with its ending."""
        ...

    def overlong(self) -> Turns:
        """The client sent more than `line_octets` without a line end."""
        ...

    def stumbled(self, reference: str) -> Turns:
        """A fault of ours broke the last command; the logbook knows more under `reference`."""
        ...

    def lost(self) -> Turns:
        """The talk is over, however it ended; nobody hears an answer any more."""
        ...


def ask(function: Callable[[], T]) -> Generator[Turn, object, T]:
    """`result = yield from ask(function)`: a `Call` whose result keeps its type."""
    return cast(T, (yield Call(function)))
