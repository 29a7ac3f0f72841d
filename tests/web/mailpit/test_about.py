"""Who answers, and how much the lab holds."""

from tests.support import run
from tests.web.asking import asking


def test_numbers(tmp_path):
    """Messages, tags, and what was removed since the door was opened."""

    async def play():
        async with asking(tmp_path) as ask:
            for _ in range(2):
                await ask.bring(b"X-Tags: red\r\nSubject: x\r\n\r\n")
            [_, first] = await ask.listed()
            await ask("DELETE", "/api/v1/messages", {"IDs": [first["ID"]]})
            info = (await ask.get("/api/v1/info")).json
            assert (info["Messages"], info["Unread"], info["Tags"]) == (1, 1, {"red": 1})
            assert (info["RuntimeStats"]["MessagesDeleted"], info["Version"][0]) == (1, "v")
            assert (await ask.get("/api/v1/webui")).json["ChaosEnabled"]

    run(play())
