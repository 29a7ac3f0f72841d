"""The server's side of a recorded talk, learned by heart: what to answer to what a client of today says.

Rules for this file: no socket. An answer is looked for by state, verb and argument; then by verb in this state; then
by verb alone, the next one in order. What the record does not know is answered as `extra` says, and counted.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from maillab.events import Leg
from maillab.mail.content import Content
from maillab.protocols.follower import Follower
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import AnswerKind, ArgumentForm, ContentForm, Named, Protocol, RequestKind, first_word
from maillab.protocols.smtp import SMTP
from maillab.recording.strict_pop3 import StrictPop3
from maillab.recording.strict_smtp import Refusing, StrictSmtp
from maillab.recording.talks import Asked, Talk, TalkExchange, exchanges

Extra = Literal["451", "drop", "live"]
Then = Literal["", "message", "chunk", "tls", "close"]

_MECHANISMS = re.compile(rb"([A-Za-z]+)[ =](.*)")
_PROMPTS = {"LOGIN": (b"Username:", b"Password:"), "CRAM-MD5": (b"<stand-in@maillab>",)}


@dataclass(frozen=True, slots=True)
class Reaction:
    """What to say, and what to do then. `octets` is how long the chunk is that follows."""

    octets: bytes
    contents: tuple[Content, ...] = ()  # a message of POP3, said between the first line and the dot
    then: Then = ""
    chunk: int = 0


@dataclass(slots=True)
class RecordedPart:
    """A recorded exchange, and the state in which it happened."""

    exchange: TalkExchange
    state: tuple[str, ...]
    used: bool = False

    @property
    def asked(self) -> Asked:
        """What was asked."""
        assert self.exchange.asked is not None
        return self.exchange.asked


@dataclass(slots=True)
class ReplayState:
    """How far a talk has come, as far as it decides what an answer means."""

    secure: bool
    user: bool = False  # logged in
    phase: str = ""  # of SMTP: "", mail, rcpt, data

    def key(self) -> tuple[str, ...]:
        """The same for states in which a question means the same."""
        return ("tls" if self.secure else "clear", "in" if self.user else "out", self.phase)

    def after(self, protocol: Protocol, verb: str, line: bytes) -> None:
        """The answer's status line tells what came of the command."""
        row, good = protocol.verb(verb), protocol.kind(line) in (AnswerKind.GOOD, AnswerKind.GO_AHEAD)
        if row.login:
            self.user = self.user or good
        elif row.names in (Named.SENDER, Named.RECIPIENT) or row.content is ContentForm.DOTTED:
            self.phase = verb.lower() if good else self.phase
        elif row.afresh or verb == ".":
            self.phase = ""


