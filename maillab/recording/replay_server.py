"""A server on a real socket that answers as a recorded one did: a bug report's server, for the program that failed.

Rules for this file: recording/replay_answers.py knows the answers; here are sockets, deadlines, TLS and the ear.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillab.events import Side
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.recording.replay_answers import Extra, Reaction, ReplayAnswers
from maillab.recording.replay_tagged import TaggedAnswers
from maillab.recording.talks import Talk
from maillab.wire.connection import Connection, ConnectionBroken
from maillab.wire.intake import DataReader, Nobody
from maillab.wire.tap import FollowingEar

IDLE = 300.0  # seconds that a client may be silent (RFC 5321 §4.5.3.2.7)
CLIENTS = 100  # at once; one more is hung up on


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """What is played: the first talk to the first client, and so on; the last one to all who come after.

    `tls` is for STARTTLS and for a talk that began with TLS; None takes the offer of STARTTLS out of the answers.
    """

    talks: Sequence[Talk]
    extra: Extra = "451"
    tls: ssl.SSLContext | None = None
    record: Path | None = None  # where the logbook's large bodies live
    idle: float = IDLE


class ReplayServer:
    """The server. Everything that is said goes into `logbook`."""

    def __init__(self, plan: ReplayPlan, logbook: Logbook) -> None:
        self.unknown = 0  # commands that no record knew
        self.idle = plan.idle
        self._plan = plan
        self._logbook = logbook
        self._server: asyncio.Server | None = None
        self._came = 0
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; gives the port. Raises `OSError` when it is taken, `ValueError` for TLS without a certificate."""
        tls = self._plan.tls if self._plan.talks[0].tls_first else None
        if self._plan.talks[0].tls_first and tls is None:
            raise ValueError("the recorded server began with TLS, and there is no certificate")
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._client, host, port, ssl=tls)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for replay in tuple(self._running):
            replay.cancel()
        if self._running:
            await asyncio.wait(self._running)

    def _client(self) -> Connection:
        talk = self._plan.talks[min(self._came, len(self._plan.talks) - 1)]
        self._came += 1
        return _Client(self, talk)

    def enter(self, client: "_Client") -> None:
        """A client is there: its replay is ours, and is ended with us."""
        if len(self._running) >= CLIENTS:
            client.abort()
            return
        replay = asyncio.get_running_loop().create_task(self._play(client))
        self._running.add(replay)
        replay.add_done_callback(self._running.discard)

    async def _play(self, client: "_Client") -> None:
        replay = _Replay(client, self._plan, self._logbook)
        try:
            await replay.play()
        finally:
            self.unknown += replay.actor.unknown


class _Client(Connection):
    """The connection of one client, which announces itself."""

    def __init__(self, server: ReplayServer, talk: Talk) -> None:
        super().__init__(server.idle, heard=lambda octets: self.ear(octets))
        self.talk = talk
        self.ear: Callable[[bytes], None] = lambda _: None
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The replay begins (after TLS, where TLS comes first)."""
        super().connection_made(transport)
        self._server.enter(self)


class _Replay:
    """One client, from the greeting to hanging up."""

    def __init__(self, client: _Client, plan: ReplayPlan, logbook: Logbook) -> None:
        self._client, self._plan = client, plan
        talk = client.talk
        place = (talk.leg, talk.service, talk.server)
        self._ear = FollowingEar(logbook, *place, secure=talk.tls_first, record=plan.record)
        client.ear = self._ear.client
        self._types = True  # no line of this client ended with CRLF: a person types
        answers = ReplayAnswers if talk.protocol.tag_of is None else TaggedAnswers
        self.actor = answers(talk, extra=plan.extra, can_secure=plan.tls is not None)

    async def play(self) -> None:
        """Nothing here raises but the end of the server."""
        why = "lost"
        try:
            over = await self._react(self.actor.greet())
            while not over and (line := await self._client.line()).endswith(b"\n"):
                over = await self._react(self.actor.hear(line), line)
            why = "quit" if over else "lost"
        except TimeoutError:
            why = "timeout"
        except asyncio.CancelledError:
            why = "closing"
            raise
        except OSError as error:
            why = str(error) if isinstance(error, ConnectionBroken) else "lost"
        finally:
            self._client.drop()  # the ear hears what nobody has read
            self._ear.closed(why)
            await self._client.close()

    async def _react(self, reaction: Reaction, line: bytes = b"") -> bool:
        """Say it and do it; is the talk over?"""
        if reaction.then == "tls":
            await self._upgrade(reaction)
            return False
        self._types = self._types and not line.endswith(b"\r\n")
        await self._say(reaction)
        if reaction.then == "message":
            await self._client.until(DataReader(Nobody(), bare_lf=self._types).feed)  # what the ear reads with, too
            return await self._react(self.actor.message())
        if reaction.then == "chunk":
            await self._client.exactly(reaction.chunk)
            return await self._react(self.actor.message(line))
        return reaction.then == "close"

    async def _say(self, reaction: Reaction) -> None:
        if not reaction.octets:
            return
        if not reaction.contents:
            self._ear.server(reaction.octets)
            await self._client.say([reaction.octets])
            return
        status, _, rest = reaction.octets.partition(b"\n")
        body = [block for content in reaction.contents for block in content.blocks()]
        self._ear.server(status + b"\n")
        self._ear.carried(Side.SERVER, Content(b"".join(body)))
        self._ear.server(rest)
        await self._client.say([status + b"\n", *body, rest])

    async def _upgrade(self, reaction: Reaction) -> None:
        if self._plan.tls is None:
            raise ConnectionBroken("there is no certificate for TLS")
        self._ear.server(reaction.octets)
        await self._client.upgrade(self._plan.tls, first=reaction.octets)
        self.actor.secured()
        self._ear.secured(*self._client.handshake)
