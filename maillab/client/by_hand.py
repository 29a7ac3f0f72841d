"""A connection that a person types into: octets out as they were typed, lines in as they come, an ear on both.

Rules for this file: nothing is said that was not typed; TLS is begun when the server says go ahead, and what came in
clear after that is dropped (RFC 3207 §4.2).
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from maillab.client.console import Console, ConsoleStep
from maillab.events import Leg
from maillab.logbook import Logbook
from maillab.protocols.protocol import AnswerForm, Protocol
from maillab.protocols.services import SERVICES, protocol_of
from maillab.views.gloss import Lang
from maillab.wire.connection import LINE_OCTETS, Connection, TooLong, connect
from maillab.wire.tap import FollowingEar

GOODBYE = 2.0  # seconds for the other side to hang up too
REPLY_OCTETS, MESSAGE_OCTETS = 1_048_576, 67_108_864  # of one reply, and where it may be a message


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Whom to talk to. `service` is the name of a row of the table."""

    host: str
    port: int
    service: str
    tls_first: bool = False

    @property
    def protocol(self) -> Protocol:
        """What is spoken there."""
        return protocol_of(self.service)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Endless(ConnectionError):  # noqa: N818 - what the server's words are
    """The server sends a line or a reply that has no end; the text says so to the typist."""


class ByHand:
    """One connection. Say a line, then `hear` until its reply is whole; where TLS is due then, `secure` comes next.

    `logbook` has both sides of it, as `ear` writes them down. `context` makes the TLS context, in a thread; its errors
    come out of `connect` and `secure`.
    """

    def __init__(
        self,
        place: ServiceAddress,
        logbook: Logbook,
        context: Callable[[], ssl.SSLContext],
        lang: Lang = "en",
        ear: type[FollowingEar] = FollowingEar,
    ) -> None:
        self.place = place
        self.console = Console(place.protocol, lang)
        self.lost = False  # the server has hung up
        self._logbook = logbook
        self._context = context
        is_mailbox = any(row.answer is AnswerForm.MESSAGE for row in place.protocol.verbs.values())
        self._connection = Connection(None, reply=MESSAGE_OCTETS if is_mailbox else REPLY_OCTETS)
        self._kind_of_ear = ear
        self._ear: FollowingEar | None = None

    async def connect(self) -> None:
        """Raises `OSError`, with `ssl.SSLError` where TLS comes first and fails."""
        place = self.place
        tls = await asyncio.to_thread(self._context) if place.tls_first else None
        await connect(self._connection, place.host, place.port, tls=tls)
        service = SERVICES.get(place.service)
        leg = service.leg if service is not None and service.for_people else Leg.SUBMIT
        self._ear = self._kind_of_ear(self._logbook, leg, place.service, str(place), secure=place.tls_first)

    async def say(self, line: bytes) -> ConsoleStep:
        """A line was typed, without its end; what there is to send has gone when this comes back. Raises `OSError`."""
        step = self.console.typed(line)
        if step.send:
            assert self._ear is not None
            self._ear.client(step.send)
            self._connection.new_reply()
            await self._connection.say([step.send])
        return step

    async def hear(self) -> bool:
        """Wait for a line of the server; is the reply whole now? At its end `lost` is set. Raises `Endless`."""
        assert self._ear is not None
        await asyncio.sleep(0)  # of a server without end the others have their turn
        try:
            line = await self._connection.line()
        except TooLong as error:
            self._ear.server(self._connection.drop()[:LINE_OCTETS])
            raise Endless(self.console.complaint(error.kind, error.limit)) from None
        self._ear.server(line)
        self.lost = not line.endswith(b"\n")
        whole = not self.lost and self.console.heard(line)
        if self.console.deflate_due and not self.lost:
            self._connection.deflate()
        return whole

    async def secure(self) -> None:
        """The handshake. What was said in clear behind the go-ahead is no answer to anything. Raises `OSError`."""
        assert self._ear is not None
        context = await asyncio.to_thread(self._context)
        self._ear.server(self._connection.drop())
        await self._connection.upgrade(context, host=self.place.host)
        self.console.secured()
        self._ear.secured(*self._connection.handshake)

    async def close(self) -> None:
        """Hang up; nothing here raises."""
        await self._connection.close(GOODBYE)
        if self._ear is not None:
            self._ear.closed("quit" if self.console.over else "lost" if self.lost else "hung up")
