"""One site on the desk: its sending machine, its receiving machine, and every door of both.

Mailboxes, queue and runner are made once. All that settings decide (who lives here, what is tolerated, TLS,
greylisting) is made anew by each `open`, for the connections that come then; those that go on keep theirs.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from maillab.config import CAUGHT, Config, ServiceSettings, Site
from maillab.endpoints import HOST, Endpoint, Reopening, Server
from maillab.events import Leg, Warned
from maillab.lab.lab_context import LabContext
from maillab.mail.message import initial_of
from maillab.protocols import services
from maillab.recipient.guests import Guests
from maillab.recipient.imap.config import ImapConfig
from maillab.recipient.imap.dialogue import Imap
from maillab.recipient.inbound import FirstSeen, Inbound, LocalUsers
from maillab.recipient.login import Pop3Config
from maillab.recipient.mailbox import Mailboxes
from maillab.recipient.pop3 import Pop3
from maillab.recipient.structure.summary import MARK, fresh, has_heading, make_heading, make_words, work_out
from maillab.recipient.summaries import Summarising
from maillab.sender.bounce import Reporter
from maillab.sender.dispatcher import Dispatcher
from maillab.sender.queue import Queue
from maillab.sender.relay import OpportunisticTls, Relay
from maillab.sender.resolver import Resolver
from maillab.sender.retry import Schedule
from maillab.sender.submission import Submission
from maillab.wire.accounts import Accounts, Anybody
from maillab.wire.gate import Gate
from maillab.wire.limits import IMAP_COMMAND, IMAP_SESSION, POP3_COMMAND, Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.local_or_relayed import LocalOrRelayed
from maillab.wire.reception import Reception
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.smtp_server import SmtpDialogue
from maillab.wire.strings import STRINGS
from maillab.wire.tls import unverified

_REMEMBERED = 1024  # domains of which a door remembers whether they are inside the lab


class RunningSite:
    """The site at this place in the configuration: `prepare`, `open`, `send`; it works until `rest` and `close`."""

    def __init__(self, context: LabContext, config: Config, index: int) -> None:
        self._context = context
        self._config = config
        self._index = index
        home, now = context.folder / "mail" / self.site.domain, context.clock.now
        folders = {user: self._folder(user) for user in self._users()}
        tell = partial(self._warn, f"mailboxes of {self.site.domain}")
        self.mailboxes = Mailboxes(
            folders,
            home / "index.db",
            names=context.new_file_name,
            now=now,
            tell=tell,
            summarising=Summarising(work_out, fresh, make_heading, has_heading, make_words, MARK),
        )
        self.guests = Guests(home, self.mailboxes)
        self.queue = Queue(context.folder / "queue" / self.site.domain, now, initial_of(index))
        self._relay = self._made_relay()
        self._doors: dict[str, Reopening] = {}
        self._shut: set[str] = set()  # doors that a person has closed
        self._endpoints: dict[str, Endpoint] = {}  # by service
        self._gates: dict[str, Gate] = {}
        self._strangers: FirstSeen = {}
        self._dispatcher: Dispatcher | None = None

    @property
    def site(self) -> Site:
        """What the configuration says of it."""
        return self._config.sites[self._index]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its doors, in the order of the table of services; while it starts, those that are open already."""
        order = (service.name for service in services.of_a_site())
        return tuple(self._endpoints[name] for name in order if name in self._endpoints)

    @property
    def guest_users(self) -> tuple[str, ...]:
        """Who has a mailbox without being in the configuration."""
        return self.guests.users

    @property
    def dispatcher(self) -> Dispatcher:
        """The runner of the queue, once `send` was called."""
        assert self._dispatcher is not None
        return self._dispatcher

    # ── life ──

    async def prepare(self) -> None:
        """Read what is on disk: a Maildir for each person (mail/<domain>/<name>), one index for all, and the queue."""
        await self.mailboxes.start()
        for problem in await self.queue.open(float(max(self._config.retry.gaps))):
            self._warn(f"queue of {self.site.domain}", problem)

    def _warn(self, where: str, problem: str) -> None:
        self._context.logbook.append(Warned(where, problem))

    async def open(self, config: Config) -> None:
        """Build the servers from this configuration and start listening; may be called again, with other settings.

        A port that is open is closed only for another number or another certificate. Raises `BusyPort`, `OSError`.
        """
        self._config = config
        for user in self._users():
            await self.mailboxes.admit(user, self._folder(user))
        if self._everybody:
            await asyncio.to_thread(self.guests.load)
        tls = self._certificate()
        make = self._maker(tls)
        for service in services.of_a_site():
            port = config.port(self._index, service.name)
            if port >= 0 and (tls or not service.tls_first):
                await self._open(service, partial(make, service), port, tls)
            elif self._endpoints.pop(service.name, None) is not None:
                await self._doors[service.name].close()
        self._relay.plaintext_auth = self._plaintext_auth
        if self._dispatcher is not None:
            self._dispatcher.reschedule(self._schedule)

    def send(self, names_port: int, tasks: asyncio.TaskGroup) -> None:
        """Start the outgoing half of the sending machine: resolver, relay, dispatcher."""
        self._dispatcher = self._made_dispatcher(names_port)
        tasks.create_task(self._dispatcher.run())

    async def rest(self) -> None:
        """Nothing new is begun; messages in flight have a second to arrive, then they stay in the queue."""
        if self._dispatcher is not None:
            await self._dispatcher.close(1.0)

    async def close(self) -> None:
        """Doors, queue, mailboxes; nothing that was taken is lost."""
        for door in reversed(self._doors.values()):
            await door.close()
        await self.queue.close()
        await self.mailboxes.close()

    # ── by hand ──

    def is_open(self, service: str) -> bool:
        """Does anybody listen at this door?"""
        return service in self._doors and self._doors[service].is_open

    async def stop(self, service: str) -> None:
        """Close one door; who is connected hears goodbye. One that there is not yet stays shut when it is made."""
        self._shut.add(service)
        if service in self._doors:
            await self._doors[service].close()

    async def start(self, service: str) -> None:
        """Open it again, on the same port. Raises `BusyPort`."""
        if service in self._endpoints:
            await self._doors[service].open()
        self._shut.discard(service)

    # ── who lives here ──

    def _users(self) -> list[str]:
        return [f"{person.name}@{self.site.domain}" for person in self._config.people(self._index)]

    def _accounts(self) -> Accounts:
        people = {person.name: person.password for person in self._config.people(self._index)}
        return Accounts(self.site.domain, people, second=self.site.domains)

    def _folder(self, user: str) -> Path:
        return self._context.folder / "mail" / self.site.domain / user.rpartition("@")[0]

    # ── machines ──

    @property
    def local_users(self) -> LocalUsers:
        """Who has a mailbox here, and which of them is meant by an address."""
        users, caught = self._users(), f"{CAUGHT}@{self.site.domain}"
        return LocalUsers(
            users,
            postmaster=users[0],
            second=self.site.domains,
            catch_all=caught if caught in users else "",
            catches=lru_cache(_REMEMBERED)(partial(self._config.catches, self._index)),
            everybody=self._everybody,
        )

    @property
    def _everybody(self) -> bool:
        return self.site.mailboxes == "anybody"

    def _inbound(self) -> Inbound:
        context, site = self._context, self.site
        return Inbound(
            self.local_users,
            self.guests if self._everybody else self.mailboxes,
            context.logbook,
            hostname=site.mx,
            now=context.clock.now,
            ident=context.new_ident,
            greylist=site.greylist,
            first_seen=self._strangers,
        )

    def _submission(self, settings: ServiceSettings, accounts: Accounts) -> Submission:
        site = self.site
        return Submission(
            site=site.domain,
            hostname=self._hostname,
            inside=lru_cache(_REMEMBERED)(self._config.inside),
            domains=self._config.domains,
            auth_required=settings.login == "required",
            may_send_as=accounts.owns if settings.sender == "own" else lambda _user, _address: True,
            queue=self.queue,
            logbook=self._context.logbook,
            clock=self._context.clock.now,
            name=self._context.new_word,
        )

    def _made_relay(self) -> Relay:
        context = self._context
        return Relay(
            hello=self._hostname,
            door=context.address_of,
            logbook=context.logbook,
            calling=context.calling.add,
            tls=OpportunisticTls(context.authority.client(), unverified()),
            credentials=self._credentials,
            plaintext_auth=self._plaintext_auth,
        )

    def _credentials(self, host: str) -> tuple[str, str] | None:
        """With which this site logs in at a host of another, now."""
        for other in self._config.sites:
            if other.mx == host.rstrip(".") and (login := self.site.server_auth.get(other.domain)):
                return login.user, login.password
        return None

    @property
    def _hostname(self) -> str:
        """What the machine of the people calls itself, and the one that sends."""
        return f"mail.{self.site.domain}"

    @property
    def _plaintext_auth(self) -> bool:
        return "plaintext_auth" in self._config.weaknesses

    @property
    def _schedule(self) -> Schedule:
        return Schedule(**msgspec.structs.asdict(self._config.retry))

    def _made_dispatcher(self, names_port: int) -> Dispatcher:
        context = self._context
        return Dispatcher(
            queue=self.queue,
            names=Resolver(HOST, names_port, context.clock.now),
            relay=self._relay,
            logbook=context.logbook,
            clock=context.clock,
            reporter=Reporter(self.site.domain, self._hostname),
            name=context.new_word,
            inside=lambda domain: self._config.inside(domain),
            shuffle=context.dice.shuffle,
            myself=frozenset({self._hostname}),
            schedule=self._schedule,
        )

    # ── doors ──

    def _certificate(self) -> ssl.SSLContext | None:
        site = self.site
        also = [host for host, where in self._config.hosts.items() if where == site.domain]
        return self._context.authority.server([site.mx, f"mail.{site.domain}", *also]) if site.tls else None

    def _maker(self, tls: ssl.SSLContext | None) -> Callable[[services.Service], Server]:
        """What makes the server of a service. It raises `LookupError` for a protocol that no server here speaks."""
        accounts, inbound = self._accounts(), self._inbound()

        def make(service: services.Service) -> Server:
            if service.protocol is services.SMTP.protocol:
                return self._smtp_listener(service, self._reception(service, inbound, accounts), accounts, tls)
            if service.protocol is services.POP3.protocol:
                return self._pop3_listener(service, accounts, tls)
            if service.protocol is services.IMAP.protocol:
                return self._imap_listener(service, accounts, tls)
            raise LookupError(f"no server of the lab speaks {service.protocol.name}")

        return make

    def _reception(self, service: services.Service, inbound: Inbound, accounts: Accounts) -> Reception:
        """Who takes the messages that come to a service."""
        if not service.for_people and not self.site.trust_loopback:
            return inbound
        submission = self._submission(self._settings(service), accounts)
        return submission if service.for_people else LocalOrRelayed(self._is_home, inbound, submission)

    def _settings(self, service: services.Service) -> ServiceSettings:
        return self._config.service(self._index, service.name)

    def _is_home(self, domain: str) -> bool:
        """Is this domain (in A-labels) served by this site's receiving machine?"""
        return domain in self.site.names or self._config.catches(self._index, domain)

    async def _open(
        self, service: services.Service, make: Callable[[], Server], port: int, context: ssl.SSLContext | None
    ) -> None:
        name = service.name
        door = self._doors.setdefault(name, Reopening(name))
        wanted = 0 if self._context.auto_ports else port
        taken = await door.furnish(make, wanted, context if service.tls_first else None)
        if name not in self._shut:
            taken = await door.open()
        settings = self._settings(service)
        tls = "implicit" if service.tls_first else "starttls" if context and settings.tls else "none"
        login = settings.login or "off"
        shown = services.PROGRAMS if service == services.SMTP and self.site.trust_loopback else service
        self._endpoints[name] = Endpoint(self.site.domain, name, HOST, taken, tls, login != "off", shown.purpose, login)
        if service == services.SMTP:
            self._context.ports_by_host[self.site.mx] = taken

    def _smtp_listener(
        self, service: services.Service, reception: Reception, accounts: Accounts, tls: ssl.SSLContext | None
    ) -> Listener:
        from maillab.wire.smtp_shell import SmtpShell  # aiosmtpd costs 60 ms: only who opens a port pays

        context, config, site, settings = self._context, self._config, self.site, self._settings(service)
        relayed = not service.for_people
        hostname = site.mx if relayed else self._hostname
        people = {"off": None, "anybody": Anybody(site.domain)}.get(settings.login or "off", accounts)
        usual = Leg.SUBMIT if site.trust_loopback or not relayed else Leg.RELAY
        tls = tls if settings.tls else None
        smtp = SmtpConfig(
            hostname=hostname,
            domain=site.domain,
            reception=reception,
            spool=context.folder / "spool",
            limits=self._limits,
            people=people,
            dsn=not relayed,
            plaintext_auth=settings.login == "anybody" or self._plaintext_auth,
            tls=tls is not None,
            without=frozenset(settings.without),
            strings=STRINGS.get(site.strings, {}),
            leniency=frozenset(site.leniency),
            classroom=config.strictness == "classroom",
        )
        listening = ListenerConfig(
            service.name,
            hostname,
            lambda talk, peer, secure: SmtpDialogue(smtp, talk, peer, secure=secure),
            context.logbook,
            self._gate(service),
            limits=self._limits,
            starttls=tls,
            record=context.folder / "record",
            rules=context.rules,
            site=site.domain,
            leg_of=partial(context.leg_of, usual),
        )
        return Listener(listening, SmtpShell)

    def _pop3_listener(self, service: services.Service, accounts: Accounts, tls: ssl.SSLContext | None) -> Listener:
        context, settings = self._context, self._settings(service)
        tls = tls if settings.tls else None
        anybody = settings.login == "anybody"
        pop3 = Pop3Config(
            self._hostname,
            Anybody(self.site.domain) if anybody else accounts,
            self.guests if anybody else self.mailboxes,
            nonce=context.new_word,
            tls=tls is not None,
            plaintext=self._config.plaintext_pop3,
            without=frozenset(settings.without),
            quirks=frozenset(self.site.quirks),
            greeting=STRINGS.get(self.site.strings, {}).get("POP3 greeting", ""),
        )
        listening = ListenerConfig(
            service.name,
            self._hostname,
            lambda talk, _peer, secure: Pop3(pop3, talk, secure=secure),
            context.logbook,
            self._gate(service),
            limits=replace(self._limits, command=POP3_COMMAND),
            starttls=tls,
            record=context.folder / "record",
            rules=context.rules,
            site=self.site.domain,
            leg_of=lambda _address: Leg.RETRIEVE,
            reference=context.new_word,
        )
        return Listener(listening)

    def _imap_listener(self, service: services.Service, accounts: Accounts, tls: ssl.SSLContext | None) -> Listener:
        context, settings = self._context, self._settings(service)
        tls = tls if settings.tls else None
        anybody = settings.login == "anybody"
        imap = ImapConfig(
            self._hostname,
            Anybody(self.site.domain) if anybody else accounts,
            self.guests if anybody else self.mailboxes,
            nonce=context.new_word,
            spool=context.folder / "spool",
            now=context.clock.now,
            tls=tls is not None,
            plaintext=self._config.plaintext_imap,
            without=frozenset(settings.without),
            limit=self._limits.message,
        )
        listening = ListenerConfig(
            service.name,
            self._hostname,
            lambda talk, _peer, secure: Imap(imap, talk, secure=secure),
            context.logbook,
            self._gate(service),
            limits=replace(self._limits, command=IMAP_COMMAND, session=IMAP_SESSION),
            starttls=tls,
            record=context.folder / "record",
            rules=context.rules,
            site=self.site.domain,
            leg_of=lambda _address: Leg.RETRIEVE,
            reference=context.new_word,
        )
        return Listener(listening)

    def _gate(self, service: services.Service) -> Gate:
        """The one before this service's door: it goes on counting who is inside."""
        gate = self._gates.setdefault(service.name, Gate(self._limits, time.monotonic))
        gate.limits = self._limits
        return gate

    @property
    def _limits(self) -> Limits:
        limits = Limits(**msgspec.structs.asdict(self._config.limits))
        return replace(limits, message=self.site.message_limit or limits.message)
