"""What the types of a configuration cannot say: every value is tried with the parser that will use it.

A complaint names file, line and key, what was expected, and the nearest that is known. Numbers are bounded above, too.
"""

from collections.abc import Iterator

from maillab.config import WEAKNESSES, Config, Person, Site
from maillab.mail.address import Address, parse_domain
from maillab.mail.reply import Refused
from maillab.protocols import services
from maillab.rules.language import RuleError
from maillab.source import Key, Source
from maillab.spelling import nearest
from maillab.views.pointed import pointed
from maillab.wire.strings import STRINGS

NAME_OCTETS = 253  # of a name in DNS, written with dots (RFC 1035 §2.3.4)
PREFIX = 5  # octets of "mail.", the longest that is put before a domain here
PERSON_OCTETS = 64  # RFC 5321 §4.5.3.1.1
NO_FOLDER = '/\\:"<>|?*'  # what a folder of some system cannot have in its name
OURS = "index.db"  # lies among the folders of people (maillab/lab/running_site.py)
MOST_SITES = 60  # the ports of a later one would be above 65535
YEARS = 315_360_000  # seconds of ten years
MANY = 1_000_000


def check(config: Config, source: Source) -> None:
    """Raises `ConfigError`."""
    if not config.sites:
        raise source.error(("sites",), "there is none; a lab needs at least one")
    if len(config.sites) > MOST_SITES:
        raise source.error(("sites",), f"expected at most {MOST_SITES}, got {len(config.sites)}")
    _check_domains(config, source)
    domains = [site.domain for site in config.sites]
    for index, site in enumerate(config.sites):
        _check_site(site, ("sites", index), source)
        for domain in site.server_auth:
            if domain not in domains:
                raise source.error(("sites", index, "server_auth", domain), f"{domain!r} is no site of this lab")
    for place, weakness in enumerate(config.weaknesses):
        if weakness not in WEAKNESSES:
            raise source.error(("weaknesses", place), f"unknown {weakness!r}; known: {', '.join(WEAKNESSES)}")
    _check_fetch(config, source)
    _check_numbers(config, source)
    _check_hosts(config, source)
    _check_ports(config, source)
    _check_zones(config, source)
    _check_rules(config, source)


def _check_fetch(config: Config, source: Source) -> None:
    """Mail is fetched where it is stored."""
    names = [service.name for service in services.of_a_site() if service.leg is services.Leg.RETRIEVE]
    if config.fetch not in names:
        raise source.error(("fetch",), f"unknown {config.fetch!r}; known: {', '.join(names)}")


# ── names ──


def _check_domains(config: Config, source: Source) -> None:
    """Each is a name that DNS can have, and is there once."""
    seen: set[str] = set()
    for key, domain in _domains(config):
        _check_name(domain.removesuffix(".") if key[-1] == "origin" else domain, key, source)
        name = Address("x", domain.removesuffix(".")).ascii_domain
        if name in seen:
            raise source.error(key, f"{domain!r} is named twice among sites and zones")
        seen.add(name)


def _domains(config: Config) -> Iterator[tuple[Key, str]]:
    for index, site in enumerate(config.sites):
        yield ("sites", index, "domain"), site.domain
        for place, domain in enumerate(site.domains):
            yield ("sites", index, "domains", place), domain
    for index, zone in enumerate(config.zones):
        yield ("zones", index, "origin"), zone.origin


def _check_name(name: str, key: Key, source: Source) -> None:
    """A name of DNS, in lower case."""
    if name.startswith("["):
        raise source.error(key, f"{name!r} is an address; a name is expected, like sender.test")
    try:
        read = parse_domain(name)
    except Refused as error:
        raise source.error(key, f"{name!r}: {error.reply.lines[0]}") from error
    if read != name:
        raise source.error(key, f"{name!r}: write it as {read!r}, in lower case")
    if len(Address("x", name).ascii_domain) + PREFIX > NAME_OCTETS:
        raise source.error(key, f"too long: a name of DNS has at most {NAME_OCTETS} bytes, including mail. in front")


