"""Callers put through to one door, then to another."""

import asyncio

from maillab.recording.switchboard import Switchboard
from tests.support import run


async def echo(word):
    """The port of a server that says a word, then what it hears, and hangs up when the other side has nothing more."""

    async def serve(reader, writer):
        writer.write(word)
        writer.write(await reader.read())
        writer.write_eof()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def call(port, octets):
    """All that comes back after having said something and no more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(octets)
    writer.write_eof()
    heard = await reader.read()
    writer.close()
    return heard


def test_the_first_and_those_after_them():
    """So many callers reach the first door, the others the second; all octets cross, also after one side is done."""

    async def story():
        (one, first), (two, then) = await echo(b"one "), await echo(b"two ")
        board = Switchboard(2, first, then)
        port = await board.start()
        heard = [await call(port, b"x" * 200_000) for _ in range(3)]
        await board.close()
        one.close()
        two.close()
        return heard

    assert run(story()) == [word + b"x" * 200_000 for word in (b"one ", b"one ", b"two ")]


def test_nobody_is_there():
    """A caller for whom nobody is there is hung up on; closing hangs up on everybody."""

    async def story():
        server, silent = await echo(b"")
        server.close()
        await server.wait_closed()
        board = Switchboard(0, silent, silent)
        assert await call(await board.start(), b"hello?") == b""
        await board.close()

    run(story())


def test_closing_hangs_up():
    """Who is still on the line when the board closes hears the end."""

    async def story():
        server, port = await echo(b"hello")
        board = Switchboard(1, port, port)
        reader, writer = await asyncio.open_connection("127.0.0.1", await board.start())
        assert await reader.readexactly(5) == b"hello"
        await board.close()
        heard = await reader.read()
        writer.close()
        server.close()
        return heard

    assert run(story()) == b""
