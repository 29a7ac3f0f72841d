"""A shell of asyncio alone around the socket of a server's connection."""

import asyncio
import ssl

from maillab.wire.driver import Driver


class PassingOn:
    """Passes on to the driver what asyncio tells of a connection that stands."""

    _driver: Driver

    def data_received(self, data: bytes) -> None:
        """The client said this."""
        self._driver.came(data)

    def pause_writing(self) -> None:
        """The client reads more slowly than it is answered."""
        self._driver.pause_writing()

    def resume_writing(self) -> None:
        """The client has read enough."""
        self._driver.resume_writing()

    def eof_received(self) -> bool:
        """The client has said all."""
        return self._driver.ended()


class StreamShell(PassingOn, asyncio.Protocol):
    """The shell of every protocol but SMTP."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None  # asyncio itself holds tasks only weakly

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        assert isinstance(transport, asyncio.Transport)
        if self._transport is None:  # else: TLS begins
            self._transport = transport
            self._driver.connected(self, transport)
            self._task = asyncio.get_running_loop().create_task(self._driver.run())

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        self._driver.disconnected()

    async def start_tls(self, context: ssl.SSLContext, seconds: float) -> asyncio.Transport | None:
        """As `Shell` says."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        return await loop.start_tls(self._transport, self, context, server_side=True, ssl_handshake_timeout=seconds)
