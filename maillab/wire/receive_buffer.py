"""Octets on their way in: what the client of one connection has said and nobody has read yet."""

import asyncio
import zlib
from collections.abc import Callable

from maillab.wire.deflate import Inflater

BLOCK = 65_536  # octets; the socket is not read on while more than this wait to be looked at


class Gone(Exception):  # noqa: N818 - named for what happened
    """The connection has ended, by either side; carries why."""


class ReceiveBuffer:
    """What came, in order. `transport` is read on as long as somebody reads here."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.ended = ""  # why no more will come
        self._came = b""  # and nobody has looked at it
        self._pending, self._at = b"", 0  # octets that are being read, and how far
        self._paused = False  # the socket is not read on
        self._waiting: asyncio.Future[None] | None = None
        self._inflater: Inflater | None = None  # of a client that deflates what it says

    def inflate(self) -> None:
        """All that nobody has read, and all that comes from now on, is deflated."""
        octets, self._inflater = self.unread, Inflater()
        self.put_back(b"")
        self._came = b""
        self.came(octets)

    def came(self, data: bytes) -> None:
        """The client said this."""
        if self._inflater is not None:
            self._inflater.feed(data)
            data = self._inflated() if len(self._came) <= BLOCK else b""
        self._came = self._came + data if self._came else data
        if (len(self._came) > BLOCK or self._is_folded) and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        wake(self._waiting)

    def end(self, why: str) -> None:
        """No more will come. Only the first word counts."""
        self.ended = self.ended or why
        wake(self._waiting)

    @property
    def unread(self) -> bytes:
        """All that nobody has read."""
        return self._pending[self._at :] + self._came

    @property
    def ready(self) -> int:
        """Octets that can be read without waiting."""
        return len(self._pending) - self._at

    def line(self) -> bytes:
        """The next line with its ending, b"" while it is not whole."""
        end = self._pending.find(b"\n", self._at) + 1
        return self.read(end - self._at) if end else b""

    def read(self, octets: int) -> bytes:
        """The next octets that are ready, so many at most."""
        start = self._at
        self._at = min(start + octets, len(self._pending))
        return self._pending[start : self._at]

    def put_back(self, octets: bytes) -> None:
        """The last of the octets that were read belong to what comes next. All that was ready must have been read."""
        self._pending, self._at = octets, 0

    def drop(self) -> None:
        """Nobody will read what came."""
        self._pending, self._at, self._came = b"", 0, b""
        self._resume()

    def stir(self) -> None:
        """Whoever waits looks again whether there is a reason to wait."""
        wake(self._waiting)

    async def wait(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Until more is ready, or something else is `enough`. Raises `Gone` when no more will come."""
        while not self._came and not enough():
            if self._is_folded:
                self._came = self._inflated()
                continue
            if self.ended:
                raise Gone(self.ended)
            await self._woken()
        rest = self._pending[self._at :]
        self._pending, self._at, self._came = rest + self._came if rest else self._came, 0, b""
        self._resume()

    async def wait_for_the_end(self) -> None:
        """Read on, for nobody, until no more will come."""
        is_deflated, self._inflater = self._inflater is not None, None  # it would hold what nobody unfolds
        while not self.ended:
            self._came, self._paused = b"", False
            self.transport.resume_reading()  # whoever stopped it: else nobody would see that the client hangs up
            await self._woken()
        if is_deflated:
            self._came = b""  # no words

    async def _woken(self) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    @property
    def _is_folded(self) -> bool:
        """Is there more of what came than was unfolded?"""
        return self._inflater is not None and self._inflater.waits

    def _inflated(self) -> bytes:
        """The next of what came, as it was; a client that says something else than it agreed to is not heard on."""
        assert self._inflater is not None
        try:
            return self._inflater.take(BLOCK)
        except zlib.error:
            self._inflater = None
            self.end("not deflated")
            return b""

    def _resume(self) -> None:
        if self._paused and not self._is_folded:
            self._paused = False
            self.transport.resume_reading()


def wake(future: "asyncio.Future[None] | None") -> None:
    """Let go on whoever waits, if somebody does."""
    if future is not None and not future.done():
        future.set_result(None)
