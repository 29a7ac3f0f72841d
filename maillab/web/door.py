"""The door itself: a port of this computer, and the answers behind it, in the lab's own loop."""

import asyncio
import ipaddress
import sys
from contextlib import AsyncExitStack
from functools import partial

from maillab.endpoints import HOST, Endpoint
from maillab.lab import Lab
from maillab.web.admission import Admission, made_token
from maillab.web.app import made
from maillab.web.caught import CaughtMail
from maillab.web.context import HttpContext
from maillab.web.digests import Digests
from maillab.web.news import InboxNews
from maillab.web.ours.feed import EntryFeed, EntryFeeds
from maillab.web.serving import SERVICE, link, listening, serving

PURPOSE = "programs that ask what has come; Mailpit's API"

TURN = 0.0005  # seconds that an answer is worked on while the lab's loop waits: it waits for each octet that it moves


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
        self.made_token = "" if token or alone else made_token()
        self._token = token or self.made_token
        self.admission: Admission | None = None  # who may come in; `None`: whoever can reach the door

    async def __aenter__(self) -> "HttpDoor":
        lab, news = self._lab, InboxNews()
        listener = listening(self._host, self._wanted)
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
        app = made(context, self._host, self.admission)
        await self._stack.enter_async_context(serving(app, listener))
        await lab.announce(self.endpoint)

        def end() -> None:
            context.ending = True

        self._stack.callback(end)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def link(self, path: str) -> str:
        """A URL of the door."""
        return link(self.endpoint, path)
