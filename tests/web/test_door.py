"""The door: a port, opened and closed with the lab, and what is answered at it whatever comes."""

import asyncio
import contextlib
import socket

import pytest

from maillab.endpoints import BusyPort
from maillab.events import Warned
from maillab.web.caught import CaughtMail
from maillab.web.door import HttpDoor
from tests.lab.test_desk import desk
from tests.support import run
from tests.web.asking import APP, asking

EVIL = {"Origin": "http://evil.test"}


def test_it_is_open_while_the_lab_is(tmp_path):
    """It answers on loopback, and nobody listens there afterwards."""

    async def play():
        async with asking(tmp_path) as ask:
            answer = await ask.get("/livez")
            assert (answer.status, answer.text) == (200, "OK")
            assert (await ask.get("/readyz")).status == 200
            port = ask.port
        with contextlib.closing(socket.socket()) as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))

    run(play())


def test_a_port_that_is_taken(tmp_path):
    """It is named, with what to do."""

    async def play():
        async with desk(tmp_path, APP) as lab, HttpDoor(lab, 0) as door:
            with pytest.raises(BusyPort, match=str(door.endpoint.port)):
                async with HttpDoor(lab, door.endpoint.port):
                    pass

    run(play())


def test_pages_of_strangers_learn_and_change_nothing(tmp_path):
    """Every route refuses them, reading and writing, with 403; and no answer may be read by another page."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for method, path in [
                ("GET", "/api/v1/messages"), ("GET", "/api/v1/message/latest"), ("DELETE", "/api/v1/messages"),
                ("PUT", "/api/v1/messages"), ("POST", "/api/v1/send"), ("PUT", "/api/v1/chaos"), ("GET", "/no/where"),
                ("OPTIONS", "/api/v1/messages"), ("GET", "/view/latest.html"),
            ]:  # fmt: skip
                answer = await ask(method, path, b"{}", Accept="*/*", **EVIL)
                assert (answer.status, "evil.test" in answer.text) == (403, True), path
                answer = await ask(method, path, b"{}", Host="evil.test")
                assert answer.status == 403
                assert not [name for name in answer.headers if name.lower().startswith("access-control")]
            [message] = await ask.listed()
            assert not message["Read"]

    run(play())


def test_too_large(tmp_path):
    """A body beyond the bound is refused by its announced length, and by its octets where none is announced."""

    async def play():
        async with asking(tmp_path) as ask:
            assert (await ask("POST", "/api/v1/send", b"", Content_Length="99999999")).status == 413
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            writer.write(b"POST /api/v1/send HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            block = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
            with contextlib.suppress(ConnectionError):
                for _ in range(42):
                    writer.write(block)
                    await writer.drain()
            assert b"413" in await reader.readline()
            writer.close()

    run(play())


def test_a_fault_of_ours(tmp_path, monkeypatch):
    """It is answered with a reference, never with what went wrong; the logbook has both."""

    async def play():
        async with asking(tmp_path) as ask:
            monkeypatch.setattr(CaughtMail, "messages", lambda self: 1 // 0)
            answer = await ask.get("/api/v1/messages")
            assert (answer.status, "division" in answer.text) == (500, False)
            [told] = [
                e.event for e in ask.lab.logbook.since(0) if isinstance(e.event, Warned) and e.event.where == "http"
            ]
            assert "ZeroDivisionError" in told.text
            assert told.text.rpartition("reference ")[2].rstrip(")") in answer.text

    run(play())


@pytest.mark.parametrize(
    "octets", [b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost: " + b"a" * 100_000 + b"\r\n\r\n"]
)
def test_what_is_no_http(tmp_path, octets):
    """It is answered with an error, or not at all, and the door stays open."""

    async def play():
        async with asking(tmp_path) as ask:
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            writer.write(octets)
            with contextlib.suppress(ConnectionError):
                assert b" 200 " not in await reader.read(1_000)
            writer.close()
            assert (await ask.get("/livez")).status == 200

    run(play())


def test_doubled_slashes(tmp_path):
    """An address that ends with a slash and a path that begins with one are joined by clients so."""

    async def play():
        async with asking(tmp_path) as ask:
            assert (await ask.get("//api//v1/messages")).status == 200

    run(play())


def test_the_lab_ends_while_somebody_listens(tmp_path):
    """Neither who follows the logbook nor who waits for a message keeps it for longer than a moment."""

    async def play():
        async with contextlib.AsyncExitStack() as links:
            async with asking(tmp_path) as ask:
                for path in (b"wait?timeout=10min", b"entries"):
                    reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
                    links.callback(writer.close)
                    writer.write(
                        b"GET /maillab/v1/"
                        + path
                        + b" HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                    )
                assert b"200" in await reader.readline()
                before = asyncio.get_running_loop().time()
            assert asyncio.get_running_loop().time() - before < 2

    run(play())
