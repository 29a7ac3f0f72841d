"""SASL, the server's side of proving who one is (RFC 4422): PLAIN, LOGIN, CRAM-MD5 and SCRAM-SHA-256.

Quiet: responses in, challenges and at last a verdict out; base64 and line ends belong to SMTP and POP3. The rules of
this file: whatever a stranger answers, the worst that happens is a failed verdict, and an unknown name costs the same
work as a wrong password (nobody learns from a clock who lives here).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from scramp import ScramException, ScramMechanism
from scramp.utils import saslprep

RESPONSE_OCTETS = 12_288  # RFC 4954 §4, RFC 5034 §4: the longest line of base64 that a server must take
_ITERATIONS = 4096  # RFC 7677 §4
_NOBODY = "a password that nobody has"
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class People(Protocol):
    """Who may log in. A person is known by the whole address, or by the name before the @."""

    @property
    def takes_anything(self) -> bool:
        """Is any name with any password right?"""
        ...

    def password(self, user: str) -> str | None:
        """The plain password of `user`, or None for somebody unknown."""
        ...

    def canonical(self, user: str) -> str:
        """The whole address of somebody known: "alice" and "alice@sender.test" are both "alice@sender.test"."""
        ...


@dataclass(frozen=True, slots=True)
class SaslVerdict:
    """The end of an exchange: `user` in its canonical form, None for a failure."""

    user: str | None


FAILED = SaslVerdict(None)
_Talk = Generator[bytes, bytes, SaslVerdict]  # yields challenges, is sent responses, returns the verdict


class SaslExchange:
    """One attempt by one mechanism (its name in any case). `nonce`: printable, without comma, used once.

    Raises `ValueError` for a mechanism that is not in `MECHANISMS`.
    """

    def __init__(self, mechanism: str, people: People, *, nonce: str) -> None:
        self.mechanism = mechanism.upper()
        if self.mechanism not in MECHANISMS:
            raise ValueError(f"no such mechanism: {mechanism!r}")
        self._talk = _TALKS[self.mechanism](people, nonce)
        self._begun = False

    def step(self, response: bytes | None) -> bytes | SaslVerdict:
        """The next challenge (raw, before base64), or the verdict. `None` at the start: there is no initial response.

        Never raises, whatever the response; an exchange that is over only fails.
        """
        try:
            if not self._begun:
                self._begun = True
                challenge = next(self._talk)
                if response is None:
                    return challenge
                if self.mechanism in SERVER_FIRST:
                    self._talk.close()  # RFC 4422 §3: there is nothing yet that could have been answered
                    return FAILED
            return self._talk.send(response or b"")
        except StopIteration as end:
            return end.value if isinstance(end.value, SaslVerdict) else FAILED
        except (ScramException, ValueError, LookupError):
            return FAILED


def verify(people: People, user: str, password: str) -> str | None:
    """The canonical name of `user` if that is their password, else None; takes as long for an unknown name (T118)."""
    if people.takes_anything:
        return people.canonical(user) if user and user.isprintable() else None
    secret = people.password(user)
    try:
        right = hmac.compare_digest(_prepared(_NOBODY if secret is None else secret), _prepared(password))
    except ScramException:  # characters that RFC 4013 forbids
        return None
    return people.canonical(user) if right and secret is not None else None


def _prepared(password: str) -> bytes:
    """A password as it is compared (RFC 4013)."""
    prepared: str = saslprep(password)
    return prepared.encode()


def decode_base64(line: bytes) -> bytes:
    """Strict base64 (RFC 4648 §4), without the line's ending. Raises `ValueError`.

    >>> decode_base64(b"AGJvYgBib2I=")
    b'\\x00bob\\x00bob'
    """
    if not _BASE64.fullmatch(line):
        raise ValueError("not base64")
    return base64.b64decode(line, validate=True)


def initial_response(word: bytes) -> bytes:
    """The initial response on the AUTH line, where "=" stands for an empty one (RFC 4954 §4). Raises `ValueError`."""
    return b"" if word == b"=" else decode_base64(word)


def _plain(people: People, nonce: str) -> _Talk:
    """RFC 4616."""
    acts_for, name, password = (yield b"").decode().split("\0")
    user = verify(people, name, password)
    return SaslVerdict(user if name and _same_person(people, name, acts_for or name) else None)


def _login(people: People, nonce: str) -> _Talk:
    """Never standardised, spoken everywhere: draft-murchison-sasl-login."""
    name = yield b"Username:"
    password = yield b"Password:"
    return SaslVerdict(verify(people, name.decode(), password.decode()))


def _cram_md5(people: People, nonce: str) -> _Talk:
    """RFC 2195."""
    challenge = f"<{nonce}@maillab>".encode()
    user, _, digest = (yield challenge).decode().rpartition(" ")
    known = people.password(user)
    secret = _NOBODY if known is None else known
    right = hmac.compare_digest(hmac.new(secret.encode(), challenge, "md5").hexdigest().encode(), digest.encode())
    return SaslVerdict(people.canonical(user) if right and known is not None else None)


def _scram_sha_256(people: People, nonce: str) -> _Talk:
    """RFC 5802, RFC 7677. The server's proof travels as a last challenge, answered by an empty response."""
    names: list[str] = []

    def keys(user: str) -> tuple[bytes, bytes, bytes, int]:
        names.append(user)
        known = people.password(user)
        return _scram_keys(user, _NOBODY if known is None else known)

    server = ScramMechanism("SCRAM-SHA-256").make_server(keys, s_nonce=nonce)
    flag, acts_for, bare = (yield b"").decode().split(",", 2)
    server.set_client_first(f"{flag},,{bare}")  # scramp knows nobody who acts for somebody; Cyrus always says it
    server.gs2_header = _Header(f"{flag},{acts_for},")
    challenge: str = server.get_server_first()
    server.set_client_final((yield challenge.encode()).decode())
    user = names[0]
    if people.password(user) is None or not _same_person(people, user, _acted_for(acts_for) or user):
        return FAILED
    proof: str = server.get_server_final()
    if (yield proof.encode()) != b"":
        return FAILED
    return SaslVerdict(people.canonical(user))


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before the client's first words, which its last ones repeat (RFC 5802 §7: cbind-input)."""

    said: str

    def make_cbind_input(self, _binding: object) -> bytes:
        """As scramp asks for it; no channel is bound."""
        return self.said.encode()