def _check_hosts(config: Config, source: Source) -> None:
    """A host stands at a port, or at a site that has a port 25 for it."""
    receiving = [site.domain for site in config.sites if site.ports.get(services.SMTP.name, 0) >= 0]
    for host, where in config.hosts.items():
        key = ("hosts", host)
        _check_name(host, key, source)
        if isinstance(where, str) and where not in receiving:
            known = ", ".join(receiving) or "none"
            raise source.error(key, f"{where!r} is no site with an smtp service; these are: {known}")
        if isinstance(where, int):
            _check_port(where, key, source)


# ── sites ──


def _check_site(site: Site, key: Key, source: Source) -> None:
    if site.host:
        _check_name(site.host, (*key, "host"), source)
    for service, port in site.ports.items():
        here = (*key, "ports", service)
        _check_service(service, here, source)
        if not -1 <= port <= 65_535:
            raise source.error(here, f"expected a port from 0 to 65535, or -1, got {port}")
    _check_number(site.greylist, 0, YEARS, (*key, "greylist"), source)
    _check_people(site, key, source)
    _check_services(site, key, source)
    for domain, credentials in site.server_auth.items():
        _check_typeable(credentials.user, (*key, "server_auth", domain, "user"), source)
        _check_typeable(credentials.password, (*key, "server_auth", domain, "password"), source)


def _check_people(site: Site, key: Key, source: Source) -> None:
    if not site.people:
        text = f"no mailboxes at {site.domain}; one must be the postmaster (RFC 5321 §4.5.1)"
        raise source.error((*key, "people"), text)
    seen: dict[tuple[str, str], str] = {}
    for place, person in enumerate(site.people):
        here = (*key, "people", place)
        address = _check_person(person, site.domain, here, source)
        if address.key in seen:
            text = f"{person.name!r} and {seen[address.key]!r} are one mailbox; named twice"
            raise source.error((*here, "name"), text)
        seen[address.key] = person.name
        _check_typeable(person.password, (*here, "password"), source)


def _check_person(person: Person, domain: str, key: Key, source: Source) -> Address:
    """A name that every client can write before the @ without quotes, and that a folder can have."""
    here = (*key, "name")
    try:
        address = Address.parse(f"{person.name}@{domain}")
    except Refused as error:
        raise source.error(here, f"{person.name!r} cannot stand before the @: {error.reply.lines[0]}") from error
    if address.local != person.name or len(person.name.encode()) > PERSON_OCTETS:
        raise source.error(here, f"{person.name!r} cannot be the name of a person")
    if bad := sorted(set(person.name) & set(NO_FOLDER)):
        raise source.error(here, f"{person.name!r}: no folder can be called so; take out {' '.join(bad)}")
    if person.name.lower().startswith(OURS):
        raise source.error(here, f"{person.name!r}: a file of the lab is called so; take another name")
    return address


def _check_typeable(word: str, key: Key, source: Source) -> None:
    """What is said in a line of its own can hold no end of a line."""
    if set(word) & set("\0\r\n"):
        raise source.error(key, "it has an end of line or a NUL in it; it cannot be used to log in")


def _check_services(site: Site, key: Key, source: Source) -> None:
    """Settings of services that exist, for extensions that they have, and that do not contradict each other."""
    if site.strings and site.strings not in STRINGS:
        raise source.error((*key, "strings"), f"unknown {site.strings!r}; known: {', '.join(STRINGS)}")
    for name, settings in site.services.items():
        here = (*key, "services", name)
        service = _check_service(name, here, source)
        for extension in settings.without:
            if extension not in service.extensions:
                raise source.error((*here, "without"), f"unknown {extension!r}; known: {', '.join(service.extensions)}")
        if service.tls_first and settings.tls is False:
            raise source.error((*here, "tls"), "this service begins with TLS; port -1 closes it")
        if settings.tls and not site.tls:
            raise source.error((*here, "tls"), "the site has no certificates (`tls = false`)")
        if settings.login not in (None, *service.logins) or (settings.sender and not service.takes_messages):
            raise source.error(here, "whoever reads mail logs in, and sends nothing")
        if not service.takes_messages and settings.login == "anybody" and site.mailboxes != "anybody":
            raise source.error((*here, "login"), "anybody can read mail only where `mailboxes` is anybody")


