"""The configuration: one frozen value read from TOML, or the default lab when nothing was said.

Unknown keys are refused with the nearest valid one; every complaint names file, key and what was expected.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

import msgspec

from maillab.mail.address import in_a_labels, parse_domain
from maillab.mail.reply import Refused
from maillab.nameserver.reserved import ORIGINS, is_below, is_reserved
from maillab.profiles import PROFILES
from maillab.sender.retry import Schedule
from maillab.services import EXTENSIONS, IMPLICIT, PORT_STEP, STANDARD_PORTS, Service, custom, settled
from maillab.wire.limits import Limits

MAX_OCTETS = 65_536  # a larger file is refused unread: the stdlib's TOML reader is slow on hostile input (T298)

DNS_PORT = 1053
CAUGHT = "caught"  # the name, and the password, of the mailbox for mail that is caught

Strictness = Literal["classroom", "strict"]


FAULT_VERBS = (
    "CONNECT",
    "HELO",
    "EHLO",
    "STARTTLS",
    "AUTH",
    "MAIL",
    "RCPT",
    "DATA",
    ".",
    "BDAT",
    "RSET",
    "NOOP",
    "QUIT",
)


class ConfigError(ValueError):
    """The configuration cannot be used; the text names file, key, what was expected, and the nearest valid key."""


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


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Misbehave on purpose: at `verb` (CONNECT, MAIL, RCPT, DATA, "." ...) answer `code` (0: drop the connection)."""

    verb: str
    code: int
    enhanced: str = ""
    text: str = "fault played on purpose"
    times: int = 0


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mail domain: a sending machine and a receiving machine.

    `domains` are further names of it, at which the same people can be reached.
    `ports` overrides single ports by service name (0 picks a free one; -1 leaves the door shut).
    `trust_loopback` lets programs on this computer relay inside the lab through port 25, without AUTH.
    `server_auth` are the credentials with which this site's sending machine logs in at the site named by the key.
    `greylist` is how many seconds a stranger must wait and come again (0: no greylisting).
    `services` are the settings of single services, by name.
    """

    domain: str
    people: tuple[Person, ...] = ()
    host: str = ""
    ports: dict[str, int] = {}
    trust_loopback: bool = False
    server_auth: dict[str, Credentials] = {}
    greylist: int = 0
    tls: bool = True
    faults: tuple[FaultPlan, ...] = ()
    zone: str = ""
    domains: tuple[str, ...] = ()
    services: dict[str, Service] = {}

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


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A zone of the name server beyond those of the sites: origin and master-file text."""

    origin: str
    text: str

    def __post_init__(self) -> None:
        """As a site's domain."""
        _respell(self, "origin")


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a letter that could not be handed over is tried again: seconds, the last gap repeating; then given up."""

    gaps: tuple[int, ...] = Schedule().gaps
    lifetime: int = Schedule().lifetime
    warn_after: int = Schedule().warn_after


class LimitTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits that a person may set: octets of a letter, recipients of one, connections by address and in all."""

    letter: int = Limits().letter
    recipients: int = Limits().recipients
    per_address: int = Limits().per_address
    connections: int = Limits().connections


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole lab, as a person describes it.

    `profile` is the set of settings that hold where this configuration is silent (maillab/profiles.py).
    `catch_examples`: mail for names that can never be real (RFC 2606, RFC 6761) is taken and caught in a mailbox, as
    far as nobody in the lab is responsible for it; `catch_all`: mail for every other name, too.
    """

    sites: tuple[Site, ...]
    zones: tuple[Zone, ...] = ()
    dns_port: int = DNS_PORT
    strictness: Strictness = "classroom"
    plaintext_pop3: bool = True
    catch_examples: bool = True
    catch_all: bool = False
    weaknesses: tuple[str, ...] = ()
    retry: Retry = Retry()
    limits: LimitTable = LimitTable()
    hosts: dict[str, int | str] = {}
    keys: dict[str, str] = {}  # of the window: action to keys; maillab/tui/actions.py knows which there are
    theme: Literal["", "dark", "light", "ansi-dark", "ansi-light"] = ""
    profile: str = ""

    def __post_init__(self) -> None:
        """As a site's domain."""
        _respell(self, "hosts")

    def port(self, index: int, service: str) -> int:
        """The port of a service at the site with this index: its own choice, or standard + 1000 × (index + 1)."""
        chosen = self.sites[index].ports.get(service)
        return STANDARD_PORTS[service] + PORT_STEP * (index + 1) if chosen is None else chosen

    @property
    def doors(self) -> tuple[tuple[int, str, str], ...]:
        """Every port that such a lab asks for: port, service, and whose it is ("" for the name server)."""
        found = [
            (self.port(index, service), service, site.domain)
            for index, site in enumerate(self.sites)
            for service in STANDARD_PORTS
            if site.tls or service not in IMPLICIT
        ]
        return tuple(door for door in (*found, (self.dns_port, "dns", "")) if door[0] > 0)

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that somebody in the lab is responsible for: those of the sites, then the extra zones."""
        names = [name for site in self.sites for name in site.names]
        return (*names, *(zone.origin.rstrip(".") for zone in self.zones))

    @property
    def caught_origins(self) -> tuple[str, ...]:
        """The origins below which mail is caught, as far as no zone of the lab says otherwise; "." is every name."""
        return (*(["."] if self.catch_all else []), *(ORIGINS if self.catch_examples else []))

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

    def service(self, index: int, name: str) -> Service:
        """The settings in force for a service of the site with this index."""
        site = self.sites[index]
        visited = any(site.domain in other.server_auth for other in self.sites)
        trusted = site.trust_loopback and self.strictness == "classroom"
        usual = custom(name, tls=site.tls, trusted=trusted, visited=visited)
        return settled(site.services.get(name, Service()), usual)

    @property
    def _catcher(self) -> int:
        """The index of the site that catches mail for domains that belong to no site: the last."""
        return len(self.sites) - 1

    def _has_catcher(self, index: int) -> bool:
        if index == self._catcher and (self.catch_all or self.catch_examples):
            return True
        return any(self.catches(index, domain) for domain in self.sites[index].domains)

    def _reserved(self, domain: str) -> bool:
        return self.catch_examples and is_reserved(domain)

    def _responsible(self, domain: str) -> bool:
        return any(is_below(domain, origin) for origin in self.domains)


WEAKNESSES = {"plaintext_auth": "AUTH is offered without TLS: a password crosses the wire in clear"}


def default() -> Config:
    """The lab that needs no file: two sites, three people, and second names that every validator of addresses takes."""
    return Config(sites=_default_sites(frozenset()))


def _default_sites(taken: frozenset[str]) -> tuple[Site, ...]:
    """The two sites of the default lab, without the second names that are `taken` by something else."""

    def free(*names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name not in taken)

    bob, carol = Person("bob", "bob"), Person("carol", "carol")
    return (
        Site("sender.test", (Person("alice", "alice"),), trust_loopback=True, domains=free("example.org")),
        Site("recipient.test", (bob, carol), domains=free("example.com", "example.net")),
    )


def read(text: bytes, name: str, said: Mapping[str, Any] = MappingProxyType({})) -> Config:
    """Read TOML; `name` is what a complaint calls the file; `said` are keys that win over it. Raises `ConfigError`.

    >>> read(b'strictnes = "strict"', "lab.toml")
    Traceback (most recent call last):
    maillab.config.ConfigError: lab.toml: unknown key `strictnes`; did you mean `strictness`?
    """
    if len(text) > MAX_OCTETS:
        raise ConfigError(f"{name}: larger than {MAX_OCTETS} octets")
    try:
        table = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{name}: not TOML: {error}") from error
    return from_table(table | dict(said), name)


def from_table(table: dict[str, Any], name: str) -> Config:
    """The same from a table that was read already: a story brings its world with it. Raises `ConfigError`."""
    _refuse_unknown_keys(table, Config, name, "")
    table = _profile(table.get("profile"), name) | table
    if "sites" not in table:
        table["sites"] = msgspec.to_builtins(_default_sites(_origins(table.get("zones"))))
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: {_in_plain_words(str(error))}") from error
    check(config, name)
    return config


def _profile(chosen: Any, name: str) -> dict[str, Any]:
    """The settings of a profile; none for none."""
    if not chosen:
        return {}
    if chosen not in PROFILES:
        raise ConfigError(f"{name}: `profile`: unknown {chosen!r}; known: {', '.join(PROFILES)}")
    return PROFILES[chosen]


def _origins(zones: Any) -> frozenset[str]:
    """The origins of zones that were not checked yet, as far as they can be read."""
    rows = zones if isinstance(zones, list) else []
    return frozenset(str(row.get("origin", "")).rstrip(".").lower() for row in rows if isinstance(row, dict))


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


def _in_plain_words(complaint: str) -> str:
    """msgspec writes "Expected `int`, got `str` - at `$.sites[0].greylist`"; people want the key first."""
    what, _, path = complaint.partition(" - at `$")
    return f"`{path.rstrip('`').lstrip('.')}`: {what[0].lower()}{what[1:]}" if path else what


def _refuse_unknown_keys(table: dict[str, Any], struct: type, name: str, where: str) -> None:
    hints = {field.name: field.type for field in msgspec.structs.fields(struct)}
    for key, value in table.items():
        if key not in hints:
            near = difflib.get_close_matches(key, hints, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else "known here: " + ", ".join(hints)
            raise ConfigError(f"{name}: unknown key `{where}{key}`; {hint}")
        for inner in [*get_args(hints[key]), hints[key]]:
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                rows = value if isinstance(value, list) else value.values() if get_args(hints[key]) else [value]
                for row in rows:
                    if isinstance(row, dict):
                        _refuse_unknown_keys(row, inner, name, f"{where}{key}.")


def check(config: Config, name: str) -> None:
    """What types cannot say. Raises `ConfigError`; `name` is what it calls the configuration."""
    if not config.sites:
        raise ConfigError(f"{name}: `sites` is empty; a lab needs at least one")
    for domain in config.domains:
        try:
            if parse_domain(domain) != domain:
                raise ConfigError(f"{name}: domain {domain!r}: write it in lower case")
        except Refused as error:
            raise ConfigError(f"{name}: domain {domain!r}: {error.reply.lines[0]}") from error
    if len(set(config.domains)) != len(config.domains):
        raise ConfigError(f"{name}: a domain is named twice among sites and zones")
    for site in config.sites:
        _check_site(site, name)
        _check_services(site, f"{name}: {site.domain}")
        for plan in site.faults:
            _check_fault(plan, f"{name}: {site.domain}")
        for other in site.server_auth:
            if other not in {known.domain for known in config.sites}:
                raise ConfigError(f"{name}: {site.domain}: `server_auth` names {other!r}, which is no site of this lab")
    for weakness in config.weaknesses:
        if weakness not in WEAKNESSES:
            raise ConfigError(f"{name}: `weaknesses`: unknown {weakness!r}; known: {', '.join(WEAKNESSES)}")
    _check_numbers(config, name)
    _check_hosts(config, name)


def _check_numbers(config: Config, name: str) -> None:
    retry, limits = config.retry, config.limits
    if not retry.gaps or min(retry.gaps) < 1:
        raise ConfigError(f"{name}: `retry.gaps`: expected at least one number of seconds, none below 1")
    for key, number, least in (
        ("retry.lifetime", retry.lifetime, 0),
        ("retry.warn_after", retry.warn_after, 0),
        ("limits.letter", limits.letter, 1),
        ("limits.recipients", limits.recipients, 1),
        ("limits.per_address", limits.per_address, 1),
        ("limits.connections", limits.connections, 1),
        *(("sites.greylist", site.greylist, 0) for site in config.sites),
    ):
        if number < least:
            raise ConfigError(f"{name}: `{key}`: expected at least {least}, got {number}")
    if not 0 <= config.dns_port <= 65_535:
        raise ConfigError(f"{name}: `dns_port`: expected a port from 0 to 65535, got {config.dns_port}")


def _check_hosts(config: Config, name: str) -> None:
    """A host stands at a port, or at a site that has a port 25 for it."""
    receiving = [site.domain for site in config.sites if site.ports.get("smtp", 0) >= 0]
    for host, where in config.hosts.items():
        if isinstance(where, str) and where not in receiving:
            known = ", ".join(receiving) or "none"
            raise ConfigError(f"{name}: `hosts.{host}`: {where!r} is no site with an smtp door; these are: {known}")
        if isinstance(where, int) and not 0 <= where <= 65_535:
            raise ConfigError(f"{name}: `hosts.{host}`: expected a port from 0 to 65535, got {where}")


def _check_fault(plan: FaultPlan, where: str) -> None:
    """A fault must be one that can be played."""
    if plan.verb not in FAULT_VERBS:
        near = difflib.get_close_matches(plan.verb.upper(), FAULT_VERBS, 1) or list(FAULT_VERBS)
        raise ConfigError(f"{where}: `sites.faults.verb`: unknown {plan.verb!r}; did you mean {near[0]!r}?")
    if plan.code and not 400 <= plan.code <= 599:
        raise ConfigError(f"{where}: `sites.faults.code`: expected 0 (drop) or 400 to 599, got {plan.code}")


def _check_services(site: Site, where: str) -> None:
    """Settings of services that exist, for extensions that they have, and that do not contradict each other."""
    for service, said in site.services.items():
        key = f"{where}: `sites.services.{service}"
        if service not in STANDARD_PORTS:
            near = difflib.get_close_matches(service, STANDARD_PORTS, 1) or list(STANDARD_PORTS)
            raise ConfigError(f"{key}`: no such service; did you mean {near[0]!r}?")
        for extension in said.without:
            if extension not in EXTENSIONS[service]:
                raise ConfigError(f"{key}.without`: unknown {extension!r}; known: {', '.join(EXTENSIONS[service])}")
        if service in IMPLICIT and said.tls is False:
            raise ConfigError(f"{key}.tls`: this service begins with TLS; port -1 closes it")
        if said.tls and not site.tls:
            raise ConfigError(f"{key}.tls`: the site has no certificates (`tls = false`)")
        if service.startswith("pop3") and (said.login or said.sender):
            raise ConfigError(f"{key}`: whoever reads mail logs in, and sends nothing; set `tls` and `without` only")


def _check_site(site: Site, name: str) -> None:
    for service, port in site.ports.items():
        if service not in STANDARD_PORTS:
            near = difflib.get_close_matches(service, STANDARD_PORTS, 1) or list(STANDARD_PORTS)
            raise ConfigError(f"{name}: `sites.ports`: unknown service {service!r}; did you mean {near[0]!r}?")
        if not -1 <= port <= 65_535:
            raise ConfigError(f"{name}: `sites.ports.{service}`: expected a port from 0 to 65535, or -1, got {port}")
    names = [person.name for person in site.people]
    if not names:
        raise ConfigError(
            f"{name}: {site.domain}: `people` is empty; somebody must be the postmaster (RFC 5321 §4.5.1)"
        )
    if len(set(names)) != len(names):
        raise ConfigError(f"{name}: {site.domain}: a person is named twice")
    for person in names:
        if not person.isprintable() or not 1 <= len(person.encode()) <= 64 or set(person) & set('/\\@"<>:, \t'):
            raise ConfigError(f"{name}: {site.domain}: {person!r} cannot be the name of a person")


@dataclass(frozen=True, slots=True)
class Found:
    """A configuration and where it came from ("" for the default lab)."""

    config: Config
    source: str
