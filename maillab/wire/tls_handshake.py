"""Where a connection waits for TLS from the first octet: few handshakes at a time, each with a deadline.

A handshake costs 256 KiB before anybody has said who they are, so it is not begun for all who knock at once.
"""

import asyncio
import ssl
import traceback
from collections.abc import Awaitable, Callable

from maillab.wire.descriptors import takes_reserve

AT_ONCE = 32  # handshakes at one port: 8 MiB; the others wait in their order
WAITING = 1000  # connections at one port that wait or shake hands; who comes then is cut off
UNTRUSTED = "untrusted"  # how a talk ended: the client does not accept the certificate

_OF_CERTIFICATES = (  # what a client says of ours, as the library names it (RFC 8446 §6.2)
    "UNKNOWN_CA", "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_UNKNOWN", "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED",
)  # fmt: skip


class Entrance:
    """Makes the protocols of a port where TLS begins at once. `make` gives the one that goes on inside TLS.

    A connection has `seconds` for its handshake, waiting included; `before` may hold it up, or cut it off and raise.
    `untrusted` is told of a client that does not accept the certificate.
    """

    def __init__(
        self,
        make: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext,
        seconds: float,
        before: Callable[[asyncio.Transport], Awaitable[None]],
        untrusted: Callable[[asyncio.Transport], None],
    ) -> None:
        self._make = make
        self._before, self._untrusted = before, untrusted
        self._context = context
        self._seconds = seconds
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a new connection, for `create_server`."""
        return _Waiting(self)

    def came(self, transport: asyncio.Transport) -> None:
        """A connection began."""
        if len(self._under_way) >= WAITING or takes_reserve(transport):
            transport.abort()
            return
        transport.pause_reading()  # the client's first word belongs to TLS
        task = asyncio.get_running_loop().create_task(self._shake(transport))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def close(self) -> None:
        """Cut off everybody who has not finished."""
        for task in self._under_way:
            task.cancel()

    async def _shake(self, transport: asyncio.Transport) -> None:
        early = _Early()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds), self._slots:
                await self._before(transport)
                secured = await loop.start_tls(
                    transport, early, self._context, server_side=True, ssl_handshake_timeout=self._seconds
                )
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            if why_none(error) == UNTRUSTED:
                self._untrusted(transport)
            give_back(error)
            secured = None
        except asyncio.CancelledError:
            transport.abort()
            raise
        if secured is None:  # None: the client has hung up in the middle
            transport.abort()
            return
        protocol = self._make()
        secured.set_protocol(protocol)
        protocol.connection_made(secured)
        early.hand_over(protocol)


def why_none(error: BaseException | None) -> str:
    """Why there is no TLS, as the reason of a `Closed`; None is what asyncio gives where the client hung up.

    >>> error = ssl.SSLError(1, "alert")
    >>> error.reason = "TLSV1_ALERT_UNKNOWN_CA"
    >>> why_none(error), why_none(ssl.SSLError(1, "")), why_none(None)
    ('untrusted', 'no TLS', 'lost')
    """
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return UNTRUSTED if (getattr(error, "reason", "") or "").endswith(_OF_CERTIFICATES) else "no TLS"
        error = error.__cause__ or error.__context__
    return "lost"


def give_back(error: BaseException | None) -> None:
    """Free what a failed handshake holds. Its error and the frames that raised it hold each other and the buffers of
    the connection, until the collector comes by: 3,000 of them were 800 MB.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


class _Waiting(asyncio.Protocol):
    """A connection whose handshake has not begun."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._entrance.came(transport)


class _Early(asyncio.Protocol):
    """Keeps what comes between the end of the handshake and the moment at which the real protocol takes over."""

    def __init__(self) -> None:
        self._came: list[Callable[[asyncio.Protocol], object]] = []

    def data_received(self, data: bytes) -> None:
        self._came.append(lambda protocol: protocol.data_received(data))

    def eof_received(self) -> None:
        self._came.append(lambda protocol: protocol.eof_received())

    def connection_lost(self, error: Exception | None) -> None:
        self._came.append(lambda protocol: protocol.connection_lost(error))

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """Tell the real protocol what came."""
        for tell in self._came:
            tell(protocol)
