"""`/api/events`: what changes in the inboxes, told over a websocket as it happens."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from starlette.websockets import WebSocket

from maillab.web.answering import worked_out
from maillab.web.caught import CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.told import all_tags, summary
from maillab.web.pushing import while_open
from maillab.web.tags import tags_of

MANY = 200  # messages that are gone at once: the client is told to ask for the list again
AGAIN = 1.0  # seconds between two looks where no bell rings

KnownMessages = dict[str, CaughtMessage]


async def events(socket: WebSocket) -> None:
    """New messages, messages that are gone, changed tags and read states, and the numbers after each."""
    context: HttpContext = socket.app.state.context
    before = await worked_out(partial(_told, context))  # what comes once the client is let in is news to it
    await socket.accept()

    async def tell() -> None:
        nonlocal before
        while True:
            changed = context.news.next()
            now = await worked_out(partial(_told, context))
            for event in await worked_out(partial(_changes, context, before, now)):
                await socket.send_text(msgspec.json.encode(event).decode())
            before = now
            await changed.wait(AGAIN)

    await while_open(socket, tell)


def _told(context: HttpContext) -> KnownMessages:
    return {message.id: message for message in reversed(context.mail.messages())}


def _changes(context: HttpContext, before: KnownMessages, now: KnownMessages) -> list[dict[str, Any]]:
    """What a client is told, with Mailpit's words."""
    return [*_told_of(context, before, now)]


def _told_of(context: HttpContext, before: KnownMessages, now: KnownMessages) -> Iterator[dict[str, Any]]:
    gone = before.keys() - now.keys()
    if len(gone) > MANY:
        yield {"Type": "prune", "Data": None}
    else:
        yield from ({"Type": "delete", "Data": {"ID": name}} for name in gone)
    for name, message in now.items():
        if (known := before.get(name)) is None:
            try:
                yield {"Type": "new", "Data": summary(context, message)}
            except NoSuchMessage:
                continue
        elif (known.is_read, known.keywords) != (message.is_read, message.keywords):
            told = {"ID": name, "Read": message.is_read, "Tags": tags_of(message.keywords)}
            yield {"Type": "update", "Data": told}
    if before != now:
        unread = sum(not message.is_read for message in now.values())
        yield {"Type": "stats", "Data": {"Total": len(now), "Unread": unread, "Tags": all_tags(now.values())}}
