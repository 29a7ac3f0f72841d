"""One end of a connection: lines and contents out of it, octets into it, TLS when both sides are ready.

Rules for this file: it knows no protocol and hears for nobody; every wait has its deadline, everything held a limit.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable

LINE_OCTETS = 65_536
BODY_OCTETS = 67_108_864  # of one message
_HELD = 1_048_576  # octets that may wait for us before the other side must wait


class PlugError(ConnectionError):
    """The connection broke, or the other side sends what cannot be taken; the text says which."""


class Plug(asyncio.Protocol):
    """The protocol that asyncio wants. `patience`: seconds for each wait; `heard`: told all octets."""

    def __init__(self, patience: float = 60.0, heard: Callable[[bytes], None] | None = None) -> None:
        self.patience = patience
        self.gone = False  # nothing more will come
        self._heard = heard
        self._held = bytearray()
        self._came = asyncio.Event()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._transport: asyncio.Transport | None = None
        self._closed = asyncio.Event()

    # ── what asyncio calls ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The cable is in."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        self._held += data
        if self._heard is not None:
            self._heard(data)
        if len(self._held) > _HELD and self._transport is not None:
            self._transport.pause_reading()
        self._came.set()

    def eof_received(self) -> bool:
        """The other side has nothing more to say: we have not either."""
        self.gone = True
        self._came.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The cable is out."""
        self.gone = True
        self._came.set()
        self._flowing.set()
        self._closed.set()

    def pause_writing(self) -> None:
        """The other side does not read."""
        self._flowing.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._flowing.set()

    # ── what we call ──

    @property
    def tls_version(self) -> str:
        """TLSv1.3, or "" without TLS."""
        secured = self._transport.get_extra_info("ssl_object") if self._transport is not None else None
        return str(secured.version()) if secured is not None else ""

    async def line(self) -> bytes:
        """The next line with its ending; b"" when there will be none. Raises `TimeoutError`, `PlugError`."""
        async with asyncio.timeout(self.patience):
            while (end := self._held.find(b"\n") + 1) == 0:
                if len(self._held) > LINE_OCTETS:
                    raise PlugError(f"a line is longer than {LINE_OCTETS} octets")
                if not await self._more():
                    return b""
        return self._take(end)

    async def exactly(self, octets: int) -> bytes:
        """So many octets. Raises `TimeoutError`, `PlugError`."""
        if octets > BODY_OCTETS:
            raise PlugError(f"a content is longer than {BODY_OCTETS} octets")
        while len(self._held) < octets:
            await self._must()
        return self._take(octets)

    async def body(self) -> bytes:
        """Lines up to the one that is a dot, and that one taken away. Raises `TimeoutError`, `PlugError`."""
        looked = 0
        while True:
            if self._held.startswith(b".\r\n"):
                self._take(3)
                return b""
            if (end := self._held.find(b"\r\n.\r\n", max(0, looked - 4))) >= 0:
                content = self._take(end + 2)
                self._take(3)
                return content
            looked = len(self._held)
            if looked > BODY_OCTETS:
                raise PlugError(f"a content is longer than {BODY_OCTETS} octets")
            await self._must()

    async def until(self, feed: Callable[[bytes], bytes | None]) -> None:
        """Hand over what comes, until `feed` gives back what follows the end. Raises `TimeoutError`, `PlugError`."""
        octets = 0
        while True:
            data = self._take(len(self._held))
            if (rest := feed(data)) is not None:
                self._held[:0] = rest
                return
            octets += len(data)
            if octets > BODY_OCTETS:
                raise PlugError(f"a content is longer than {BODY_OCTETS} octets")
            await self._must()

    async def say(self, pieces: Iterable[bytes]) -> None:
        """Send, at the pace of the other side. Raises `TimeoutError`; `PlugError` when the connection is gone."""
        for piece in pieces:
            if self._transport is None or self._transport.is_closing():
                raise PlugError("the connection is closed")
            self._transport.write(piece)
            async with asyncio.timeout(self.patience):
                await self._flowing.wait()

    async def upgrade(self, context: ssl.SSLContext, *, host: str | None = None, first: bytes = b"") -> str:
        """Begin TLS, as a server if `host` is None; `first` is said in clear before. Gives the version.

        What came before the handshake is never heard as if it had been said inside (CVE-2011-0411): raises `PlugError`.
        `OSError` with `ssl.SSLError` for a handshake that fails.
        """
        if self._transport is None or self._transport.is_closing():
            raise PlugError("the connection is closed")
        self._transport.pause_reading()
        if self._held:
            raise PlugError("octets came before the handshake of TLS")
        if first:
            self._transport.write(first)
        secured = await asyncio.get_running_loop().start_tls(
            self._transport,
            self,
            context,
            server_side=host is None,
            server_hostname=host,
            ssl_handshake_timeout=min(self.patience, 30.0),
        )
        if secured is None:
            raise PlugError("the connection was closed during the handshake of TLS")
        self._transport = secured
        return self.tls_version

    async def close(self, within: float = 2.0) -> None:
        """Hang up; nothing here raises."""
        if self._transport is None:
            return
        self._transport.close()
        try:
            async with asyncio.timeout(within):
                await self._closed.wait()
        except TimeoutError:
            self._transport.abort()

    def _take(self, octets: int) -> bytes:
        taken = bytes(self._held[:octets])
        del self._held[:octets]
        if len(self._held) <= _HELD and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
        return taken

    async def _more(self) -> bool:
        """Wait for more octets; False when none will come."""
        if self.gone:
            return False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()  # a body may be larger than what is held otherwise
        self._came.clear()
        await self._came.wait()
        return True

    async def _must(self) -> None:
        async with asyncio.timeout(self.patience):
            if not await self._more():
                raise PlugError("the connection broke off inside a message")