def _acted_for(said: str) -> str:
    """For whom somebody acts, "" for nobody (RFC 5802 §5.1: saslname). Raises `ValueError`.

    >>> _acted_for("a=b=2Cob"), _acted_for("")
    ('b,ob', '')
    """
    if said and not said.startswith("a="):
        raise ValueError("not a name")
    return said[2:].replace("=2C", ",").replace("=3D", "=")


@lru_cache(maxsize=1024)
def _scram_keys(user: str, password: str) -> tuple[bytes, bytes, bytes, int]:
    """Salt, stored key, server key, iterations: salted once, not at each login.

    The salt comes from the name as it was given, so that a stranger's is as stable as a friend's; no file of salted
    passwords exists that random salts would have to protect.
    """
    salt = hashlib.sha256(b"maillab salt\0" + user.encode()).digest()[:16]
    salt, stored, server, iterations = ScramMechanism("SCRAM-SHA-256").make_auth_info(password, _ITERATIONS, salt)
    return salt, stored, server, iterations


def _same_person(people: People, one: str, other: str) -> bool:
    """Nobody acts for somebody else here; the two names of one person are one person."""
    if one == other:
        return True
    if people.password(one) is None or people.password(other) is None:
        return False
    return people.canonical(one) == people.canonical(other)


_TALKS: dict[str, Callable[[People, str], _Talk]] = {
    "SCRAM-SHA-256": _scram_sha_256,
    "CRAM-MD5": _cram_md5,
    "PLAIN": _plain,
    "LOGIN": _login,
}
SERVER_FIRST = ("CRAM-MD5",)
MECHANISMS = tuple(_TALKS)  # strongest first

_SAID = ("PLAIN", "LOGIN")  # the password itself is said; by the others both sides prove that they know it


def mechanisms(people: People) -> tuple[str, ...]:
    """The mechanisms by which these people can log in, strongest first: where any password will do, it must be said."""
    return _SAID if people.takes_anything else MECHANISMS
