"""The ways to log in that only POP3 has, USER with PASS and APOP (RFC 1939 §7), beside AUTH (wire/auth.py).

Quiet: it hears arguments and gives a `Proof`; what follows from a proof is the dialogue's business.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from maillab.recipient.maildrop import Maildrops
from maillab.recipient.phrases import No
from maillab.wire.auth import Auth, Proof
from maillab.wire.sasl import People, verify

MECHANISMS = ("SCRAM-SHA-256", "PLAIN")
QUIRKS = (  # of Test Mail Server 1.0
    "list-in-lines",  # LIST with a number is answered by the multi-line form
    "deleted-in-uidl",  # UIDL names messages that were deleted in this talk, too
)


@dataclass(frozen=True, slots=True)
class Pop3Config:
    """What holds for every talk at one POP3 service.

    `tls`: STLS is possible; `plaintext`: a login without TLS is allowed. `without` are capabilities that are neither
    announced nor obeyed. `greeting` is the first line, "" for our own.
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
    errors: int = 20  # commands that are none, then the talk is over
    junk: int = 100  # NOOP, STAT, LIST... since the last message, then the talk is over


class MailboxLogin:
    """The attempts of one talk. Raises `No` for what is said wrongly."""

    def __init__(self, config: Pop3Config) -> None:
        self.stamp = f"<{config.nonce()}@{config.hostname}>"  # RFC 1939 §7: APOP digests what never comes again
        self._config = config
        self._name: bytes | None = None
        self.sasl = Auth(config.people, MECHANISMS, config.nonce)

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
            return Proof(verify(self._config.people, name.decode(), password.decode()), "USER")
        except UnicodeDecodeError:
            return Proof(None, "USER")

    def apop(self, name: bytes, digest: bytes) -> Proof:
        """APOP: the digest of the greeting's stamp and the password."""
        people = self._config.people
        user = name.decode("utf-8", "replace")
        known = people.password(user)
        secret = self.stamp + ("" if known is None else known)
        right = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest().encode()
        knows = hmac.compare_digest(right, digest) and known is not None
        return Proof(people.canonical(user) if knows else None, "APOP")
