"""One connection to the door."""

import asyncio
import contextlib
import socket

import pytest

from maillab.web import link, serving
from maillab.web.link import Link
from tests.support import run, settled
from tests.web.asking import asking


async def closed(reader):
    """Wait until nothing comes any more."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(10):
            while await reader.read(1_000):
                pass


@pytest.mark.parametrize("said", [b"", b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_octets_that_drip_in(tmp_path, monkeypatch, said):
    """A header that never ends keeps no connection open (slowloris), nor does one after an answer."""
    monkeypatch.setattr(Link, "patience", 0.2)

    async def play():
        async with asking(tmp_path) as ask:
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            writer.write(said)

            async def drip():
                writer.write(b"GET /livez HTTP/1.1\r\n")
                while True:
                    writer.write(b"X: x\r\n")
                    await asyncio.sleep(0.02)

            async with asyncio.TaskGroup() as group:
                dripping = group.create_task(drip())
                await closed(reader)
                dripping.cancel()
            writer.close()

    run(play())


def test_an_answer_that_takes_long(tmp_path, monkeypatch):
    """Who waits for an answer is left alone, however long it takes."""
    monkeypatch.setattr(Link, "patience", 0.05)

    async def play():
        async with asking(tmp_path) as ask:
            assert (await ask.get("/maillab/v1/wait?timeout=1s")).status == 408

    run(play())


def test_an_answer_that_nobody_reads(tmp_path, monkeypatch):
    """It does not wait for ever, and neither does what it holds."""
    lost = []

    class Watched(Link):
        patience = 0.2

        def connection_lost(self, exc):
            lost.append(self.transport.get_write_buffer_size())
            super().connection_lost(exc)

    monkeypatch.setattr(serving, "Link", Watched)
    page = b"From: a@sender.test\r\nContent-Type: text/html\r\n\r\n" + (b"<p>" + b"y" * 900 + b"</p>\r\n") * 12_000

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring(page)
            lost.clear()
            with contextlib.closing(socket.create_connection(("127.0.0.1", ask.port))) as link:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                link.sendall(b"GET /api/v1/message/latest HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await settled(lambda: bool(lost), 20)

    run(play())


def test_more_connections_than_there_is_room_for(tmp_path, monkeypatch):
    """They are closed; those before them stay."""
    monkeypatch.setattr(link, "MOST", 2)

    async def play():
        async with asking(tmp_path) as ask:
            links = [await asyncio.open_connection("127.0.0.1", ask.port) for _ in range(3)]
            await closed(links[2][0])
            links[0][1].write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"200" in await links[0][0].readline()
            for _, writer in links:
                writer.close()

    run(play())
