"""AUTH at an SMTP door: the exchange of RFC 4954 around the mechanisms of `wire/sasl.py`."""

import base64
from collections.abc import Callable
from typing import Protocol

from maillab.events import Authenticated, Tolerated
from maillab.mail.reply import Reply, refused
from maillab.protocols.smtp import AUTH_OCTETS
from maillab.wire.door import Door, may_authenticate
from maillab.wire.reception import Caller
from maillab.wire.sasl import SERVER_FIRST, Exchange, Verdict, decode_base64, initial_response, mechanisms

TOO_MANY = Reply(421, "4.7.0", ("Too many wrong passwords",))


class Talk(Protocol):
    """What AUTH needs of the connection."""

    caller: Caller
    auth_failures: int

    def say(self, reply: Reply) -> None:
        """Answer."""
        ...

    async def read_line(self, limit: int, *, answer: bool = False) -> bytes:
        """The client's next line; `answer`: to a challenge."""
        ...


async def authenticate(talk: Talk, door: Door, rest: str, *, in_message: bool) -> Reply:
    """Obey `AUTH mechanism [initial response]`. Raises `Refused` for every way to say it wrongly."""
    caller = talk.caller
    mechanism, _, initial = rest.partition(" ")
    if caller.user or in_message:
        raise refused(503, "5.5.1", "AUTH comes once, and not inside a message")  # RFC 4954 §4
    if door.people is None:
        raise refused(502, "5.5.1", "Nobody logs in here")
    if not caller.esmtp:
        raise refused(503, "5.5.1", "Say EHLO first")
    if not may_authenticate(door, caller):
        raise refused(538, "5.7.11", "Encrypt first: STARTTLS, then EHLO, then AUTH")
    if mechanism.upper() not in mechanisms(door.people):
        raise refused(504, "5.5.4", "Mechanisms here: " + " ".join(mechanisms(door.people)))
    if initial and mechanism.upper() in SERVER_FIRST:  # RFC 4954 §4
        raise refused(501, "5.7.0", f"{mechanism.upper()} begins with a challenge of the server")
    exchange = Exchange(mechanism, door.people, nonce=door.reference())
    verdict = await _converse(talk, exchange, initial)
    if verdict.user is None:
        return await _wrong(talk, door)
    door.gate.succeeded(caller.peer)
    caller.user = verdict.user
    door.logbook.append(Authenticated(caller.talk, verdict.user, mechanism.upper()))
    if door.people.takes_anything:
        door.logbook.append(Tolerated(caller.talk, "RFC 4954 section 4", "this service takes any name and password"))
    return Reply(235, "2.7.0", (f"Welcome, {verdict.user}",))


async def _converse(talk: Talk, exchange: Exchange, initial: str) -> Verdict:
    """Challenges and responses, until the mechanism knows enough."""
    response = _decode(initial.encode(), initial_response) if initial else None
    while not isinstance(step := exchange.step(response), Verdict):
        talk.say(Reply(334, "", (base64.b64encode(step).decode("ascii"),)))
        line = (await talk.read_line(AUTH_OCTETS, answer=True)).rstrip(b"\r\n")
        if line == b"*":
            raise refused(501, "5.7.0", "Login given up")
        response = _decode(line)
    return step


def _decode(text: bytes, read: Callable[[bytes], bytes] = decode_base64) -> bytes:
    try:
        return read(text)
    except ValueError as error:
        raise refused(501, "5.5.2", "That is not base64") from error


async def _wrong(talk: Talk, door: Door) -> Reply:
    """The same answer for every reason, never at once, and slower each time (T117, T118)."""
    talk.auth_failures += 1
    await door.pause(max(door.limits.auth_floor, door.gate.failed(talk.caller.peer)))
    if talk.auth_failures >= door.limits.auth_failures:
        return TOO_MANY
    return Reply(535, "5.7.8", ("Wrong name or password",))
