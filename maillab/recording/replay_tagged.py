"""The server's side of a recorded talk with tags (IMAP), learned by heart: told anew with the tags of who asks now.

Rules for this file: no socket. An answer is looked for as in recording/replay_answers.py. What a client says in
literals is taken, whatever it is; what the record told unasked is told where it stood, behind the answer before it.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace

from maillab.protocols.protocol import AnswerKind, ArgumentForm, Protocol, RequestKind
from maillab.recording.replay_answers import Extra, Reaction, RecordedPart, ReplayAnswers, ReplayState, prompts
from maillab.recording.talks import Answered, Asked, Talk, exchanges

OPENS = ("SELECT", "EXAMINE")
EVERYBODYS = {  # what every server says to it, before its last line
    "LOGOUT": b"* BYE Goodbye\r\n",
    "NOOP": b"",
    "CHECK": b"",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    "LOGIN": b"",
    "AUTHENTICATE": b"",
}

_OFFER = re.compile(rb"(?i)(?<=\bCAPABILITY )[^\]\r\n]*")
_MARKER = re.compile(rb"\{[0-9]+\}(?=\r?\n\Z)")
_OF_A_SEARCH = re.compile(rb'(?i)(\* ESEARCH \(TAG ")[^"\r\n]*(?=")')


class TaggedAnswers(ReplayAnswers):
    """As `ReplayAnswers`.

    >>> from maillab.events import Leg
    >>> actor = TaggedAnswers(Talk("retrieve-1", Leg.RETRIEVE, "imap", "mail", False, ()), extra="451")
    >>> actor.hear(b"x1 SELECT INBOX\\r\\n").octets
    b'x1 BAD The record has no answer to this\\r\\n'
    """

    def __init__(self, talk: Talk, *, extra: Extra = "451", can_secure: bool = True) -> None:
        super().__init__(talk, extra=extra, can_secure=can_secure)
        self._parts, self._news = _parts(talk)
        self._asked: Asked | None = None  # of which more is to come
        self._part: RecordedPart | None = None  # that answers it
        self._steps: Iterator[bytes] = iter(())  # go-aheads and challenges that are still to be said

    def hear(self, line: bytes) -> Reaction:
        """A command, or more of it: what follows a literal, a response of a login, DONE."""
        if self._asked is not None:
            return self._go_on(self._asked, line)
        protocol = self._protocol
        words = protocol.verb_of(line), protocol.argument_of(line)
        asked = Asked(RequestKind.COMMAND, line, secure=self._state.secure, words=words)
        row = protocol.verb(asked.verb)
        self._part = self._find(asked) or (self._login_of_then() if row.login else None)
        if row.login and row.argument is ArgumentForm.WORD and asked.verb != "LOGIN" and asked.argument:
            self._steps = (protocol.challenge + base64.b64encode(one) + b"\r\n" for one in prompts(asked))
        elif row.waits and self._part is not None and self._part.exchange.challenges:
            waiting = [*(step.last for step in self._part.exchange.challenges), *self._told_behind(self._part)]
            self._steps = iter([b"".join(waiting)])
        else:
            self._steps = iter(())
        return self._go_on(asked, line)

    def _login_of_then(self) -> RecordedPart | None:
        """The next login, by whatever way it was."""
        logins = (part for part in self._parts if self._protocol.verb(part.asked.verb).login and not part.used)
        return next(logins, None)

    def message(self, line: bytes = b"") -> Reaction:
        """The octets of a literal came: the command goes on in the next line."""
        return Reaction(b"")

    def _go_on(self, asked: Asked, line: bytes) -> Reaction:
        """What a command that came so far is answered: go on, or the last word."""
        self._asked = asked
        if (literal := self._protocol.literal(line)) is not None:
            go_on = b"+ Go on\r\n" if literal.waits else b""
            return Reaction(go_on, then="chunk", chunk=literal.octets) if literal.octets else Reaction(go_on)
        if line.strip() != b"*" and (step := next(self._steps, None)) is not None:  # RFC 9051 §6.2.2
            return Reaction(step)
        self._asked = None
        if line.strip() == b"*" and line is not asked.line:
            return Reaction(_tag(asked) + b" BAD Cancelled\r\n")
        return self._last_word(asked, self._part)

    def _last_word(self, asked: Asked, part: RecordedPart | None) -> Reaction:
        tag, row = _tag(asked), self._protocol.verb(asked.verb)
        if row.deflates:
            return Reaction(tag + b" NO Nothing is deflated here\r\n")
        if part is None:
            return self._of_everybody(asked)
        part.used = True
        answer = part.exchange.answer
        if answer is None:
            return Reaction(b"", then="close")  # here the record breaks off
        lines = [self._offered(line) for line in _whole(self._protocol, answer)]
        lines = [_OF_A_SEARCH.sub(lambda found: found[1] + tag, line) for line in lines]
        recorded = _tag(part.asked)
        if recorded and lines[-1].startswith(recorded + b" "):
            lines[-1] = tag + lines[-1][len(recorded) :]
        news = [] if row.waits else self._told_behind(part)
        told = b"".join([*lines, *news])
        _follow(self._state, self._protocol, asked, lines[-1])
        if row.tls and self._protocol.kind(lines[-1]) is AnswerKind.GOOD:
            return Reaction(told, then="tls")
        says_bye = row.ends or any(line[:5].upper() == b"* BYE" for line in told.splitlines())
        return Reaction(told, then="close" if says_bye else "")

    def _told_behind(self, part: RecordedPart) -> list[bytes]:
        """What was told unasked before the next command."""
        return [line for answer in self._news.get(id(part), ()) for line in _whole(self._protocol, answer)]

    def _of_everybody(self, asked: Asked) -> Reaction:
        self.unknown += 1
        verb, tag = asked.verb, _tag(asked) or b"*"
        if self._extra == "drop":
            return Reaction(b"", then="close")
        ends = self._protocol.verb(verb).ends
        if (self._extra == "live" or ends) and verb in EVERYBODYS:
            done = Reaction(EVERYBODYS[verb] + tag + b" OK Done\r\n", then="close" if ends else "")
            _follow(self._state, self._protocol, asked, tag + b" OK")
            return done
        if self._extra == "live":
            return Reaction(tag + b" NO Not done here\r\n")
        return Reaction(tag + self._protocol.refusal[1:])

    def _offered(self, line: bytes) -> bytes:
        """A line without what a stand-in cannot do: prove a password that it does not know, deflate, begin TLS."""
        return _OFFER.sub(lambda found: b" ".join(word for word in found[0].split() if self._can_be_done(word)), line)

    def _can_be_done(self, word: bytes) -> bool:
        name = word.upper()
        if name == b"STARTTLS":
            return self._can_secure
        return not name.startswith((b"AUTH=SCRAM-", b"COMPRESS="))

    def _possible(self, line: bytes) -> bytes:
        return self._offered(line)

    def greet(self) -> Reaction:
        """The first word."""
        greeting = super().greet()
        return replace(greeting, octets=self._offered(greeting.octets))


def _parts(talk: Talk) -> tuple[list[RecordedPart], dict[int, list[Answered]]]:
    """What was asked in the record, each with the state that it met; and what was told unasked behind it."""
    state, parts, news = ReplayState(talk.tls_first), list[RecordedPart](), dict[int, list[Answered]]()
    for exchange in exchanges(talk):
        if exchange.asked is None:
            if parts and exchange.answer is not None:
                news.setdefault(id(parts[-1]), []).append(exchange.answer)
            continue
        if exchange.secure and not state.secure:
            state = ReplayState(True)
        parts.append(RecordedPart(exchange, state.key()))
        if exchange.answer is not None:
            _follow(state, talk.protocol, exchange.asked, exchange.answer.last)
    return parts, news


def _follow(state: ReplayState, protocol: Protocol, asked: Asked, last: bytes) -> None:
    """Who has logged in, and which folder is open."""
    state.after(protocol, asked.verb, last)
    if protocol.kind(last) is AnswerKind.GOOD and asked.verb in (*OPENS, "CLOSE", "UNSELECT"):
        state.phase = asked.argument.decode("utf-8", "replace").lower() if asked.verb in OPENS else ""


def _whole(protocol: Protocol, answer: Answered) -> list[bytes]:
    """The lines of an answer, each with the octets of the literal that it announces."""
    held, at, behind, told = b"".join(content.whole() for content in answer.contents), 0, False, list[bytes]()
    for line in answer.lines:
        literal = protocol.literal(line) if behind else protocol.told_literal(line)
        behind = literal is not None
        if literal is None or not held:
            told.append(line)
            continue
        octets = held[at : at + literal.octets]
        at += len(octets)
        told.append(_MARKER.sub(b"{%d}" % len(octets), line) + octets)
    return told


def _tag(asked: Asked) -> bytes:
    return b"".join(asked.line.split(None, 1)[:1])
