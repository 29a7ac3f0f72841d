"""What is told over the websocket."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support import run
from tests.web.asking import asking


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


def test_the_lab_ends_while_somebody_listens(tmp_path):
    """Nobody is waited for."""

    async def play():
        async with asking(tmp_path) as ask:
            socket = await connect(f"ws://127.0.0.1:{ask.port}/api/events")
            await ask.bring()
            await told(socket, "new")
        await socket.close()

    run(play())
