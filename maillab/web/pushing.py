"""What is told to a client for as long as it stays."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect


async def while_open(socket: WebSocket, tell: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Tell until the client goes; what it says is not listened to. Raises an `ExceptionGroup` of what `tell` raises."""
    try:
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(tell())
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass
            telling.cancel()
    except* WebSocketDisconnect:  # it went while something was told
        pass
