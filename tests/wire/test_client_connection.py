"""The client's socket, and what of the library it stands in for."""

import asyncio
from typing import Any

import aiosmtplib.protocol
import pytest
from aiosmtplib.errors import SMTPException

from maillab.mail.reply import Reply
from maillab.wire.client_connection import ClientConnection
from maillab.wire.reply_reader import LineError, ProtocolError
from tests.support import run
from tests.wire.scripted import Heard


class Wire(asyncio.Transport):
    """A transport that goes nowhere and remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.gone = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.gone

    def abort(self) -> None:
        self.gone = True


def laid(tap: Heard | None = None) -> tuple[ClientConnection, Wire]:
    """A connection on such a transport, greeted."""
    connection, wire = ClientConnection(asyncio.get_running_loop(), tap), Wire()
    connection.connection_made(wire)
    connection.data_received(b"220 mx\r\n")
    assert connection.take() == Reply(220, "", ("mx",))
    return connection, wire


@pytest.mark.parametrize("cut", range(27))
def test_replies_at_every_cut(cut: int) -> None:
    """Two replies that were asked for are given in order, wherever the segments are cut."""
    wire = b"250-a\r\n250 b\r\n550 5.1.1 x\r\n"

    async def main() -> list[Reply]:
        connection, _ = laid()
        connection.expect(2)
        connection.send(b"X\r\nY\r\n")
        connection.data_received(wire[:cut])
        connection.data_received(wire[cut:])
        assert connection.usable
        return [await connection.reply(), await connection.reply()]

    assert run(main()) == [Reply(250, "", ("a", "b")), Reply(550, "5.1.1", ("x",))]


@pytest.mark.parametrize("octets", [b"250 ok\r\n", b"2", b"nonsense\r\n"])
def test_octets_that_nobody_asked_for(octets: bytes) -> None:
    """Any octet that answers nothing ends the connection, whenever it comes."""

    async def main() -> None:
        connection, wire = laid()
        connection.data_received(octets)
        assert not connection.usable
        assert wire.gone
        with pytest.raises(ProtocolError):
            connection.send(b"NOOP\r\n")

    run(main())


def test_a_flood_is_not_listened_to() -> None:
    """The kind: work per block without a pause. Of 256 KB of replies that nobody asked for only the first few are read."""

    async def main() -> int:
        tap = Heard()
        connection, wire = laid(tap)
        connection.data_received(b"250 x\r\n" * 40_000)
        assert wire.gone
        return len(b"".join(octets for _, octets in tap.said))

    assert run(main()) < 10_000


def test_the_ear_hears_everything() -> None:
    """Both directions are told, also octets that are thrown away."""

    async def main() -> list[tuple[str, bytes]]:
        ear = Heard()
        connection, _ = laid(ear)
        connection.expect(1)
        connection.send(b"NOOP\r\n")
        connection.data_received(b"nonsense\r\n")
        connection.data_received(b"more\r\n")
        return ear.said

    assert run(main()) == [("S", b"220 mx\r\n"), ("C", b"NOOP\r\n"), ("S", b"nonsense\r\n"), ("S", b"more\r\n")]


def test_a_lost_connection_wakes_who_waits() -> None:
    """Who waits for a reply, or for room to write, is told that nothing will come."""

    async def main() -> None:
        connection, _ = laid()
        connection.expect(1)
        connection.pause_writing()
        assert connection.full
        async with asyncio.TaskGroup() as group:
            waiting = [
                group.create_task(expect_end(connection.reply())),
                group.create_task(expect_end(connection.drain())),
            ]
            await asyncio.sleep(0)
            connection.connection_lost(ConnectionResetError("reset"))
        assert all(task.result().reply.enhanced == "4.4.2" for task in waiting)
        assert connection.closed.done()

    run(main())


async def expect_end(waiting: Any) -> LineError:
    """The error with which something ends."""
    with pytest.raises(LineError) as caught:
        await waiting
    return caught.value


# ── why the reading is ours: what the library still does ──────────────────────────────────────


async def library(octets: bytes) -> Any:
    """What the library makes of these octets after a command."""
    protocol, wire = aiosmtplib.protocol.SMTPProtocol(asyncio.get_running_loop()), Wire()
    protocol.connection_made(wire)
    protocol.data_received(b"220 mx\r\n")
    await protocol.read_response()
    asyncio.get_running_loop().call_soon(protocol.data_received, octets)
    return await protocol.execute_command(b"NOOP")


def test_library_takes_the_last_line_of_a_disagreement() -> None:
    """aiosmtplib still reads 550-a, 250 b as 250: when this fails, the reader here may be reconsidered."""  # F-21
    assert run(library(b"550-a\r\n250 b\r\n")).code == 250
    assert run(library(b"999 ok\r\n")).code == 999
    with pytest.raises(SMTPException):
        run(library(b"2x0 ok\r\n"))


def test_library_drops_unasked_octets() -> None:
    """aiosmtplib still throws octets away that come between two commands, without a word."""

    async def main() -> bool:
        protocol, wire = aiosmtplib.protocol.SMTPProtocol(asyncio.get_running_loop()), Wire()
        protocol.connection_made(wire)
        protocol.data_received(b"220 mx\r\n")
        await protocol.read_response()
        protocol.data_received(b"250 INJECTED\r\n")
        return protocol.is_connected

    assert run(main())
