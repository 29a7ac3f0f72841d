"""One loop that drives every pure dialogue of ours over a socket: lines in, replies out, TLS when asked.

A `Dialogue` (POP3, later IMAP) knows words and no socket; this file knows sockets and no words. What it adds: the ear,
the limits of time and length, answers held back while commands are waiting, blocking calls in threads.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from maillab.events import Authenticated, Leg, Side, Stumbled
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.protocols.lines import Lines, LineTooLong
from maillab.wire.bodies import Broken, Shipment
from maillab.wire.gate import Gate
from maillab.wire.handshake import Entrance, give_back
from maillab.wire.limits import FINISH, LINGER, Limits
from maillab.wire.tap import DoorEar
from maillab.wire.turns import Answer, Body, Call, Close, Decided, Dialogue, StartTls, Turns, WrongPassword

BLOCK = 65_536
AT_A_TIME = 32  # commands that are obeyed before the others have their turn
T = TypeVar("T")


@dataclass(slots=True)
class Booth:
    """How one port is furnished. `make` gives the dialogue of a new talk: (its name, whether TLS is on already).

    `idle` is in seconds; `starttls` is the certificate for a dialogue that asks for TLS later on.
    """

    service: str
    hostname: str
    make: Callable[[str, bool], Dialogue]
    logbook: Logbook
    gate: Gate
    reference: Callable[[], str]
    starttls: ssl.SSLContext | None = None
    record: Path | None = None  # where the logbook's large bodies live
    leg: Leg = Leg.RETRIEVE
    idle: float = 600.0  # RFC 1939 §3: at least ten minutes
    limits: Limits = field(default_factory=Limits)
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep


class DialogueServer:
    """Opens a booth on a socket and knows every talk that goes on in it."""

    def __init__(self, booth: Booth) -> None:
        self.booth = booth
        self.closing = False
        self._server: asyncio.Server | None = None
        self._entrance: Entrance | None = None  # of a door that speaks TLS at once
        self._talks: dict[asyncio.Task[Any], _Talk] = {}

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, with TLS at once if `tls` is given; gives the port. Raises `OSError` when it is taken."""

        def connect() -> asyncio.Protocol:
            reader = asyncio.StreamReader(BLOCK)
            protocol = _Counting(reader, lambda reader, writer: self._welcome(protocol, reader, writer))
            return protocol

        make: Callable[[], asyncio.Protocol] = connect
        if tls is not None:
            self._entrance = make = Entrance(connect, tls, self.booth.limits.handshake)
        self._server = await asyncio.get_running_loop().create_server(make, host, port, backlog=512)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self, deadline: float = 1.0) -> None:
        """Stop listening; end the talks that are waiting now, and the others after their command or the deadline."""
        if self._server is None:
            return
        self._server.close()
        if self._entrance is not None:
            self._entrance.close()
        self.closing = True
        for task, talk in self._talks.items():
            if talk.waiting:
                task.cancel()
        if self._talks:
            _, late = await asyncio.wait(tuple(self._talks), timeout=deadline)
            for task in late:
                task.cancel()  # a call that has begun is not broken off: its answer is said before the end
            if late:
                busy = any(self._talks[task].calling for task in late if task in self._talks)
                await asyncio.wait(late, timeout=FINISH if busy else deadline)

    async def _welcome(self, protocol: "_Counting", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = talk = _Talk(self, protocol, reader, writer)
        try:
            await talk.run()
        except asyncio.CancelledError:
            pass  # by close(): the talk has been ended in order, and asyncio would report the task as lost
        finally:
            del self._talks[task]


class _Counting(asyncio.StreamReaderProtocol):
    """Asyncio's stream protocol, which counts what came in: so that nothing hides in a buffer when TLS begins."""

    came = 0

    def data_received(self, data: bytes) -> None:
        self.came += len(data)
        super().data_received(data)


class _Over(Exception):  # noqa: N818 - the talk is over; carries why
    pass


class _OwnFault(Exception):  # noqa: N818 - an `OSError` of ours, its cause, which is not to be taken for the socket's
    pass


class _Talk:
    """One connection."""

    def __init__(
        self,
        server: DialogueServer,
        protocol: _Counting,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.waiting = False  # for the client: nobody minds an end now
        self.calling = False  # something blocks in a thread, and is waited for
        self._server, self._booth = server, server.booth
        self._protocol, self._reader, self._writer = protocol, reader, writer
        self._read = 0  # octets that came out of the reader
        self._peer = str((writer.get_extra_info("peername") or ("?",))[0])
        self._out: list[bytes] = []
        self._held = 0  # octets in `_out`
        self._cancelled = False
        booth, tls = self._booth, writer.get_extra_info("ssl_object")
        self._ear = DoorEar(booth.logbook, booth.leg, booth.service, booth.hostname, secure=tls is not None)
        self._dialogue = booth.make(self._ear.talk, tls is not None)
        self._lines = Lines(self._dialogue.line_octets)
        self._bodies = 0  # messages said, to give each a name
        self._waiting_lines: deque[bytes] = deque()  # they came in one piece with the one that is obeyed now

    async def run(self) -> None:
        """From the greeting to the last word."""
        why = "lost"
        admitted = self._booth.gate.enter(self._peer)
        try:
            async with asyncio.timeout(self._booth.limits.session):
                await self._converse(admitted)
        except _Over as over:
            why = str(over)
        except TimeoutError:
            why = "timeout"
        except asyncio.CancelledError:
            why = "closing"
            raise
        except OSError as error:  # the client went away, or TLS did not come about
            give_back(error)
        finally:
            if admitted:
                self._booth.gate.leave(self._peer)
            await self._end(why)

    async def _converse(self, admitted: bool) -> None:
        if not admitted:
            await self._play(self._dialogue.turn_away())
        await self._play(self._dialogue.greet())
        while True:
            try:
                lines = self._lines.feed(await self._hear())
            except LineTooLong as error:
                self._ear.unread(error.octets)
                await self._play(self._dialogue.overlong())
                raise _Over("refused") from None
            self._waiting_lines.extend(lines)
            await self._obey_all()

    async def _obey_all(self) -> None:
        """The commands that came in one piece; after a few the other talks have their turn."""
        commands = 0
        while self._waiting_lines:
            line = self._waiting_lines.popleft()
            self._ear.heard(line, answer=self._dialogue.answering)
            if len(line) > self._dialogue.line_octets:
                await self._play(self._dialogue.overlong())
            await self._obey(line)
            commands += 1
            if not commands % AT_A_TIME:
                await asyncio.sleep(0)

    async def _hear(self) -> bytes:
        """More octets of the client. Raises `_Over` when there will be none, `TimeoutError` when it waits too long."""
        await self._flush()
        if self._server.closing:
            raise _Over("closing")
        self.waiting = True
        try:
            async with asyncio.timeout(self._booth.idle):
                data = await self._reader.read(BLOCK)
        finally:
            self.waiting = False
        if not data:
            raise _Over("lost")
        self._read += len(data)
        return data

    async def _obey(self, line: bytes) -> None:
        """Whatever goes wrong with us is told to the client as a reference, never as itself."""
        try:
            await self._play(self._dialogue.hear(line))
        except (_Over, OSError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: a fault of ours is never the client's
            reference = self._booth.reference()
            fault = error.__cause__ if isinstance(error, _OwnFault) else error
            self._booth.logbook.append(Stumbled(self._ear.talk, reference, f"{type(fault).__name__}: {fault}"))
            await self._play(self._dialogue.stumbled(reference))

    # ── turns ──

    async def _play(self, turns: Turns) -> None:
        """Do what the dialogue yields, and send it what came of it."""
        result: object = None
        failure: Exception | None = None
        while True:
            try:
                turn = turns.send(result) if failure is None else turns.throw(failure)
            except StopIteration:
                break
            except OSError as error:  # a dialogue has no socket: this one is of the disk
                raise _OwnFault from error
            result, failure = None, None
            match turn:
                case Answer(octets):
                    await self._say(octets)
                case Body(status, content):
                    failure = await self._carry(status, content)
                case Call(function):
                    try:
                        result = await self._in_thread(function)
                    except Exception as error:  # noqa: BLE001 - it belongs to the dialogue
                        failure = error
                case WrongPassword():
                    await self._flush()
                    wait = self._booth.gate.failed(self._peer)
                    await self._booth.pause(max(wait, self._booth.limits.auth_floor))
                case StartTls():
                    await self._start_tls()
                case Decided(event):
                    self._booth.logbook.append(event)
                    if isinstance(event, Authenticated):
                        self._booth.gate.succeeded(self._peer)
                case Close(why):
                    raise _Over(why)
        if self._cancelled:
            raise asyncio.CancelledError

    async def _say(self, octets: bytes) -> None:
        """Answer, with the next flush: many commands in one segment are answered in one (RFC 2449 §6.6)."""
        self._ear.server(octets)
        await self._write(octets)

    async def _write(self, octets: bytes) -> None:
        self._out.append(octets)
        self._held += len(octets)
        if self._held >= BLOCK:
            await self._flush()
            await asyncio.sleep(0)  # a huge answer lets the others in between

    async def _flush(self) -> None:
        """Raises `TimeoutError` when the client does not read what it asked for."""
        if self._out:
            self._writer.write(b"".join(self._out))
            self._out, self._held = [], 0
            async with asyncio.timeout(self._booth.idle):
                await self._writer.drain()

    async def _carry(self, status: bytes, content: Content) -> OSError | None:
        """Say a message; gives the error when it cannot be read at all."""
        self._bodies += 1
        shipment = Shipment(content, self._booth.record, f"{self._ear.talk}-{self._bodies}")
        try:
            block = await self._next_block(shipment)
        except OSError as error:
            return error
        await self._say(status)
        try:
            while block:
                await self._write(block)
                block = await self._next_block(shipment)
        except Broken as error:
            raise _Over("the message was cut short on disk") from error
        finally:
            for piece in shipment.pieces():
                if len(piece):
                    self._ear.carried(Side.SERVER, piece)
        await self._say(b".\r\n")
        return None

    async def _next_block(self, shipment: Shipment) -> bytes:
        return shipment.next() if shipment.in_memory else await self._in_thread(shipment.next)

    async def _in_thread(self, function: Callable[[], T]) -> T:
        """A call that has begun is waited for, even by a talk that is being ended: it may hold a lock."""
        work = asyncio.get_running_loop().run_in_executor(None, function)
        self.calling = True
        try:
            while True:
                try:
                    return await asyncio.shield(work)
                except asyncio.CancelledError:
                    if work.cancelled() or self._cancelled:
                        raise
                    self._cancelled = True
        finally:
            self.calling = False

    # ── the socket ──

    async def _start_tls(self) -> None:
        """RFC 2595 §4, and nothing that was said in clear may be heard as if it had been said inside (T187)."""
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()  # the client's first word of TLS must not land in our reader
        if self._waiting_lines or self._lines.rest or self._protocol.came != self._read:
            raise _Over("octets behind STLS")
        assert self._booth.starttls is not None
        await self._flush()
        await self._writer.start_tls(self._booth.starttls, ssl_handshake_timeout=self._booth.limits.handshake)
        self._ear.secured(str(self._writer.get_extra_info("ssl_object").version()))

    async def _end(self, why: str) -> None:
        """The mailbox is unlocked, the last word sent, the socket closed; nothing here raises."""
        self._cancelled = False
        try:
            await self._play(self._dialogue.lost())
            async with asyncio.timeout(LINGER):
                await self._flush()
                if why == "refused" and self._writer.can_write_eof():
                    self._writer.write_eof()
                    await self._drain_client()
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - unlocking failed: there is nobody left to be told but the logbook
            self._booth.logbook.append(Stumbled(self._ear.talk, self._booth.reference(), str(error)))
        self._ear.unread(b"".join(self._waiting_lines) + self._lines.rest)
        self._ear.closed(why)
        self._writer.close()
        try:
            async with asyncio.timeout(LINGER):
                await self._writer.wait_closed()
        except (OSError, TimeoutError, asyncio.CancelledError):
            self._writer.transport.abort()

    async def _drain_client(self) -> None:
        """Swallow a little of what still comes: closing over unread octets, the kernel would take our word back."""
        for _ in range(16):
            if not await self._reader.read(BLOCK):
                return
