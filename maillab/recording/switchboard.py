"""A door that puts callers through: so many to one place, all who come after to another. Octets, nothing else.

Rules for this file: it hears nothing and changes nothing; whoever hangs up first, the other side hears of it.
"""

import asyncio

BLOCK = 65_536


class Switchboard:
    """`first` and `then` are ports of this computer; `count` callers reach the first."""

    def __init__(self, count: int, first: int, then: int, host: str = "127.0.0.1") -> None:
        self._left = count
        self._first, self._then = first, then
        self._host = host
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listen; gives the port. Raises `OSError`."""
        self._server = await asyncio.start_server(self._call, self._host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for call in tuple(self._calls):
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls)

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        self._left -= 1
        writers = [writer]
        try:
            port = self._first if self._left >= 0 else self._then
            answers, onward = await asyncio.open_connection(self._host, port)
            writers.append(onward)
            await asyncio.gather(_pipe(reader, onward), _pipe(answers, writer))
        except OSError:  # nobody is there, or the line broke: hang up
            pass
        finally:
            for end in writers:
                end.close()
            self._calls.discard(call)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until nothing more comes: then the other side is told, and may still answer."""
    while octets := await reader.read(BLOCK):
        writer.write(octets)
        await writer.drain()
    writer.write_eof()
