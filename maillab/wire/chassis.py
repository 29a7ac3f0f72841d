"""The chassis of an SMTP connection: octets in and out, deadlines, the ear, the life of the connection's task.

aiosmtpd gives the transport and STARTTLS under a running connection; everything that is read or said passes here.
What the words mean is the business of `wire/smtp.py`.
"""

import asyncio
from dataclasses import replace
from functools import lru_cache
from typing import Any

from aiosmtpd.smtp import SMTP, TLSSetupException

from maillab.mail.reply import Reply, refused
from maillab.protocols.smtp import announces_chunk
from maillab.wire.door import Door, SmtpServer
from maillab.wire.handshake import give_back
from maillab.wire.limits import LINGER
from maillab.wire.reception import Caller
from maillab.wire.tap import DoorEar

BLOCK = 65_536
AT_A_TIME = 32  # commands that are obeyed before the other connections have their turn
_ENDLESS = 1_048_576  # octets of one command line: nobody types that, and every one of them would be written down
FOREVER = 1e12  # seconds: no deadline while the machine itself is at work

_wire = lru_cache(256)(Reply.wire)  # most replies are said a thousand times


class Gone(Exception):  # noqa: N818 - named for what happened
    """The client is no longer there, or has been shown out; carries why."""


class Chassis(SMTP):
    """One connection at one `Door`; who inherits says in `_converse` what is talked about."""

    def __init__(self, server: SmtpServer) -> None:
        door = server.door
        self._furnish_chassis(door)
        self._server = server
        self._door = door
        self._limits = door.limits
        self._pending = b""  # octets read and not yet understood
        self._style = ""  # "" nothing yet, "lf" a person's nc, "crlf" for ever after the first CRLF
        self._out: list[bytes] = []  # replies held back while commands are still waiting (RFC 2920 §3.2)
        self._deadline = FOREVER
        self._alarm: asyncio.TimerHandle | None = None
        self._bad_lines = 0
        self._admitted = False
        self._tls_up = False  # after STARTTLS
        self.storing = False  # a message, which is waited for
        self.dismissed = False  # the machine is being switched off
        self._parting = False  # the last word has been said
        self._over = False  # the end of the connection has been counted
        self._ear: DoorEar  # from connection_made on
        self.caller = Caller("", "")

    def _furnish_chassis(self, door: Door) -> None:
        """What aiosmtpd's own constructor would set, without the tables of verbs and hooks that it makes for every
        connection by looking through the whole class: 0.2 ms, a sixth of a short talk. A test pins the list.
        """
        loop = asyncio.get_running_loop()
        asyncio.StreamReaderProtocol.__init__(
            self, asyncio.StreamReader(limit=BLOCK, loop=loop), self._cb_client_connected, loop
        )
        self.loop = loop
        self.hostname = door.hostname
        self.event_handler = None
        self._handle_hooks: dict[str, Any] = {}
        self.tls_context = door.tls
        self._timeout_duration = door.limits.session
        self._timeout_handle = None
        self._tls_handshake_okay = True
        self._tls_protocol = None
        self._original_transport = None
        self.session = None
        self.envelope = None
        self.transport = None
        self._handler_coroutine = None

    # ── the connection ──

    def connection_made(self, transport: Any) -> None:
        """Called by asyncio once for the socket, and again by aiosmtpd when TLS stands."""
        if self._tls_protocol is not None:
            self._tls_up = True
            self._ear.secured(str(transport.get_extra_info("ssl_object").version()))
        else:
            peer = transport.get_extra_info("peername") or ("?", 0)
            secure = transport.get_extra_info("sslcontext") is not None
            door = self._door
            leg = door.leg_of(peer)
            self._ear = DoorEar(door.logbook, leg, door.service, door.hostname, secure=secure, record=door.record)
            self.caller = Caller(self._ear.talk, str(peer[0]), secure=secure)
            self._admitted = door.gate.enter(self.caller.peer)
            self._server.came(self)
        super().connection_made(transport)

    def eof_received(self) -> bool | None:
        """A client that has said all may still listen (half-close): only its messages and answers are finished."""
        asyncio.StreamReaderProtocol.eof_received(self)
        return not self.caller.secure

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone; a message that is being stored is not disturbed. Only the first call counts."""
        if self._over:
            return
        self._over = True
        self._end_record("lost")
        if self._alarm is not None:
            self._alarm.cancel()
        if self._admitted:
            self._admitted = False
            self._door.gate.leave(self.caller.peer)
        self._forget()
        self._server.went(self)
        super().connection_lost(error)

    async def begin_tls(self) -> None:
        """STARTTLS as aiosmtpd does it. Raises `Gone` when TLS has not come about: then nothing is left to be said, and
        asyncio tells nobody but its own layer that the connection is lost (a handshake that is broken off by an end
        of the connection in good order even looks like one that has succeeded).
        """
        failure: BaseException | None = None
        try:
            async with asyncio.timeout(self._limits.handshake):
                await super().smtp_STARTTLS("")
        except (TLSSetupException, TimeoutError) as error:
            failure = error
        if not self._tls_up:
            give_back(failure)
            raise Gone("lost")

    def _timeout_cb(self) -> None:
        self._show_out(Reply(421, "4.4.2", (f"{self.hostname} This connection has lasted long enough",)), "timeout")

    def dismiss(self, *, at_once: bool = False) -> None:
        """The machine is being switched off; who waits for the answer to a message hears it first, unless `at_once`."""
        self.dismissed = True
        if at_once or not self.storing:
            self._show_out(self._closing, "closing")

    @property
    def _closing(self) -> Reply:
        return Reply(421, "4.3.2", (f"{self.hostname} The laboratory is closing",))

    def _show_out(self, reply: Reply, why: str) -> None:
        """Say a last word and close, from outside the conversation."""
        if self.transport is None or self.transport.is_closing():
            return
        if not self._parting:
            self.say(reply)
            self._write_out()
            self._end_record(why)
        self.transport.close()

    def _arm(self, seconds: float) -> None:
        """The client has `seconds` from now; one timer serves the whole connection and re-arms itself."""
        self._deadline = self.loop.time() + seconds
        if self._alarm is None and seconds < FOREVER:
            self._alarm = self.loop.call_at(self._deadline, self._on_alarm)

    def _on_alarm(self) -> None:
        self._alarm = None
        if self.loop.time() >= self._deadline:
            self._show_out(Reply(421, "4.4.2", (f"{self.hostname} Waited too long for you",)), "timeout")
        else:
            self._alarm = self.loop.call_at(min(self._deadline, self.loop.time() + 60), self._on_alarm)

    # ── octets in and out ──

    def say(self, reply: Reply) -> None:
        """Answer; the octets leave with the next `flush`, a multi-line reply always in one piece."""
        if reply.enhanced and "ENHANCEDSTATUSCODES" in self._door.without:
            reply = replace(reply, enhanced="")
        self._out.append(_wire(reply))

    async def flush(self) -> None:
        """Send the held replies, and wait while the client does not read them."""
        if self._out:
            self._write_out()
            if self._writer.transport.get_write_buffer_size():
                await self._writer.drain()

    def _write_out(self) -> None:
        data = b"".join(self._out)
        self._out.clear()
        self._ear.server(data)
        self._writer.write(data)

    async def push(self, status: str | bytes) -> None:
        """aiosmtpd's way to say something: only its STARTTLS still does."""
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        self.say(Reply(int(text[:3]), "", (text[4:],)))
        await self.flush()

    async def _block(self) -> None:
        """Wait for more octets. Raises `Gone` when there will be none."""
        await self.flush()
        data = await self._reader.read(BLOCK)
        if not data:
            raise Gone("lost")
        self._pending += data

    async def read_line(self, limit: int, *, answer: bool = False) -> bytes:
        """One line with its end, told to the ear; `answer`: to a challenge, so that it is secret.

        Raises `Refused` (500 5.5.2) after one longer than `limit`, which is thrown away, and `Gone` within one that has
        no end, or behind which nobody knows how much content follows.
        """
        self._arm(self._limits.command)
        begin, thrown = b"", 0
        while (end := self._pending.find(b"\n")) < 0:
            if len(self._pending) > limit:
                begin = begin or self._pending
                thrown += len(self._pending) - 1
                self._throw(self._pending[:-1], first=begin is self._pending, answer=answer)
                if thrown > _ENDLESS:
                    raise self._leave(Reply(500, "5.5.2", (f"Line longer than {limit} octets, and no end of it",)))
            await self._block()
        line, self._pending = self._pending[: end + 1], self._pending[end + 1 :]
        self._style = "crlf" if line.endswith(b"\r\n") else self._style or "lf"
        self._arm(FOREVER)
        if begin:
            self._ear.heard_more(line)
        else:
            self._ear.heard(line, answer=answer)
        if begin or len(line) > limit:
            raise self._overlong(begin or line, limit)
        return line

    def _throw(self, piece: bytes, *, first: bool, answer: bool) -> None:
        """Octets of a line that nobody will read; its last octet stays, it may be half of the end."""
        if first:
            self._ear.heard(piece, answer=answer)
        else:
            self._ear.heard_more(piece)
        self._pending = self._pending[-1:]

    def _overlong(self, begin: bytes, limit: int) -> Exception:
        self._count_bad_line()
        text = f"Line longer than {limit} octets"
        if announces_chunk(begin):  # content follows, of which nobody knows how much
            return self._leave(Reply(500, "5.5.2", (text,)))
        return refused(500, "5.5.2", text)

    def _count_bad_line(self) -> None:
        self._bad_lines += 1
        if self._bad_lines >= self._limits.bad_lines:
            raise self._leave(
                Reply(421, "4.7.0", (f"{self.hostname} That is not SMTP: lines too long or wrongly ended",))
            )

    def _leave(self, reply: Reply) -> Gone:
        self.say(reply)
        return Gone("refused")

    # ── life ──

    async def _handle_client(self) -> None:
        """The life of the connection; aiosmtpd starts it, and cancels it when the socket is gone."""
        why = "lost"
        try:
            await self._converse()
        except Gone as gone:
            why = str(gone)
        except (ConnectionError, TimeoutError):
            pass  # the client went away: nothing is left to be said
        finally:
            if self._tls_protocol is not None and not self._tls_up:
                self._leave_handshake()
            elif self.transport is not None and not self.transport.is_closing():
                if self._out:
                    self._write_out()
                self._end_record(why)
                if why == "refused":
                    await self._linger()
                self.transport.close()
            self._end_record(why)

    def _end_record(self, why: str) -> None:
        """Write down what the client had said in vain, and that the talk is over."""
        self._ear.unread(self._pending)
        self._ear.closed(why)

    async def _linger(self) -> None:
        """Swallow a little of what still comes: closing over unread octets, the kernel would take our word back."""
        transport, self._parting = self.transport, True
        assert isinstance(transport, asyncio.Transport)
        try:
            async with asyncio.timeout(LINGER):
                if transport.can_write_eof():
                    transport.write_eof()
                for _ in range(16):
                    if not await self._reader.read(BLOCK):
                        return
        except (OSError, TimeoutError):
            pass

    def _leave_handshake(self) -> None:
        """The end of a connection that has not got through STARTTLS: nobody else would count it."""
        if isinstance(self._original_transport, asyncio.Transport):
            self._original_transport.abort()
        self.connection_lost(None)
        self._tls_protocol = self._original_transport = None  # they hold each other, with their buffers

    async def _converse(self) -> None:
        """Talk until somebody leaves. Raises `Gone`."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Nothing of an unfinished message is kept."""
        raise NotImplementedError
