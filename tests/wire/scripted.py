"""A server that knows one dialogue by heart, for tests of the client side.

S: text     say this line (lines in a row leave in one write)
S| text     say these octets, escapes read, no line end added
C: text     hear exactly this line
C.          hear a content up to its end mark; kept in `bodies`
TLS         the handshake of a server
CLOSE       hang up; GONE waits until the client has hung up
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import trustme

from maillab.events import Certificate
from maillab.wire.smtp_client import Timeouts

CA = trustme.CA()


def server_context(name: str = "mx.recipient.test") -> ssl.SSLContext:
    """A server's certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert(name).configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """A client that trusts the tests' own authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    CA.configure_trust(context)
    return context


class Script:
    """One dialogue, and what was heard of contents."""

    def __init__(self, text: str, tls: ssl.SSLContext | None = None) -> None:
        self.steps = [line.strip(" ") for line in text.strip("\n").split("\n") if line.strip()]
        self.tls = tls
        self.bodies: list[bytes] = []

    async def perform(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Play the server's part. Raises `AssertionError` where the client says something else."""
        pending = b""
        for at, step in enumerate([*self.steps, "GONE"]):
            if step.startswith("S: ") or step == "S:":
                pending += step[3:].encode() + b"\r\n"
                continue
            if step.startswith("S| "):
                pending += step[3:].encode().decode("unicode_escape").encode("latin-1")
                continue
            if pending:
                writer.write(pending)
                await writer.drain()
                pending = b""
            await self._hear(step, f"step {at + 1}", reader, writer)
            if step == "CLOSE":
                return

    async def _hear(self, step: str, where: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if step.startswith("C: "):
            heard = await reader.readline()
            assert heard == step[3:].encode() + b"\r\n", f"{where}: expected {step!r}, heard {heard!r}"
        elif step == "C.":
            body = bytearray()
            while not (body == b".\r\n" or body.endswith(b"\r\n.\r\n")):
                more = await reader.read(1 << 20)
                assert more, f"{where}: the content has no end"
                body += more
            self.bodies.append(bytes(body))
        elif step == "TLS":
            assert self.tls is not None
            await writer.start_tls(self.tls)
        elif step == "GONE":
            with suppress(ConnectionError, ssl.SSLError):
                heard = await reader.read()
                assert heard == b"", f"{where}: expected nothing more, heard {heard!r}"
        else:
            assert step == "CLOSE", step


def play(script: Script | str, client: Callable[[int], Awaitable[Any]], *, implicit: bool = False) -> Any:
    """Run the client's part, given the port, against the script; gives what it returns."""
    played = Script(script) if isinstance(script, str) else script

    async def both() -> Any:
        done: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            fault: BaseException | None = None
            try:
                await played.perform(reader, writer)
            except (AssertionError, asyncio.IncompleteReadError, OSError) as error:
                fault = error
            finally:
                writer.close()
                with suppress(ConnectionError, ssl.SSLError, TimeoutError):
                    await writer.wait_closed()
                if not done.done():
                    done.set_result(fault)

        tls = played.tls if implicit else None
        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls, limit=2**20)
        async with server, asyncio.timeout(20):
            try:
                result = await client(server.sockets[0].getsockname()[1])
            except BaseException:
                if (fault := await done) is not None and not isinstance(fault, ConnectionError):
                    raise fault from None
                raise  # a client that gives up may cut the server off in the middle of a step
            if (fault := await done) is not None:
                raise fault
            return result

    return asyncio.run(both())


class Heard:
    """An ear for tests: both directions, in order."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes]] = []

    def client(self, data: bytes) -> None:
        """The client's octets."""
        self.said.append(("C", data))

    def server(self, data: bytes) -> None:
        """The server's octets."""
        self.said.append(("S", data))

    def secured(self, version: str, cipher: str = "", certificate: Certificate | None = None) -> None:
        """TLS began."""
        self.said.append(("=", version.encode()))


def only(phase: str, seconds: float) -> Timeouts:
    """So short a time for this phase alone: the others have time, also on a busy computer."""
    return replace(Timeouts.all(10), **{phase: seconds})
