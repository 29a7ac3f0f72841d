"""A lab whose sites run in processes of their own; it keeps the name server, the logbook and the folder."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from maillab.config import Config
from maillab.events import Warned
from maillab.lab.apart.merging import Merging
from maillab.lab.apart.outbox import KEPT, Outbox
from maillab.lab.apart.site_apart import PATIENCE, SiteApart, SiteIsGone
from maillab.lab.apart.words import Noted, OpenDoors, SiteNews
from maillab.lab.callers import PORTS
from maillab.lab.premises import OpenSite, Premises
from maillab.logbook import Logbook
from maillab.protocols.services import SMTP
from maillab.system import ENDS, HERE

COMPANY = 0.05  # seconds in which what the sites write down is gathered before it is asked for


class SplitLab(Premises):
    """Open while it is entered. `lock` is the descriptor of its folder's lock; `on_loss` hears the domain of a site
    whose process ended by itself: it is not started anew.

    It has no rules, and nothing of it can be changed by hand: those count and act across machines.
    Raises `BusyPort`, `ZoneError`, `OSError` when it cannot start; then nothing stays open.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        lock: int,
        on_loss: Callable[[str], None] = lambda _: None,
        auto_ports: bool = False,
        now: float | None = None,
    ) -> None:
        super().__init__(config, folder, auto_ports=auto_ports, now=now)
        self._lock = lock
        self._on_loss = on_loss
        self._rang = asyncio.Event()
        self._apart: dict[str, SiteApart] = {}
        self._merging = Merging(len(config.sites) + 1)
        self._outbox = Outbox(self._names_logbook, self.clock.now, self._rang.set)
        self._closing = False

    @property
    def _sites(self) -> Mapping[str, OpenSite]:
        return self._apart

    def _logbook_of_names(self) -> Logbook:
        """One of its own: what the name server writes stands among what the sites write, in order."""
        self._names_logbook = Logbook(self.clock.now, kept=KEPT)
        return self._names_logbook

    async def _open(self, tasks: asyncio.TaskGroup) -> None:
        self._apart = self._made()
        await self._open_sites(tasks)
        await self._open_names()
        await self._begin_to_send()
        self._stack.push_async_callback(self._end_gathering, tasks.create_task(self._gather()))

    def _made(self) -> dict[str, SiteApart]:
        callers = self._stack.enter_context(tempfile.TemporaryFile(dir=self.folder))  # noqa: SIM115 - the stack closes it
        callers.truncate(PORTS)
        offset = self.clock.now() - time.monotonic()
        begin = partial(OpenDoors, self.config, folder=self.folder, offset=offset, auto_ports=self._auto_ports)
        inherited = (self._lock, callers.fileno())
        return {
            site.domain: SiteApart(begin(index, callers=callers.fileno()), inherited, self._rang.set)
            for index, site in enumerate(self.config.sites)
        }

    async def _close(self) -> None:
        for site in self._apart.values():
            site.hurry()
        await super()._close()

    async def _open_sites(self, tasks: asyncio.TaskGroup) -> None:
        """All at once: a process takes half a second to begin.

        A terminal sends Ctrl-C to every process, and a supervisor SIGTERM: that is for the lab, which says what to do.
        """
        sites = self._apart.values()
        for site in sites:
            self._stack.push_async_callback(site.end)
        self._stack.push_async_callback(self._look_until_quiet)
        for site in sites:
            self._stack.push_async_callback(site.close)
        with HERE.holding_back(ENDS):
            for site in sites:
                await site.start()
        results = await asyncio.gather(*(site.open(tasks) for site in sites), return_exceptions=True)
        for failure in (result for result in results if isinstance(result, BaseException)):
            raise failure

    async def _begin_to_send(self) -> None:
        ports = self._ports
        hosts = {
            site.mx: ports[site.domain][SMTP.name] for site in self.config.sites if SMTP.name in ports[site.domain]
        }
        hosts |= self._ports_of_hosts()
        for site in self._apart.values():
            self._stack.push_async_callback(site.rest)
            await site.send(self._names_port, hosts)

    # ── one logbook ──

    async def _gather(self) -> None:
        while not self._closing:
            await self._rang.wait()
            await asyncio.sleep(COMPANY)
            await self._look()

    async def _end_gathering(self, gathering: asyncio.Task[None]) -> None:
        self._closing = True
        self._rang.set()
        await gathering

    async def _look_until_quiet(self) -> None:
        self._closing = True
        while await self._look():
            pass

    async def _look(self) -> bool:
        """Ask every site for its news, and write down what is in order; is there more?"""
        self._rang.clear()
        sites = enumerate(self._apart.values())
        count = sum(await asyncio.gather(*(self._hear(number, site) for number, site in sites)))
        count += self._take(len(self._apart), "names", self._outbox.news())
        for at, event in self._merging.ready():
            self.logbook.append(event, at)
        if self._merging.waits:
            self._rang.set()
        return count > 0 or self._merging.waits

    async def _hear(self, number: int, site: SiteApart) -> int:
        try:
            return self._take(number, site.domain, await site.news())
        except SiteIsGone:
            if not self._merging.has_left(number):
                self._merging.take(number, self._last_words(site), self.clock.now())
                self._merging.leave(number)
            return 0

    def _last_words(self, site: SiteApart) -> list[Noted]:
        """What the lab says in place of a process that is gone, if nobody had told it to go."""
        if site.was_stuck:
            why = f"its process gave no answer for {PATIENCE:g} s and was ended"
        elif not self._closing:
            why = "its process has ended by itself: nobody serves its doors"
            self._on_loss(site.domain)
        else:
            return []
        return [(self.clock.now(), Warned(site.domain, why))]

    def _take(self, number: int, who: str, news: SiteNews) -> int:
        noted = news.noted
        if news.lost:
            why = f"{news.lost} entries were forgotten before the lab could write them down"
            noted = [(noted[0][0], Warned(who, why)), *noted]
        self._merging.take(number, noted, news.until)
        return len(noted)
