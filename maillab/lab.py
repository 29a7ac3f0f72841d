"""The desk: puts the machines on it and plugs in the cables. The only module that knows them all.

Nothing is decided here. A machine is made from what its room offers and what the configuration says; machines are
given names, ports and passwords, never one another.
"""

import asyncio
import itertools
import os
import random
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from maillab.config import WEAKNESSES, Config, Site
from maillab.endpoints import HOST, PURPOSES, Account, BusyPort, Endpoint, Reopening, Server
from maillab.events import Carried, Entry, Leg, Warned
from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.nameserver.default import default_zone
from maillab.nameserver.server import NameServer
from maillab.nameserver.zone import Zones
from maillab.recipient.inbound import Household, Inbound
from maillab.recipient.login import Counter
from maillab.recipient.mailbox import Mailboxes
from maillab.recipient.pop3 import Pop3
from maillab.sender.bounce import Reporter
from maillab.sender.dispatcher import Dispatcher
from maillab.sender.queue import Queue
from maillab.sender.relay import Relay, Tls
from maillab.sender.resolver import Resolver
from maillab.sender.retry import Schedule
from maillab.sender.route import Stop
from maillab.sender.submission import Submission
from maillab.wire.clock import Clock
from maillab.wire.dialogue import Booth, DialogueServer
from maillab.wire.door import Door, SmtpServer
from maillab.wire.faults import Fault, Faults
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.reception import Reception
from maillab.wire.roster import Roster
from maillab.wire.split import Split
from maillab.wire.tls import Authority, unverified

CATCH_ALL_USER = "caught"


