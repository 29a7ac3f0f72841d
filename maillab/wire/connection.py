"""One end of a connection on which a protocol is spoken by hand or from a record: lines and contents in, octets out.

Rules for this file: it knows no protocol. Every wait has its deadline, everything held a limit, and nothing that came
in clear is given out once TLS has begun (CVE-2011-0411).
"""

import asyncio
import ssl
import zlib
from collections.abc import Callable, Iterable
from typing import Literal

from maillab.wire.certificate import Handshake, handshake_of
from maillab.wire.deflate import Deflater, Inflater

LINE_OCTETS = 65_536
CONTENT_OCTETS = 67_108_864  # of one message
HELD_OCTETS = 131_072  # may wait for us before the other side must wait
LINE_COST = 64  # octets that a line of a reply counts for at least: each is an entry of the logbook
HANDSHAKE = 30.0  # seconds at most


class ConnectionBroken(ConnectionError):  # noqa: N818 - a fact, as the trade says it
    """The connection ended, or the other side sends what cannot be taken; the text says which."""


class TooLong(ConnectionBroken):
    """The other side sends a line, a reply or a content without end: `kind`; `limit` is in octets."""

    def __init__(self, kind: Literal["line", "reply", "content"], limit: int) -> None:
        super().__init__(f"the other side sends a {kind} of more than {limit:,} octets; hung up")
        self.kind = kind
        self.limit = limit


