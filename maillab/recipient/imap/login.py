"""STARTTLS, AUTHENTICATE and LOGIN: who it is (RFC 9051 §6.2)."""

import base64
from collections.abc import Generator

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import AuthenticateCommand, LoginCommand, StartTlsCommand
from maillab.protocols.imap.responses import StatusWord
from maillab.recipient.imap.answers import Done, Obeying, bad, no
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.wire.auth import AuthError, Outcome, Problem, Proof, judged
from maillab.wire.sasl import verify
from maillab.wire.turns import Answer, Close, StartTls, Turn, admit, ask, read_on


def start_tls(session: ImapSession, command: StartTlsCommand, tag: bytes) -> Obeying:
    """RFC 9051 §6.2.1: what follows is said inside; what was said before it does not count (§11.1)."""
    if session.secure:
        raise bad("TLS is on already")
    if not session.config.tls:
        raise bad("TLS is not possible here")
    sentence = "Nothing may be sent behind STARTTLS before its answer"
    yield StartTls(
        responses.status(StatusWord.OK, "Begin TLS", tag=tag), responses.status(StatusWord.BAD, sentence, tag=tag)
    )
    session.secure = True
    return Done()


def log_in(session: ImapSession, command: LoginCommand) -> Obeying:
    """RFC 9051 §6.2.3."""
    _refuse_in_clear(session)
    try:
        user = verify(session.config.people, command.user.decode(), command.password.decode())
    except UnicodeDecodeError:
        user = None
    return (yield from _enter(session, Proof(user, "LOGIN")))


def authenticate(session: ImapSession, command: AuthenticateCommand) -> Obeying:
    """RFC 9051 §6.2.2, with an initial response (RFC 4959)."""
    _refuse_in_clear(session)
    try:
        step = session.auth.begin(command.mechanism, command.initial)
        while isinstance(step, bytes):
            yield Answer(responses.go_ahead(base64.b64encode(step)))
            step = session.auth.respond((yield from read_on(0, secret=True)))
    except AuthError as error:
        raise _wrong(error.problem) from None
    return (yield from _enter(session, step))


def _refuse_in_clear(session: ImapSession) -> None:
    if not session.may_log_in:
        raise no("Encrypt first: STARTTLS", "PRIVACYREQUIRED")  # RFC 5530 §3


def _wrong(problem: Problem) -> Exception:
    match problem:
        case Problem.MECHANISM:
            return no("No such mechanism here", "CANNOT")
        case Problem.GIVEN_UP:  # RFC 9051 §6.2.2
            return bad("Login given up")
        case Problem.SERVER_FIRST:
            return bad("This mechanism has no initial response")
        case Problem.BASE64:
            return bad("Not base64")


def _enter(session: ImapSession, proof: Proof) -> Obeying:
    """In, or one try less."""
    if proof.user is not None and not (yield from admit(proof.user)):
        raise no("You have too many connections already", "LIMIT")  # RFC 5530 §3
    outcome = yield from judged(session.talk, proof)
    if outcome is Outcome.TOO_MANY:
        yield Answer(responses.status(StatusWord.BYE, "Too many wrong passwords"))
        yield Close("refused")
    if outcome is Outcome.AGAIN or proof.user is None:
        raise no("Wrong name or password", "AUTHENTICATIONFAILED")
    session.state = yield from _inside(session, proof.user)
    return Done("Logged in", f"CAPABILITY {' '.join(session.capabilities(session))}")


def _inside(session: ImapSession, user: str) -> Generator[Turn, object, Inside]:
    return Inside(user, (yield from ask(lambda: session.config.accounts.account(user))))
