"""SASL, the client's side: what somebody answers who knows the password (RFC 4422)."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator

from scramp import ScramClient, ScramException

from maillab.selftest.claim import Lie

_Answers = Generator[bytes, bytes, None]  # is sent challenges, yields responses; the first challenge may be empty


def log_in(mechanism: str, user: str, password: str, ask: Callable[[bytes | None], bytes | None]) -> None:
    """Answer every challenge that `ask` gives, which is told a response (None: begin), and gives None when it is over.

    Both are in base64. Raises `Lie`.
    """
    answers = _MECHANISMS.get(mechanism)
    if answers is None:
        raise Lie(f"nobody here can prove {mechanism}")
    talk = answers(user, password)
    next(talk)
    challenge: bytes | None = ask(None)
    try:
        while challenge is not None:
            challenge = ask(b64encode(talk.send(b64decode(challenge, validate=True))))
    except StopIteration:
        raise Lie(f"{mechanism}: one more challenge than there are") from None
    except (ValueError, ScramException) as error:
        raise Lie(f"{mechanism}: {error}") from error
    if not _is_over(talk):
        raise Lie(f"{mechanism}: it was over before its last challenge")


def _is_over(talk: _Answers) -> bool:
    """Has the client heard all that it must? By its last challenge a server may prove what it knows."""
    try:
        talk.send(b"")
    except StopIteration:
        return True
    except ScramException:  # an empty challenge is none that it waits for
        pass
    return False


def _plain(user: str, password: str) -> _Answers:
    """RFC 4616."""
    yield b""
    yield f"\0{user}\0{password}".encode()


def _login(user: str, password: str) -> _Answers:
    """draft-murchison-sasl-login."""
    yield b""
    yield user.encode()
    yield password.encode()


def _cram_md5(user: str, password: str) -> _Answers:
    """RFC 2195."""
    challenge = yield b""
    yield f"{user} {hmac.new(password.encode(), challenge, 'md5').hexdigest()}".encode()


def _scram_sha_256(user: str, password: str) -> _Answers:
    """RFC 5802, RFC 7677: the server proves, too, that it knows the password."""
    client = ScramClient(["SCRAM-SHA-256"], user, password)
    yield b""
    challenge = yield client.get_client_first().encode()
    client.set_server_first(challenge.decode())
    proof = yield client.get_client_final().encode()
    client.set_server_final(proof.decode())
    yield b""


_MECHANISMS = {"PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram_md5, "SCRAM-SHA-256": _scram_sha_256}
