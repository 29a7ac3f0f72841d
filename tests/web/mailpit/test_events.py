"""What is told over the websocket."""

import asyncio
import contextlib
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support import run
from tests.web.asking import asking


def repr_of(frame):
    """A short name for a test."""
    return repr(frame[:12])


async def told(socket, kind):
    """The next event of a kind."""
    async with asyncio.timeout(20):
        while (event := json.loads(await socket.recv()))["Type"] != kind:
            pass
    return event["Data"]


def test_as_it_happens(tmp_path):
    """New messages, changed ones, messages that are gone, and the numbers after each."""

    async def play():
        async with asking(tmp_path) as ask, connect(f"ws://127.0.0.1:{ask.port}/api/events") as socket:
            await ask.bring()
            message = await told(socket, "new")
            assert (message["Subject"], message["Read"]) == ("Hello", False)
            assert await told(socket, "stats") == {"Total": 1, "Unread": 1, "Tags": []}
            await ask("PUT", "/api/v1/tags", {"IDs": [message["ID"]], "Tags": ["red"]})
            assert await told(socket, "update") == {"ID": message["ID"], "Read": False, "Tags": ["red"]}
            await ask("DELETE", "/api/v1/messages", {})
            assert await told(socket, "delete") == {"ID": message["ID"]}
            assert await told(socket, "stats") == {"Total": 0, "Unread": 0, "Tags": []}

    run(play())


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_pages_of_strangers(tmp_path, headers):
    """They are refused before a word is said (Mailpit's GHSA-524m-q5m7-79mm)."""

    async def play():
        async with asking(tmp_path) as ask:
            with pytest.raises(InvalidStatus, match="403"):
                async with connect(f"ws://127.0.0.1:{ask.port}/api/events", additional_headers=headers):
                    pass

    run(play())


@pytest.mark.parametrize(
    "frame",
    [
        '{"a":1}',
        "[]",
        '["stdin"]',
        '["stdin", "\\u001b"]',
        "\x00",
        b"\x00\xff",
        b"",
        "x" * (70 << 10),
        b"\x00" * (8 << 20),
    ],
    ids=repr_of,
)
def test_what_a_client_says(tmp_path, frame):
    """Nobody listens to it; a frame beyond 64 KiB ends this socket, and the door stays open (T289)."""

    async def play():
        async with asking(tmp_path) as ask:
            async with connect(f"ws://127.0.0.1:{ask.port}/api/events") as socket:
                with contextlib.suppress(ConnectionClosed):
                    await socket.send(frame)
                if len(frame) > 64 << 10:
                    with pytest.raises(ConnectionClosed) as ended:
                        await socket.recv()
                    assert ended.value.rcvd is None or ended.value.rcvd.code == 1009  # RFC 6455 §7.4.1
                else:
                    await ask.bring()
                    assert (await told(socket, "new"))["Subject"] == "Hello"
            assert (await ask.get("/livez")).status == 200

    run(play())


@pytest.mark.parametrize(
    "octets",
    [
        b"\x81\x82\x00\x00\x00\x00\xff\xfe",  # text that is no UTF-8
        b"\x81\x02ab",  # not masked, as a server would write it
        b"\x83\x80\x00\x00\x00\x00",  # an opcode that there is not
        b"\x82\xff\x00\x00\x00\x00\x06\x40\x00\x00\x00\x00\x00\x00",  # 100 MB are announced
        b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # more than there can be
        b"\x89\xfe\x00\xff" + bytes(4 + 255),  # a ping that is too long
    ],
)
def test_frames_that_are_none(tmp_path, octets):
    """They end the socket that brought them, and the door stays open (T289)."""

    async def play():
        async with asking(tmp_path) as ask:
            reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
            writer.write(
                b"GET /api/events HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            assert b"101" in await reader.readuntil(b"\r\n\r\n")
            writer.write(octets)
            async with asyncio.timeout(20):
                with contextlib.suppress(ConnectionError):
                    await reader.read()
            writer.close()
            assert (await ask.get("/livez")).status == 200

    run(play())


def test_the_lab_ends_while_somebody_listens(tmp_path):
    """Nobody is waited for."""

    async def play():
        async with asking(tmp_path) as ask:
            socket = await connect(f"ws://127.0.0.1:{ask.port}/api/events")
            await ask.bring()
            await told(socket, "new")
        await socket.close()

    run(play())
