"""What is answered when something went wrong: a sentence, never a traceback. Faults of ours are told elsewhere, too."""

import secrets
import sqlite3
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from maillab.durable import is_full
from maillab.web.answering import BadQuestion, not_found
from maillab.web.caught import NoSuchMessage
from maillab.web.guard import TooLarge, TooSlow


class Faults:
    """Stands around the handlers. `tell` hears of what should not have happened, in a sentence; `told_in` names where
    a person finds it.
    """

    def __init__(self, app: ASGIApp, tell: Callable[[str], None], told_in: str) -> None:
        self._app = app
        self._tell = tell
        self._told_in = told_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI asks."""
        last = ""

        async def sending(message: Message) -> None:
            nonlocal last
            last = message["type"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except (ClientDisconnect, WebSocketDisconnect):
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the lab goes on
            answer = self._answer(_first(error))
            if not last:
                await answer(scope, receive, send)
            elif last in ("websocket.accept", "websocket.send"):
                await send({"type": "websocket.close", "code": 1011})  # RFC 6455 §7.4.1: an unexpected condition

    def _answer(self, error: Exception) -> ASGIApp:
        match error:
            case BadQuestion():
                return PlainTextResponse(str(error), 400)
            case NoSuchMessage():
                return not_found()
            case TooSlow():
                return PlainTextResponse("the body took too long", 408)
            case TooLarge():
                return PlainTextResponse("the body is too large", 413)
        reference = secrets.token_hex(4)
        self._tell(f"{type(error).__name__}: {error} (reference {reference})")
        text = f"the lab could not answer; {self._told_in} says why (reference {reference})"
        return PlainTextResponse(text, status_of(error))


def _first(error: Exception) -> Exception:
    """What happened, of a group of tasks the first."""
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


def status_of(error: Exception) -> int:
    """Trouble with the disk may pass; a fault of ours does not.

    >>> status_of(OSError(28, "No space left on device")), status_of(OSError(5, "I/O error")), status_of(KeyError())
    (507, 503, 500)
    """
    if not isinstance(error, OSError | sqlite3.Error):
        return 500
    return 507 if is_full(error) else 503
