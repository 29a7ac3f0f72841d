"""The routes of the window in a browser: its page, the files of textual-serve, and the websocket."""

import json
from collections.abc import Callable
from functools import cache
from importlib import resources

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from maillab.web.admission import Admission
from maillab.web.faults import Faults
from maillab.web.guard import RequestGuard
from maillab.web.pushing import while_open
from maillab.web.terminal.heard import Pinged, Resized, Typed, Unheard, heard, size_in
from maillab.web.terminal.window import TerminalWindow, Viewer
from maillab.web.token_guard import TokenGuard

MOST = 4  # who look at a time
# xterm.js writes sheets of styles of its own, and nothing else that is inline
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_TAKEN = {  # what is asked for, and what it is in textual-serve
    "textual.js": "static/js/textual.js",
    "xterm.css": "static/css/xterm.css",
    "mono.ttf": "static/fonts/RobotoMono-VariableFont_wght.ttf",
}


def made(window: TerminalWindow, listening: str, admission: Admission, tell: Callable[[str], None]) -> Starlette:
    """The application. Nobody comes in without the token, from this computer neither: the window can run an editor.

    `tell` says on standard error what should not have happened.
    """

    async def talk(socket: WebSocket) -> None:
        if window.viewers >= MOST:
            await socket.send_denial_response(PlainTextResponse(f"{MOST} are looking already", 503))
            return
        size = size_in(socket.query_params.get("width", ""), socket.query_params.get("height", ""))
        try:
            viewer = await window.join(size)
        except OSError as error:
            await socket.send_denial_response(PlainTextResponse(f"the window cannot begin: {error.strerror}", 503))
            return
        try:
            await socket.accept()
            await _converse(socket, window, viewer)
        finally:
            window.leave(viewer)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/terminal/{name}", file),
            Route("/livez", well),
            WebSocketRoute("/ws", talk),
        ],
        middleware=[
            Middleware(RequestGuard, listening=listening),
            Middleware(Faults, tell=tell, told_in="its standard error"),
            Middleware(TokenGuard, admission=admission),
        ],
    )


async def _converse(socket: WebSocket, window: TerminalWindow, viewer: Viewer) -> None:
    """Show what the window draws, and hand it what is typed, until one of them goes."""

    async def show() -> None:
        while (octets := await viewer.news.get()) is not None:
            await socket.send_bytes(octets)
            window.took(viewer, octets)
        await socket.close()

    async def hear(message: Message) -> None:
        match heard(message.get("text") or ""):
            case Typed(octets):
                window.type(octets)
            case Resized() as size:
                window.resize(size)
            case Pinged(word):
                await socket.send_text(json.dumps(["pong", word]))

    try:
        await while_open(socket, show, hear)
    except* Unheard:
        await socket.close(1008)


async def page(request: Request) -> Response:
    """The page around the terminal."""
    return Response(_own("index.html"), headers={"Content-Security-Policy": POLICY, "Content-Type": _TYPES["html"]})


async def file(request: Request) -> Response:
    """One of its files; what is asked for is compared with their names, and no path is made of it."""
    name: str = request.path_params["name"]
    kind = _TYPES.get(name.rpartition(".")[2], "font/ttf")
    if name in _TAKEN:
        return Response(_textual_serve(_TAKEN[name]), headers={"Content-Type": kind})
    if name in ("start.js", "style.css"):
        return Response(_own(name), headers={"Content-Type": kind})
    return PlainTextResponse("there is no such file", 404)


async def well(request: Request) -> Response:
    """It answers."""
    return PlainTextResponse("OK")


@cache
def _own(name: str) -> bytes:
    return resources.files("maillab.web.terminal").joinpath("page", name).read_bytes()


@cache
def _textual_serve(path: str) -> bytes:
    return resources.files("textual_serve").joinpath(path).read_bytes()
