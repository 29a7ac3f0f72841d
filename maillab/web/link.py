"""One connection to the door: there are so many at most, and one on which nobody asks or reads is closed."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from maillab.wire.descriptors import takes_reserve

MOST = 500  # connections at a time
PATIENCE = 30.0  # seconds for the header of a question, and between two questions


class Link(H11Protocol):
    """What uvicorn speaks HTTP with; uvicorn itself waits for ever for a header that never ends."""

    patience = PATIENCE
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > MOST or takes_reserve(transport):
            transport.close()
        else:
            self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(self.patience, self._look, self.cycle, unread)

    def _look(self, cycle: object, unread: int) -> None:
        """Close it where no question was answered, or is being answered, since; octets that only drip in are none.

        End it where nothing was read of what is waiting to be read: 100 such answers have taken gigabytes.
        """
        if self.transport.get_protocol() is not self:
            return  # it is a websocket now
        waiting = self.transport.get_write_buffer_size()
        if waiting and waiting == unread:
            self.transport.abort()
        elif not waiting and self.cycle is cycle and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()
        else:
            self._look_later()