class ReplayAnswers:
    """Plays one talk to one client. `can_secure`: STARTTLS can be done. Ask `greet()` once, then `hear(line)`.

    >>> from maillab.events import Leg
    >>> actor = ReplayAnswers(Talk("relay-1", Leg.RELAY, "smtp", "mx", False, ()), extra="451")
    >>> actor.hear(b"EHLO me.test\\r\\n").octets, actor.unknown
    (b'451 4.3.0 The record has no answer to this\\r\\n', 1)
    """

    def __init__(self, talk: Talk, *, extra: Extra = "451", can_secure: bool = True) -> None:
        self.unknown = 0  # commands that the record does not know
        self._talk = talk
        self._protocol = talk.protocol
        self._follower = Follower(talk.protocol, greeted=True)
        self._extra = extra
        self._can_secure = can_secure
        self._strict = _strict(talk)
        self._state = ReplayState(talk.tls_first)
        self._parts = _parts(talk)
        self._greeting = next((e for e in exchanges(talk) if e.asked is None), None)
        self._login: _Login | None = None

    def greet(self) -> Reaction:
        """The first word."""
        if self._greeting is None or self._greeting.answer is None:
            return self._with_consequence(self._unknown("greeting", b""))
        return self._with_consequence(Reaction(b"".join(self._greeting.answer.lines)))

    def hear(self, line: bytes) -> Reaction:
        """A command, or a response of a login."""
        if self._login is not None:
            return self._proceed(line)
        asked = Asked(RequestKind.COMMAND, line, secure=self._state.secure)
        part = self._find(asked)
        request = self._follower.client(line)
        if refusal := self._strict.refuses(asked.verb, line):
            return self._with_consequence(Reaction(refusal))
        if request.row.argument is ArgumentForm.WORD and asked.verb == "AUTH" and asked.argument:
            offered = self._extra == "live" and self._strict.knows(line)  # though the record does not know it
            refused = _refused_at_once(self._protocol, part) if part else not offered
            self._login = _Login(asked, part, iter(()) if refused else prompts(asked))
            return self._proceed(None)
        if self._follower.counted:
            return Reaction(b"", then="chunk", chunk=self._follower.counted)
        return self._answer(asked.verb, line, part)

    def message(self, line: bytes = b".\r\n") -> Reaction:
        """A message, or the chunk of this BDAT, came whole."""
        if self._follower.counted:
            self._follower.client_content(self._follower.counted)
            asked = Asked(RequestKind.COMMAND, line)
        else:
            self._follower.client(line)
            asked = Asked(RequestKind.END, line)
        return self._answer(asked.verb, line, self._find(asked))

    def secured(self) -> None:
        """TLS began, and what was said before is forgotten (RFC 3207 §4.2)."""
        self._state = ReplayState(True)
        self._strict = _strict(self._talk)
        self._follower.secured()

    # ── answers ──

    def _answer(self, verb: str, line: bytes, part: RecordedPart | None) -> Reaction:
        if part is None:
            reaction = self._unknown(verb, line)
        else:
            part.used = True
            if (answer := part.exchange.answer) is None:
                return Reaction(b"", then="close")  # here the record breaks off
            lines = list(answer.lines)
            if self._protocol.verb(verb).offers:
                lines = [line for line in map(self._possible, lines) if line]
                if self._protocol.status_last:  # the line that is the last one now must look like it
                    lines[-1] = lines[-1][:3] + b" " + lines[-1][4:]
            reaction = Reaction(b"".join(lines), answer.contents)
        self._state.after(self._protocol, verb, reaction.octets)
        self._strict.heard(verb, line, reaction.octets)
        return self._with_consequence(reaction)

    def _with_consequence(self, reaction: Reaction) -> Reaction:
        """What must be done after this answer, as the protocol has it."""
        then, request = reaction.then, None
        for line in reaction.octets.splitlines(keepends=True):
            heard = self._follower.server(line)
            request = heard.request
            if heard.last and self._follower.hung_up:
                then = "close"
            elif heard.last and request is not None and request.row.tls and heard.kind is AnswerKind.GOOD:
                then = "tls"
        if self._follower.expects is RequestKind.END:
            then = "message"
        return replace(reaction, then=then)

    def _possible(self, line: bytes) -> bytes:
        """A line of an offer, without what a stand-in cannot keep: it may have no certificate, and knows no password
        that it could prove (SCRAM: RFC 5802 §3).
        """
        text = self._protocol.text(line)
        word = first_word(text)
        if not self._can_secure and self._protocol.verb(word).tls:
            return b""
        offer = _MECHANISMS.match(text)
        if offer and offer[1].decode().upper() == self._protocol.mechanisms:
            kept = [word for word in offer[2].split() if not word.upper().startswith(b"SCRAM-")]
            start = len(line) - len(text) + offer.start(2)
            return line[:start] + b" ".join(kept) + b"\r\n" if kept else b""
        return line

    def _unknown(self, verb: str, line: bytes) -> Reaction:
        self.unknown += 1
        if self._extra == "drop":
            return Reaction(b"", then="close")
        if self._extra == "live" or self._protocol.verb(verb).ends:
            return Reaction(*self._strict.answer(verb, line))
        return Reaction(self._protocol.refusal)

    def _proceed(self, line: bytes | None) -> Reaction:
        """One step of a login: every password is right here, the record says what comes of it."""
        login = self._login
        assert login is not None
        if line is not None:
            self._follower.client(line)
        cancelled = line is not None and line.strip() == b"*"  # RFC 4954 §4
        if not cancelled and (prompt := next(login.prompts, None)) is not None:
            prompt = self._protocol.challenge + base64.b64encode(prompt) + b"\r\n"
            return self._with_consequence(Reaction(prompt))
        self._login = None
        if cancelled:
            return self._with_consequence(Reaction(self._strict.cancelled))
        return self._answer("AUTH", login.asked.line, login.part)

    # ── looking ──

    def _find(self, asked: Asked) -> RecordedPart | None:
        verb, argument, state = asked.verb, self._counted(asked), self._state.key()
        same = [part for part in self._parts if part.asked.verb == verb]
        free = [part for part in same if not part.used]
        for part in free:
            if part.state == state and self._counted(part.asked) == argument:
                return part
        for part in free:
            if self._counted(part.asked) == argument:
                return part
        if self._protocol.verb(verb).again:
            spent = [part for part in same if part.used and self._counted(part.asked) == argument]
            if spent:
                return next((part for part in reversed(spent) if part.state == state), spent[-1])
        return next((part for part in free if part.state == state), free[0] if free else None)

    def _counted(self, asked: Asked) -> bytes:
        """The argument as far as it distinguishes one question from another."""
        match self._protocol.verb(asked.verb).argument:
            case ArgumentForm.NONE:
                return b""
            case ArgumentForm.WORD:
                return b"".join(asked.argument.split(None, 1)[:1]).upper()
            case ArgumentForm.PATH:
                path = self._protocol.path(asked.argument)
                return (asked.argument if path is None else path).lower()
            case ArgumentForm.WHOLE:
                return asked.argument.lower()


