"""uvicorn behind a port of this computer, in a loop that somebody else runs."""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import uvicorn
from starlette.types import ASGIApp

from maillab.endpoints import HOST, BusyPort, Endpoint
from maillab.web.link import Link
from maillab.wire.descriptors import AT_ONCE, let_wait

SERVICE = "http"
GOODBYE = 1  # seconds that answers may still take at the end
HEARD = 64 << 10  # octets of a message on a websocket: nobody has more to say there
_IDLE = 30  # seconds that a connection is kept without a question

logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # else it writes on the screen that the window draws


def listening(host: str, port: int) -> socket.socket:
    """A socket at which clients arrive; 0 for any port. Raises `BusyPort`."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise BusyPort(SERVICE, port, error, host) from error
    return listener


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer there while it is entered."""
    config = uvicorn.Config(
        app, http=Link, lifespan="off", log_config=None, access_log=False, server_header=False, proxy_headers=False,
        ws_max_size=HEARD, ws_per_message_deflate=False, timeout_keep_alive=_IDLE, timeout_graceful_shutdown=GOODBYE,
        backlog=AT_ONCE,
    )  # fmt: skip
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve([listener]), name="http")
        try:
            yield
        finally:
            server.go()


def link(door: Endpoint, path: str) -> str:
    """A URL of a door, for this computer where it listens on every address.

    >>> link(Endpoint("", "http", "0.0.0.0", 8025, "none", False, ""), "/x")
    'http://127.0.0.1:8025/x'
    """
    host = door.host
    if ipaddress.ip_address(host).is_unspecified:
        host = "::1" if ":" in host else HOST
    return f"http://{replace(door, host=host).where}{path}"


class _Server(uvicorn.Server):
    """It hears no signals: whoever runs the loop does."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, as at the other doors."""
        await super().startup(sockets)
        for server in self.servers:
            let_wait(server)

    def go(self) -> None:
        """Take no more questions, and end soon."""
        self.should_exit = True
