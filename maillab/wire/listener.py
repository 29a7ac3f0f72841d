"""One port of a machine: it listens, and knows every connection that came."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import NoReturn

from maillab.rules.rule import Stage
from maillab.wire.descriptors import AT_ONCE, let_wait
from maillab.wire.disturb import Hung, act
from maillab.wire.driver import Driver
from maillab.wire.limits import FINISH, LINGER
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.stream_shell import StreamShell
from maillab.wire.tls_handshake import UNTRUSTED, Entrance


class Listener:
    """Serves a port as `config` says. `shell` is what stands around each socket."""

    def __init__(self, config: ListenerConfig, shell: Callable[[Driver], asyncio.Protocol] = StreamShell) -> None:
        self.config = config
        self._shell = shell
        self._server: asyncio.Server | None = None
        self._entrance: Entrance | None = None  # of a port where TLS begins at once
        self._drivers: set[Driver] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, with TLS from the first octet if `tls` is given; gives the port. Raises `OSError` if it is taken."""

        def make() -> asyncio.Protocol:
            return self._shell(Driver(self.config, self._came, self._went))

        factory: Callable[[], asyncio.Protocol] = make
        if tls is not None:
            seconds = self.config.limits.handshake
            self._entrance = factory = Entrance(make, tls, seconds, self._before_tls, self._untrusted)
        self._server = await asyncio.get_running_loop().create_server(factory, host, port, backlog=AT_ONCE)
        let_wait(self._server)
        return int(self._server.sockets[0].getsockname()[1])

    async def _before_tls(self, transport: asyncio.Transport) -> None:
        """Let the rules disturb a handshake: a talk of its own where they do. Raises `OSError` when it is off."""
        config, why = self.config, "TLS begins"
        if not config.rules.concerns(Stage.TLS):
            return
        address = transport.get_extra_info("peername") or ("?", 0)
        ear = config.ear(address, secure=True)
        values = {"peer": str(address[0]), "tls": "yes"}
        point = config.point(ear.talk, lambda name: (values.get(name, ""),))
        try:
            await act(point.ask(Stage.TLS), config.pause, _for_ever, transport)
        except Hung as hung:
            why = str(hung)
            raise ConnectionAbortedError(why) from None
        finally:
            ear.closed(why)

    def _untrusted(self, transport: asyncio.Transport) -> None:
        """A client does not accept the certificate: a talk in which nothing was said."""
        self.config.ear(transport.get_extra_info("peername") or ("?", 0), secure=True).closed(UNTRUSTED)

    async def close(self, deadline: float = FINISH) -> None:
        """Stop listening, and end all connections; what has begun is waited for, and its answer said, for so many
        seconds. A call that blocks in a thread is waited for longer.
        """
        if self._server is None:
            return
        self._server.close()
        if self._entrance is not None:
            self._entrance.close()
        for driver in tuple(self._drivers):
            driver.dismiss()
        await self._emptied(deadline)
        for driver in tuple(self._drivers):
            driver.dismiss(at_once=True)
        await self._emptied(FINISH if any(driver.calling for driver in self._drivers) else LINGER)

    async def _emptied(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._empty.wait()

    def _came(self, driver: Driver) -> None:
        self._drivers.add(driver)
        self._empty.clear()

    def _went(self, driver: Driver) -> None:
        self._drivers.discard(driver)
        if not self._drivers:
            self._empty.set()


async def _for_ever() -> NoReturn:
    """A handshake that does not begin; its deadline ends it."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")
