"""The name server on its sockets: UDP and TCP on one port, every question and every answer in the logbook.

A datagram is a talk of its own; a TCP connection is one talk with as many questions as are asked.
What is answered is decided in `zone.py`, and what of it is disturbed in `ruled.py`; this file only carries it.
"""

import asyncio
import errno
import socket
import struct
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, NoReturn, cast

from dns.rcode import Rcode

from maillab.events import Closed, Leg, Opened, Packet, Side, Stumbled, Transport
from maillab.logbook import Logbook
from maillab.nameserver.message import QUERY_OCTETS, is_silent, write_refusal
from maillab.nameserver.ruled import Ruling, answered, asked, carried
from maillab.nameserver.zone import Zones
from maillab.protocols.dns.message import HEADER
from maillab.protocols.services import DNS
from maillab.rules.live import Rules
from maillab.rules.rule import INSTEAD, OF_OCTETS, Effect, Stage
from maillab.system import HERE
from maillab.wire.descriptors import AT_ONCE, let_wait, takes_reserve
from maillab.wire.disturb import Hung, Pause, Point, act, say

CONNECTIONS = 200  # over TCP at a time; the next is closed at once
IDLE = 10.0  # seconds for a question over TCP to arrive whole, and for its answer to be taken
UNANSWERED = 20  # in a row that are told one by one; after them every thousandth
EVERY = 1000
PORTS = 50  # tries to find a port that is free for UDP and TCP


