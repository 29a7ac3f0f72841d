"""The client's socket: octets to replies in the order in which they were asked for, with an ear on both directions.

The library carries the connection, flow control and the TLS upgrade; reading is ours, because it drops octets that
nobody asked for and lets the last line of a reply decide (both mean that a refusal can pass for a success).
"""

import asyncio
from collections import deque
from typing import Protocol

from aiosmtplib.protocol import SMTPProtocol
from aiosmtplib.response import SMTPResponse

from maillab.events import Certificate
from maillab.mail.reply import Reply
from maillab.wire.certificate import handshake_of
from maillab.wire.receive_buffer import wake
from maillab.wire.reply_reader import LineError, Lost, ProtocolError, ReplyReader


class Tap(Protocol):
    """An ear: told the plain octets of both directions, also inside TLS. They hold secrets; hiding them is its task."""

    def client(self, data: bytes) -> None:
        """We said these octets."""
        ...

    def server(self, data: bytes) -> None:
        """The server said these octets."""
        ...

    def secured(self, version: str, cipher: str = "", certificate: Certificate | None = None) -> None:
        """TLS began, of this version (TLSv1.3); the server showed this. Everything after it was encrypted."""
        ...


PIECE = 4_096  # octets that are read at a time


class ClientConnection(SMTPProtocol):
    """One connection. Every octet sent announces how many replies it asks for; a reply more than that is a fault."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tap: Tap | None) -> None:
        super().__init__(loop=loop)
        self.closed: asyncio.Future[None] = loop.create_future()
        self.last: Reply | None = None
        self._tap = tap
        self._reader = ReplyReader()
        self._replies: deque[Reply] = deque()
        self._owed = 1  # the greeting
        self._fault: LineError | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def ready(self) -> bool:
        """A reply is here already."""
        return bool(self._replies)

    @property
    def usable(self) -> bool:
        """Nothing speaks against asking one more thing."""
        return self._fault is None and self.is_connected

    @property
    def bare_lf(self) -> bool:
        """Does the server end its lines with LF alone?"""
        return bool(self._reader.bare_lf)

    @property
    def full(self) -> bool:
        """The other side does not read as fast as we write."""
        return self._paused

    def take(self) -> Reply:
        """The next reply, which must be `ready`."""
        self.last = self._replies.popleft()
        return self.last

    async def reply(self) -> Reply:
        """The next reply. Raises `LineError`, without a stage, when none will come."""
        while not self._replies:
            if self._fault is not None:
                raise self._fault
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self.take()

    def expect(self, replies: int) -> None:
        """What is sent next asks for so many replies."""
        self._owed += replies

    def send(self, data: bytes) -> None:
        """Write octets, whose replies are expected already. Raises `LineError` when the connection has ended."""
        if self._fault is not None:
            raise self._fault
        if not self.is_connected:
            raise _lost("the connection is closed")
        self.write(data)

    async def drain(self) -> None:
        """Wait until the other side has read enough for more. Raises `LineError` when it is gone."""
        try:
            await self._drain_helper()
        except ConnectionError as error:
            raise self._fault or _lost("the connection ended") from error

    def write(self, data: bytes) -> None:
        """As the library writes, and the ear hears it."""
        if self._tap is not None:
            self._tap.client(data)
        super().write(data)

    def data_received(self, data: bytes) -> None:
        """Octets came, decrypted if TLS is on. After a fault nobody listens: a flood of lines costs little."""
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            if self._tap is not None:
                self._tap.server(piece)
            if self._fault is not None:
                return
            self._take_in(piece)

    def _take_in(self, piece: bytes) -> None:
        replies = self._reader.feed(piece)
        asked, more = replies[: self._owed], replies[self._owed :]
        self._owed -= len(asked)
        self._replies.extend(asked)
        if more:
            self._fail(_unasked(more[0]))
        elif self._reader.fault is not None:
            self._fail(self._reader.fault)
        elif self._reader.begun and not self._owed:
            self._fail(ProtocolError("", "octets that answer nothing"))
        wake(self._waiter)

    async def read_response(self, timeout: float | None = None) -> SMTPResponse:
        """For the library's own STARTTLS: one reply, and nothing may come with it (RFC 3207 §4.2)."""
        self._owed += 1
        async with asyncio.timeout(timeout):
            reply = await self.reply()
        if self._fault is not None:
            raise self._fault
        return SMTPResponse(reply.code, reply.text)

    def tell_secured(self) -> str:
        """The version of TLS, told to the ear; "" when the connection is not secure."""
        secured = self.transport.get_extra_info("ssl_object") if self.transport is not None else None
        handshake = handshake_of(secured)
        if handshake.version and self._tap is not None:
            self._tap.secured(*handshake)
        return handshake.version

    def eof_received(self) -> bool:
        """The server closed its side."""
        self._fail(_lost("the server closed the connection"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection was closed, by either side."""
        super().connection_lost(exc)
        self._fail(_lost(f"the connection ended: {exc}" if exc else "the connection ended"))
        if not self.closed.done():
            self.closed.set_result(None)

    def abort(self) -> None:
        """Hang up at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def _fail(self, fault: LineError) -> None:
        if self._fault is None:
            self._fault = fault
            self.abort()
            wake(self._waiter)


def _unasked(reply: Reply) -> LineError:
    """A 421 may come at any time and means goodbye (RFC 5321 §3.8); everything else is out of step."""
    return Lost("", reply) if reply.code == 421 else ProtocolError("", f"an answer to nothing: {reply.text[:80]}")


def _lost(why: str) -> Lost:
    return Lost("", Reply(451, "4.4.2", (f"Connection lost: {why}",)))
