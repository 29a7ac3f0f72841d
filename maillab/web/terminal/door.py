"""The door to the window in a browser: a port, a token, and the window behind them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from maillab.endpoints import Endpoint
from maillab.web.admission import Admission, made_token
from maillab.web.serving import SERVICE, link, listening, serving
from maillab.web.terminal.app import made
from maillab.web.terminal.window import TerminalWindow, command_of

PURPOSE = "the window in a browser"


class WebWindow:
    """Open while it is entered. `arguments` are those of the window; one is made where `token` is "", and
    `tell` hears of faults. Raises `BusyPort`.

    A token is asked for on loopback, too: whoever has the window can open an editor, and with it every file of its
    owner.
    """

    def __init__(self, arguments: Sequence[str], port: int, host: str, token: str, tell: Callable[[str], None]) -> None:
        self._window = TerminalWindow(command_of(arguments))
        self._wanted, self._host, self._tell = port, host, tell
        self._stack = AsyncExitStack()
        self.made_token = "" if token else made_token()
        self._token = token or self.made_token
        self.admission: Admission
        self._endpoint: Endpoint

    async def __aenter__(self) -> "WebWindow":
        listener = listening(self._host, self._wanted)
        port = listener.getsockname()[1]
        self._endpoint = Endpoint("", SERVICE, self._host, port, "none", True, PURPOSE, "required")
        self.admission = Admission(self._token, f"maillab-{port}")
        app = made(self._window, self._host, self.admission, self._tell)
        await self._stack.enter_async_context(serving(app, listener))
        self._stack.push_async_callback(self._close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _close(self) -> None:
        await asyncio.shield(self._window.close())

    def link(self, path: str) -> str:
        """A URL of the door."""
        return link(self._endpoint, path)
