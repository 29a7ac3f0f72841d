"""The name server on its sockets: UDP and TCP on one port, every question and every answer in the logbook.

A datagram is a talk of its own; a TCP connection is one talk with as many questions as are asked.
What is answered is decided in `zone.py`; this file only carries it.
"""

import asyncio
import errno
import socket
import struct
from typing import cast

from dns.rcode import Rcode

from maillab.events import Closed, Leg, Opened, Said, Side, Stumbled
from maillab.logbook import Logbook
from maillab.nameserver.message import HEADER, QUERY_OCTETS, is_silent, write_refusal
from maillab.nameserver.zone import Zones, described
from maillab.protocols.services import DNS
from maillab.system import HERE

CONNECTIONS = 200  # over TCP at a time; the next is closed at once
IDLE = 10.0  # seconds for a question over TCP to arrive whole, and for its answer to be taken
UNANSWERED = 20  # in a row that are told one by one; after them every thousandth
EVERY = 1000
PORTS = 50  # tries to find a port that is free for UDP and TCP


class NameServer:
    """An authoritative name server called `name`, for as long as it is open."""

    def __init__(self, zones: Zones, logbook: Logbook, name: str, *, idle: float = IDLE) -> None:
        self.zones = zones
        self.idle = idle
        self._logbook = logbook
        self._name = name
        self._unanswered = 0
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self._datagrams: _Datagrams | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on `host` and give the port: `port`, or for 0 one that is free for both. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        datagrams, stream = _bind(host, port)
        try:
            self._server = await loop.create_server(lambda: _Line(self), sock=stream)
            _, self._datagrams = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=datagrams)
        except BaseException:
            await self.close()
            datagrams.close()
            stream.close()
            raise
        return int(stream.getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end every talk."""
        server, self._server = self._server, None
        datagrams, self._datagrams = self._datagrams, None
        if server is not None:
            server.close()
        if datagrams is not None:
            datagrams.transport.close()
            await datagrams.gone
        for line in tuple(self._lines):
            line.end("the name server was stopped", now=True)
        await asyncio.gather(*(line.gone for line in tuple(self._lines)))
        if server is not None:
            await server.wait_closed()

    # ── what the two doors ask of it ───────────────────────────────────────────────────────────────

    def open_talk(self) -> str:
        """A new talk, told to the logbook; gives its name."""
        talk = self._logbook.name_talk(Leg.LOOKUP)
        self._logbook.append(Opened(talk, Leg.LOOKUP, DNS.name, self._name))
        return talk

    def close_talk(self, talk: str, why: str) -> None:
        """The end of a talk."""
        self._logbook.append(Closed(talk, why))

    def hear(self, talk: str, wire: bytes, *, tcp: bool) -> bytes | None:
        """One question in a talk, and its answer; None for silence. Both are told to the logbook."""
        self._say(talk, Side.CLIENT, described(wire)[0])
        reply = self.answer(talk, wire, tcp=tcp)
        if reply is not None:
            self._unanswered = 0
            for line in described(reply):
                self._say(talk, Side.SERVER, line)
        return reply

    def answer(self, talk: str, wire: bytes, *, tcp: bool) -> bytes | None:
        """The reply to `wire`. A fault of ours is SERVFAIL, and is told here only."""
        try:
            return self.zones.answer(wire, tcp=tcp)
        except Exception as error:  # noqa: BLE001 - one question must not cost the others their server
            self._logbook.append(Stumbled("nameserver", talk, repr(error)))
            return write_refusal(wire, Rcode.SERVFAIL) if not is_silent(wire) else None

    def hear_datagram(self, wire: bytes) -> bytes | None:
        """A whole talk of one question. Of a flood of those that get no answer, a part is told."""
        if is_silent(wire) and not self.worth_telling():
            return None
        talk = self.open_talk()
        reply = self.hear(talk, wire, tcp=False)
        self.close_talk(talk, "answered" if reply is not None else _ignored(wire))
        return reply

    def admit(self, line: "_Line") -> str | None:
        """A new connection: the name of its talk, or None where there are too many already."""
        if len(self._lines) < CONNECTIONS:
            self._lines.add(line)
            return self.open_talk()
        if self.worth_telling():
            self.close_talk(self.open_talk(), f"refused: {CONNECTIONS} connections are open")
        return None

    def forget(self, line: "_Line") -> None:
        """A connection is gone."""
        self._lines.discard(line)

    def worth_telling(self) -> bool:
        """Count one that gets no answer; is it to be told? The first in a row are, so that a flood fills no logbook."""
        self._unanswered += 1
        return self._unanswered <= UNANSWERED or self._unanswered % EVERY == 0

    def _say(self, talk: str, side: Side, line: str) -> None:
        self._logbook.append(Said(talk, side, line.encode("ascii", "backslashreplace") + b"\r\n"))


class _Datagrams(asyncio.DatagramProtocol):
    """The UDP door."""

    transport: asyncio.DatagramTransport

    def __init__(self, server: NameServer) -> None:
        self._server = server
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # which asyncio's own is, but not by inheritance

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._server.hear_datagram(data)
        if reply is not None:
            self.transport.sendto(reply, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set_result(None)


class _Line(asyncio.Protocol):
    """One connection over TCP: questions, each after two octets of its length (RFC 1035 §4.2.2), answered in order.

    One question is answered in a turn of the loop, and while its answer waits to be sent nothing more is read: whoever
    asks much at once waits, and nobody else.
    """

    _transport: asyncio.Transport
    _timer: asyncio.TimerHandle

    def __init__(self, server: NameServer) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = server
        self._talk: str | None = None  # None before it was admitted and after its end
        self._input = bytearray()
        self._answered = False
        self._busy = False  # a turn is waiting
        self._full = False  # the asker does not take its answers
        self._ended = False  # the asker will say no more
        self.gone: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._talk = self._server.admit(self)
        self._timer = self._loop.call_later(self._server.idle, self.end, "timeout", True)
        if self._talk is None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._input += data
        self._turn()

    def eof_received(self) -> bool:
        self._ended = True
        self._turn()
        return True  # its last answers are still to be sent

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._turn()

    def connection_lost(self, exc: Exception | None) -> None:
        self.end("lost", now=True)
        self._timer.cancel()
        self._server.forget(self)
        self.gone.set_result(None)

    def end(self, why: str, now: bool = False) -> None:
        """End the talk: `now`, or when what was written has been sent, for which there is as much time again."""
        if self._talk is not None:
            self._server.close_talk(self._talk, why)
            self._talk = None
        self._timer.cancel()
        if now:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._timer = self._loop.call_later(self._server.idle, self._transport.abort)
            self._transport.close()

    def _turn(self) -> None:
        """Answer one question if there is a whole one, and leave the next to another turn."""
        if self._talk is None or self._busy or self._full:
            return
        wire = self._next(self._talk)
        if wire is None:
            return
        reply = self._server.hear(self._talk, wire, tcp=True)
        if reply is None:
            self.end(_ignored(wire))
            return
        self._transport.write(struct.pack("!H", len(reply)) + reply)
        self._answered = True
        self._timer.cancel()
        self._timer = self._loop.call_later(self._server.idle, self.end, "timeout", True)
        self._busy = True
        self._transport.pause_reading()
        self._loop.call_soon(self._again)

    def _again(self) -> None:
        self._busy = False
        self._turn()

    def _next(self, talk: str) -> bytes | None:
        """The next question, or None when it is not whole; then more is read, or the talk is over."""
        length = int.from_bytes(self._input[:2], "big")
        if length > QUERY_OCTETS:
            self.end(f"refused: a question of {length} octets; the limit is {QUERY_OCTETS}")
        elif len(self._input) >= 2 + length and len(self._input) >= 2:
            wire = bytes(self._input[2 : 2 + length])
            del self._input[: 2 + length]
            return wire
        elif self._ended:
            self.end("lost" if self._input else "answered" if self._answered else "quit")
        else:
            self._transport.resume_reading()
        return None


def _ignored(wire: bytes) -> str:
    """Why a question gets silence."""
    return "ignored: shorter than a header" if len(wire) < HEADER.size else "ignored: a response, not a question"


def _bind(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one port; port 0 takes one that is free for both. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for left in reversed(range(1 if port else PORTS)):
        stream = socket.socket(family, socket.SOCK_STREAM)
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        try:
            if HERE.is_posix:  # elsewhere it would share the port with whoever has it
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind((host, port))
            datagrams.bind((host, stream.getsockname()[1]))
            stream.listen()  # on Linux two sockets may bind a port that none listens at yet
            stream.setblocking(False)
            datagrams.setblocking(False)
            return datagrams, stream
        except OSError as error:
            stream.close()
            datagrams.close()
            if error.errno != errno.EADDRINUSE or not left:
                raise
    raise AssertionError("the last try returns or raises")
