"""What every lab has, wherever its machines run: a folder, a clock, a logbook, an authority, names, and a notice."""

import asyncio
import os
import random
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol, Self

from maillab.config import WEAKNESSES, Config
from maillab.endpoints import HOST, Account, Endpoint, endpoint_of
from maillab.events import Carried, Entry, Warned
from maillab.lab.names import LabNames
from maillab.logbook import Logbook
from maillab.nameserver.summary import ZoneSummary
from maillab.notice import Notice, post, take_down
from maillab.protocols.services import SMTP
from maillab.rules.live import Rules
from maillab.wire.clock import Clock
from maillab.wire.tls import Authority, Issuer


class OpenSite(Protocol):
    """What others see of a site."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its doors that are open."""
        ...

    @property
    def guest_users(self) -> tuple[str, ...]:
        """Who has a mailbox without being in the configuration."""
        ...


class Premises(ABC):
    """The part of a lab that is the same however its sites run. `folder` is its own and locked (maillab/folder.py).

    It is open while it is entered. Where `more_doors` are opened beside it, other processes are told of none before
    these are announced: who waits until it is ready finds them all. `rules` are those of the configuration, and may be
    changed at any moment, in the lab's loop.
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
        self.config = config
        self.folder = folder
        self.clock = Clock(time.time() if now is None else now)  # noqa: TID251 - where the clock is made
        self.logbook = Logbook(self.clock.now, forget=self._forget)
        self.authority = Authority(folder / "ca", issuer)
        for problem in self.authority.problems:
            self.logbook.append(Warned("certificates", problem))
        self.dice = dice or random.Random()  # noqa: S311 - shuffles hosts, guards nothing
        self.rules = Rules(self.dice, (config.rule(text, site) for _, text, site in config.written_rules))
        self._auto_ports = auto_ports
        self._more_doors = more_doors
        self._stack = AsyncExitStack()  # what is open
        self._names = LabNames(self._logbook_of_names(), self.rules)
        self._names_door: tuple[Endpoint, ...] = ()  # the name server's
        self._others: tuple[Endpoint, ...] = ()  # doors that are not the lab's own

    async def __aenter__(self) -> Self:
        try:
            tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
            await self._open(tasks)
            self._stack.callback(take_down, self.folder)
            if not self._more_doors:
                await self._post()
        except BaseException:
            await self._close()
            raise
        for weakness in self.config.weaknesses:
            self.logbook.append(Warned("lab", f"deliberately weak: {WEAKNESSES[weakness]}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    @abstractmethod
    async def _open(self, tasks: asyncio.TaskGroup) -> None:
        """Open every door and begin to send; what ends each of these goes onto the stack."""

    async def _close(self) -> None:
        await self._stack.aclose()

    async def _open_names(self) -> None:
        """Once every site is open: its zones name their ports."""
        door = await self._names.open(self.config, self._ports, 0 if self._auto_ports else self.config.dns_port)
        self._stack.push_async_callback(self._names.close)
        self._names_door = (door,)

    @property
    @abstractmethod
    def _sites(self) -> Mapping[str, OpenSite]:
        """Every site, by its domain."""

    def _logbook_of_names(self) -> Logbook:
        """Where the name server writes."""
        return self.logbook

    @property
    def zones(self) -> tuple[ZoneSummary, ...]:
        """The zones that are served; those for caught names are not among them."""
        return self._names.zones

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Everyone who can log in, guests last: theirs is any password."""
        people = [
            Account(f"{person.name}@{site.domain}", person.password)
            for index, site in enumerate(self.config.sites)
            for person in self.config.people(index)
        ]
        return (*people, *(Account(user, "any") for each in self._sites.values() for user in each.guest_users))

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
        return sum((site.endpoints for site in self._sites.values()), ()) + self._names_door + self._others

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens, as `endpoint_of`."""
        return endpoint_of(self.endpoints, site, service)

    async def announce(self, *doors: Endpoint) -> None:
        """Tell of the doors that somebody else has opened for this lab."""
        self._others += doors
        await self._post()

    @property
    def _ports(self) -> dict[str, dict[str, int]]:
        """The port of every service that has a door, by site."""
        return {domain: ports_of(site.endpoints) for domain, site in self._sites.items()}

    @property
    def _names_port(self) -> int:
        [door] = self._names_door
        return door.port

    def _ports_of_hosts(self) -> dict[str, int]:
        """The ports of the hosts that only the configuration names."""
        ports = self._ports
        return {
            host: ports[where][SMTP.name] if isinstance(where, str) else where or _silent_port()
            for host, where in self.config.hosts.items()
        }

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


def ports_of(endpoints: Iterable[Endpoint]) -> dict[str, int]:
    """The port of every service that has a door.

    >>> ports_of([Endpoint("a.test", "smtp", HOST, 2525, "none", False, "other servers")])
    {'smtp': 2525}
    """
    return {endpoint.service: endpoint.port for endpoint in endpoints}


def _silent_port() -> int:
    """A port where nobody listens: connections to it are refused."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])
