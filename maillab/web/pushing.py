"""What is told to a client for as long as it stays."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect


async def nobody_listens(message: Message) -> None:
    """What a client says to somebody who only tells."""


async def while_open(
    socket: WebSocket,
    tell: Callable[[], Coroutine[Any, Any, None]],
    hear: Callable[[Message], Awaitable[None]] = nobody_listens,
) -> None:
    """Tell until the client goes, and `hear` what it says meanwhile. Raises an `ExceptionGroup` of what both raise."""
    try:
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(tell())
            while (message := await socket.receive())["type"] != "websocket.disconnect":
                await hear(message)
            telling.cancel()
    except* WebSocketDisconnect:  # it went while something was told
        pass