class Connection(asyncio.Protocol):
    """One end, of a client or of a server. Made by `connect`, or by a listening socket.

    `patience` is in seconds and holds for each wait, None waits for ever. `reply` is how many octets may come after
    `new_reply`, 0 for any number. `heard` is told the octets that are given out, in the order in which they came.
    """

    def __init__(
        self, patience: float | None = 60.0, *, reply: int = 0, heard: Callable[[bytes], None] | None = None
    ) -> None:
        self.patience = patience
        self.ended = False  # nothing more will come
        self._heard = heard
        self._reply_limit = reply
        self._reply = 0  # octets given out since `new_reply`
        self._held = bytearray()
        self._came = asyncio.Event()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._inflater: Inflater | None = None
        self._deflater: Deflater | None = None
        self._transport: asyncio.Transport | None = None
        self._closed = asyncio.Event()

    # ── what asyncio calls ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open (inside TLS, where TLS comes first)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        if self._inflater is not None:
            self._inflater.feed(data)
            self._inflate()
        else:
            self._held += data
        if not self._has_room and self._transport is not None:
            self._transport.pause_reading()
        self._came.set()

    def eof_received(self) -> bool:
        """The other side has nothing more to say: we have not either."""
        self.ended = True
        self._came.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection was closed, by either side."""
        self.ended = True
        self._came.set()
        self._flowing.set()
        self._closed.set()

    def pause_writing(self) -> None:
        """The other side does not read."""
        self._flowing.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._flowing.set()

    # ── what comes in ──

    def new_reply(self) -> None:
        """What comes from here on is another reply, with a limit of its own."""
        self._reply = 0

    async def line(self) -> bytes:
        """The next line with its ending; at the end what there is of one, then b"".

        Raises `TimeoutError`; `TooLong`, after which `drop` gives what came of the line.
        """
        searched = 0
        async with asyncio.timeout(self.patience):
            while (end := self._held.find(b"\n", searched) + 1) == 0:
                searched = len(self._held)
                if searched > LINE_OCTETS:
                    raise TooLong("line", LINE_OCTETS)
                if not await self._more():
                    return self._take(len(self._held))
        self._count(max(end, LINE_COST))
        return self._take(end)

    async def exactly(self, octets: int) -> bytes:
        """So many octets. Raises `TimeoutError`, `ConnectionBroken`, `TooLong`."""
        if octets > CONTENT_OCTETS:
            raise TooLong("content", CONTENT_OCTETS)
        while len(self._held) < octets:
            await self._must()
        return self._take(octets)

    async def body(self) -> bytes:
        """Lines up to the one that is a dot, which is taken away.

        Raises `TimeoutError`, `ConnectionBroken`, `TooLong`.
        """
        searched = 0
        while not self._held.startswith(b".\r\n"):
            if (end := self._held.find(b"\r\n.\r\n", max(0, searched - 4))) >= 0:
                self._count(end + 5)
                content = self._take(end + 2)
                self._take(3)
                return content
            searched = len(self._held)
            if searched > CONTENT_OCTETS:
                raise TooLong("content", CONTENT_OCTETS)
            await self._must()
        self._take(3)
        return b""

    async def until(self, feed: Callable[[bytes], bytes | None]) -> None:
        """Hand over what comes, until `feed` gives back what follows the end.

        Raises `TimeoutError`, `ConnectionBroken`, `TooLong`.
        """
        octets = 0
        while (rest := feed(bytes(self._held))) is None:
            octets += len(self._take(len(self._held)))
            if octets > CONTENT_OCTETS:
                raise TooLong("content", CONTENT_OCTETS)
            await self._must()
        self._take(len(self._held) - len(rest))

    def drop(self) -> bytes:
        """What came and was given to nobody; it is given out now, and never again."""
        return self._take(len(self._held))

    # ── what goes out ──

    async def say(self, pieces: Iterable[bytes]) -> None:
        """Send, at the pace of the other side. Raises `TimeoutError`, `ConnectionBroken`."""
        for piece in pieces:
            self._open_transport().write(piece if self._deflater is None else self._deflater.squeezed(piece))
            async with asyncio.timeout(self.patience):
                await self._flowing.wait()

    async def upgrade(self, context: ssl.SSLContext, *, host: str | None = None, first: bytes = b"") -> None:
        """Begin TLS, as a server if `host` is None; `first` is said in clear before.

        Raises `ConnectionBroken` where octets came in clear that nobody has read; `OSError` with `ssl.SSLError` for a
        handshake that fails.
        """
        transport = self._open_transport()
        transport.pause_reading()  # the first octets of the handshake are not for us
        if self._held:
            raise ConnectionBroken("octets came before the handshake of TLS")
        if first:
            transport.write(first)
        self._transport = await asyncio.get_running_loop().start_tls(
            transport,
            self,
            context,
            server_side=host is None,
            server_hostname=host,
            ssl_handshake_timeout=min(self.patience or HANDSHAKE, HANDSHAKE),
        )
        if self._transport is None:
            raise ConnectionBroken("the connection was closed during the handshake of TLS")

    def deflate(self) -> None:
        """All that either side says from now on is deflated (RFC 4978); what waits here was said after that."""
        self._inflater, self._deflater = Inflater(), Deflater()
        came, self._held = bytes(self._held), bytearray()
        if came:
            self.data_received(came)

    @property
    def handshake(self) -> Handshake:
        """What was agreed on when TLS began; nothing without TLS."""
        return handshake_of(self._transport.get_extra_info("ssl_object") if self._transport is not None else None)

    async def close(self, within: float = 2.0) -> None:
        """Hang up; the other side has `within` seconds to hang up too. Nothing here raises."""
        if self._transport is None:
            return
        self._transport.close()
        try:
            async with asyncio.timeout(within):
                await self._closed.wait()
        except TimeoutError:
            self._transport.abort()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    # ── octets ──

    def _open_transport(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionBroken("the connection is closed")
        return self._transport

    def _take(self, octets: int) -> bytes:
        taken = bytes(self._held[:octets])
        del self._held[:octets]
        if self._heard is not None and taken:
            self._heard(taken)
        if self._has_room:
            self._resume()
        return taken

    @property
    def _has_room(self) -> bool:
        """May more come? What is folded up unfolds before."""
        return len(self._held) <= HELD_OCTETS and not (self._inflater is not None and self._inflater.waits)

    def _inflate(self) -> None:
        """Unfold a little: a few octets may be very many."""
        assert self._inflater is not None
        try:
            self._held += self._inflater.take(HELD_OCTETS)
        except zlib.error:  # nobody knows what the other side says
            self.ended = True
            self.abort()

    def _count(self, octets: int) -> None:
        self._reply += octets
        if self._reply_limit and self._reply > self._reply_limit:
            raise TooLong("reply", self._reply_limit)

    def _resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    async def _more(self) -> bool:
        """Wait for more octets; False when none will come."""
        if self._inflater is not None and self._inflater.waits:
            self._inflate()
            return True
        if self.ended:
            return False
        self._resume()  # a content may be larger than what is held otherwise
        self._came.clear()
        await self._came.wait()
        return True

    async def _must(self) -> None:
        async with asyncio.timeout(self.patience):
            if not await self._more():
                raise ConnectionBroken("the connection broke off inside a message")


async def connect(
    connection: Connection, host: str, port: int, *, tls: ssl.SSLContext | None = None, server_hostname: str = ""
) -> None:
    """Connect; with `tls` that comes first, and the certificate must be for `server_hostname`, or else for `host`.

    Raises `TimeoutError`; `OSError`, with `ssl.SSLError` for a handshake that fails.
    """
    name = (server_hostname or host) if tls is not None else None
    async with asyncio.timeout(connection.patience):
        await asyncio.get_running_loop().create_connection(
            lambda: connection, host, port, ssl=tls, server_hostname=name
        )
