"""The client's end of an SMTP cable: connect, EHLO, STARTTLS, AUTH, messages, QUIT; every octet heard by the ear.

Rules for this file: it decides nothing about a message's fate, it reports what was answered. Nothing is said to the
server that was not in the envelope, and nothing that the server says is taken for an answer that was not asked for.
"""

import asyncio
import base64
import re
import socket
import ssl
from dataclasses import replace

from aiosmtplib import SMTPException

from maillab.mail.content import Content
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.wire import outgoing
from maillab.wire.client_connection import ClientConnection, Tap
from maillab.wire.login import ClientLogin, LoginError, strongest
from maillab.wire.outgoing import Timeouts, TransactionResult, result_of
from maillab.wire.reply_reader import (
    UNENCRYPTED,
    Declined,
    LineError,
    NotOffered,
    ProtocolError,
    TimedOut,
    TlsError,
    Unreachable,
    extensions,
    why_not,
)

__all__ = ["SmtpClient", "Tap", "Timeouts", "TransactionResult", "connect"]

_HELLO = re.compile(r"[!-~]{1,255}\Z")
_COMMAND_OCTETS = 512  # RFC 5321 §4.5.3.1.4; an initial response that is longer waits for its 334 (RFC 4954 §4)


class SmtpClient:
    """A connection on which messages can be handed over, one after the other. Made by `connect`."""

    def __init__(self, connection: ClientConnection, hello: str, host: str, timeouts: Timeouts) -> None:
        self.host = host
        self.hello = hello
        self.timeouts = timeouts
        self.greeting = Reply(220, "", ("",))
        self.extensions: dict[str, str] = {}  # EHLO keyword in capitals to its parameters; empty after HELO
        self.tls_version = ""  # TLSv1.3; "" while the connection is not secure
        self.mechanism = ""  # the SASL mechanism of the last `login`
        self._connection = connection
        self._goodbye: Reply | None = None  # a 421: the server closes, and answers nothing more

    @property
    def usable(self) -> bool:
        """Another message may be sent. A connection found unusable is only closed."""
        return self._goodbye is None and self._connection.usable

    @property
    def bare_lf(self) -> bool:
        """The server ends its lines with LF alone, against RFC 5321 §2.3.8; they are read all the same."""
        return self._connection.bare_lf

    @property
    def certificate(self) -> bytes | None:
        """The server's certificate (DER), `None` while the connection is not secure."""
        transport = self._connection.transport
        secured = transport.get_extra_info("ssl_object") if transport is not None else None
        return secured.getpeercert(binary_form=True) if secured is not None else None

    async def welcome(self) -> None:
        """Hear the greeting (RFC 5321 §3.1); `connect` does it. Raises `LineError`, the connection closed."""
        try:
            self.greeting = self._accepted("greet", await self._hear("greet", self.timeouts.greeting))
        except Declined:
            self.close()
            raise

    async def ehlo(self) -> Reply:
        """Say who we are, by HELO where EHLO is not understood (RFC 5321 §3.2). Raises `LineError`."""
        reply = await self._ask("ehlo", f"EHLO {self.hello}", self.timeouts.command)
        if reply.never:
            self.extensions = {}
            reply = await self._ask("ehlo", f"HELO {self.hello}", self.timeouts.command)
        elif reply.code // 100 == 2:
            self.extensions = extensions(reply)
        return self._accepted("ehlo", reply)

    async def starttls(self, context: ssl.SSLContext, server_hostname: str | None = None) -> None:
        """Go on inside TLS (RFC 3207); say EHLO again afterwards. `server_hostname` is the name that is checked.

        Raises `NotOffered` before a word is said, `Declined` for a refusal, `TlsError` for a failed handshake.
        """
        if "STARTTLS" not in self.extensions or self.tls_version:
            raise NotOffered("tls", Reply(454, "4.7.4", ("The server does not offer STARTTLS",)))
        self._connection.last = None
        try:
            await self._connection.start_tls(context, server_hostname or self.host, self.timeouts.tls)
        except LineError as error:
            self._broken("tls", error)
            raise
        except (SMTPException, OSError) as error:
            reply = self._connection.last
            if reply is not None and reply.code != 220:
                self._accepted("tls", reply)
            raise self._broken("tls", _tls_error(error)) from error
        self.extensions = {}  # RFC 3207 §4.2: what was said before is forgotten
        self.tls_version = self._connection.tell_secured()

    async def login(self, user: str, password: str, *, plaintext_auth: bool = False) -> Reply:
        """Prove who we are with the strongest mechanism that both sides know; a refusal is final (T174).

        Never outside TLS, unless `plaintext_auth` says so (T162). Raises `NotOffered` before a word of the password
        is said, `Declined` with the server's reply, `ProtocolError` when the server's part of it is wrong.
        """
        if not self.tls_version and not plaintext_auth:
            raise NotOffered("auth", Reply(538, "5.7.11", (UNENCRYPTED,)))
        self.mechanism = strongest(self.extensions.get("AUTH", ""))
        if not self.mechanism:
            raise NotOffered("auth", Reply(504, "5.5.4", ("The server offers no way to log in that is known here",)))
        try:
            login = ClientLogin(self.mechanism, user, password)
        except (LoginError, UnicodeError) as error:
            raise NotOffered("auth", Reply(504, "5.5.4", (str(error),))) from error
        try:
            reply = await self._authenticate(login)
        except ValueError as error:  # of the exchange or its base64
            raise self._broken("auth", ProtocolError("", str(error))) from error
        return self._accepted("auth", reply)

    async def _authenticate(self, login: ClientLogin) -> Reply:
        """Carry the exchange to its end in base64 (RFC 4954 §4); gives the last reply."""
        command, held = f"AUTH {self.mechanism}", login.initial
        if held is not None and len(with_response := f"{command} {_base64(held) or '='}") + 2 <= _COMMAND_OCTETS:
            command, held = with_response, None
        reply = await self._ask("auth", command, self.timeouts.command)
        while reply.code == 334:
            if held is not None:
                answer, held = held, None
            else:
                challenge = base64.b64decode(reply.lines[-1], validate=True)
                answer = await asyncio.to_thread(login.answer, challenge)  # SCRAM's work must not stop the loop
            reply = await self._ask("auth", _base64(answer), self.timeouts.command)
        if reply.code // 100 == 2:
            login.finish()
        return reply

    async def transaction(self, message: Message, *, pipelining: bool = True) -> TransactionResult:
        """Hand over one message: MAIL, each RCPT, DATA, content. A refusal is a result, not an error.

        In one write where the server offers PIPELINING (RFC 2920), else step by step. Raises `NotOffered` before a
        word is said, `LineError` when the talk breaks off, `ContentError` and `OSError` for a content that cannot
        be sent; after all but the first the connection is closed.
        """
        lack = outgoing.lacking(message.envelope, self.extensions)
        if lack is not None:
            raise lack
        mail = outgoing.mail(message.envelope, len(message.content), self.extensions)
        rcpts = [outgoing.rcpt(recipient, self.extensions) for recipient in message.envelope.recipients]
        if pipelining and "PIPELINING" in self.extensions:
            result, data = await self._envelope_at_once(mail, rcpts)
        else:
            result, data = await self._envelope_by_steps(mail, rcpts)
        if data is None or data.code // 100 != 3:
            await self._reset()
        elif result.data is None:  # RFC 2920 §3.1: DATA was accepted for nobody; a lone dot ends it, and must fail
            await self._ask("data", ".", self.timeouts.dot)
        else:
            result = replace(result, data=await self._content(message.content))
        return result

    async def quit(self) -> None:
        """Say goodbye and hang up; whatever goes wrong in this, the connection is closed afterwards."""
        try:
            if self.usable:
                await self._ask("quit", "QUIT", self.timeouts.quit)
            if self._connection.transport is not None:
                self._connection.transport.close()
                async with asyncio.timeout(self.timeouts.quit):
                    await asyncio.shield(self._connection.closed)
        except (LineError, TimeoutError):
            pass  # nothing is lost by a goodbye that was not answered
        finally:
            self.close()

    def close(self) -> None:
        """Hang up at once, without a word."""
        self._connection.abort()

    async def _envelope_at_once(self, mail: bytes, rcpts: list[bytes]) -> tuple[TransactionResult, Reply | None]:
        """RFC 2920 §3.1: MAIL, every RCPT and DATA in one write, then the replies in order."""
        self._send("mail", b"".join((mail, *rcpts, b"DATA\r\n")), len(rcpts) + 2)
        mail_reply = self._fitting("mail", await self._hear("mail", self.timeouts.mail))
        rcpt_replies = [self._fitting("rcpt", await self._hear("rcpt", self.timeouts.rcpt)) for _ in rcpts]
        data = self._fitting("data", await self._hear("data", self.timeouts.data))
        return result_of(mail_reply, rcpt_replies, data), data

    async def _envelope_by_steps(self, mail: bytes, rcpts: list[bytes]) -> tuple[TransactionResult, Reply | None]:
        """One command, one reply; no RCPT after a refused MAIL, no DATA when nobody was accepted."""
        mail_reply = self._fitting("mail", await self._exchange("mail", mail, self.timeouts.mail))
        if not mail_reply.ok:
            return result_of(mail_reply, [mail_reply] * len(rcpts), None), None
        rcpt_replies = [self._fitting("rcpt", await self._exchange("rcpt", rcpt, self.timeouts.rcpt)) for rcpt in rcpts]
        if not any(reply.ok for reply in rcpt_replies):
            return result_of(mail_reply, rcpt_replies, None), None
        data = self._fitting("data", await self._exchange("data", b"DATA\r\n", self.timeouts.data))
        return result_of(mail_reply, rcpt_replies, data), data

    async def _content(self, content: Content) -> Reply:
        """Send the content with its end mark; gives the reply to it. After an early refusal the rest is not sent."""
        connection, early, pieces = self._connection, False, 0
        connection.expect(1)
        try:
            for piece in outgoing.stuffed(content.blocks()):
                if pieces:
                    await asyncio.sleep(0)  # a large message lets others speak between its blocks
                early = connection.ready
                if early:
                    break
                connection.send(piece)
                pieces += 1
                if connection.full:
                    async with asyncio.timeout(self.timeouts.block):
                        await connection.drain()
        except TimeoutError as error:
            raise self._broken("data", _too_late("data", self.timeouts.block)) from error
        except LineError as error:
            early = connection.ready  # the reason may have come before the end of the connection
            if not early:
                self._broken("data", error)
                raise
        except (outgoing.ContentError, OSError, asyncio.CancelledError):
            self.close()  # without an end mark: what was sent so far is no message
            raise
        reply = await self._hear("dot", self.timeouts.dot)
        if early:
            self.close()
        if reply.code // 100 == 3 or (early and reply.ok):
            raise self._broken("dot", ProtocolError("", f"{reply.text[:80]} is no answer to the end of a content"))
        return reply

    async def _reset(self) -> None:
        """After an envelope that led to nothing: makes sure that both sides are in step before the next one (T159)."""
        if not self.usable:
            return
        try:
            reply = await self._ask("data", "RSET", self.timeouts.command)
        except ProtocolError:
            raise
        except LineError:
            return  # the answers that were given stand; the connection is closed
        if reply.code // 100 == 3:
            raise self._broken("data", ProtocolError("", "the answers are out of step with the commands"))
        if not reply.ok:
            self.close()

    async def _ask(self, stage: str, command: str, timeout: float) -> Reply:
        return await self._exchange(stage, outgoing.line(command), timeout)

    async def _exchange(self, stage: str, command: bytes, timeout: float) -> Reply:
        self._send(stage, command, 1)
        return await self._hear(stage, timeout)

    def _send(self, stage: str, octets: bytes, replies: int) -> None:
        if self._goodbye is not None:
            return  # nobody listens any more; `_hear` gives the 421 again
        try:
            self._connection.expect(replies)
            self._connection.send(octets)
        except LineError as error:
            self._broken(stage, error)
            raise

    async def _hear(self, stage: str, timeout: float) -> Reply:
        """The next reply; after a 421 that one again, because the server closes (RFC 5321 §3.8)."""
        if self._connection.ready:
            reply = self._connection.take()
        elif self._goodbye is not None:
            return self._goodbye
        else:
            try:
                async with asyncio.timeout(timeout):
                    reply = await self._connection.reply()
            except TimeoutError as error:
                raise self._broken(stage, _too_late(stage, timeout)) from error
            except LineError as error:
                self._broken(stage, error)
                raise
            except asyncio.CancelledError:
                self.close()  # the answer would be taken for that to the next command (T160)
                raise
        if reply.code == 421:
            self._goodbye = reply
        return reply

    def _broken(self, stage: str, error: LineError) -> LineError:
        """Nothing more can be said on this connection: close it; gives the error with its stage, to be raised."""
        self.close()
        error.stage = stage
        return error

    def _accepted(self, stage: str, reply: Reply) -> Reply:
        """A 2yz, or an error: the commands outside a transaction are needed, or not said."""
        if reply.code // 100 == 2:
            return reply
        if reply.code // 100 == 3:
            raise self._broken(stage, ProtocolError("", f"{reply.text[:80]} is no answer here"))
        if reply.code == 421:
            self.close()
        raise Declined(stage, reply)

    def _fitting(self, stage: str, reply: Reply) -> Reply:
        """A 3yz grants nothing after MAIL and RCPT; after DATA, no content is sent on a 2yz (T168)."""
        if reply.code // 100 == (2 if stage == "data" else 3):
            raise self._broken(stage, ProtocolError("", f"{reply.text[:80]} is no answer to {stage.upper()}"))
        return reply


