"""The server's side of a recorded talk, learned by heart: what to answer to what a client of today says.

Rules for this file: no socket. An answer is looked for by state, verb and argument; then by verb in this state; then
by verb alone, the next one in order. What the record does not know is answered as `extra` says, and counted.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from maillab.mail.content import Content
from maillab.mail.reply import Refused
from maillab.protocols import smtp
from maillab.recording.strict import Strict
from maillab.recording.strict_pop3 import StrictPop3
from maillab.recording.talks import Asked, Exchange, Kind, Talk, exchanges

Extra = Literal["451", "drop", "live"]
Then = Literal["", "message", "chunk", "tls", "close"]

_AGAIN = ("EHLO", "HELO", "NOOP", "RSET", "CAPA", "STAT", "LIST", "UIDL", "QUIT", "RETR", "TOP", "HELP")
_SAME = ("EHLO", "HELO", "BDAT", "PASS", "NOOP")  # of these the argument is a name, a length, a secret
_MECHANISMS = re.compile(rb"(?i)((?:250[ -]AUTH|SASL)[ =])(.*)")
_PROMPTS = {"LOGIN": (b"Username:", b"Password:"), "CRAM-MD5": (b"<stand-in@maillab>",)}


@dataclass(frozen=True, slots=True)
class Reaction:
    """What to say, and what to do then. `octets` is how long the chunk is that follows."""

    octets: bytes
    contents: tuple[Content, ...] = ()  # a message of POP3, said between the first line and the dot
    then: Then = ""
    chunk: int = 0


@dataclass(slots=True)
class _Part:
    """A recorded exchange, and the state in which it happened."""

    exchange: Exchange
    state: tuple[str, ...]
    used: bool = False

    @property
    def asked(self) -> Asked:
        assert self.exchange.asked is not None
        return self.exchange.asked


@dataclass(slots=True)
class _State:
    """How far a talk has come, as far as it decides what an answer means."""

    secure: bool
    user: bool = False  # logged in
    phase: str = ""  # of SMTP: "", mail, rcpt, data

    def key(self) -> tuple[str, ...]:
        return ("tls" if self.secure else "clear", "in" if self.user else "out", self.phase)

    def after(self, verb: str, line: bytes) -> None:
        """The answer's first octet tells what came of the command."""
        good = line[:1] in (b"2", b"3") or line.startswith(b"+OK")
        if verb in ("AUTH", "PASS", "APOP"):
            self.user = self.user or good
        elif verb in ("MAIL", "RCPT", "DATA") and good:
            self.phase = verb.lower()
        elif verb in (".", "RSET", "EHLO", "HELO"):
            self.phase = ""