def _strict(talk: Talk) -> Refusing:
    if talk.protocol is SMTP:
        return StrictSmtp()
    return StrictPop3(talk) if talk.protocol is POP3 else Refusing(talk.protocol)


def _parts(talk: Talk) -> list[RecordedPart]:
    """What was asked in the record, each with the state that it met."""
    state, parts = ReplayState(talk.tls_first), []
    for exchange in exchanges(talk):
        if exchange.asked is None:
            continue
        if exchange.secure and not state.secure:
            state = ReplayState(True)
        parts.append(RecordedPart(exchange, state.key()))
        if exchange.answer is not None:
            state.after(talk.protocol, exchange.asked.verb, exchange.answer.last)
    return parts


@dataclass(frozen=True, slots=True)
class _Login:
    """The server's side of a login that anybody passes as far as the password is concerned."""

    asked: Asked
    part: RecordedPart | None
    prompts: Iterator[bytes]  # challenges that are still to be said, before base64


def prompts(asked: Asked) -> Iterator[bytes]:
    """What the server says on the way to its verdict on this login."""
    words = asked.argument.split()
    mechanism, initial = words[0].decode("ascii", "replace").upper(), len(words) > 1
    if mechanism in _PROMPTS:
        return iter(_PROMPTS[mechanism][1 if initial and mechanism == "LOGIN" else 0 :])
    return iter(() if initial else (b"",))


def _refused_at_once(protocol: Protocol, part: RecordedPart) -> bool:
    """Did the recorded server say no before it had heard a password?"""
    answer = part.exchange.answer
    if answer is None or part.exchange.challenges or protocol.kind(answer.last) is AnswerKind.GOOD:
        return False
    return len(part.asked.argument.split()) < 2


def sequence(recorded: Sequence[Talk], name: str = "") -> tuple[Talk, ...]:
    """The talks that a stand-in plays, one for each connection: those named, or of the first leg that can be played.

    Raises `LookupError` when there is none.
    """
    playable = [talk for talk in recorded if talk.leg is not Leg.LOOKUP]
    if name:
        playable = [talk for talk in playable if talk.name == name]
    chosen = [talk for talk in playable if (talk.leg, talk.protocol) == (playable[0].leg, playable[0].protocol)]
    if not chosen:
        raise LookupError(
            f"no conversation about mail is called {name}" if name else "there is no conversation about mail here"
        )
    return tuple(chosen)