async def connect(
    host: str,
    port: int,
    *,
    hello: str,
    sock: socket.socket | None = None,
    tls_context: ssl.SSLContext | None = None,
    server_hostname: str | None = None,
    tap: Tap | None = None,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - a frozen value
) -> SmtpClient:
    """Connect and hear the greeting. With `tls_context` TLS comes first (port 465, RFC 8314 §3.3).

    `hello` is the name for EHLO; `sock`, a connected socket, is taken over in place of host and port; the certificate
    must be for `server_hostname`, or else for `host`. Raises `LineError`: `Unreachable`, `TimedOut`, `TlsError`,
    `Declined` for a greeting that is no welcome, `ProtocolError` for one that is not SMTP.
    """
    if not _HELLO.match(hello):
        raise ValueError("the name for EHLO is a host name or an address literal")
    loop = asyncio.get_running_loop()
    connection = ClientConnection(loop, tap)
    tls: dict[str, object] = {}
    if tls_context is not None:
        tls = {"ssl": tls_context, "server_hostname": server_hostname or host, "ssl_handshake_timeout": timeouts.tls}
    where: dict[str, object] = {"sock": sock} if sock is not None else {"host": host, "port": port}
    try:
        async with asyncio.timeout(timeouts.connect):
            await loop.create_connection(lambda: connection, **where, **tls)  # type: ignore[call-overload]  # one call, four forms
    except TimeoutError as error:
        raise TimedOut("connect", Reply(451, "4.4.1", (f"No connection to {host} port {port} in time",))) from error
    except OSError as error:
        if tls and isinstance(error, ssl.SSLError | ConnectionResetError | ConnectionAbortedError):
            raise _tls_error(error) from error
        raise Unreachable(
            "connect", Reply(451, "4.4.1", (f"No connection to {host} port {port}: {why_not(error)}",))
        ) from error
    client = SmtpClient(connection, hello, host, timeouts)
    client.tls_version = connection.tell_secured()
    await client.welcome()
    return client


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _too_late(stage: str, seconds: float) -> TimedOut:
    return TimedOut(stage, Reply(451, "4.4.2", (f"No answer in {seconds:g} seconds (stage {stage})",)))


def _tls_error(error: BaseException) -> LineError:
    if isinstance(error, TimeoutError):
        return TimedOut("tls", Reply(451, "4.4.2", ("The TLS handshake took too long",)))
    return TlsError("tls", Reply(451, "4.7.5", (f"TLS failed: {error}",)))
