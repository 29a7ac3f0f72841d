"""One end of a connection."""

import asyncio

import pytest

from maillab.recording.plug import LINE_OCTETS, Plug, PlugError
from tests.support import run


class Cable(asyncio.Transport):
    """A transport that goes nowhere."""

    def __init__(self):
        super().__init__()
        self.written = b""
        self.ended = False

    def write(self, data):
        self.written += data

    def is_closing(self):
        return self.ended

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass

    def close(self):
        self.ended = True

    abort = close


def plugged(*octets, end=True):
    plug = Plug(patience=0.05)
    plug.connection_made(Cable())
    for data in octets:
        plug.data_received(data)
    if end:
        plug.connection_lost(None)
    return plug


def test_lines_and_bodies_one_octet_at_a_time():
    """However octets come, lines, chunks and messages come out whole."""
    wire = b"DATA\r\nSubject: x\r\n\r\n..\r\n.\r\nBDAT 3\r\nabc.\r\n"

    async def read():
        plug = plugged(*(bytes([octet]) for octet in wire))
        return [
            await plug.line(), await plug.body(), await plug.line(), await plug.exactly(3), await plug.body(),
            await plug.line(),
        ]  # fmt: skip

    assert run(read()) == [b"DATA\r\n", b"Subject: x\r\n\r\n..\r\n", b"BDAT 3\r\n", b"abc", b"", b""]


def test_breaking_off():
    """A message without its end, a chunk that is too short and a line without end are errors."""

    async def read(what, *octets):
        plug = plugged(*octets)
        await what(plug)

    for what, octets in (
        (lambda plug: plug.body(), b"Subject: x\r\n"),
        (lambda plug: plug.exactly(9), b"abc"),
        (lambda plug: plug.line(), b"x" * (LINE_OCTETS + 1)),
        (lambda plug: plug.exactly(10**12), b""),
    ):
        with pytest.raises(PlugError):
            run(read(what, octets))


def test_patience():
    """Whoever says nothing is not waited for any longer than was said."""
    with pytest.raises(TimeoutError):
        run(plugged(end=False).line())


def test_nothing_hides_before_tls():
    """Octets that came before the handshake end the connection (T187)."""

    async def upgrade():
        await plugged(b"220 go\r\nEHLO", end=False).upgrade(None, host="mx.test")

    with pytest.raises(PlugError, match="before the handshake"):
        run(upgrade())


def test_saying():
    """What is said goes out in order; to nobody it is an error."""

    async def say(ended):
        plug = plugged(end=False)
        plug._transport.ended = ended
        await plug.say([b"a", b"b"])
        return plug._transport.written

    assert run(say(ended=False)) == b"ab"
    with pytest.raises(PlugError):
        run(say(ended=True))
