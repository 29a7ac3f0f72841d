"""One end of a connection: lines and contents at every cut, limits, deadlines, TLS with nothing held."""

import asyncio
import contextlib
import ssl

import pytest

from maillab.wire import connection as module
from maillab.wire.connection import HELD_OCTETS, LINE_OCTETS, Connection, ConnectionBroken, TooLong, connect
from maillab.wire.deflate import Deflater, Inflater
from tests.support import run, settled
from tests.wire.scripted import CA, server_context


class Nowhere(asyncio.Transport):
    """A transport that goes nowhere."""

    def __init__(self):
        super().__init__()
        self.written = b""
        self.reading = True
        self.ended = False

    def write(self, data):
        self.written += data

    def is_closing(self):
        return self.ended

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def close(self):
        self.ended = True

    abort = close


def opened(*octets, end=True, **options):
    """A connection on which these octets came, and then the end."""
    connection = Connection(0.05, **options)
    connection.connection_made(Nowhere())
    for data in octets:
        connection.data_received(data)
    if end:
        connection.connection_lost(None)
    return connection


def test_lines_and_bodies_one_octet_at_a_time():
    """However octets come, lines, chunks and messages come out whole, and all of them are heard in order."""
    wire = b"DATA\r\nSubject: x\r\n\r\n..\r\n.\r\nBDAT 3\r\nabc.\r\nUNTIL\r\nx!NOOP\r\nQUI"
    heard = []

    async def read():
        connection = opened(*(bytes([octet]) for octet in wire), heard=heard.append)
        given = [
            await connection.line(), await connection.body(), await connection.line(), await connection.exactly(3),
            await connection.body(), await connection.line(),
        ]  # fmt: skip
        await connection.until(lambda octets: octets.partition(b"!")[2])
        return [*given, await connection.line(), await connection.line(), await connection.line()]

    assert run(read()) == [
        b"DATA\r\n", b"Subject: x\r\n\r\n..\r\n", b"BDAT 3\r\n", b"abc", b"", b"UNTIL\r\n", b"NOOP\r\n", b"QUI", b"",
    ]  # fmt: skip
    assert b"".join(heard) == wire


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
def test_what_is_deflated(size):
    """After `deflate` lines are read as they were, in whatever pieces they come; what is said is deflated, too."""
    other = Deflater()
    wire = b"a1 OK from here on\r\n" + other.squeezed(b"* 1 EXISTS\r\n") + other.squeezed(b"a2 OK done\r\n")

    async def read():
        connection = opened(*(wire[at : at + size] for at in range(0, len(wire), size)), end=False)
        lines = [await connection.line()]
        connection.deflate()
        lines += [await connection.line(), await connection.line()]
        await connection.say([b"a3 NOOP\r\n", b"a4 LOGOUT\r\n"])
        return lines, connection._transport.written

    lines, written = run(read())
    assert lines == [b"a1 OK from here on\r\n", b"* 1 EXISTS\r\n", b"a2 OK done\r\n"]
    inflater = Inflater()
    inflater.feed(written)
    assert inflater.take(100) == b"a3 NOOP\r\na4 LOGOUT\r\n"


def test_little_that_unfolds_to_much():
    """However much a few octets unfold to, no more is held than otherwise, and none of it is lost."""
    lines = b"x" * 1_022 + b"\r\n"

    async def read():
        connection = opened(end=False)
        connection.deflate()
        connection.data_received(Deflater().squeezed(lines * 1_000))
        assert not connection._transport.reading
        read, most = 0, 0
        while read < 1_000:
            read += await connection.line() == lines
            most = max(most, len(connection._held))
        return most, connection._transport.reading

    most, reading = run(read())
    assert (most <= 2 * HELD_OCTETS, reading) == (True, True)


def test_what_is_not_deflated_ends_it():
    """Nobody knows what a stream says that is none."""

    async def read():
        connection = opened(end=False)
        connection.deflate()
        connection.data_received(b"a2 OK in clear\r\n")
        return await connection.line(), connection._transport.ended

    assert run(read()) == (b"", True)