def _check_service(name: str, key: Key, source: Source) -> services.Service:
    """The row of a service that every site has."""
    names = [service.name for service in services.of_a_site()]
    if name not in names:
        near = nearest(name, names)
        if not near:
            raise source.error(key, f"unknown service {name!r}; there are {', '.join(names)}")
        raise source.error(key, f"unknown service {name!r}; did you mean {near!r}?")
    return services.SERVICES[name]


def _check_rules(config: Config, source: Source) -> None:
    """Every rule is one that can be played, and of a site that there is."""
    for key, text, site in config.written_rules:
        try:
            config.rule(text, site)
        except RuleError as error:
            raise source.error(key, pointed(error.text, text, error.column)) from error


# ── numbers, ports, zones ──


def _check_numbers(config: Config, source: Source) -> None:
    retry, limits = config.retry, config.limits
    if not 1 <= len(retry.gaps) <= 100:
        raise source.error(("retry", "gaps"), "expected 1 to 100 numbers of seconds")
    for place, gap in enumerate(retry.gaps):
        _check_number(gap, 1, YEARS, ("retry", "gaps", place), source)
    for name, number, least, most in (
        ("retry.lifetime", retry.lifetime, 0, YEARS),
        ("retry.warn_after", retry.warn_after, 0, YEARS),
        ("limits.message", limits.message, 1, 1 << 40),
        ("limits.recipients", limits.recipients, 1, MANY),
        ("limits.messages", limits.messages, 1, MANY),
        ("limits.per_address", limits.per_address, 1, MANY),
        ("limits.connections", limits.connections, 1, MANY),
        ("limits.per_user", limits.per_user, 1, MANY),
    ):
        _check_number(number, least, most, tuple(name.split(".")), source)
    for index, site in enumerate(config.sites):
        _check_number(site.message_limit, 0, 1 << 40, ("sites", index, "message_limit"), source)
    _check_port(config.dns_port, ("dns_port",), source)
    if not -1 <= config.http_port <= 65_535:
        raise source.error(("http_port",), f"expected a port from 0 to 65535, or -1, got {config.http_port}")


def _check_number(number: int, least: int, most: int, key: Key, source: Source) -> None:
    if number < least:
        raise source.error(key, f"expected at least {least}, got {number}")
    if number > most:
        raise source.error(key, f"expected at most {most}, got {number}")


def _check_port(port: int, key: Key, source: Source) -> None:
    if not 0 <= port <= 65_535:
        raise source.error(key, f"expected a port from 0 to 65535, got {port}")


def _check_ports(config: Config, source: Source) -> None:
    """No port is asked for twice."""
    seen: dict[int, str] = {}
    for port, service, domain in config.doors:
        door = f"{service} of {domain}" if domain else "the name server"
        if port in seen:
            key: Key = ("dns_port",)
            if domain:
                key = ("sites", [site.domain for site in config.sites].index(domain), "ports", service)
            raise source.error(key, f"port {port} is given to both {seen[port]} and {door}; 0 means any free port")
        seen[port] = door
    if config.http_port in seen and config.http_port > 0:
        port, other, door = config.http_port, seen[config.http_port], "the HTTP door"
        raise source.error(("http_port",), f"port {port} is given to both {other} and {door}; 0 means any free port")


def _check_zones(config: Config, source: Source) -> None:
    """The text of a zone is one that the name server can read; it is asked only where there is one."""
    texts: list[tuple[Key, str, str]] = [
        (("sites", index, "zone"), site.domain, site.zone) for index, site in enumerate(config.sites) if site.zone
    ]
    texts += [(("zones", index, "text"), zone.origin, zone.text) for index, zone in enumerate(config.zones)]
    if not texts:
        return
    from maillab.nameserver.master import ZoneError, read_zone  # heavy, and needed by few

    for key, origin, text in texts:
        try:
            read_zone(origin, text)
        except ZoneError as error:
            raise source.error(key, str(error)) from error
