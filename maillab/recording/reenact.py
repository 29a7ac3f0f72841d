"""Says a recorded talk again, as its client, to a server of today; what is heard is a record like any other.

Rules for this file: in lockstep (a step waits for as many answers as it waited for then); no recorded secret is said,
no message where none is wanted, no password in clear where it was said inside TLS. Whom to talk to, with whose
password, and when it is now: the caller knows.
"""

import asyncio
import re
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from maillab.events import Entry, Leg, Side
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.protocols.lines import Lines
from maillab.protocols.protocol import AnswerForm, AnswerKind, ContentForm, RequestKind
from maillab.recording.line_ends import with_crlf
from maillab.recording.login_again import Ask, LoginAgain
from maillab.recording.renewed_ids import renewed
from maillab.recording.replay_steps import ExpectStep, LoginStep, SayStep, ScriptStep, UpgradeStep, steps
from maillab.recording.talks import Asked, Talk
from maillab.views.safe import safe
from maillab.wire.connection import CONTENT_OCTETS, Connection, connect
from maillab.wire.reply_reader import why_not
from maillab.wire.tap import FollowingEar

REPLY_OCTETS = CONTENT_OCTETS + 1_048_576  # of one reply: a message may be one, after its first line


@dataclass(frozen=True, slots=True)
class Means:
    """How to go about it.

    `speed` 0 is as fast as answers come, 1 as slow as then; `gap` seconds at least lie before each thing that is done.
    `fresh` gives a message anew, None leaves it verbatim.
    `careful` is for a server that is not at home: nothing goes in clear that went inside TLS.
    """

    host: str
    port: int
    tls_first: bool = False
    context: ssl.SSLContext | None = None
    server_hostname: str = ""
    ask: Ask = lambda _: None
    fresh: "Renewal | None" = None
    speed: float = 0.0
    gap: float = 0.0
    patience: float = 60.0
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """What makes a message new: the time, and words that were never used."""

    now: Callable[[], float]
    unique: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class ReenactOutcome:
    """The record of it, and what could not be done as it was then. `failed`: "", "connect", "timeout" or "lost"."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    failed: str = ""


class _Over(Exception):  # noqa: N818 - the talk ends here; carries why
    pass


async def reenact(
    talk: Talk, means: Means, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> ReenactOutcome:
    """Say one talk again. Raises `ValueError` for a talk of DNS; trouble with the network is an outcome."""
    if talk.leg is Leg.LOOKUP:
        raise ValueError(f"{talk.name} is a DNS conversation: only SMTP and POP3 can be replayed")
    logbook = Logbook(clock)
    has_login = any(isinstance(step, LoginStep) for step in steps(talk))
    actor = _Actor(with_crlf(talk) if has_login else talk, means, logbook, sleep)
    failed = await actor.act()
    return ReenactOutcome(tuple(logbook.since(0)), tuple(actor.notes), failed)


@dataclass(slots=True)
class _Actor:
    """One performance."""

    talk: Talk
    means: Means
    logbook: Logbook
    sleep: Callable[[float], Awaitable[None]]
    notes: list[str] = field(default_factory=list)
    _connection: Connection = field(init=False)
    _ear: FollowingEar = field(init=False)
    _secure: bool = False
    _refused_tls: bool = False
    _go_ahead: bool = False  # the server waits for a message
    _mechanisms: "set[str] | None" = None  # offered; None as long as nobody asked
    _greeting: bytes = b""
    _owed: "deque[Asked | None]" = field(default_factory=lambda: deque([None]))  # what waits for an answer

    async def act(self) -> str:
        """All steps; gives what failed, "" for nothing."""
        self._connection = Connection(self.means.patience, reply=REPLY_OCTETS)
        try:
            await self._connect()
        except TimeoutError:
            self.notes.append(f"{self._place} does not answer")
            return "timeout"
        except OSError as error:
            self.notes.append(f"{self._place}: {why_not(error)}")
            return "connect"
        why, failed = "lost", "lost"
        try:
            await self._perform(steps(self.talk))
            why, failed = "quit", ""
        except _Over as over:
            self.notes.append(str(over))
        except TimeoutError:
            self.notes.append(f"no answer within {self.means.patience:g} s")
            why = failed = "timeout"
        except OSError as error:
            self.notes.append(str(error.strerror or error))
        finally:
            await self._connection.close()
            self._ear.closed(why)
        return failed

    @property
    def _place(self) -> str:
        host = f"[{self.means.host}]" if ":" in self.means.host else self.means.host
        return f"{host}:{self.means.port}"

    async def _connect(self) -> None:
        means, talk = self.means, self.talk
        await self._pause(0.0)
        tls = means.context if means.tls_first else None
        await connect(self._connection, means.host, means.port, tls=tls, server_hostname=means.server_hostname)
        self._secure = tls is not None
        place = (talk.leg, talk.service, means.host)
        self._ear = FollowingEar(self.logbook, *place, secure=self._secure)

    # ── steps ──

    async def _perform(self, what: Sequence[ScriptStep]) -> None:
        for at, step in enumerate(what):
            match step:
                case SayStep():
                    await self._pause(step.pause)
                    await self._say(step)
                case ExpectStep(answers):
                    await self._expect(answers)
                    if self._go_ahead and not _has_message(what[at + 1 :]):
                        raise _Over("the server waits for a message that the record does not have; hung up")
                case UpgradeStep():
                    if not self._secure:
                        self._no_tls()
                case LoginStep():
                    await self._pause(step.pause)
                    await self._log_in(step)

    async def _pause(self, seconds: float) -> None:
        """As long as then, at the speed that is asked for, and no shorter than the gap."""
        then = min(seconds, 600.0) / self.means.speed if self.means.speed > 0 else 0.0
        if (wait := max(then, self.means.gap)) > 0:
            await self.sleep(wait)

    async def _say(self, step: SayStep) -> None:
        out: list[bytes] = []
        rows = [self.talk.protocol.verb(asked.verb) for asked in step.what]
        whole = sum(row.content is ContentForm.COUNTED for row in rows) < 2
        for asked in step.what:
            pieces = self._pieces(asked, whole=whole)
            if asked.kind is RequestKind.REST and not out and not self._ear.goes_on:
                self.notes.append("the rest of a command was not sent: the server did not say go ahead")
                continue
            if asked.kind is RequestKind.END and not self._go_ahead:
                self.notes.append("a message was not sent: the server did not say 354")
                continue
            if asked.kind is RequestKind.END:
                self._go_ahead = False
            if not asked.goes_on:
                self._owed.append(asked)
            out += pieces
        for piece in out:
            self._ear.client(piece)
        await self._connection.say(out if len(out) > 64 else [b"".join(out)] if out else [])
        if step.what[-1].kind is RequestKind.END and not step.what[-1].line:
            raise _Over("the record breaks off inside a message; so did this")

    def _pieces(self, asked: Asked, *, whole: bool) -> list[bytes]:
        """The octets of one thing said. Raises `OSError` when a content in a file is gone."""
        contents = [content.whole() for content in asked.contents]
        if asked.kind is RequestKind.REST:
            return [*contents, asked.line]  # as many octets as were announced
        if contents and self.means.fresh is not None:
            fresh = self.means.fresh
            whole = whole and asked.completes
            contents = [renewed(b"".join(contents), now=fresh.now(), unique=fresh.unique, whole=whole)]
        if asked.kind is RequestKind.END:
            return [*contents, asked.line]
        line = asked.line
        assert asked.secret == (0, 0), "a secret of the record is never said"
        if contents:
            size = sum(map(len, contents))
            line = re.sub(rb"[0-9]+", str(size).encode(), line, count=1)
        return [line, *contents]

    async def _expect(self, answers: int) -> None:
        for _ in range(answers):
            if not self._owed:  # a message was left out, and its answer with it
                return
            await self._answer(self._owed.popleft())

    # ── answers ──

    async def _answer(self, asked: Asked | None) -> list[bytes]:
        """One whole answer, and what follows from it."""
        protocol = self.talk.protocol
        async with asyncio.timeout(self.means.patience):
            lines = await self._lines(asked)
        if asked is not None and not protocol.verb(asked.verb).ends and self._ear.hung_up:
            raise _Over(f"the server closes the connection ({safe(lines[-1][:3])})")
        if asked is None:
            self._greeting = lines[0]
        row, kind = protocol.verb(asked.verb if asked is not None else ""), protocol.kind(lines[-1])
        if row.offers:
            self._mechanisms = set(protocol.offers(lines).get(protocol.mechanisms, ()))
        if row.content is ContentForm.DOTTED:
            self._go_ahead = kind is AnswerKind.GO_AHEAD
        if row.deflates and kind is AnswerKind.GOOD:
            self._connection.deflate()
        if row.tls:
            if kind is AnswerKind.GOOD:
                await self._upgrade()
            elif any(isinstance(step, UpgradeStep) for step in steps(self.talk)):
                self._no_tls()
        return lines

    async def _lines(self, asked: Asked | None) -> list[bytes]:
        self._connection.new_reply()
        lines = [await self._line()]
        if self.talk.protocol.status_last:
            while self._ear.in_answer:
                lines.append(await self._line())
            return lines
        if not self._ear.in_answer:
            return lines
        if asked is not None and self.talk.protocol.verb(asked.verb).answer is AnswerForm.MESSAGE:
            content = await self._connection.body()
            if content:
                self._ear.carried(Side.SERVER, Content(content))
            self._ear.server(b".\r\n")
            return lines
        body = await self._connection.body()
        self._ear.server(body + b".\r\n")
        return lines + Lines().feed(body)

    async def _line(self) -> bytes:
        line = await self._connection.line()
        self._ear.server(line)
        if not line.endswith(b"\n"):
            raise _Over("the server hung up")
        return line

    # ── TLS and login ──

    def _no_tls(self) -> None:
        if self._refused_tls:
            return
        self._refused_tls = True
        if self.means.careful:
            raise _Over("the server does not begin TLS, as it did in the record; nothing is said in clear; hung up")
        self.notes.append("the server does not begin TLS, as it did in the record; went on in clear, without a login")

    async def _upgrade(self) -> None:
        if self.means.context is None:
            raise _Over("the server begins TLS, and there is no context for it; hung up")
        try:
            host = self.means.server_hostname or self.means.host
            await self._connection.upgrade(self.means.context, host=host)
        except ssl.SSLError as error:
            raise _Over(f"TLS did not come about: {error.reason or error}") from error
        self._secure, self._mechanisms = True, None
        self._owed.clear()
        self._ear.secured(*self._connection.handshake)

    async def _log_in(self, step: LoginStep) -> None:
        while self._owed:
            await self._answer(self._owed.popleft())
        if step.secure and not self._secure:
            self.notes.append("a password that was said inside TLS is not said in clear; did not log in")
        elif self.means.careful and not self._secure:
            self.notes.append("no password is said in clear to a server elsewhere; did not log in")
        else:
            again = LoginAgain(self.talk.protocol, self.means.ask, self._command, self.notes.append)
            try:
                await again.log_in(step, self._mechanisms, self._greeting)
            except ValueError as error:  # of the exchange or its base64
                raise _Over(f"the login went wrong: {error}") from error

    async def _command(self, line: bytes) -> bytes:
        """Say a line of a login; gives the line of the answer that counts."""
        await self._pause(0.0)
        self._ear.client(line)
        await self._connection.say([line])
        lines = await self._answer(Asked(RequestKind.COMMAND, line))
        return lines[-1] if self.talk.protocol.status_last else lines[0]


def _has_message(steps: Sequence[ScriptStep]) -> bool:
    """Is a message the next thing that will be said?"""
    following = next((step for step in steps if isinstance(step, SayStep | LoginStep)), None)
    return isinstance(following, SayStep) and following.what[0].kind is RequestKind.END
