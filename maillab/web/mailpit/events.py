"""`/api/events`: what changes in the inboxes, told over a websocket as it happens."""

import asyncio
from functools import partial

from starlette.websockets import WebSocket

from maillab.web.answering import worked_out
from maillab.web.context import HttpContext
from maillab.web.mailpit.changes import AGAIN, ChangeFeed
from maillab.web.pushing import while_open

FRAME = 0.1  # seconds between two looks: as quick as an eye, and a flood costs no more than that


async def events(socket: WebSocket) -> None:
    """New messages, messages that are gone, changed tags and read states, and the numbers after each."""
    context: HttpContext = socket.app.state.context
    feed: ChangeFeed = socket.app.state.changes
    told = await worked_out(feed.now)  # what comes once the client is let in is news to it
    await socket.accept()

    async def tell() -> None:
        nonlocal told
        while True:
            changed = context.news.next()
            words, told = await worked_out(partial(feed.since, told, changed))
            for word in words:
                await socket.send_text(word.decode())
            await changed.wait(AGAIN)
            await asyncio.sleep(FRAME)

    await while_open(socket, tell)