class NameServer:
    """An authoritative name server called `name`, for as long as it is open."""

    def __init__(
        self,
        zones: Zones,
        logbook: Logbook,
        name: str,
        *,
        rules: Rules | None = None,
        idle: float = IDLE,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.zones = zones
        self.rules = rules or Rules()
        self.idle = idle
        self.pause = pause
        self._disturbed: set[asyncio.Task[None]] = set()  # answers that rules hold up
        self._logbook = logbook
        self._name = name
        self._unanswered = 0
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._datagrams: _Datagrams | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on `host` and give the port: `port`, or for 0 one that is free for both. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        datagrams, stream = _bind(host, port)
        try:
            self._server = await loop.create_server(lambda: _Connection(self), sock=stream, backlog=AT_ONCE)
            let_wait(self._server)
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
        for task in self._disturbed:
            task.cancel()
        if datagrams is not None:
            datagrams.transport.close()
            await datagrams.gone
        for connection in tuple(self._connections):
            connection.end("the name server was stopped", now=True)
        await asyncio.gather(*(connection.gone for connection in tuple(self._connections)))
        if server is not None:
            await server.wait_closed()

    # ── what the two doors ask of it ───────────────────────────────────────────────────────────────

    def open_talk(self, transport: Transport) -> str:
        """A new talk, told to the logbook; gives its name."""
        talk = self._logbook.name_talk(Leg.LOOKUP)
        self._logbook.append(Opened(talk, Leg.LOOKUP, DNS.name, self._name, transport=transport))
        return talk

    def close_talk(self, talk: str, why: str) -> None:
        """The end of a talk."""
        self._logbook.append(Closed(talk, why))

    def hear(self, talk: str, wire: bytes, peer: str, *, tcp: bool) -> Ruling:
        """One question in a talk, told to the logbook, and what comes of it: every one passes here."""
        self._logbook.append(Packet(talk, Side.CLIENT, wire))
        if self.rules.concerns(Stage.QUERY) or self.rules.concerns(Stage.ANSWER):
            return self._ruled(talk, wire, peer, tcp=tcp)
        return Ruling(self.answer(talk, wire, tcp=tcp))

    def _ruled(self, talk: str, wire: bytes, peer: str, *, tcp: bool) -> Ruling:
        name, rdtype = asked(wire)
        known = {"name": name, "over": "tcp" if tcp else "udp", "peer": peer}
        point = self.point(talk, known)
        effects, reply = point.ask(Stage.QUERY, rdtype), None
        if not effects or effects[-1].kind not in INSTEAD:
            reply = self.answer(talk, wire, tcp=tcp)
            if reply is not None:
                known["code"] = Rcode(reply[3] & 15).name
                effects += point.ask(Stage.ANSWER, rdtype)
        if effects and effects[-1].kind in INSTEAD:
            code = effects[-1].code
            reply = answered(wire, code, tcp=tcp) if code and not is_silent(wire) else None
        return Ruling(reply, effects)

    def point(self, talk: str, known: Mapping[str, str]) -> Point:
        """Where the rules are asked about a talk."""
        values: Callable[[str], tuple[str, ...]] = lambda name: (known.get(name, ""),)  # noqa: E731 - two lines for one
        return Point(self.rules, self._logbook, talk, DNS.protocol, DNS.name, known.get("name", ""), values)

    def tell(self, talk: str, reply: bytes) -> None:
        """An answer is said, and told to the logbook: every one passes here."""
        self._unanswered = 0
        self._logbook.append(Packet(talk, Side.SERVER, reply))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside what others ask."""
        task = asyncio.get_running_loop().create_task(work)
        self._disturbed.add(task)
        task.add_done_callback(self._disturbed.discard)

    def answer(self, talk: str, wire: bytes, *, tcp: bool) -> bytes | None:
        """The reply to `wire`. A fault of ours is SERVFAIL, and is told here only."""
        try:
            return self.zones.answer(wire, tcp=tcp)
        except Exception as error:  # noqa: BLE001 - one question must not cost the others their server
            self._logbook.append(Stumbled("nameserver", talk, repr(error)))
            return write_refusal(wire, Rcode.SERVFAIL) if not is_silent(wire) else None

    def hear_datagram(self, wire: bytes, peer: str, send: Callable[[bytes], object]) -> None:
        """A whole talk of one question. Of a flood of those that get no answer, a part is told."""
        if is_silent(wire) and not self.worth_telling():
            return
        talk = self.open_talk(Transport.UDP)
        ruling = self.hear(talk, wire, peer, tcp=False)
        if ruling.effects:
            self.later(self._send(talk, ruling, send))
        elif ruling.reply is None:
            self.close_talk(talk, _ignored(wire))
        else:
            self.tell(talk, ruling.reply)
            self.close_talk(talk, "answered")
            send(ruling.reply)

    async def _send(self, talk: str, ruling: Ruling, send: Callable[[bytes], object]) -> None:
        """The answer of a datagram, disturbed."""
        why = "unanswered, by a rule"
        try:
            await act(ruling.effects, self.pause, _hang_up)
            if ruling.reply is not None:
                [step], _ = carried(ruling, self.rules, tcp=False)
                await self.pause(step.wait)
                self.tell(talk, step.octets)
                send(step.octets)
                why = "answered"
        except Hung:
            pass
        finally:
            self.close_talk(talk, why)

    def admit(self, connection: "_Connection") -> str | None:
        """A new connection: the name of its talk, or None where there are too many already."""
        if len(self._connections) < CONNECTIONS:
            self._connections.add(connection)
            return self.open_talk(Transport.TCP)
        if self.worth_telling():
            self.close_talk(self.open_talk(Transport.TCP), f"refused: {CONNECTIONS} connections are open")
        return None

    def forget(self, connection: "_Connection") -> None:
        """A connection is gone."""
        self._connections.discard(connection)

    def worth_telling(self) -> bool:
        """Count one that gets no answer; is it to be told? The first in a row are, so that a flood fills no logbook."""
        self._unanswered += 1
        return self._unanswered <= UNANSWERED or self._unanswered % EVERY == 0


class _Datagrams(asyncio.DatagramProtocol):
    """The UDP door."""

    transport: asyncio.DatagramTransport

    def __init__(self, server: NameServer) -> None:
        self._server = server
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # which asyncio's own is, but not by inheritance

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server.hear_datagram(data, addr[0], lambda reply: self.transport.sendto(reply, addr))

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set_result(None)


class _Connection(asyncio.Protocol):
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
        self._effects: tuple[Effect, ...] = ()  # on all that is said here
        self._peer = ""
        self.gone: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._talk = None if takes_reserve(transport) else self._server.admit(self)
        self._timer = self._loop.call_later(self._server.idle, self.end, "timeout", True)
        if self._talk is None:
            self._transport.abort()
            return
        self._peer = str(transport.get_extra_info("peername", ("",))[0])
        effects = self._server.point(self._talk, {"over": "tcp", "peer": self._peer}).ask(Stage.ACCEPT)
        self._effects = tuple(effect for effect in effects if effect.kind in OF_OCTETS)
        if effects != self._effects:
            self._server.later(self._play(Ruling(None, effects)))

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
        ruling = self._server.hear(self._talk, wire, self._peer, tcp=True)
        if ruling.effects or self._effects:
            self._server.later(self._play(replace(ruling, effects=self._effects + ruling.effects)))
            return
        if ruling.reply is None:
            self.end(_ignored(wire))
            return
        self._server.tell(self._talk, ruling.reply)
        self._transport.write(struct.pack("!H", len(ruling.reply)) + ruling.reply)
        self._answered = True
        self._rest()
        self._loop.call_soon(self._again)

    def _rest(self) -> None:
        """Nothing more is read for now; the asker has its time anew."""
        self._timer.cancel()
        self._timer = self._loop.call_later(self._server.idle, self.end, "timeout", True)
        self._busy = True
        self._transport.pause_reading()

    async def _play(self, ruling: Ruling) -> None:
        """Say a reply, if there is one, as the rules will have it. Its time is not the asker's."""
        self._rest()
        self._timer.cancel()
        try:
            await act(ruling.effects, self._server.pause, self._stall, self._transport)
            if ruling.reply is not None and self._talk is not None:
                steps, ended = carried(ruling, self._server.rules, tcp=True)
                self._server.tell(self._talk, b"".join(step.octets for step in steps)[2:])
                await say(steps, self._transport.write, self._server.pause)
                self._answered = True
                if ended:
                    raise Hung("cut short by a rule")
        except Hung as hung:
            self.end(str(hung))
        else:
            self._rest()
            self._again()

    async def _stall(self) -> NoReturn:
        """Say nothing until the asker has waited too long, or the server is stopped."""
        self._rest()
        await asyncio.shield(self.gone)  # others wait for it too
        raise Hung("stalled by a rule")

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


async def _hang_up() -> NoReturn:
    """A datagram that is not answered now is not answered at all."""
    raise Hung("stalled by a rule")


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
