"""aiosmtpd's shell around the socket of an SMTP connection: the transport, and STARTTLS under a running connection.

What is read, said and meant: the driver (`wire/driver.py`) and the dialogue (`wire/smtp_server.py`) know that.
"""

import asyncio
import ssl
from typing import Any

from aiosmtpd.smtp import SMTP, TLSSetupException

from maillab.wire.driver import Driver
from maillab.wire.stream_shell import PassingOn


class SmtpShell(PassingOn, SMTP):
    """Passes on to the driver whatever asyncio tells, and lends it aiosmtpd's STARTTLS."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._secured: asyncio.Transport | None = None  # after STARTTLS
        self._furnish()

    def _furnish(self) -> None:
        """What aiosmtpd's own constructor would set, without the tables of verbs and hooks that it makes for every
        connection by looking through the whole class: 0.2 ms, a sixth of a short talk. A test pins the list.
        """
        config, loop = self._driver.config, asyncio.get_running_loop()
        asyncio.StreamReaderProtocol.__init__(self, asyncio.StreamReader(loop=loop), self._cb_client_connected, loop)
        self.loop = loop
        self.hostname = config.hostname
        self.event_handler = None
        self._handle_hooks: dict[str, Any] = {}
        self.tls_context = config.starttls
        self._tls_handshake_okay = True
        self._tls_protocol = None
        self._original_transport = None
        self.session = None
        self.envelope = None
        self.transport = None
        self._handler_coroutine = None

    def connection_made(self, transport: Any) -> None:
        """Called by asyncio once for the socket, and again by aiosmtpd's layer when TLS stands."""
        if self._tls_protocol is not None:
            self._secured = transport
        else:
            self._driver.connected(self, transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone. aiosmtpd would break off what the connection's task is doing."""
        if self._original_transport is not None:
            self._original_transport.close()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        self._driver.disconnected()
        self._tls_protocol = self._original_transport = self.transport = None  # they hold each other and buffers

    async def _handle_client(self) -> None:
        """The life of the connection, in a task that aiosmtpd starts."""
        await self._driver.run()
        del self._writer, self.__dict__["_client_connected_cb"]  # they hold the shell

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Time is the driver's business."""

    def _set_rset_state(self) -> None:
        """So is the envelope the dialogue's."""

    async def push(self, status: str | bytes) -> None:
        """STARTTLS wants to say 220, which the driver has said; what is read from now on is read by TLS."""
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.resume_reading()

    async def start_tls(self, context: ssl.SSLContext, seconds: float) -> asyncio.Transport | None:
        """As `Shell` says. A handshake that is broken off by an end of the connection in good order looks like one that
        has succeeded, but for `connection_made`.
        """
        try:
            await super().smtp_STARTTLS("")
        except TLSSetupException as error:
            raise ConnectionError("no TLS") from error
        finally:
            if self._secured is None:
                self.connection_lost(None)  # asyncio tells nobody but its own layer
        return self._secured
