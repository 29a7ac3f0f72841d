"""The shell of asyncio alone: what it passes on to the driver."""

import asyncio

from maillab.wire.stream_shell import StreamShell


class Heard:
    """A driver that only notes what the shell tells it."""

    def __init__(self):
        self.notes = []
        self.ran = asyncio.Event()

    def connected(self, shell, transport):
        self.notes.append("connected")

    def came(self, data):
        self.notes.append(data)

    def ended(self):
        self.notes.append("ended")
        return True

    def disconnected(self):
        self.notes.append("disconnected")

    def pause_writing(self):
        self.notes.append("full")

    def resume_writing(self):
        self.notes.append("free")

    async def run(self):
        self.ran.set()


def test_everything_is_passed_on():
    """Octets, ends and flow control reach the driver in order; its task begins with the connection, and only once."""

    async def story():
        driver = Heard()
        shell = StreamShell(driver)
        transport = asyncio.Transport()
        shell.connection_made(transport)
        shell.connection_made(transport)  # as asyncio does when TLS begins
        shell.data_received(b"x")
        shell.pause_writing()
        shell.resume_writing()
        assert shell.eof_received() is True
        shell.connection_lost(None)
        await driver.ran.wait()
        return driver.notes

    assert asyncio.run(story()) == ["connected", b"x", "full", "free", "ended", "disconnected"]