class Actor:
    """Plays one talk to one client. `can_secure`: STARTTLS can be done. Ask `greet()` once, then `hear(line)`.

    >>> from maillab.events import Leg
    >>> actor = Actor(Talk("relay-1", Leg.RELAY, "smtp", "mx", False, ()), extra="451")
    >>> actor.hear(b"EHLO me.test\\r\\n").octets, actor.unknown
    (b'451 4.3.0 The record has no answer to this\\r\\n', 1)
    """

    def __init__(self, talk: Talk, *, extra: Extra = "451", can_secure: bool = True) -> None:
        self.unknown = 0  # commands that the record does not know
        self._talk = talk
        self._extra = extra
        self._can_secure = can_secure
        self._strict = _strict(talk)
        self._state = _State(talk.tls_first)
        self._parts = _parts(talk)
        self._greeting = next((e for e in exchanges(talk) if e.asked is None), None)
        self._login: _Login | None = None

    def greet(self) -> Reaction:
        """The first word."""
        if self._greeting is None or self._greeting.answer is None:
            return self._unknown("greeting", b"")
        octets = b"".join(self._greeting.answer.lines)
        return Reaction(octets, then="close" if octets.startswith((b"421", b"-ERR")) else "")

    def hear(self, line: bytes) -> Reaction:
        """A command, or a response of a login."""
        if self._login is not None:
            return self._proceed(line)
        asked = Asked(Kind.COMMAND, line, secure=self._state.secure)
        verb = asked.verb
        part = self._find(asked)
        if verb == "AUTH" and asked.argument:
            offered = self._extra == "live" and self._strict.knows(line)
            self._login = _Login(self._talk, asked, part, offered=offered)
            return self._proceed(None)
        if verb == "BDAT":
            return _chunk(line)
        if verb == "DATA" and asked.argument:  # nobody takes a content to follow (RFC 5321 §4.1.1.4)
            return Reaction(b"501 5.5.4 DATA stands alone\r\n")
        return self._answer(verb, line, part)

    def message(self, line: bytes = b".\r\n") -> Reaction:
        """A message, or the chunk of this BDAT, came whole."""
        asked = Asked(Kind.COMMAND if line != b".\r\n" else Kind.MESSAGE, line)
        return self._answer(asked.verb, line, self._find(asked))

    def secured(self) -> None:
        """TLS began, and what was said before is forgotten (RFC 3207 §4.2)."""
        self._state = _State(True)
        self._strict = _strict(self._talk)

    # ── answers ──

    def _answer(self, verb: str, line: bytes, part: _Part | None) -> Reaction:
        if part is None:
            reaction = self._unknown(verb, line)
        elif part.exchange.answer is None:
            part.used = True
            return Reaction(b"", then="close")  # here the record breaks off
        else:
            part.used = True
            answer = part.exchange.answer
            lines = [line for line in map(self._possible, answer.lines) if line]
            reaction = Reaction(b"".join(lines), answer.contents)
            if verb == "EHLO":  # the line that is the last one now must look like it
                lines[-1] = lines[-1][:3] + b" " + lines[-1][4:]
                reaction = Reaction(b"".join(lines))
        self._state.after(verb, reaction.octets)
        self._strict.heard(verb, line, reaction.octets)
        return _with_consequence(verb, reaction)

    def _possible(self, line: bytes) -> bytes:
        """A line of an offer, without what a stand-in cannot keep: it may have no certificate, and knows no password
        that it could prove (SCRAM: RFC 5802 §3).
        """
        if not self._can_secure and line.strip().upper() in (b"250-STARTTLS", b"250 STARTTLS", b"STLS"):
            return b""
        if found := _MECHANISMS.match(line):
            kept = [word for word in found[2].split() if not word.upper().startswith(b"SCRAM-")]
            return found[1] + b" ".join(kept) + b"\r\n" if kept else b""
        return line

    def _unknown(self, verb: str, line: bytes) -> Reaction:
        self.unknown += 1
        if self._extra == "drop":
            return Reaction(b"", then="close")
        if self._extra == "live" or verb == "QUIT":
            answer = self._strict.answer(verb, line)
            return Reaction(answer) if isinstance(answer, bytes) else Reaction(*answer)
        if self._talk.protocol == "pop3":
            return Reaction(b"-ERR [SYS/TEMP] The record has no answer to this\r\n")
        return Reaction(b"451 4.3.0 The record has no answer to this\r\n")

    def _proceed(self, line: bytes | None) -> Reaction:
        """One step of a login: every password is right here, the record says what comes of it."""
        login = self._login
        assert login is not None
        prompt = login.next(line)
        if prompt is not None:
            return Reaction(prompt)
        self._login = None
        if line is not None and line.strip() == b"*":  # RFC 4954 §4
            return Reaction(b"501 5.7.0 Cancelled\r\n" if self._talk.protocol == "smtp" else b"-ERR cancelled\r\n")
        return self._answer("AUTH", login.asked.line, login.part)

    # ── looking ──

    def _find(self, asked: Asked) -> _Part | None:
        verb, argument, state = asked.verb, _normal(asked), self._state.key()
        same = [part for part in self._parts if part.asked.verb == verb]
        free = [part for part in same if not part.used]
        for part in free:
            if part.state == state and _normal(part.asked) == argument:
                return part
        for part in free:
            if _normal(part.asked) == argument:
                return part
        if verb in _AGAIN:
            spent = [part for part in same if part.used and _normal(part.asked) == argument]
            if spent:
                return next((part for part in reversed(spent) if part.state == state), spent[-1])
        return next((part for part in free if part.state == state), free[0] if free else None)


