"""AUTH as SMTP and POP3 have it: challenges and responses in base64 around the mechanisms of `wire/sasl.py`.

Quiet: words in, challenges and at last a `Proof` out (RFC 4954 §4, RFC 5034 §4). Replies are the dialogues' business.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum, auto

from maillab.events import Authenticated
from maillab.wire.sasl import SERVER_FIRST, People, SaslExchange, SaslVerdict, decode_base64, initial_response
from maillab.wire.turns import Decided, Turn, WrongPassword


class Problem(StrEnum):
    """How AUTH can be said wrongly, whoever says it; no password was tried."""

    MECHANISM = auto()  # not one of those that are offered
    SERVER_FIRST = auto()  # an initial response where the server begins
    BASE64 = auto()
    GIVEN_UP = auto()  # by the client, with a *


class AuthError(ValueError):
    """AUTH was said wrongly."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Proof:
    """The end of one attempt: who it is in canonical form, None for nobody; and how they tried to show it."""

    user: str | None
    mechanism: str


class Auth:
    """The exchanges of one connection, one after the other. `nonce` gives a new token each time, without comma."""

    def __init__(self, people: People, mechanisms: tuple[str, ...], nonce: Callable[[], str]) -> None:
        self._people = people
        self._mechanisms = mechanisms
        self._nonce = nonce
        self._exchange: SaslExchange | None = None

    @property
    def under_way(self) -> bool:
        """The client's next line is not a command but a response."""
        return self._exchange is not None

    def begin(self, mechanism: str, initial: bytes | None) -> bytes | Proof:
        """AUTH with its words, `initial` None where it was not said: a challenge, or the proof. Raises `AuthError`."""
        name = mechanism.upper()
        if name not in self._mechanisms:
            raise AuthError(Problem.MECHANISM)
        if initial is not None and name in SERVER_FIRST:
            raise AuthError(Problem.SERVER_FIRST)
        response = None if initial is None else _decoded(initial, initial_response)
        return self._step(SaslExchange(name, self._people, nonce=self._nonce()), response)

    def respond(self, line: bytes) -> bytes | Proof:
        """A line after a challenge, with its ending: a further challenge, or the proof. Raises `AuthError`."""
        exchange, self._exchange = self._exchange, None
        assert exchange is not None
        words = line.removesuffix(b"\n").removesuffix(b"\r")
        if words == b"*":
            raise AuthError(Problem.GIVEN_UP)
        return self._step(exchange, _decoded(words))

    def forget(self) -> None:
        """The exchange is over, whatever is said next."""
        self._exchange = None

    def _step(self, exchange: SaslExchange, response: bytes | None) -> bytes | Proof:
        step = exchange.step(response)
        if isinstance(step, SaslVerdict):
            return Proof(step.user, exchange.mechanism)
        self._exchange = exchange
        return step


def _decoded(word: bytes, decode: Callable[[bytes], bytes] = decode_base64) -> bytes:
    try:
        return decode(word)
    except ValueError:
        raise AuthError(Problem.BASE64) from None


class Outcome(StrEnum):
    """What follows from a proof."""

    IN = auto()
    AGAIN = auto()
    TOO_MANY = auto()  # wrong passwords: this was the last


def judged(talk: str, proof: Proof) -> Generator[Turn, object, Outcome]:
    """Write down who has logged in, or let whoever guessed wait (T117, T118, T179)."""
    if proof.user is not None:
        yield Decided(Authenticated(talk, proof.user, proof.mechanism))
        return Outcome.IN
    return Outcome.AGAIN if (yield WrongPassword()) else Outcome.TOO_MANY
