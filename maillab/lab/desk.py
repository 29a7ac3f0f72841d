"""The lab as a whole: every site's servers, the name server for all of them, and what a person may do to it."""

import asyncio
import math
import os
import random
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from maillab.config import WEAKNESSES, Config, ConfigError
from maillab.config_file import check
from maillab.endpoints import HOST, Account, BusyPort, Endpoint, endpoint_of
from maillab.events import Carried, Entry, Warned
from maillab.lab.lab_context import LabContext
from maillab.lab.running_site import RunningSite
from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.nameserver.default import catching, default_zone, second_zone
from maillab.nameserver.server import NameServer
from maillab.nameserver.summary import ZoneSummary, absolute, summaries
from maillab.nameserver.zone import Zones
from maillab.notice import Notice, post, take_down
from maillab.protocols.services import DNS, IMAP, SERVICES, SMTP
from maillab.recipient.folders import FolderView
from maillab.rules.live import Rules
from maillab.sender.dispatcher import Dispatcher
from maillab.sender.waiting import Job
from maillab.wire.clock import Clock
from maillab.wire.tls import Authority, Issuer


class Lab:
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
        now: float | None = None,
        dice: random.Random | None = None,
        issuer: Issuer | None = None,
    ) -> None:
        self.config = config
        self.folder = folder
        self.clock = Clock(time.time() if now is None else now)  # noqa: TID251 - where the clock is made
        self.logbook = Logbook(self.clock.now, forget=self._forget)
        self.authority = Authority(folder / "ca", issuer)
        for problem in self.authority.problems:
            self.logbook.append(Warned("certificates", problem))
        dice = dice or random.Random()  # noqa: S311 - shuffles hosts, guards nothing
        self.rules = Rules(dice, (config.rule(text, site) for _, text, site in config.written_rules))
        self._context = LabContext(folder, self.clock, self.logbook, self.authority, dice, auto_ports, self.rules)
        self._running = {
            site.domain: RunningSite(self._context, config, index) for index, site in enumerate(config.sites)
        }
        self._names: tuple[Endpoint, ...] = ()  # the door of the name server
        self._others: tuple[Endpoint, ...] = ()  # doors that are not the lab's own
        self._name_server: NameServer | None = None
        self._edited: dict[str, str] = {}  # zones that a person has edited: origin, text
        self.zones: tuple[ZoneSummary, ...] = ()  # that are served; zones for caught names are not among them
        self._tasks: asyncio.TaskGroup | None = None
        self._stack = AsyncExitStack()
        self.turning = asyncio.Lock()  # time is let pass by one hand at a time
        self._by_hand = asyncio.Lock()  # doors are closed and opened by one hand at a time

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Everyone who can log in, guests last: theirs is any password."""
        people = [
            Account(f"{person.name}@{site.domain}", person.password)
            for index, site in enumerate(self.config.sites)
            for person in self.config.people(index)
        ]
        return (*people, *(Account(user, "any") for each in self._running.values() for user in each.guests.users))

    def mailbox(self, address: str) -> str:
        """The account whose mailbox messages for this address end up in. Raises `LookupError`, `Refused`."""
        wanted = Address.parse(address)
        for running in self._running.values():
            if (mailbox := running.local_users.mailbox(wanted)) is not None:
                return mailbox
        raise LookupError(f"nobody in the lab is called {address}")

    def password(self, address: str) -> str:
        """The password of an account. Raises `LookupError`."""
        for account in self.accounts:
            if account.address == address:
                return account.password
        raise LookupError(f"no account {address}")

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every door, site by site, then the name server's, and what was announced.

        While the lab starts, those that are open already.
        """
        return sum((running.endpoints for running in self._running.values()), ()) + self._names + self._others

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens, as `endpoint_of`."""
        return endpoint_of(self.endpoints, site, service)

    async def __aenter__(self) -> "Lab":
        try:
            self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
            for running in self._running.values():
                self._stack.push_async_callback(running.close)
                await running.prepare()
                await running.open(self.config)
            await self._open_names()
            for running in self._running.values():
                self._stack.push_async_callback(running.rest)
                running.send(self._names_port, self._tasks)
            self._stack.callback(take_down, self.folder)
            await self._post()
        except BaseException:
            await self._stack.aclose()
            raise
        for weakness in self.config.weaknesses:
            self.logbook.append(Warned("lab", f"deliberately weak: {WEAKNESSES[weakness]}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _post(self) -> None:
        """Tell other processes where the doors are; a lab that cannot goes on all the same."""
        notice = Notice(os.getpid(), str(self.folder.absolute()), self.endpoints, self.accounts, self.config)
        try:
            await asyncio.to_thread(post, notice, self.folder)
        except OSError as error:
            self.logbook.append(Warned("lab", f"other programs cannot find this lab by its folder: {error.strerror}"))

    def _forget(self, entries: Sequence[Entry]) -> None:
        """Bodies that only forgotten entries refer to need no file any more."""
        for entry in entries:
            path = entry.event.content.path if isinstance(entry.event, Carried) else None
            if path is not None and path.parent == self.folder / "record":
                path.unlink(missing_ok=True)

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
        if self._name_server is not None:
            self._name_server.zones = await self._zones()  # what is caught may have changed
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

    async def announce(self, door: Endpoint) -> None:
        """Tell of a door that somebody else has opened for this lab."""
        self._others += (door,)
        await self._post()

    # ── names ──

    @property
    def _names_port(self) -> int:
        [endpoint] = self._names
        return endpoint.port

    async def edit_zone(self, origin: str, text: str) -> None:
        """Serve this text for a zone from now on; whoever has asked before asks anew. It holds while the lab runs.

        Raises `ZoneError`, and the zone before is served on; `LookupError` for a zone that is not served.
        """
        async with self._by_hand:
            if self._name_server is None or origin not in {zone.origin for zone in self.zones}:
                raise LookupError(f"no zone {origin}")
            before = dict(self._edited)
            self._edited[origin] = text
            try:
                self._name_server.zones = await self._zones()
            except BaseException:
                self._edited = before
                raise
            for running in self._running.values():
                running.dispatcher.forget_names()

    async def _zones(self) -> Zones:
        """The zones of all sites, those that were described, and the names whose mail is caught."""
        config, texts = self.config, []
        catcher = config.sites[-1].mx
        caught = partial(catching, catcher=catcher) if config.catch_all else str
        for site in config.sites:
            ports = self._running[site.domain].ports
            texts.append((site.domain, site.zone or caught(default_zone(site.domain, ports=ports))))
            texts += [(name, caught(second_zone(name, site=site.domain, mx=site.mx))) for name in site.domains]
        texts += [(zone.origin, zone.text) for zone in config.zones]
        texts = [(origin, self._edited.get(absolute(origin), text)) for origin, text in texts]
        read = partial(Zones.read, texts, caught=config.caught_origins, catcher=catcher)
        zones = await asyncio.to_thread(read)
        self.zones = summaries(zones, texts, self._edited)
        return zones

    async def _open_names(self) -> None:
        config, ports = self.config, {domain: running.ports for domain, running in self._running.items()}
        self._name_server = server = NameServer(
            await self._zones(), self.logbook, f"ns.{config.sites[0].domain}", rules=self.rules
        )
        wanted = 0 if self._context.auto_ports else config.dns_port
        try:
            port = await server.start(HOST, wanted)
        except OSError as error:
            raise BusyPort(DNS.name, wanted, error) from error
        self._stack.push_async_callback(server.close)
        self._names = (Endpoint("", DNS.name, HOST, port, "none", False, DNS.purpose),)
        for host, where in config.hosts.items():
            port = ports[where][SMTP.name] if isinstance(where, str) else where or _silent_port()
            self._context.ports_by_host[host] = port


def _silent_port() -> int:
    """A port where nobody listens: connections to it are refused."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])
