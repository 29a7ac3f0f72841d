"""How the machines stand that are shown: those of the living lab, or of a session."""

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.mail.message import initial_of
from maillab.protocols.services import DNS, PROGRAMS, of_a_site
from maillab.tui.context import WindowContext
from maillab.tui.machines.machine_state import MachineState, ServiceState, ZoneState, of_session
from maillab.tui.machines.rule_words import rule_words
from maillab.tui.state.life import down_by

if TYPE_CHECKING:
    from maillab.lab import Lab


def runs(lab: "Lab", site: str) -> bool:
    """Is one of its ports open?"""
    return any(lab.is_open(site, row.name) for row in of_a_site())


def browser_address(lab: "Lab") -> str:
    """Where a browser shows this lab, "" where no door is open for it."""
    doors = (door for door in lab.endpoints if not door.site and door.service != DNS.name)
    return next((f"http://{door.where}" for door in doors), "")


def held_sites(at: WindowContext) -> frozenset[str]:
    """Machines that run, and whose queue somebody holds."""
    lab = at.host.lab
    if at.playback is not None:
        return frozenset(at.model.on_hold)
    if lab is None or not at.host.alive:
        return frozenset()
    domains = (site.domain for site in lab.config.sites)
    return frozenset(domain for domain in domains if lab.dispatcher(domain).paused and runs(lab, domain))


def is_held(at: WindowContext, message: str) -> bool:
    """Does somebody hold the queue that took this message?"""
    return bool(holder_of(at, message))


def holder_of(at: WindowContext, message: str) -> str:
    """The machine in whose queue this message is held, "" for none."""
    held = held_sites(at)
    sites = machines_now(at).sites if held else ()
    return next((site for n, site in enumerate(sites) if site in held and message.startswith(initial_of(n))), "")


def machines_now(at: WindowContext) -> MachineState:
    """What is known of the machines that are shown."""
    if at.playback is not None:
        return replace(of_session(at.playback.recording.header), paused=held_sites(at))
    lab = at.host.lab
    if lab is None:
        sites = tuple(site.domain for site in at.config.sites) if at.config else ()
        return MachineState(sites, trouble=at.trouble, down_by=down_by(at.life))
    from maillab.nameserver.summary import ZoneSummary

    config = lab.config
    doors = tuple(
        ServiceState(e.site, e.service, e.port, e.tls, lab.is_open(e.site, e.service), e.purpose == PROGRAMS.purpose)
        for e in lab.endpoints
        if e.site
    )
    first = {f"{site.domain}." for site in config.sites}

    def is_second(zone: ZoneSummary) -> bool:
        """The zones of the sites' own domains come first."""
        return zone.origin not in first

    accounts = [account.address for account in lab.accounts]
    return MachineState(
        tuple(site.domain for site in config.sites),
        doors,
        {site.domain: tuple(who for who in accounts if who.endswith(f"@{site.domain}")) for site in config.sites},
        at.home.before,
        held_sites(at),
        {site.domain: notes(at, site.domain) for site in config.sites},
        at.trouble,
        down_by(at.life),
        unless_empty=config.nobodys,
        logins={site.domain: tuple(site.server_auth) for site in config.sites},
        names_port=next((endpoint.port for endpoint in lab.endpoints if endpoint.service == DNS.name), 0),
        web=browser_address(lab),
        zones=tuple(ZoneState(z.origin, z.records, z.mx, z.edited, z.lost) for z in sorted(lab.zones, key=is_second)),
    )


def notes(at: WindowContext, domain: str) -> tuple[str, ...]:
    """What is unusual about a site of the living lab."""
    from maillab.tui.machines.lab_actions import site_of

    assert at.host.lab is not None
    config, texts = at.host.lab.config, at.texts
    site = site_of(config, domain)
    unusual = []
    if site.greylist:
        unusual.append(texts("note.greylist", seconds=site.greylist))
    rules = [listed.text for listed in at.host.lab.rules.on if listed.rule.site in ("", domain)]
    unusual += [texts("note.rule", rule=rule_words(text, (domain,), texts, domain)) for text in rules]
    if config.strictness == "strict":
        unusual.append(texts("note.strict"))
    return tuple(unusual)
