"""The door itself: a port of this computer, and uvicorn behind it, in the lab's own loop."""

import asyncio
import ipaddress
import logging
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from functools import partial

import uvicorn

from maillab.endpoints import HOST, BusyPort, Endpoint
from maillab.lab import Lab
from maillab.web.admission import Admission
from maillab.web.app import made
from maillab.web.caught import CaughtMail
from maillab.web.context import HttpContext
from maillab.web.digests import Digests
from maillab.web.link import Link
from maillab.web.news import InboxNews
from maillab.web.ours.feed import EntryFeed, EntryFeeds

SERVICE = "http"
PURPOSE = "programs that ask what has come; Mailpit's API"

GOODBYE = 1  # seconds that answers may still take when the lab ends
HEARD = 64 << 10  # octets of a message on a websocket: nobody listens to what a client says there
TURN = 0.0005  # seconds that an answer is worked on while the lab's loop waits: it waits for each octet that it moves
_IDLE = 30  # seconds that a connection is kept without a question


logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # else it writes on the screen that the window draws


class HttpDoor:
    """Open while it is entered, in the lab's loop. Raises `BusyPort` when it cannot.

    At a `host` that other computers reach nobody is let in without a token: the given one, or one that is made here.
    """

    def __init__(self, lab: Lab, port: int, host: str = HOST, token: str = "") -> None:
        self._lab = lab
        self._wanted = port
        self._host = host
        self._stack = AsyncExitStack()
        self.endpoint = Endpoint("", SERVICE, host, port, "none", False, PURPOSE)
        alone = ipaddress.ip_address(host).is_loopback
        self.made_token = "" if token or alone else secrets.token_urlsafe(24)  # 192 bits
        self._token = token or self.made_token
        self.admission: Admission | None = None  # who may come in; `None`: whoever can reach the door

    async def __aenter__(self) -> "HttpDoor":
        lab, news = self._lab, InboxNews()
        listener = self._listen()
        self._stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(min(TURN, sys.getswitchinterval()))
        port = listener.getsockname()[1]
        auth = bool(self._token)
        self.endpoint = Endpoint("", SERVICE, self._host, port, "none", auth, PURPOSE, "required" if auth else "off")
        if self._token:
            self.admission = Admission(self._token, f"maillab-{port}")
        senders = frozenset(f"mail.{site.domain}" for site in lab.config.sites)
        mail = CaughtMail(lambda: [account.address for account in lab.accounts], lab.inbox, senders, news.ring)
        self._stack.push_async_callback(asyncio.to_thread, mail.close)
        feeds = EntryFeeds(partial(EntryFeed, lab.logbook))
        context = HttpContext(lab, mail, Digests(), news, feeds, lab.clock.now())
        config = uvicorn.Config(
            made(context, self._host, self.admission), http=Link, lifespan="off", log_config=None, access_log=False,
            server_header=False, proxy_headers=False, ws_max_size=HEARD, ws_per_message_deflate=False,
            timeout_keep_alive=_IDLE, timeout_graceful_shutdown=GOODBYE,
        )  # fmt: skip
        server = _Server(config)
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        tasks.create_task(server.serve([listener]), name="http")
        await lab.announce(self.endpoint)

        def end() -> None:
            context.ending = True
            server.go()

        self._stack.callback(end)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def link(self, path: str) -> str:
        """A URL of the door, for this computer where it listens on every address."""
        everywhere = ipaddress.ip_address(self._host).is_unspecified
        here = "::1" if ":" in self._host else HOST
        return f"http://{replace(self.endpoint, host=here if everywhere else self._host).where}{path}"

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._wanted))
            listener.listen(512)
            listener.setblocking(False)
        except OSError as error:
            listener.close()
            raise BusyPort(SERVICE, self._wanted, error, self._host) from error
        return listener


class _Server(uvicorn.Server):
    """It hears no signals: the lab does."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them to whoever runs the lab."""
        yield

    def go(self) -> None:
        """Take no more questions, and end soon."""
        self.should_exit = True
