"""The configuration: one frozen value; the default lab where nothing is said.

maillab/config_file.py reads it, maillab/checked.py says what its types cannot.
"""

from dataclasses import replace
from typing import Any, Literal

import msgspec

from maillab.mail.address import in_a_labels
from maillab.mail.reply import Refused
from maillab.nameserver.reserved import ORIGINS, is_below, is_reserved
from maillab.protocols import services
from maillab.protocols.dns import DNS
from maillab.protocols.services import PORT_STEP, SERVICES, Leg, Login
from maillab.rules.language import RuleError, parse
from maillab.rules.possible import protocols
from maillab.rules.rule import Rule
from maillab.sender.retry import Schedule
from maillab.source import ConfigError as ConfigError
from maillab.source import Key
from maillab.theme_names import ThemeName
from maillab.wire.limits import Limits

DNS_PORT = services.DNS.port + PORT_STEP
CAUGHT = "caught"  # the name, and the password, of the mailbox for mail that is caught

WEAKNESSES = {"plaintext_auth": "AUTH is offered without TLS: a password crosses the wire in clear"}

Strictness = Literal["classroom", "strict"]
Sender = Literal["any", "own"]


def _respell(struct: msgspec.Struct, *fields: str) -> None:
    """Put the names in these fields into A-labels; one that is no name is left for `check` to complain of."""
    for field in fields:
        msgspec.structs.force_setattr(struct, field, _respelled(getattr(struct, field)))


def _respelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {_respelled(key): _respelled(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_respelled, value))
    try:
        return in_a_labels(value) if isinstance(value, str) else value
    except Refused:
        return value


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone with a mailbox: the name before the @, and the password."""

    name: str
    password: str


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one server says to another that asks who it is: an account of that other site."""

    user: str
    password: str


class ServiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one service of a site behaves; what is not set (None) is as usual for the service, see `Config.service`.

    `tls`: STARTTLS is offered. `login`: nobody can log in (off), people of the site may (optional) or must (required),
    or any name with any password is taken and none is needed (anybody). `sender`: any address may be used as sender,
    or only one's own. `without`: extensions that are neither announced nor obeyed.
    """

    tls: bool | None = None
    login: Login | None = None
    sender: Sender | None = None
    without: tuple[str, ...] = ()


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mail domain: a sending machine and a receiving machine.

    `domains` are further names of it, at which the same people can be reached.
    `ports` overrides single ports by service name (0 picks a free one; -1 leaves the door shut).
    `trust_loopback` lets programs on this computer relay inside the lab through port 25, without AUTH.
    `server_auth` are the credentials with which this site's sending machine logs in at the site named by the key.
    `greylist` is how many seconds a stranger must wait and come again (0: no greylisting).
    `message_limit` is how many octets a message may have here (0: as everywhere in the lab, `limits.message`).
    `fetch` is the service by which the people of the lab fetch their mail, if nobody says otherwise.
    `rules` say what is disturbed here (maillab/rules/language.py).
    `services` are the settings of single services, by name.
    `mailboxes`: only people have one, or every address of every domain has one from its first message or login on.
    `strings` are the replies of another program (wire/strings.py); `leniency` is what is borne beyond classrooms,
    `quirks` are bugs of that program, reproduced.
    """

    domain: str
    people: tuple[Person, ...] = ()
    host: str = ""
    ports: dict[str, int] = {}
    trust_loopback: bool = False
    server_auth: dict[str, Credentials] = {}
    greylist: int = 0
    message_limit: int = 0
    tls: bool = True
    rules: tuple[str, ...] = ()
    zone: str = ""
    domains: tuple[str, ...] = ()
    services: dict[str, ServiceSettings] = {}
    mailboxes: Literal["people", "anybody"] = "people"
    strings: str = ""
    leniency: tuple[Literal["order"], ...] = ()
    quirks: tuple[Literal["list-in-lines", "deleted-in-uidl"], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its domains, the first one first."""
        return (self.domain, *self.domains)

    def __post_init__(self) -> None:
        """Names are in A-labels from here on, however a person wrote them; on screen they are read (`in_u_labels`)."""
        _respell(self, "domain", "domains", "host", "server_auth")

    @property
    def mx(self) -> str:
        """The name of this site's host, as its MX record says it."""
        return self.host or f"mx.{self.domain}"


class ExtraZone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A zone of the name server beyond those of the sites: origin and master-file text."""

    origin: str
    text: str

    def __post_init__(self) -> None:
        """As a site's domain."""
        _respell(self, "origin")


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a message that could not be handed over is tried again: seconds, the last gap repeating; then given up."""

    gaps: tuple[int, ...] = Schedule().gaps
    lifetime: int = Schedule().lifetime
    warn_after: int = Schedule().warn_after


class LimitTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits that a person may set: octets of a message, recipients of one, connections by address and in all.

    `messages` counts those of one connection of SMTP. `per_user` counts the connections of one person from one address,
    where they have logged in by IMAP.
    """

    message: int = Limits().message
    recipients: int = Limits().recipients
    messages: int = Limits().messages
    per_address: int = Limits().per_address
    connections: int = Limits().connections
    per_user: int = Limits().per_user


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole lab, as a person describes it.

    `profile` is the set of settings that hold where this configuration is silent (maillab/profiles.py).
    `rules` say what is disturbed, at any site, from the beginning (maillab/rules/language.py).
    `catch_examples`: mail for names that can never be real (RFC 2606, RFC 6761) is taken and caught in a mailbox, as
    far as nobody in the lab is responsible for it; `catch_all`: mail for every other name, too.
    `http_port` is where programs ask what has come (0 picks a free one; -1: nowhere).
    """

    sites: tuple[Site, ...]
    zones: tuple[ExtraZone, ...] = ()
    dns_port: int = DNS_PORT
    http_port: int = -1
    strictness: Strictness = "classroom"
    plaintext_pop3: bool = True
    plaintext_imap: bool = True
    fetch: str = services.IMAP.name
    catch_examples: bool = True
    catch_all: bool = False
    weaknesses: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    retry: Retry = Retry()
    limits: LimitTable = LimitTable()
    hosts: dict[str, int | str] = {}
    keys: dict[str, str] = {}  # of the window: action to keys; maillab/tui/actions/ knows which there are
    theme: ThemeName = ""  # maillab/tui/looks/theme.py
    profile: str = ""

    def __post_init__(self) -> None:
        """As a site's domain."""
        _respell(self, "hosts")

    def port(self, index: int, service: str) -> int:
        """The port of a service at the site with this index: its own choice, or standard + 1000 × (index + 1)."""
        chosen = self.sites[index].ports.get(service)
        return SERVICES[service].port + PORT_STEP * (index + 1) if chosen is None else chosen

    @property
    def doors(self) -> tuple[tuple[int, str, str], ...]:
        """Every port that such a lab asks for: port, service, and whose it is ("" for the name server)."""
        doors = [
            (self.port(index, service.name), service.name, site.domain)
            for index, site in enumerate(self.sites)
            for service in services.of_a_site()
            if site.tls or not service.tls_first
        ]
        return tuple(door for door in (*doors, (self.dns_port, services.DNS.name, "")) if door[0] > 0)

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that somebody in the lab is responsible for: those of the sites, then the extra zones."""
        names = [name for site in self.sites for name in site.names]
        return (*names, *(zone.origin.rstrip(".") for zone in self.zones))

    @property
    def caught_origins(self) -> tuple[str, ...]:
        """The origins below which mail is caught, as far as no zone of the lab says otherwise; "." is every name."""
        return (*(["."] if self.catch_all else []), *(ORIGINS if self.catch_examples else []))

    @property
    def written_rules(self) -> tuple[tuple[Key, str, str], ...]:
        """Every rule: its key, its text, and the site that it stands under ("" for none)."""
        rules: list[tuple[Key, str, str]] = [(("rules", place), text, "") for place, text in enumerate(self.rules)]
        for index, site in enumerate(self.sites):
            rules += [(("sites", index, "rules", place), text, site.domain) for place, text in enumerate(site.rules)]
        return tuple(rules)

    def rule(self, text: str, site: str = "") -> Rule:
        """Read a rule; where it names no site, it is one of `site`. Raises `RuleError`, also for a site of no lab."""
        rule = parse(text)
        named, column = rule.site, len(text[: text.lower().find(rule.site)]) + 1
        if site and named not in ("", site):
            raise RuleError(column, f"this rule is under {site}", text)
        sites = [site.domain for site in self.sites]
        if named and DNS not in protocols(rule) and not any(is_below(domain, named) for domain in sites):
            raise RuleError(column, f"no site is called {named}; there are {', '.join(sites)}", text)
        return replace(rule, site=named or site)

    def inside(self, domain: str) -> bool:
        """Does the lab's name server answer for this domain (in A-labels)? All mail for others is refused."""
        if domain.startswith("["):
            return False  # an address instead of a name: no MX leads there
        return self.catch_all or self._reserved(domain) or self._responsible(domain)

    def catches(self, index: int, domain: str) -> bool:
        """Does the site with this index catch mail for strangers at this domain (in A-labels)?"""
        if domain.startswith("[") or not (self.catch_all or self._reserved(domain)):
            return False
        owner = next((at for at, site in enumerate(self.sites) if domain in site.names), None)
        if owner is not None:
            second = domain != self.sites[owner].domain
            return owner == index and (self.catch_all or second)
        return index == self._catcher and (self.catch_all or not self._responsible(domain))

    def people(self, index: int) -> tuple[Person, ...]:
        """Everyone with a mailbox at the site with this index; the one for mail that is caught is the last."""
        people = self.sites[index].people
        if self._has_catcher(index) and CAUGHT not in {person.name for person in people}:
            return (*people, Person(CAUGHT, CAUGHT))
        return people

    @property
    def nobodys(self) -> frozenset[str]:
        """The accounts of no person: for mail that is caught, and those with which servers log in at others."""
        caught = [f"{CAUGHT}@{site.domain}" for site in self.sites]
        logins = [f"{login.user}@{other}" for site in self.sites for other, login in site.server_auth.items()]
        return frozenset([*caught, *logins])

    def service(self, index: int, name: str) -> ServiceSettings:
        """The settings in force for a service of the site with this index: what is set, else what is usual."""
        usual, site = self._usual(index, SERVICES[name]), self.sites[index]
        if (settings := site.services.get(name)) is None:
            return usual
        return ServiceSettings(
            usual.tls if settings.tls is None else settings.tls,
            settings.login or usual.login,
            settings.sender or usual.sender,
            settings.without,
        )

    def _usual(self, index: int, service: services.Service) -> ServiceSettings:
        """What holds for a service where nothing is set.

        Programs nearby often upgrade to TLS wherever they can and then distrust the lab's authority, so port 25 offers
        them none. Servers meet a port without logins, unless another site of the lab is to log in there.
        """
        site = self.sites[index]
        if service.leg is not Leg.RELAY:
            return ServiceSettings(site.tls, "required", "own")
        if site.trust_loopback and self.strictness == "classroom":
            return ServiceSettings(False, "anybody", "any")
        visited = any(site.domain in another.server_auth for another in self.sites)
        return ServiceSettings(site.tls, "optional" if visited else "off", "any")

    @property
    def _catcher(self) -> int:
        """The index of the site that catches mail for domains that belong to no site: the last."""
        return len(self.sites) - 1

    def _has_catcher(self, index: int) -> bool:
        if self.sites[index].mailboxes == "anybody":
            return False  # every address has a mailbox of its own
        if index == self._catcher and (self.catch_all or self.catch_examples):
            return True
        return any(self.catches(index, domain) for domain in self.sites[index].domains)

    def _reserved(self, domain: str) -> bool:
        return self.catch_examples and is_reserved(domain)

    def _responsible(self, domain: str) -> bool:
        return any(is_below(domain, origin) for origin in self.domains)


def default() -> Config:
    """The lab that needs no file: two sites, three people, and second names that every validator of addresses takes."""
    return Config(sites=default_sites(frozenset()))


def default_sites(taken: frozenset[str]) -> tuple[Site, ...]:
    """The two sites of the default lab, without the second names that are `taken` by something else."""

    def free(*names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name not in taken)

    bob, carol = Person("bob", "bob"), Person("carol", "carol")
    return (
        Site("sender.test", (Person("alice", "alice"),), trust_loopback=True, domains=free("example.org")),
        Site("recipient.test", (bob, carol), domains=free("example.com", "example.net")),
    )


def without_passwords(config: Config) -> dict[str, Any]:
    """A configuration as a table, for the header of a session: names stay, passwords do not.

    >>> without_passwords(default())["sites"][0]["people"]
    [{'name': 'alice'}]
    """
    table: dict[str, Any] = _open_words(msgspec.to_builtins(config))
    return table


def _open_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _open_words(inner) for key, inner in value.items() if key != "password"}
    if isinstance(value, list | tuple):
        return [_open_words(inner) for inner in value]
    return value
