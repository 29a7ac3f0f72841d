"""Logging in again: the way it was done then, with a name and a password of now.

Rules for this file: what was recorded of a login is its mechanism, and nothing else of it is ever said.
"""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from hashlib import md5

from maillab.protocols.protocol import AnswerKind, Protocol
from maillab.recording.replay_steps import PLAIN_LOGIN, LoginStep
from maillab.wire import login as sasl

Ask = Callable[[str], "tuple[str, str] | None"]  # told the recorded user or "": user and password, None to go without

_STAMP = re.compile(rb"<[^<>\s]+@[^<>\s]+>")  # RFC 1939 §7
_ATOM = re.compile(r"[A-Za-z0-9@._-]+")
_UNSAID = re.compile(r"[\r\n\0]")


def _quoted(word: str) -> bytes:
    """A word as it is, or in quotes (RFC 9051 §9: astring)."""
    if _ATOM.fullmatch(word):
        return word.encode()
    return b'"' + re.sub(r'["\\\\]', r"\\\g<0>", word).encode() + b'"'


class LoginAgain:
    """One login. `command` says a line and gives the answer's line that counts; `note` is told what is otherwise."""

    def __init__(
        self, protocol: Protocol, ask: Ask, command: Callable[[bytes], Awaitable[bytes]], note: Callable[[str], None]
    ) -> None:
        self._protocol = protocol
        self._ask = ask
        self._command = command
        self._note = note
        self._tag = b"" if protocol.tag_of is None else b"login "

    async def log_in(self, step: LoginStep, offered: set[str] | None, greeting: bytes) -> None:
        """Log in, or note why not. `offered`: the mechanisms, None where nobody asked for them.

        Raises `ValueError` when the server's part of it is wrong, or name and password cannot be said.
        """
        mechanism = self._choose(step.mechanism, offered)
        stamp = _STAMP.search(greeting)
        if not mechanism:
            self._note(f"{step.mechanism} is not offered here, nor another way; did not log in")
            return
        if mechanism == "APOP" and stamp is None:
            self._note("the greeting has no timestamp: APOP is not possible here; did not log in")
            return
        who = await asyncio.to_thread(self._ask, step.user)  # a person may have to type it
        if who is None:
            self._note("nobody gave a password; did not log in")
            return
        if any(_UNSAID.search(word) for word in who):
            raise ValueError("a name or password cannot hold CR, LF or NUL")
        user, password = who
        if mechanism == PLAIN_LOGIN:
            await self._command(self._tag + b"LOGIN %s %s\r\n" % (_quoted(user), _quoted(password)))
        elif mechanism == "APOP" and stamp is not None:
            digest = md5(stamp[0] + password.encode(), usedforsecurity=False).hexdigest()
            await self._command(f"APOP {user} {digest}\r\n".encode())
        elif mechanism == "USER":
            if self._protocol.kind(await self._command(f"USER {user}\r\n".encode())) is AnswerKind.GOOD:
                await self._command(f"PASS {password}\r\n".encode())
        else:
            await self._authenticate(sasl.ClientLogin(mechanism, user, password), mechanism, initial=step.initial)

    def _choose(self, recorded: str, offered: set[str] | None) -> str:
        """The mechanism of the record where it is offered and known, else the strongest that is, else ""."""
        if recorded in ("USER", "APOP", PLAIN_LOGIN):
            return recorded
        mechanisms = {recorded} if offered is None else offered
        if recorded in mechanisms and recorded in sasl.MECHANISMS:
            return recorded
        if strongest := sasl.strongest(" ".join(mechanisms)):
            self._note(f"logs in by {strongest} instead of {recorded}")
        return strongest

    async def _authenticate(self, exchange: sasl.ClientLogin, mechanism: str, *, initial: bool) -> None:
        """RFC 4954 §4, RFC 5034 §4, RFC 9051 §6.2.2; the first response comes when it came then."""
        verb = b"AUTHENTICATE " if self._tag else b"AUTH "
        held, line = exchange.initial, self._tag + verb + mechanism.encode()
        if held is not None and initial:
            line, held = line + b" " + (base64.b64encode(held) or b"="), None
        answer = await self._command(line + b"\r\n")
        while self._protocol.kind(answer) is AnswerKind.CHALLENGE:
            if held is not None:
                response, held = held, None
            else:
                words = answer.strip().split(b" ", 1)
                challenge = base64.b64decode(words[1] if len(words) > 1 else b"", validate=True)
                response = await asyncio.to_thread(exchange.answer, challenge)  # SCRAM's work must not stop the loop
            answer = await self._command(base64.b64encode(response) + b"\r\n")
        if self._protocol.kind(answer) is AnswerKind.GOOD:
            exchange.finish()
