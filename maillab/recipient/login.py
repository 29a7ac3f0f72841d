"""The four ways to log in to POP3: USER and PASS, APOP, and AUTH with SASL (RFC 1939 §7, RFC 5034).

Quiet: it hears arguments and gives challenges or a `Proof`; what follows from a proof is the dialogue's business.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from maillab.recipient.maildrop import Maildrops
from maillab.recipient.phrases import No
from maillab.wire.sasl import Exchange, People, Verdict, decode_base64, initial_response, verify

MECHANISMS = ("SCRAM-SHA-256", "PLAIN")
QUIRKS = (  # of Test Mail Server 1.0
    "list-in-lines",  # LIST with a number is answered by the multi-line form
    "deleted-in-uidl",  # UIDL names messages that were deleted in this talk, too
)


@dataclass(frozen=True, slots=True)
class Counter:
    """What holds for every talk at one POP3 door. `tls`: STLS is possible; `plaintext`: a login without TLS is allowed.

    `without` are capabilities that are neither announced nor obeyed. `greeting` is the first line, "" for our own.
    `quirks` are bugs of another program that are reproduced (QUIRKS).
    `nonce` gives a new unique token each time, printable and without comma.
    """

    hostname: str
    people: People
    maildrops: Maildrops
    nonce: Callable[[], str]
    tls: bool = False
    plaintext: bool = True
    without: frozenset[str] = frozenset()
    greeting: str = ""
    quirks: frozenset[str] = frozenset()
    tries: int = 3  # wrong passwords, then the talk is over
    errors: int = 20  # commands that are none, then the talk is over
    junk: int = 100  # NOOP, STAT, LIST... since the last message, then the talk is over


@dataclass(frozen=True, slots=True)
class Proof:
    """The end of one attempt: who it is in canonical form, None for nobody; and how they tried to show it."""

    user: str | None
    mechanism: str


class Login:
    """The attempts of one talk. Raises `No` for what is said wrongly."""

    def __init__(self, counter: Counter) -> None:
        self.stamp = f"<{counter.nonce()}@{counter.hostname}>"  # RFC 1939 §7: APOP digests what never comes again
        self._counter = counter
        self._name: bytes | None = None
        self._exchange: Exchange | None = None

    @property
    def in_exchange(self) -> bool:
        """The client's next line is not a command but a response within AUTH."""
        return self._exchange is not None

    def forget(self) -> None:
        """What was said so far does not count."""
        self._name = None

    def user(self, name: bytes) -> None:
        """USER."""
        self._name = name

    def password(self, password: bytes) -> Proof:
        """PASS, once for each USER."""
        name, self._name = self._name, None
        if name is None:
            raise No("tell your name first: USER")
        try:
            return Proof(verify(self._counter.people, name.decode(), password.decode()), "USER")
        except UnicodeDecodeError:
            return Proof(None, "USER")

    def apop(self, name: bytes, digest: bytes) -> Proof:
        """APOP: the digest of the greeting's stamp and the password."""
        people = self._counter.people
        user = name.decode("utf-8", "replace")
        known = people.password(user)
        secret = self.stamp + ("" if known is None else known)
        right = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest().encode()
        knows = hmac.compare_digest(right, digest) and known is not None
        return Proof(people.canonical(user) if knows else None, "APOP")

    def auth(self, mechanism: bytes, initial: bytes | None) -> bytes | Proof:
        """AUTH: a challenge, or the proof."""
        name = mechanism.decode("ascii", "replace").upper()
        if name not in MECHANISMS:
            raise No("mechanisms: {}", " ".join(MECHANISMS))
        try:
            response = None if initial is None else initial_response(initial)
        except ValueError:
            raise No("not base64") from None
        return self._step(Exchange(name, self._counter.people, nonce=self._counter.nonce()), response)

    def response(self, line: bytes) -> bytes | Proof:
        """A line within AUTH: a further challenge, or the proof."""
        exchange, self._exchange = self._exchange, None
        assert exchange is not None
        if line == b"*":
            raise No("login given up")  # RFC 5034 §4
        try:
            response = decode_base64(line)
        except ValueError:
            raise No("not base64") from None
        return self._step(exchange, response)

    def _step(self, exchange: Exchange, response: bytes | None) -> bytes | Proof:
        step = exchange.step(response)
        if isinstance(step, Verdict):
            return Proof(step.user, exchange.mechanism)
        self._exchange = exchange
        return step
