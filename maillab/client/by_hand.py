"""A connection that a person types into: octets out as they were typed, lines in as they come, an ear on both.

Rules for this file: nothing is said that was not typed; TLS is begun when the server says go ahead, and what came in
clear after that is dropped (RFC 3207 §4.2).
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from maillab.client.console import Console, Step
from maillab.events import Leg
from maillab.logbook import Logbook
from maillab.protocols.lines import Lines, LineTooLong
from maillab.protocols.protocol import AnswerForm, Protocol
from maillab.protocols.services import SERVICES, protocol_of
from maillab.wire.tap import Ear, FollowingEar

GOODBYE = 2.0  # seconds for the other side to hang up too
PIECE = 4_096  # octets that are told at a time, so that others have their turn in between
WAITING = 65_536  # octets that may wait to be heard; meanwhile the server is not listened to
LINE = 65_536  # octets of one line
ANSWER, MESSAGE = 1_048_576, 67_108_864  # octets of one answer, and where it may be a message


@dataclass(frozen=True, slots=True)
class Place:
    """Whom to talk to. `service` is smtp, submission, submissions, pop3 or pop3s."""

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
    """The server sends a line or an answer that has no end; the text says so to the typist."""


def _longest_answer(protocol: Protocol) -> int:
    is_mailbox = any(row.answer is AnswerForm.MESSAGE for row in protocol.verbs.values())
    return MESSAGE if is_mailbox else ANSWER


class ByHand:
    """One talk. `came` is told what the server says, in its order, and `None` at the end: give each to `hear`.

    `logbook` has both sides of it. `context` makes the TLS context, in a thread; its errors come out of `connect` and
    `secure`.
    """

    def __init__(
        self,
        place: Place,
        logbook: Logbook,
        came: Callable[[bytes | None], None],
        context: Callable[[], ssl.SSLContext],
        lang: str = "en",
    ) -> None:
        self.place = place
        self.console = Console(place.protocol, lang)
        self.lost = False  # the server has hung up
        self._logbook = logbook
        self._context = context
        self._lines = Lines(LINE)
        self._answer = 0  # octets that came since something was said
        self._stale = 0  # octets said in clear that wait to be heard inside TLS, and never will be
        self._cable = _Cable(came)
        self._transport: Any = None
        self._ear: Ear | None = None

    async def connect(self) -> None:
        """Raises `OSError`, with `ssl.SSLError` where TLS comes first and fails."""
        place = self.place
        tls: dict[str, Any] = {}
        if place.tls_first:
            tls = {"ssl": await asyncio.to_thread(self._context), "server_hostname": place.host}
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self._cable, place.host, place.port, **tls)
        service = SERVICES.get(place.service)
        leg = service.leg if service is not None and service.for_people else Leg.SUBMIT
        self._ear = FollowingEar(
            self._logbook, leg, place.service, str(place), protocol=place.protocol, secure=place.tls_first
        )

    async def say(self, line: bytes) -> Step:
        """A line was typed, without its end; what there is to send has gone when this comes back."""
        step = self.console.typed(line)
        if step.send:
            self._answer = 0
            assert self._ear is not None
            self._ear.client(step.send)
            self._transport.write(step.send)
            await self._cable.flowing.wait()
        return step

    def hear(self, data: bytes | None) -> bool:
        """The server said these octets; is an answer whole now? Its go-ahead for TLS ends what is read in clear.

        Raises `Endless`, the connection cut, for what has no end.
        """
        if data is None:
            self.lost = True
            return False
        self._cable.heard(len(data))
        stale, self._stale = self._stale, max(0, self._stale - len(data))
        data = data[stale:]
        assert self._ear is not None
        self._ear.server(data)
        whole = False
        for line in self._within_limits(data):
            whole = self.console.heard(line) or whole
            if self.console.tls_due:
                break
        return whole

    def _within_limits(self, data: bytes) -> list[bytes]:
        self._answer += len(data)
        try:
            if self._answer > (limit := _longest_answer(self.place.protocol)):
                raise Endless(self.console.complaint("endless-answer", limit))
            return self._lines.feed(data)
        except LineTooLong:
            raise Endless(self.console.complaint("endless-line", LINE)) from None

    async def secure(self) -> None:
        """The handshake. Raises `OSError`."""
        assert self._ear is not None
        self._lines = Lines(LINE)
        context = await asyncio.to_thread(self._context)
        loop = asyncio.get_running_loop()
        self._transport.pause_reading()
        self._stale = self._cable.waiting
        self._transport = await loop.start_tls(self._transport, self._cable, context, server_hostname=self.place.host)
        if self._transport is None:
            raise ConnectionError("the connection ended in the handshake")
        self._cable.transport = self._transport
        self.console.secured()
        self._ear.secured(str(self._transport.get_extra_info("ssl_object").version()))

    async def close(self) -> None:
        """Hang up; nothing here raises."""
        if self._transport is not None:
            self._transport.close()
            try:
                async with asyncio.timeout(GOODBYE):
                    await self._cable.gone.wait()
            except TimeoutError:
                self._transport.abort()
        if self._ear is not None:
            self._ear.closed("quit" if self.console.over else "lost" if self.lost else "hung up")


class _Cable(asyncio.Protocol):
    """Our end of the connection: what comes is told in its order, and no more than `WAITING` octets ahead."""

    def __init__(self, came: Callable[[bytes | None], None]) -> None:
        self._came = came
        self.waiting = 0
        self.transport: Any = None
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += len(data)
        if self.waiting > WAITING:
            self.transport.pause_reading()
        for at in range(0, len(data), PIECE):
            self._came(data[at : at + PIECE])

    def heard(self, octets: int) -> None:
        """So many of the octets that were told have been taken note of."""
        paused = self.waiting > WAITING
        self.waiting -= octets
        if paused and self.waiting <= WAITING and not self.transport.is_closing():
            self.transport.resume_reading()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.flowing.set()
        self.gone.set()
        self._came(None)

    def pause_writing(self) -> None:
        self.flowing.clear()

    def resume_writing(self) -> None:
        self.flowing.set()
