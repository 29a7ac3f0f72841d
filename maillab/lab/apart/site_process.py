"""The process of one site: started by the lab that it belongs to, ended by that lab's word, or when the lab is gone.

`SiteApart` starts it, with the same modules at hand that the lab has: a folder called maillab in the current folder is
none of them.
"""

import asyncio
import itertools
import random
import socket
import time
from contextlib import AsyncExitStack

from maillab.endpoints import BusyPort
from maillab.lab.apart.channel import Channel
from maillab.lab.apart.outbox import KEPT, Outbox
from maillab.lab.apart.words import (
    CannotOpen,
    CloseDoors,
    Doors,
    NewsWaits,
    Obeyed,
    OpenDoors,
    Order,
    Rest,
    SendMail,
    SiteAnswer,
    TellNews,
)
from maillab.lab.callers import Callers
from maillab.lab.lab_context import LabContext
from maillab.lab.long_run import settle_in
from maillab.lab.running_site import RunningSite
from maillab.logbook import Logbook
from maillab.wire.clock import Clock
from maillab.wire.tls import Authority


class SiteProcess:
    """A site that obeys the lab at the other end of a channel."""

    def __init__(self, lab: Channel, start: OpenDoors) -> None:
        first, step = 1 + start.index, len(start.config.sites)
        clock = Clock(start.offset + time.monotonic())  # the lab's clock
        logbook = Logbook(clock.now, kept=KEPT, first=first, step=step)
        context = LabContext(
            start.folder,
            clock,
            logbook,
            Authority(start.folder / "ca"),
            random.Random(),  # noqa: S311 - shuffles hosts, guards nothing
            start.auto_ports,
            calling=Callers(start.callers),
            received=itertools.count(first, step),
        )
        self._lab = lab
        self._start = start
        self._logbook = logbook
        self._ports_by_host = context.ports_by_host
        self._outbox = Outbox(logbook, clock.now, lambda: lab.say(NewsWaits()))
        self._site = RunningSite(context, start.config, start.index)
        self._sending, self._doors = AsyncExitStack(), AsyncExitStack()  # what ends each, once

    async def run(self) -> None:
        """Open, obey, and close when the lab says so or is gone; raises `EOFError` when it hangs up."""
        async with asyncio.TaskGroup() as tasks, self._doors, self._sending:
            self._doors.push_async_callback(self._site.close)
            try:
                await self._site.prepare()
                await self._site.open(self._start.config)
            except OSError as error:
                self._lab.say(_why_not(error))
                return
            self._sending.push_async_callback(self._site.rest)
            settle_in(asyncio.get_running_loop(), self._logbook)
            self._lab.say(Doors(self._site.endpoints, self._site.guest_users))
            while True:
                self._lab.say(await self._obey(await self._lab.hear(), tasks))

    async def _obey(self, order: Order, tasks: asyncio.TaskGroup) -> SiteAnswer:
        if isinstance(order, TellNews):
            return self._outbox.news()
        if isinstance(order, SendMail):
            self._ports_by_host.update(order.hosts)
            self._site.send(order.names_port, tasks)
        elif isinstance(order, Rest):
            await self._sending.aclose()
        elif isinstance(order, CloseDoors):
            await self._doors.aclose()
        return Obeyed()


def _why_not(error: OSError) -> CannotOpen:
    if isinstance(error, BusyPort) and isinstance(error.__cause__, OSError):
        why = error.__cause__
        return CannotOpen(why.errno or 0, str(why.strerror or why), error.service, error.port)
    return CannotOpen(error.errno or 0, str(error))


async def _work(end: socket.socket) -> None:
    lab = await Channel.on(end)
    try:
        await SiteProcess(lab, await lab.hear()).run()
    except* EOFError:
        pass  # the lab has hung up, and everything was closed on the way here
    finally:
        lab.close()


def main(descriptor: str) -> None:
    """Run until the lab is gone, which speaks on the socket with this descriptor."""
    asyncio.run(_work(socket.socket(fileno=int(descriptor))))
