"""A connection that a person types into: octets out as they were typed, lines in as they come, an ear on both.

Rules for this file: nothing is said that was not typed; TLS is begun when the server says go ahead, and what came in
clear after that is dropped (RFC 3207 §4.2).
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from maillab.client.console import Console, Step
from maillab.events import Leg
from maillab.grammar.lines import Lines
from maillab.logbook import Logbook
from maillab.wire.tap import Ear, SmtpEar

GOODBYE = 2.0  # seconds for the other side to hang up too


@dataclass(frozen=True, slots=True)
class Place:
    """Whom to talk to. `service` is smtp, submission, submissions, pop3 or pop3s."""

    host: str
    port: int
    service: str
    tls_first: bool = False

    @property
    def protocol(self) -> Literal["smtp", "pop3"]:
        """Which of the two is spoken."""
        return "pop3" if self.service.startswith("pop3") else "smtp"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


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
        self._lines = Lines()
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
        kind, leg = (SmtpEar, Leg.SUBMIT) if place.protocol == "smtp" else (Ear, Leg.RETRIEVE)
        self._ear = kind(self._logbook, leg, place.service, str(place), secure=place.tls_first)

    async def say(self, line: bytes) -> Step:
        """A line was typed, without its end; what there is to send has gone when this comes back."""
        step = self.console.typed(line)
        if step.send:
            assert self._ear is not None
            self._ear.client(step.send)
            self._transport.write(step.send)
            await self._cable.flowing.wait()
        return step

    def hear(self, data: bytes | None) -> bool:
        """The server said these octets; is an answer whole now? Its go-ahead for TLS ends what is read in clear."""
        if data is None:
            self.lost = True
            return False
        assert self._ear is not None
        self._ear.server(data)
        whole = False
        for line in self._lines.feed(data):
            whole = self.console.heard(line) or whole
            if self.console.tls_due:
                break
        return whole

    async def secure(self) -> None:
        """The handshake. Raises `OSError`."""
        assert self._ear is not None
        self._lines = Lines()
        context = await asyncio.to_thread(self._context)
        loop = asyncio.get_running_loop()
        self._transport = await loop.start_tls(self._transport, self._cable, context, server_hostname=self.place.host)
        if self._transport is None:
            raise ConnectionError("the connection ended in the handshake")
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
    """Our end of the connection: what comes is told in its order."""

    def __init__(self, came: Callable[[bytes | None], None]) -> None:
        self._came = came
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.gone = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self._came(data)

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