def _chunk(line: bytes) -> Reaction:
    """Take so many octets; read as the ear reads it (maillab/wire/tap.py), so that both expect the same to follow."""
    try:
        command = smtp.read_command(line.rstrip(b"\r\n"))
        return Reaction(b"", then="chunk", chunk=smtp.read_bdat(command.rest)[0])
    except Refused as refusal:
        return Reaction(refusal.reply.wire())


def _strict(talk: Talk) -> Strict | StrictPop3:
    return StrictPop3(talk) if talk.protocol == "pop3" else Strict()


def _with_consequence(verb: str, reaction: Reaction) -> Reaction:
    """What must be done after this answer, as the protocol has it."""
    octets, then = reaction.octets, reaction.then
    if verb == "DATA" and octets.startswith(b"354"):
        then = "message"
    elif verb in ("STARTTLS", "STLS") and octets.startswith((b"220", b"+OK")):
        then = "tls"
    elif octets.startswith((b"421", b"221")) or verb == "QUIT":
        then = "close"
    return Reaction(octets, reaction.contents, then)


def _parts(talk: Talk) -> list[_Part]:
    """What was asked in the record, each with the state that it met."""
    state, parts = _State(talk.tls_first), []
    for exchange in exchanges(talk):
        if exchange.asked is None:
            continue
        if exchange.secure and not state.secure:
            state = _State(True)
        parts.append(_Part(exchange, state.key()))
        if exchange.answer is not None:
            state.after(exchange.asked.verb, exchange.answer.last)
    return parts


def _normal(asked: Asked) -> bytes:
    """The argument as far as it distinguishes one question from another."""
    words = asked.argument.split()
    if asked.verb in _SAME or not words:
        return b""
    if asked.verb in ("AUTH", "APOP"):
        return words[0].upper()
    if asked.verb in ("MAIL", "RCPT"):
        found = re.search(rb"<([^>]*)>", asked.argument)
        return (found[1] if found else asked.argument.partition(b":")[2].strip()).lower()
    return asked.argument.lower()


class _Login:
    """The server's side of a login that anybody passes as far as the password is concerned."""

    def __init__(self, talk: Talk, asked: Asked, part: _Part | None, *, offered: bool = False) -> None:
        self.asked = asked
        self.part = part
        self._offered = offered  # though the record does not know it
        self._protocol = talk.protocol
        self._prompts = self._all()

    def next(self, line: bytes | None) -> bytes | None:
        """The next challenge, None when the verdict is due."""
        if line is not None and line.strip() == b"*":
            return None
        challenge = next(self._prompts, None)
        if challenge is None:
            return None
        sign = b"334 " if self._protocol == "smtp" else b"+ "
        return sign + base64.b64encode(challenge) + b"\r\n"

    def _all(self) -> Iterator[bytes]:
        words = self.asked.argument.split()
        mechanism, initial = words[0].decode("ascii", "replace").upper(), len(words) > 1
        refused = self._refused_at_once(self.part.exchange) if self.part else not self._offered
        if refused:
            return
        if mechanism in _PROMPTS:
            yield from _PROMPTS[mechanism][1 if initial and mechanism == "LOGIN" else 0 :]
        elif not initial:
            yield b""

    def _refused_at_once(self, exchange: Exchange) -> bool:
        """Did the recorded server say no before it had heard a password?"""
        answer = exchange.answer
        if answer is None or exchange.challenges or answer.last.startswith((b"2", b"+OK")):
            return False
        return len(exchange.asked.argument.split()) < 2 if exchange.asked is not None else True


def sequence(found: Sequence[Talk], name: str = "") -> tuple[Talk, ...]:
    """The talks that a stand-in plays, one for each connection: those named, or of the first leg that can be played.

    Raises `LookupError` when there is none.
    """
    playable = [talk for talk in found if talk.protocol != "dns"]
    if name:
        playable = [talk for talk in playable if talk.name == name]
    chosen = [talk for talk in playable if (talk.leg, talk.protocol) == (playable[0].leg, playable[0].protocol)]
    if not chosen:
        raise LookupError(f"no talk of SMTP or POP3 is called {name}" if name else "no talk of SMTP or POP3 is here")
    return tuple(chosen)
