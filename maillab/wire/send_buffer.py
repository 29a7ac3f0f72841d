"""Octets on their way out: answers of one connection that are held back until somebody waits for them."""

import asyncio
from collections.abc import Callable

from maillab.wire.deflate import Deflater
from maillab.wire.receive_buffer import BLOCK, Gone, wake


class SendBuffer:
    """What is to be said, in order. `tell` hears it when it leaves: it is the ear, which hears nothing else twice."""

    def __init__(self, transport: asyncio.Transport, tell: Callable[[bytes], None]) -> None:
        self.transport = transport
        self.closed = ""  # why the last word has been said
        self.lost = False  # nobody hears anything any more
        self._tell = tell
        self._held: list[bytes] = []  # while commands are still waiting (RFC 2920 §3.2, RFC 2449 §6.6)
        self._untold: list[bytes] = []  # of those, what the ear has not heard
        self._octets = 0  # held
        self._full = False  # the socket takes no more for now
        self._waiting: asyncio.Future[None] | None = None
        self._deflater: Deflater | None = None  # of a server that deflates what it says

    def deflate(self) -> None:
        """All that is said from now on is deflated."""
        self._deflater = Deflater()

    @property
    def brimming(self) -> bool:
        """Is so much held that it must leave?"""
        return self._octets >= BLOCK

    def hold(self, octets: bytes, *, told: bool = False) -> None:
        """Say this with the next `send`; `told`: the ear hears of it in another way."""
        self._held.append(octets)
        self._octets += len(octets)
        if not told:
            self._untold.append(octets)

    def tell(self) -> None:
        """Let the ear hear what is held."""
        if self._untold:
            self._tell(b"".join(self._untold))
            self._untold.clear()

    def send(self) -> None:
        """Let everything leave; what nobody can hear is thrown away."""
        if self._held and not self.closed and not self.lost:
            self.tell()
            octets = b"".join(self._held)
            self.transport.write(octets if self._deflater is None else self._deflater.squeezed(octets))
        self._held.clear()
        self._untold.clear()
        self._octets = 0

    def pause(self) -> None:
        """The client reads more slowly than it is answered."""
        self._full = True

    def resume(self) -> None:
        """The client has read enough."""
        self._full = False
        wake(self._waiting)

    def close(self, why: str) -> None:
        """The last word has been said; whoever waits hears so."""
        self.closed = why
        wake(self._waiting)

    def lose(self) -> None:
        """The socket is gone."""
        self.lost = True
        wake(self._waiting)

    @property
    def stuck(self) -> bool:
        """Is the client expected to read before anything more can be said?"""
        return self._full and not self.lost

    async def read_by_client(self) -> None:
        """Until the client has read enough, or has gone. Raises `Gone` when the last word has been said."""
        while self.stuck:
            if self.closed:
                raise Gone(self.closed)
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
