"""What is held back until somebody waits for it."""

import asyncio

import pytest

from maillab.wire.receive_buffer import BLOCK, Gone
from maillab.wire.send_buffer import SendBuffer


class Socket(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self):
        self.written = []

    def write(self, data):
        self.written.append(data)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def buffer(heard):
    return SendBuffer(Socket(), heard.append)


def test_held_answers_leave_in_one_piece(buffer, heard):
    """Nothing leaves before it is sent; then the ear hears what leaves, once."""
    buffer.hold(b"250 a\r\n")
    buffer.hold(b"250 b\r\n")
    assert (buffer.transport.written, heard) == ([], [])
    buffer.send()
    buffer.send()
    assert buffer.transport.written == heard == [b"250 a\r\n250 b\r\n"]


def test_a_body_is_told_in_another_way(buffer, heard):
    """The ear hears the answer before a body, and not the body."""
    buffer.hold(b"+OK\r\n")
    buffer.hold(b"body", told=True)
    buffer.tell()
    buffer.hold(b".\r\n")
    buffer.send()
    assert buffer.transport.written == [b"+OK\r\nbody.\r\n"]
    assert heard == [b"+OK\r\n", b".\r\n"]


def test_too_much_is_not_held(buffer):
    """What is held has an end."""
    buffer.hold(b"x" * (BLOCK - 1))
    assert not buffer.brimming
    buffer.hold(b"x")
    assert buffer.brimming
    buffer.send()
    assert not buffer.brimming


@pytest.mark.parametrize("end", ["close", "lose"])
def test_nothing_is_said_after_the_end(buffer, heard, end):
    """Behind the last word, and to nobody, nothing is said or written down."""
    buffer.hold(b"250\r\n")
    buffer.lose() if end == "lose" else buffer.close("timeout")
    buffer.send()
    assert (buffer.transport.written, heard) == ([], [])


@pytest.mark.parametrize("end", ["resume", "lose"])
def test_a_client_that_reads_slowly_is_waited_for(buffer, end):
    """Until it has read enough, or has gone."""

    async def story():
        buffer.pause()
        assert buffer.stuck
        waiting = asyncio.get_running_loop().create_task(buffer.read_by_client())
        await asyncio.sleep(0)
        assert not waiting.done()
        getattr(buffer, end)()
        await waiting
        return buffer.stuck

    assert asyncio.run(story()) is False


def test_a_client_that_reads_nothing_is_not_waited_for_for_ever(buffer):
    """Whoever has said the last word wakes who waits."""

    async def story():
        buffer.pause()
        waiting = asyncio.get_running_loop().create_task(buffer.read_by_client())
        await asyncio.sleep(0)
        buffer.close("timeout")
        await waiting

    with pytest.raises(Gone, match="timeout"):
        asyncio.run(story())