def test_a_stream_that_breaks_behind_very_much():
    """Whoever reads on hears of the end, and does not look for ever at what cannot be unfolded."""

    async def read():
        connection = opened(end=False)
        connection.deflate()
        lines = (b"x" * 1_022 + b"\r\n") * (HELD_OCTETS // 1_024 + 1)
        connection.data_received(Deflater().squeezed(lines) + b"\xff\xff\xff\xff")
        told = [await connection.line()]
        while told[-1] and len(told) <= HELD_OCTETS:
            told.append(await connection.line())
        return len(told) - 1, connection._transport.ended

    assert run(read()) == (HELD_OCTETS // 1_024, True)


@pytest.mark.parametrize(
    ("read", "octets"),
    [
        (lambda connection: connection.body(), b"Subject: x\r\n"),
        (lambda connection: connection.exactly(9), b"abc"),
        (lambda connection: connection.until(lambda _: None), b"abcd"),
    ],
)
def test_breaking_off(read, octets):
    """A message without its end and a chunk that is too short are errors."""

    async def story():
        await read(opened(octets))

    with pytest.raises(ConnectionBroken, match="inside a message"):
        run(story())


@pytest.mark.parametrize(
    ("read", "octets", "kind"),
    [
        (lambda connection: connection.line(), b"x" * 21, "line"),
        (lambda connection: connection.body(), b"x" * 41, "content"),
        (lambda connection: connection.exactly(41), b"", "content"),
        (lambda connection: connection.until(lambda _: None), b"y" * 41, "content"),
    ],
)
def test_what_has_no_end(read, octets, kind, monkeypatch):
    """A line and a content that go on for ever are given up on; what came can still be shown."""
    monkeypatch.setattr(module, "LINE_OCTETS", 20)
    monkeypatch.setattr(module, "CONTENT_OCTETS", 40)

    async def story():
        connection = opened(octets)
        with pytest.raises(TooLong, match=rf"a {kind} of more than \d+ octets") as error:
            await read(connection)
        assert error.value.kind == kind
        return connection.drop()

    assert run(story()) in (octets, b"")


@pytest.mark.parametrize(("line", "fit"), [(b"250-x\r\n", 6), (b"x" * 98 + b"\r\n", 4)])
def test_a_reply_without_end(line, fit):
    """Lines of one reply count until it is too long, short ones for more than they are; a new reply starts anew."""

    async def story():
        connection = opened(line * 20, end=False, reply=400)
        for _ in range(2):
            connection.new_reply()
            for _ in range(fit):
                assert await connection.line() == line
        with pytest.raises(TooLong, match="a reply of more than 400"):
            await connection.line()

    run(story())


def test_a_body_counts_as_a_reply():
    """The lines up to a dot are part of the reply that they belong to."""

    async def story():
        with pytest.raises(TooLong, match="a reply"):
            await opened(b"x" * 500 + b"\r\n.\r\n", end=False, reply=400).body()

    run(story())


def test_patience():
    """Whoever says nothing is not waited for any longer than was said."""

    async def story():
        with pytest.raises(TimeoutError):
            await opened(end=False).line()
        with pytest.raises(TimeoutError):
            await opened(b"x", end=False).exactly(2)
        flooded = opened(end=False)
        flooded.pause_writing()
        with pytest.raises(TimeoutError):
            await flooded.say([b"x"])

    run(story())


def test_the_other_side_waits_while_much_is_held():
    """What nobody reads is held up to a limit; reading goes on when it has been taken."""

    async def story():
        connection = opened(b"x\r\n" + b"y" * HELD_OCTETS, end=False)
        assert not connection._transport.reading
        await connection.line()
        assert connection._transport.reading

    run(story())


def test_a_server_that_never_ends_a_line_costs_little():
    """The kind: whoever reads a stranger's octets. A flood over a real socket is held up to the limit, and given up on."""

    async def flood(_, writer):
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"2" * 65_536)
                await writer.drain()
        writer.close()

    async def story():
        async with await asyncio.start_server(flood, "127.0.0.1", 0) as server:
            connection = Connection(5)
            await connect(connection, *server.sockets[0].getsockname()[:2])
            await settled(lambda: not connection._transport.is_reading())
            with pytest.raises(TooLong):
                await connection.line()
            held = len(connection.drop())
            connection.abort()
        return held

    assert LINE_OCTETS < run(story()) < HELD_OCTETS + 300_000


def test_nothing_hides_before_tls():
    """Octets that came before the handshake end the connection (T187)."""

    async def upgrade():
        await opened(b"220 go\r\nEHLO", end=False).upgrade(ssl.create_default_context(), host="mx.test")

    with pytest.raises(ConnectionBroken, match="before the handshake"):
        run(upgrade())


def test_tls_begins_on_both_ends():
    """A server and a client go on inside TLS, and both know its version."""

    async def story():
        ends: list[Connection] = []

        def guest():
            ends.append(Connection(5))
            return ends[0]

        server = await asyncio.get_running_loop().create_server(guest, "127.0.0.1", 0)
        async with server:
            client, context = Connection(5), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            CA.configure_trust(context)
            await connect(client, *server.sockets[0].getsockname()[:2])
            assert client.handshake == ("", "", None)
            await client.say([b"STLS\r\n"])
            await settled(lambda: bool(ends))
            assert await ends[0].line() == b"STLS\r\n"
            async with asyncio.TaskGroup() as both:
                both.create_task(ends[0].upgrade(server_context(), first=b"+OK\r\n"))
                assert await client.line() == b"+OK\r\n"
                await client.upgrade(context, host="mx.recipient.test")
            await client.say([b"NOOP", b"\r\n"])
            assert await ends[0].line() == b"NOOP\r\n"
            versions = client.handshake.version, ends[0].handshake.version
            await client.close()
            await settled(lambda: ends[0].ended)
            with pytest.raises(ConnectionBroken, match="closed"):
                await client.say([b"x"])
            await ends[0].close()
        return versions

    ours, theirs = run(story())
    assert ours == theirs
    assert ours.startswith("TLS")


def test_saying():
    """What is said goes out in order; to nobody it is an error."""

    async def say(ended):
        connection = opened(end=False)
        connection._transport.ended = ended
        await connection.say([b"a", b"b"])
        return connection._transport.written

    assert run(say(ended=False)) == b"ab"
    with pytest.raises(ConnectionBroken):
        run(say(ended=True))


def test_nobody_there():
    """Where nobody listens, the error comes out of connecting, and closing does nothing."""

    async def story():
        connection = Connection(5)
        with pytest.raises(OSError, match="Connect"):
            await connect(connection, "127.0.0.1", 1)
        await connection.close()
        connection.abort()

    run(story())
