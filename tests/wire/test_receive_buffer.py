"""What came and was not read yet."""

import asyncio
import zlib

import pytest

from maillab.wire.receive_buffer import BLOCK, Gone, ReceiveBuffer


class Socket(asyncio.Transport):
    """A transport that only knows whether it is read on."""

    paused = False

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False


def filled(*pieces):
    """An buffer into which these came, ready to be read."""
    buffer = ReceiveBuffer(Socket())
    for piece in pieces:
        buffer.came(piece)
    asyncio.run(buffer.wait())
    return buffer


def test_lines_are_cut_at_their_ends():
    """A line is given when it is whole, with its ending; the beginning of the next one stays."""
    buffer = filled(b"NOOP\r\nQU", b"IT")
    assert (buffer.line(), buffer.line(), buffer.ready, buffer.unread) == (b"NOOP\r\n", b"", 4, b"QUIT")
    buffer.came(b"\n")
    asyncio.run(buffer.wait())
    assert (buffer.line(), buffer.unread) == (b"QUIT\n", b"")


def test_content_is_counted_and_what_is_left_is_put_back():
    """So many octets are read as are ready; what turns out to belong to what comes next is read again."""
    buffer = filled(b"12345678")
    assert (buffer.read(3), buffer.read(100), buffer.read(1)) == (b"123", b"45678", b"")
    buffer.put_back(b"78")
    assert (buffer.ready, buffer.read(2)) == (2, b"78")


def test_nothing_is_read_on_while_too_much_waits():
    """A client that says more than anybody reads is not listened to, until somebody does."""
    buffer = ReceiveBuffer(Socket())
    buffer.came(b"x" * (BLOCK + 1))
    assert buffer.transport.paused
    asyncio.run(buffer.wait())
    assert not buffer.transport.paused
    buffer.drop()
    assert (buffer.unread, buffer.ready) == (b"", 0)


def test_what_came_before_the_end_is_read():
    """The end is heard when nothing is left, and the first word about it counts."""
    buffer = ReceiveBuffer(Socket())
    buffer.came(b"QUIT\r\n")
    buffer.end("lost")
    buffer.end("timeout")
    asyncio.run(buffer.wait())
    assert buffer.line() == b"QUIT\r\n"
    with pytest.raises(Gone, match="lost"):
        asyncio.run(buffer.wait())


def test_who_waits_is_woken():
    """Octets and the end wake whoever waits for them; somebody who waits for the end alone hears no octets."""

    async def story():
        buffer = ReceiveBuffer(Socket())
        waiting = asyncio.get_running_loop().create_task(buffer.wait())
        await asyncio.sleep(0)
        buffer.came(b"x")
        await waiting
        waiting = asyncio.get_running_loop().create_task(buffer.wait_for_the_end())
        await asyncio.sleep(0)
        buffer.came(b"y" * (BLOCK + 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not buffer.transport.paused
        assert not waiting.done()
        buffer.end("lost")
        await waiting
        return buffer.unread

    assert asyncio.run(story()) == b"x"


def test_something_else_may_be_enough():
    """Who waits for octets or for something else looks again when stirred, and goes on with what there is."""

    async def story():
        buffer, bells = ReceiveBuffer(Socket()), []
        buffer.came(b"ab")
        await buffer.wait()
        waiting = asyncio.get_running_loop().create_task(buffer.wait(lambda: bool(bells)))
        await asyncio.sleep(0)
        buffer.stir()
        await asyncio.sleep(0)
        assert not waiting.done()
        bells.append("rung")
        buffer.stir()
        await waiting
        return buffer.unread

    assert asyncio.run(story()) == b"ab"


def test_nobody_reads_what_is_deflated():
    """Of what comes while somebody only waits for the end nothing is held, however much it would unfold to."""

    async def play():
        buffer, stream, most = ReceiveBuffer(Socket()), zlib.compressobj(wbits=-15), 0
        buffer.inflate()
        async with asyncio.TaskGroup() as group:
            group.create_task(buffer.wait_for_the_end())
            await asyncio.sleep(0)
            for _ in range(10):
                buffer.came(stream.compress(b"x" * 1_000_000) + stream.flush(zlib.Z_SYNC_FLUSH))
                most = max(most, len(buffer.unread))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            assert not buffer.transport.paused
            buffer.end("lost")
        return most, buffer.unread

    most, left = asyncio.run(play())
    assert most < 10_000  # one piece, as it came
    assert left == b""
