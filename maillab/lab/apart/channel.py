"""One end of the line between a lab and the process of one of its sites: values, each whole, in order.

Format: four octets that say how long the value is, the most significant first, then the value as a pickle. Both ends
are one program, started by one person, and nobody else has the socket.
"""

import asyncio
import pickle
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")


class Channel:
    """One end. Made by `on`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @staticmethod
    async def on(end: socket.socket) -> "Channel":
        """The end that is at this socket, which it owns from now on."""
        return Channel(*await asyncio.open_connection(sock=end))

    def say(self, value: object) -> None:
        """Tell the other end; it is written as soon as that one reads."""
        octets = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._writer.write(_LENGTH.pack(len(octets)) + octets)

    async def hear(self) -> Any:
        """The next value. Raises `EOFError` when the other end is gone."""
        try:
            [length] = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            return pickle.loads(await self._reader.readexactly(length))  # noqa: S301 - our own program said it
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise EOFError from error

    def close(self) -> None:
        """Hang up, once all is written."""
        self._writer.close()