class Lab:
    """Everything on one desk, while it is entered. `folder` is the lab's own and locked (maillab/folder.py).

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
    ) -> None:
        self.config = config
        self.folder = folder
        self.clock = Clock(time.time() if now is None else now)  # noqa: TID251 - where the clock is made
        self.logbook = Logbook(self.clock.now, forget=self._forget)
        self.authority = Authority(folder / "ca")
        self.endpoints: tuple[Endpoint, ...] = ()
        self._auto = auto_ports
        self._dice = dice or random.Random()  # noqa: S311 - shuffles hosts, guards nothing
        self._ports: dict[tuple[str, str], int] = {}
        self._streets: dict[str, int] = {}  # host name: the port that stands for its port 25
        self._calling: set[tuple[str, int]] = set()  # sockets of our own sending machines
        self._servers: dict[tuple[str, str], Reopening] = {}
        self._queues: dict[str, Queue] = {}
        self._dispatchers: list[Dispatcher] = []
        self._received, self._filed = itertools.count(1), itertools.count(1)
        self._stack = AsyncExitStack()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Everyone who can log in."""
        sites = self.config.sites
        return tuple(Account(f"{p.name}@{site.domain}", p.password) for site in sites for p in site.people)

    def endpoint(self, site: str, service: str) -> Endpoint:
        """The door of a service at a site. Raises `LookupError`."""
        for endpoint in self.endpoints:
            if (endpoint.site, endpoint.service) == (site, service):
                return endpoint
        raise LookupError(f"no {service} at {site}")

    async def __aenter__(self) -> "Lab":
        try:
            tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
            for index in range(len(self.config.sites)):
                await self._open_site(index)
            names_port = await self._open_names()
            for site in self.config.sites:
                self._start_sending(site, names_port, tasks)
        except BaseException:
            await self._stack.aclose()
            raise
        for weakness in self.config.weaknesses:
            self.logbook.append(Warned("lab", f"deliberately weak: {WEAKNESSES[weakness]}"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def stop(self, domain: str, service: str = "smtp") -> None:
        """Switch off one door of a site; who is connected hears goodbye."""
        await self._servers[domain, service].close()

    async def start(self, domain: str, service: str = "smtp") -> None:
        """Open it again, on the same port."""
        await self._servers[domain, service].open()

    def _forget(self, entries: Sequence[Entry]) -> None:
        """Bodies that only forgotten entries refer to need no file any more."""
        for entry in entries:
            path = entry.event.content.path if isinstance(entry.event, Carried) else None
            if path is not None and path.parent == self.folder / "record":
                path.unlink(missing_ok=True)

    def retry_now(self) -> None:
        """Every sending machine tries all that waits."""
        for dispatcher in self._dispatchers:
            dispatcher.retry_now()

    # ── one site ──

    async def _open_site(self, index: int) -> None:
        """The receiving machine, the queue of the sending machine, and every door of both."""
        site = self.config.sites[index]
        roster = Roster(site.domain, {person.name: person.password for person in site.people})
        mailboxes = await self._mailboxes(site)
        queue = await self._queue(site)
        also = [host for host, where in self.config.hosts.items() if where == site.domain]
        tls = self.authority.server([site.mx, f"mail.{site.domain}", *also]) if site.tls else None
        inbound, submission = self._inbound(site, mailboxes), partial(self._submission, site, roster, queue)
        port_25 = Split(site.domain, inbound, submission(auth_required=False)) if site.trust_loopback else inbound
        visitors = roster if any(site.domain in other.server_auth for other in self.config.sites) else None
        doors: dict[str, Callable[[], Server]] = {
            "smtp": partial(self._smtp_door, site, "smtp", port_25, visitors, tls),
            "submission": partial(self._smtp_door, site, "submission", submission(auth_required=True), roster, tls),
            "submissions": partial(self._smtp_door, site, "submissions", submission(auth_required=True), roster, tls),
            "pop3": partial(self._pop3_door, site, "pop3", roster, mailboxes, tls),
            "pop3s": partial(self._pop3_door, site, "pop3s", roster, mailboxes, tls),
        }
        for service, make in doors.items():
            port = self.config.port(index, service)
            if port >= 0 and (tls or service not in ("submissions", "pop3s")):
                await self._open(site, service, make, 0 if self._auto else port, tls)

    async def _mailboxes(self, site: Site) -> Mailboxes:
        """A Maildir for each person: mail/<domain>/<name>, and one index for all of them."""
        home = self.folder / "mail" / site.domain
        people = [person.name for person in site.people]
        if self._catches(site):
            people.append(CATCH_ALL_USER)
        folders = {f"{name}@{site.domain}": home / name for name in people}
        mailboxes = Mailboxes(folders, home / "index.db", names=self._file_name, now=self.clock.now)
        await mailboxes.start()
        self._stack.push_async_callback(mailboxes.close)
        return mailboxes

    async def _queue(self, site: Site) -> Queue:
        queue = Queue(self.folder / "queue" / site.domain, self.clock.now)
        for problem in await queue.open(float(max(self.config.retry.gaps))):
            self.logbook.append(Warned(f"queue of {site.domain}", problem))
        self._stack.push_async_callback(queue.close)
        self._queues[site.domain] = queue
        return queue

    def _inbound(self, site: Site, mailboxes: Mailboxes) -> Inbound:
        people = [f"{person.name}@{site.domain}" for person in site.people]
        caught = f"{CATCH_ALL_USER}@{site.domain}" if self._catches(site) else ""
        household = Household.of([*people, *filter(None, [caught])], postmaster=people[0], catch_all=caught)
        return Inbound(
            household,
            mailboxes,
            self.logbook,
            hostname=site.mx,
            now=self.clock.now,
            ident=self._ident,
            greylist=site.greylist,
        )

    def _catches(self, site: Site) -> bool:
        """Does mail for every other domain end here?"""
        return self.config.catch_all and site is self.config.sites[-1]

    def _submission(self, site: Site, roster: Roster, queue: Queue, *, auth_required: bool) -> Submission:
        inside = {_a_label(domain) for domain in self.config.domains}
        return Submission(
            site=site.domain,
            hostname=f"mail.{site.domain}",
            inside=lambda domain: self.config.catch_all or domain in inside,
            auth_required=auth_required,
            may_send_as=roster.owns,
            queue=queue,
            logbook=self.logbook,
            clock=self.clock.now,
            name=self._name,
        )

    # ── doors ──

    def _smtp_door(
        self, site: Site, service: str, reception: Reception, people: Roster | None, tls: ssl.SSLContext | None
    ) -> SmtpServer:
        limits = self._limits
        relayed = service == "smtp"
        faults = [Fault(f.verb, f.code, f.enhanced, f.text, f.times) for f in site.faults if relayed]
        door = Door(
            service=service,
            hostname=site.mx if relayed else f"mail.{site.domain}",
            domain=site.domain,
            reception=reception,
            logbook=self.logbook,
            gate=Gate(limits, time.monotonic),
            spool=self.folder / "spool",
            record=self.folder / "record",
            limits=limits,
            people=people,
            dsn=not relayed,
            plaintext_auth="plaintext_auth" in self.config.weaknesses,
            tls=tls,
            classroom=self.config.strictness == "classroom",
            leg_of=partial(self._leg_of, Leg.SUBMIT if site.trust_loopback or not relayed else Leg.RELAY),
            faults=Faults(faults),
        )
        return SmtpServer(door)

    def _pop3_door(
        self, site: Site, service: str, roster: Roster, mailboxes: Mailboxes, tls: ssl.SSLContext | None
    ) -> DialogueServer:
        hostname = f"mail.{site.domain}"
        counter = Counter(
            hostname,
            roster,
            mailboxes,
            nonce=self._name,
            tls=tls is not None,
            plaintext=self.config.plaintext_pop3,
        )
        booth = Booth(
            service,
            hostname,
            lambda talk, secure: Pop3(counter, talk, secure=secure),
            self.logbook,
            Gate(self._limits, time.monotonic),
            self._name,
            starttls=tls,
            record=self.folder / "record",
            limits=self._limits,
        )
        return DialogueServer(booth)

    async def _open(
        self, site: Site, service: str, make: Callable[[], Server], port: int, context: ssl.SSLContext | None
    ) -> None:
        implicit = service in ("submissions", "pop3s")
        server = Reopening(make, service, port, context if implicit else None)
        taken = await server.open()
        self._stack.push_async_callback(server.close)
        self._servers[site.domain, service] = server
        self._ports[site.domain, service] = taken
        tls = "implicit" if implicit else "starttls" if context else "none"
        self.endpoints += (Endpoint(site.domain, service, HOST, taken, tls, service != "smtp", PURPOSES[service]),)
        if service == "smtp":
            self._streets[site.mx] = taken

    def _leg_of(self, usual: Leg, address: tuple[Any, ...]) -> Leg:
        """A talk is a relay when one of our own sending machines is calling."""
        if address[:2] in self._calling:
            self._calling.discard(address[:2])
            return Leg.RELAY
        return usual

    # ── names and ways ──

    async def _open_names(self) -> int:
        config = self.config
        texts = [(s.domain, s.zone or default_zone(s.domain, ports=self._ports_of(s))) for s in config.sites]
        texts += [(zone.origin, zone.text) for zone in config.zones]
        zones = await asyncio.to_thread(Zones.read, texts, catch_all=config.sites[-1].mx if config.catch_all else None)
        server = NameServer(zones, self.logbook, f"ns.{config.sites[0].domain}")
        wanted = 0 if self._auto else config.dns_port
        try:
            port = await server.start(HOST, wanted)
        except OSError as error:
            raise BusyPort("dns", wanted, error) from error
        self._stack.push_async_callback(server.close)
        self.endpoints += (Endpoint("", "dns", HOST, port, "none", False, PURPOSES["dns"]),)
        for host, where in config.hosts.items():
            self._streets[host] = self._ports[where, "smtp"] if isinstance(where, str) else where or _silent_port()
        return port

    def _ports_of(self, site: Site) -> dict[str, int]:
        return {service: port for (domain, service), port in self._ports.items() if domain == site.domain}

    def _street(self, stop: Stop) -> tuple[str, int]:
        """MX has no port: the lab's stand-in for "port 25 of that host"."""
        try:
            return HOST, self._streets[stop.host.rstrip(".").lower()]
        except KeyError:
            raise LookupError(f"no machine of the lab is called {stop.host}") from None

    def _start_sending(self, site: Site, names_port: int, tasks: asyncio.TaskGroup) -> None:
        """The outgoing half of a sending machine: resolver, relay, dispatcher."""
        hostname = f"mail.{site.domain}"
        login = {other.mx: site.server_auth.get(other.domain) for other in self.config.sites}
        relay = Relay(
            hello=hostname,
            door=self._street,
            logbook=self.logbook,
            calling=self._calling.add,
            tls=Tls(self.authority.client(), unverified()),
            credentials=lambda host: (found.user, found.password) if (found := login.get(host.rstrip("."))) else None,
            plaintext_auth="plaintext_auth" in self.config.weaknesses,
        )
        retry = self.config.retry
        dispatcher = Dispatcher(
            queue=self._queues[site.domain],
            names=Resolver(HOST, names_port, self.clock.now),
            relay=relay,
            logbook=self.logbook,
            clock=self.clock,
            reporter=Reporter(site.domain, hostname),
            name=self._name,
            shuffle=self._dice.shuffle,
            myself=frozenset({hostname}),
            schedule=Schedule(retry.gaps, retry.lifetime, retry.warn_after),
        )
        self._dispatchers.append(dispatcher)
        tasks.create_task(dispatcher.run())
        self._stack.push_async_callback(dispatcher.close, 1.0)

    @property
    def _limits(self) -> Limits:
        table = self.config.limits
        return Limits(
            letter=table.letter,
            recipients=table.recipients,
            per_address=table.per_address,
            connections=table.connections,
        )

    def _name(self) -> str:
        """A new word that nobody can guess."""
        return secrets.token_hex(8)

    def _ident(self) -> str:
        """The next name that a receiving machine gives to a letter: R1, R2..."""
        return f"R{next(self._received)}"

    def _file_name(self) -> str:
        """A name for a file in a Maildir that no other file has, as maildir(5) asks: moment, process, count, chance."""
        return f"{self.clock.now():.6f}.{os.getpid()}_{next(self._filed)}_{secrets.token_hex(4)}.maillab"


def _a_label(domain: str) -> str:
    return Address("x", domain).ascii_domain


def _silent_port() -> int:
    """A port where nobody listens: connections to it are refused."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])
