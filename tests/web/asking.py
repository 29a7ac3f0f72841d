"""A lab with its HTTP door open, and a client of the standard library that asks it."""

import asyncio
import contextlib
import http.client
import json
from typing import Any, NamedTuple

from maillab.config_file import read
from maillab.events import Delivered
from maillab.web.door import HttpDoor
from tests.lab.test_desk import desk, post
from tests.support import wait_for

APP = read(b"profile = 'app'", "x")
HELLO = (
    b"From: Alice <alice@sender.test>\r\nTo: Bob <bob@recipient.test>\r\nSubject: Hello\r\n\r\nThe code is 482910.\r\n"
)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Asker:
    """Asks one door; every question is a connection of its own."""

    def __init__(self, lab, door):
        self.lab = lab
        self.port = door.endpoint.port

    async def __call__(self, method, path, body=None, **headers):
        """One question; a body that is no octets goes as JSON. Names of header fields have _ for -."""

        def ask():
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            with contextlib.closing(link):
                octets = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
                link.request(method, path, octets, {name.replace("_", "-"): value for name, value in headers.items()})
                answer = link.getresponse()
                return Answer(answer.status, answer.headers, answer.read())

        return await asyncio.to_thread(ask)

    async def get(self, path, **headers):
        """What is at a path."""
        return await self("GET", path, Accept="*/*", **headers)

    async def listed(self, query=""):
        """The messages, the newest first."""
        path = f"/api/v1/search?query={query}" if query else "/api/v1/messages"
        return (await self.get(path)).json["messages"]

    async def bring(self, content=HELLO, *to, sender="alice@sender.test"):
        """Post a message, and wait until every copy is stored."""
        to = to or ("bob@recipient.test",)
        known = len(stored(self.lab))
        await post(self.lab, *to, sender=sender, content=content)
        await wait_for(self.lab.logbook, lambda event: len(stored(self.lab)) >= known + len(to))


def stored(lab):
    """Every delivery so far."""
    return [entry for entry in lab.logbook.since(0) if isinstance(entry.event, Delivered)]


@contextlib.asynccontextmanager
async def asking(folder, config=APP):
    """A lab, and who asks it."""
    async with desk(folder, config) as lab, HttpDoor(lab, 0) as door:
        yield Asker(lab, door)
