"""The lab as a whole: every site's servers, the name server for all of them, and what a person may do to it."""

import asyncio
import math
import random
from collections.abc import Callable, Mapping
from pathlib import Path

from maillab.config import Config, ConfigError
from maillab.config_file import check
from maillab.lab.lab_context import LabContext
from maillab.lab.premises import OpenSite, Premises
from maillab.lab.running_site import RunningSite
from maillab.mail.address import Address
from maillab.protocols.services import IMAP, SERVICES, SMTP
from maillab.recipient.folders import FolderView
from maillab.sender.dispatcher import Dispatcher
from maillab.sender.waiting import Job
from maillab.wire.tls import Issuer


class Lab(Premises):
    """Everything on one desk, while it is entered. `folder` is the lab's own and locked (maillab/folder.py).

    `rules` are those of the configuration, and may be changed at any moment, in the lab's loop.
    Raises `BusyPort`, `ZoneError`, `OSError` when it cannot start; then nothing stays open.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        auto_ports: bool = False,
        more_doors: bool = False,
        now: float | None = None,
        dice: random.Random | None = None,
        issuer: Issuer | None = None,
    ) -> None:
        super().__init__(
            config, folder, auto_ports=auto_ports, more_doors=more_doors, now=now, dice=dice, issuer=issuer
        )
        self._context = LabContext(folder, self.clock, self.logbook, self.authority, self.dice, auto_ports, self.rules)
        self._running = {
            site.domain: RunningSite(self._context, config, index) for index, site in enumerate(config.sites)
        }
        self._tasks: asyncio.TaskGroup | None = None
        self.turning = asyncio.Lock()  # time is let pass by one hand at a time
        self._by_hand = asyncio.Lock()  # doors are closed and opened by one hand at a time

    @property
    def _sites(self) -> Mapping[str, OpenSite]:
        return self._running

    def mailbox(self, address: str) -> str:
        """The account whose mailbox messages for this address end up in. Raises `LookupError`, `Refused`."""
        wanted = Address.parse(address)
        for running in self._running.values():
            if (mailbox := running.local_users.mailbox(wanted)) is not None:
                return mailbox
        raise LookupError(f"nobody in the lab is called {address}")

    async def _open(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        for running in self._running.values():
            self._stack.push_async_callback(running.close)
            await running.prepare()
            await running.open(self.config)
        await self._open_names()
        self._context.ports_by_host.update(self._ports_of_hosts())
        for running in self._running.values():
            self._stack.push_async_callback(running.rest)
            running.send(self._names_port, tasks)

    # ── by hand ──

    def is_open(self, domain: str, service: str) -> bool:
        """Does anybody listen at this door of a site?"""
        return self._running[domain].is_open(service)

    async def stop(self, domain: str, service: str = SMTP.name) -> None:
        """Switch off one door of a site; who is connected hears goodbye."""
        async with self._by_hand:
            await self._running[domain].stop(service)

    async def start(self, domain: str, service: str = SMTP.name) -> None:
        """Open it again, on the same port."""
        async with self._by_hand:
            await self._running[domain].start(service)

    async def switch(self, change: Callable[[Config], Config]) -> None:
        """Go on with the settings changed so, from the next connection on; mail stays where it is.

        A door closes only when its port changes, or the certificate with which it begins. The domains must be the same
        ones. Raises `ConfigError`, and nothing has changed; `BusyPort` or `OSError`, and it goes on with the settings
        that it had.
        """
        async with self._by_hand:
            await self._switch(change(self.config))

    async def _switch(self, config: Config) -> None:
        check(config, "these settings")
        if config.domains != self.config.domains or self._tasks is None:
            raise ConfigError("these settings: a running lab keeps its domains; for others, start it anew")
        before = self.config
        try:
            await self._furnish(config)
        except Exception:
            await self._furnish(before)
            raise

    async def _furnish(self, config: Config) -> None:
        self.config = config
        for running in self._running.values():
            await running.open(config)
        await self._names.serve(config, self._ports)  # what is caught may have changed
        await self._post()

    def dispatcher(self, domain: str) -> Dispatcher:
        """The runner of a site's queue, to be paused, or asked to do something about one job."""
        return self._running[domain].dispatcher

    def jobs(self, domain: str) -> list[Job]:
        """The jobs that wait in a site's queue and that nobody is working on."""
        return self._running[domain].queue.jobs

    @property
    def at_rest(self) -> bool:
        """Has every message arrived or failed, or does it wait for its next attempt or in a queue that is held?"""
        halves = [(running.queue, running.dispatcher) for running in self._running.values()]
        is_due = (self.next_due or math.inf) <= self.clock.now()
        return not is_due and not any(
            queue.at_work or (queue.ready_domains and not runner.paused) for queue, runner in halves
        )

    @property
    def next_due(self) -> float | None:
        """The moment at which the next message that waits is tried, `None` where none waits; held queues try none."""
        running = [one for one in self._running.values() if not one.dispatcher.paused]
        return min((due for one in running if (due := one.queue.next_due) is not None), default=None)

    def retry_now(self) -> None:
        """Every sending machine tries all that waits."""
        for running in self._running.values():
            running.dispatcher.retry_now()

    @property
    def reads_by_imap(self) -> bool:
        """Do the people of the lab read their mail by IMAP, if nobody says otherwise?"""
        return SERVICES[self.config.fetch].protocol is IMAP.protocol

    async def name_mail(self) -> dict[str, frozenset[str]]:
        """How the messages in each mailbox are called by UIDL."""
        names: dict[str, frozenset[str]] = {}
        for running in self._running.values():
            names |= await running.mailboxes.names()
        return names

    async def name_unseen(self) -> dict[str, frozenset[str]]:
        """Those of them that nobody has marked as read, which is done by IMAP."""
        names: dict[str, frozenset[str]] = {}
        for running in self._running.values():
            names |= await running.mailboxes.unseen()
        return names

    async def number_mail(self) -> dict[str, dict[str, int]]:
        """The UIDs of the messages in each mailbox, as far as they have one, by UIDL."""
        uids: dict[str, dict[str, int]] = {}
        for running in self._running.values():
            uids |= await running.mailboxes.uids()
        return uids

    def inbox(self, account: str, bell: Callable[[], None]) -> FolderView:
        """A look into somebody's inbox, as one more session; blocks. Raises `LookupError`, `OSError`."""
        site = account.rpartition("@")[2]
        if site not in self._running:
            raise LookupError(f"no account {account}")
        return self._running[site].mailboxes.inbox(account, bell)

    # ── names ──

    async def edit_zone(self, origin: str, text: str) -> None:
        """Serve this text for a zone from now on; whoever has asked before asks anew. It holds while the lab runs.

        Raises `ZoneError`, and the zone before is served on; `LookupError` for a zone that is not served.
        """
        async with self._by_hand:
            await self._names.edit(origin, text)
            for running in self._running.values():
                running.dispatcher.forget_names()
