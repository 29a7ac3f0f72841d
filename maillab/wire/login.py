"""The client's side of SASL: what to say to prove who one is, step by step (RFC 4422, RFC 4954).

Rules for this file: no socket. Each mechanism is a generator: it yields what the client says (`None` first where the
server begins) and is sent what the server says; success is sent as b"", and then it must end: a mechanism that
wants to hear more was cheated of the server's proof. Base64 is the business of whoever carries it.
"""

import re
from collections.abc import Callable, Generator
from hmac import new as keyed_digest

import scramp

ITERATIONS = 1_000_000  # SCRAM: more work than this is an attack on the client (RFC 5802 §9)

SaslSteps = Generator[bytes | None, bytes, None]


class LoginError(ValueError):
    """The server's part of the exchange is wrong, or name and password cannot be said in this mechanism."""


def scram_sha_256(user: str, password: str) -> SaslSteps:
    """RFC 7677: the password never travels, and the server must prove that it knows it too.

    The second step costs the work that the server asks for (milliseconds to a second): take it in a thread.
    """
    try:
        client = scramp.ScramClient(["SCRAM-SHA-256"], user, password)
        first = (yield client.get_client_first().encode()).decode()
        work = re.search(r",i=([0-9]{1,9})(?:,|\Z)", first)
        if not work or int(work[1]) > ITERATIONS:
            raise LoginError("SCRAM: the server asks for too much work")
        client.set_server_first(first)
        final = (yield client.get_client_final().encode()).decode()
        client.set_server_final(final)
    except (scramp.ScramException, UnicodeError) as error:
        raise LoginError(f"SCRAM: {error}") from error
    yield b""  # the server's proof is right; an empty answer lets it say so


def cram_md5(user: str, password: str) -> SaslSteps:
    """RFC 2195: a digest of the server's challenge, keyed with the password."""
    challenge = yield None
    digest = keyed_digest(password.encode(), challenge, "md5").hexdigest()
    yield f"{user} {digest}".encode()


def plain(user: str, password: str) -> SaslSteps:
    """RFC 4616: name and password as they are; for TLS only.

    >>> next(plain("alice", "secret"))
    b'\\x00alice\\x00secret'
    """
    if "\0" in user + password:
        raise LoginError("PLAIN: NUL in name or password")
    yield f"\0{user}\0{password}".encode()


def login(user: str, password: str) -> SaslSteps:
    """Never standardised, everywhere understood: the name, then the password. The prompts are not read."""
    yield None
    yield user.encode()
    yield password.encode()


MECHANISMS: dict[str, Callable[[str, str], SaslSteps]] = {  # strongest first
    "SCRAM-SHA-256": scram_sha_256,
    "CRAM-MD5": cram_md5,
    "PLAIN": plain,
    "LOGIN": login,
}


def strongest(offered: str) -> str:
    """The best mechanism out of an AUTH line that is known here, "" when there is none.

    >>> strongest("LOGIN PLAIN cram-md5"), strongest("GSSAPI")
    ('CRAM-MD5', '')
    """
    names = set(offered.upper().split())
    return next((name for name in MECHANISMS if name in names), "")


class ClientLogin:
    """One exchange under way. `initial` is what the client may say at once, `None` where the server begins.

    Raises `LoginError` or `UnicodeError` when name or password cannot be said in this mechanism.

    >>> ClientLogin("PLAIN", "a", "b").initial
    b'\\x00a\\x00b'
    """

    def __init__(self, mechanism: str, user: str, password: str) -> None:
        (user + password).encode()  # a lone surrogate shows itself before anything is said
        self._steps = MECHANISMS[mechanism](user, password)
        self.initial = next(self._steps)

    def answer(self, challenge: bytes) -> bytes:
        """What to say to this. Raises `LoginError`."""
        try:
            return self._steps.send(challenge) or b""
        except StopIteration as end:
            raise LoginError("the server asks for more than the mechanism has to say") from end

    def finish(self) -> None:
        """The server says that we are in. Raises `LoginError` when it has not shown what it had to."""
        try:
            self._steps.send(b"")
        except StopIteration:
            return
        raise LoginError("the server ended the exchange too early")
