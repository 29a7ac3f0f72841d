"""What a client would have to do to say a recorded talk again: a list of steps, no socket.

Rules for this file: it gives what was said, when, and after how many answers; never a secret, and never what stands in
a file in place of one. A login is a step that has to be worked out anew; TLS is a step that has to be done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from maillab.protocols.protocol import AnswerKind, Named, RequestKind
from maillab.recording.talks import Answered, Asked, Talk, Upgraded

STAND_IN = b"secret"  # said where a secret was typed that belongs to no login


@dataclass(frozen=True, slots=True)
class SayStep:
    """Said in one piece, as it was recorded, `pause` seconds after what came before."""

    what: tuple[Asked, ...]
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class ExpectStep:
    """Wait for so many answers."""

    answers: int


PLAIN_LOGIN = "LOGIN of IMAP"  # the way of IMAP's LOGIN: a name and a password as they are (RFC 9051 §6.2.3)


@dataclass(frozen=True, slots=True)
class UpgradeStep:
    """Begin TLS."""


@dataclass(frozen=True, slots=True)
class LoginStep:
    """Log in, with all that belongs to it up to the server's verdict.

    `mechanism` is one of SASL, or USER or APOP of POP3, or `PLAIN_LOGIN`; `user` is "" where the record does not know
    it; `initial` says whether the first response came on the line of the command.
    """

    mechanism: str
    user: str
    initial: bool = False
    secure: bool = False
    pause: float = 0.0


ScriptStep = SayStep | ExpectStep | UpgradeStep | LoginStep


def steps(talk: Talk) -> tuple[ScriptStep, ...]:
    """The client's side of a talk.

    >>> from maillab.events import Leg
    >>> turns = (Answered((b"220 mx\\r\\n",)), Asked(RequestKind.COMMAND, b"QUIT\\r\\n"), Answered((b"221 bye\\r\\n",)))
    >>> [type(step).__name__ for step in steps(Talk("relay-1", Leg.RELAY, "smtp", "mx", False, turns))]
    ['ExpectStep', 'SayStep', 'ExpectStep']
    """
    return tuple(_Writer(talk).write())


class _Writer:
    """Goes through the turns once."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._turns = talk.turns
        self._saying: list[Asked] = []
        self._answers = 0
        self._said_at = 0.0  # when the first of `_saying` was said
        self._before = talk.turns[0].at if talk.turns else 0.0  # when that began which came before it

    def write(self) -> Iterator[ScriptStep]:
        at = 0
        while at < len(self._turns):
            turn = self._turns[at]
            match turn:
                case Asked() if login := self._login(at):
                    yield from self._flush()
                    step, at = login
                    yield step
                    continue
                case Asked():
                    if self._answers:
                        yield from self._flush()
                    self._saying.append(harmless(turn))
                    if len(self._saying) == 1:
                        self._said_at = turn.at
                case Answered():
                    if self._saying:
                        yield self._say()
                    self._answers += 1
                    self._before = turn.at
                case Upgraded():
                    yield from self._flush()
                    yield UpgradeStep()
                    self._before = turn.at
            at += 1
        yield from self._flush()

    def _flush(self) -> Iterator[ScriptStep]:
        if self._answers:
            yield ExpectStep(self._answers)
            self._answers = 0
        if self._saying:
            yield self._say()

    def _say(self) -> SayStep:
        what, self._saying = tuple(self._saying), []
        return SayStep(what, max(0.0, self._said_at - self._before))

    def _login(self, at: int) -> tuple[ScriptStep, int] | None:
        """The login that begins at this turn, and the turn after it."""
        asked = self._turns[at]
        assert isinstance(asked, Asked)
        words = asked.argument.split()
        pause = max(0.0, asked.at - self._before)
        if asked.verb in ("AUTH", "AUTHENTICATE") and words:
            name = words[0].decode("ascii", "replace").upper()
            step = LoginStep(name, self._talk.user, len(words) > 1, asked.secure, pause)
            return step, self._after_sasl(at + 1)
        row = self._talk.protocol.verb(asked.verb)
        user = words[0].decode("utf-8", "replace") if words else ""
        if row.login and asked.verb == "APOP":
            return LoginStep("APOP", user, secure=asked.secure, pause=pause), self._after(at + 1, 1)
        if row.login and row.names is Named.USER:
            step = LoginStep(PLAIN_LOGIN, self._talk.user or user.strip('"'), secure=asked.secure, pause=pause)
            return step, self._after_sasl(at + 1)
        if row.names is not Named.USER:
            return None
        then = next((place for place in range(at + 1, len(self._turns)) if isinstance(self._turns[place], Asked)), at)
        following = self._turns[then]
        if not isinstance(following, Asked) or following.verb != "PASS":
            return None
        owed = 2 - sum(isinstance(turn, Answered) for turn in self._turns[at + 1 : then])
        return LoginStep("USER", user, secure=asked.secure, pause=pause), self._after(then + 1, owed)

    def _after_sasl(self, at: int) -> int:
        """Past challenges and responses, to the turn after the verdict."""
        while at < len(self._turns):
            turn = self._turns[at]
            if isinstance(turn, Answered) and self._talk.protocol.kind(turn.last) is not AnswerKind.CHALLENGE:
                self._before = turn.at
                return at + 1
            if isinstance(turn, Asked) and turn.kind not in (RequestKind.RESPONSE, RequestKind.REST):
                return at
            at += 1
        return at

    def _after(self, at: int, answers: int) -> int:
        """Past so many answers that follow at once."""
        while answers and at < len(self._turns) and isinstance(turn := self._turns[at], Answered):
            self._before = turn.at
            answers -= 1
            at += 1
        return at


def harmless(asked: Asked) -> Asked:
    """The same without its secret: what was typed where a command belongs is answered like any unknown word (T308)."""
    start, end = asked.secret
    if start >= end:
        return asked
    line = asked.line[:start] + STAND_IN + asked.line[end:]
    return replace(asked, line=line, secret=(0, 0))
