"""What a dialogue may do when it is its turn: the few values in which a protocol speaks to whoever holds its socket.

Quiet: a `Dialogue` is told lines and yields turns; the driver (wire/driver.py) acts on them and sends back what came of
it. So a verb reads from top to bottom like blocking code, and a test needs no socket to play it.
"""

from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar, cast

from maillab.events import DecidedEvent
from maillab.mail.content import Content
from maillab.wire.intake import DataReader, Intake
from maillab.wire.tap import Piece

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
class Verbatim:
    """Say these pieces one after the other: lines, and behind those that announce them, messages, or parts of them,
    octet for octet. What is decided between them is written into the logbook there.

    An `OSError` comes back out of the `yield` when a message cannot be read: nothing of it has been said, nor of what
    follows it.
    """

    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class UntilDot:
    """Read content up to its end mark into `receiver`, after everything has been said."""

    receiver: DataReader


@dataclass(frozen=True, slots=True)
class Take:
    """Read exactly so many octets of content into `intake`; None: they are read for nobody."""

    octets: int
    intake: Intake | None


@dataclass(frozen=True, slots=True)
class ReadOn:
    """Read on within a command: so many octets as they are, and then up to the end of the line. They are sent back.

    `secret`: there is a password in them.
    """

    octets: int
    secret: bool = False


@dataclass(frozen=True, slots=True)
class HangBell:
    """A `Bell` of this connection is sent back, always the same."""


@dataclass(frozen=True, slots=True)
class LineOrBell:
    """Wait until the client says a line, which is sent back, or until the bell has rung: then None is."""


@dataclass(frozen=True, slots=True)
class Call:
    """Run this in a thread: it blocks. What it returns is sent back, what it raises comes out of the `yield`.

    `keeps`: with it a message's content, which is whole, is stored; a rule may have it refused before (`Overruled`).
    """

    function: Callable[[], object]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """Wait for this work of the machine, which is finished even when the client goes away (T018).

    What it gives is sent back, what it raises comes out of the `yield`.
    """

    work: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Let whoever guesses passwords wait before they hear the answer; the gate knows how long.

    False is sent back when this was the last guess that the limits allow.
    """


@dataclass(frozen=True, slots=True)
class Admit:
    """This person, who has shown who they are, wants to be let in, for the rest of the connection.

    False is sent back when they have as many connections already as the limits allow.
    """

    user: str


@dataclass(frozen=True, slots=True)
class StartTls:
    """Say `answer` and begin TLS; goes on when the handshake is done.

    A client that sent anything behind its command hears `refusal` and is cut off: nothing that was said in clear may
    be heard as if it had been said inside (RFC 3207 §4.2, RFC 2595 §4).
    """

    answer: bytes
    refusal: bytes


@dataclass(frozen=True, slots=True)
class Deflate:
    """Say `answer`; all that either side says from then on is deflated (RFC 4978)."""

    answer: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """Write this into the logbook."""

    event: DecidedEvent


@dataclass(frozen=True, slots=True)
class Close:
    """Hang up, after everything has been said; `why` is for the logbook."""

    why: str


Turn = (
    Answer
    | Body
    | Verbatim
    | UntilDot
    | Take
    | ReadOn
    | HangBell
    | LineOrBell
    | Call
    | Commit
    | WrongPassword
    | Admit
    | StartTls
    | Deflate
    | Decided
    | Close
)
Turns = Generator[Turn, object, None]


class Bell:
    """Rung from any thread, and as often as one likes, when something has changed that a dialogue may want to tell.

    >>> bell = Bell()
    >>> bell.ring()
    >>> bell.rung
    True
    """

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self.rung = False
        self._wake = wake

    def ring(self) -> None:
        """Something has changed."""
        if not self.rung:
            self.rung = True
            self._wake()

    def hush(self) -> None:
        """Whoever heard it goes and looks what has changed."""
        self.rung = False


class Ending(StrEnum):
    """Why the server ends a connection in the middle of whatever goes on."""

    IDLE = "idle"  # the client has kept it waiting for too long
    SESSION = "session"  # no connection lasts longer
    CLOSING = "closing"  # the machine is being switched off


class Dialogue(Protocol):
    """A protocol without its socket. Each method gives the turns that follow from what happened."""

    @property
    def line_octets(self) -> int:
        """The longest line that the client may send now, with its ending."""
        ...

    thrown_octets: int
    """How much of a longer line is thrown away while its end is awaited."""

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

    def refuse(self, line: bytes, answer: bytes) -> Turns:
        """The client said a command, and hears this instead of being obeyed; octets that follow it are read."""
        ...

    def dressed(self, answer: bytes) -> bytes:
        """A rule's line, as the last of the answer that is given now."""
        ...

    def known(self, name: str) -> tuple[str, ...]:
        """What is known of the client under the name of a rule's condition: "from", "to", "hello"; () for nothing."""
        ...

    def overlong(self, line: bytes) -> Turns:
        """The client said more than `line_octets`: the beginning, and the ending if that has come."""
        ...

    def stumbled(self, reference: str) -> Turns:
        """A fault of ours broke the last command; the logbook knows more under `reference`."""
        ...

    def farewell(self, ending: Ending) -> bytes:
        """The last word where the server ends the connection, b"" for none."""
        ...

    def lost(self) -> Turns:
        """The connection is over, however it ended; nobody hears an answer any more."""
        ...


class Overruled(Exception):  # noqa: N818 - what has become of it
    """A rule says that a message is not taken, and in which words; b"" for none."""

    def __init__(self, line: bytes) -> None:
        super().__init__(line.decode("utf-8", "replace").strip())
        self.line = line


def ask(function: Callable[[], T], *, keeps: bool = False) -> Generator[Turn, object, T]:
    """`result = yield from ask(function)`: a `Call` whose result keeps its type."""
    return cast(T, (yield Call(function, keeps)))


def admit(user: str) -> Generator[Turn, object, bool]:
    """`is_in = yield from admit("bob@recipient.test")`: an `Admit`."""
    return cast(bool, (yield Admit(user)))


def read_on(octets: int, *, secret: bool = False) -> Generator[Turn, object, bytes]:
    """`octets = yield from read_on(5)`: a `ReadOn`."""
    return cast(bytes, (yield ReadOn(octets, secret)))


def hang_bell() -> Generator[Turn, object, Bell]:
    """`bell = yield from hang_bell()`: a `HangBell`."""
    return cast(Bell, (yield HangBell()))


def line_or_bell() -> Generator[Turn, object, bytes | None]:
    """`line = yield from line_or_bell()`: a `LineOrBell`."""
    return cast(bytes | None, (yield LineOrBell()))


def commit(work: Callable[[], Awaitable[T]]) -> Generator[Turn, object, T]:
    """`result = yield from commit(work)`: a `Commit` whose result keeps its type."""
    return cast(T, (yield Commit(work)))
