"""What the window asks a lab to do: errands, each in the lab's loop, which give a value or raise what went wrong; and
settings, changed as values.

Rules for this file: nothing of Textual; whatever goes over a wire goes through the same doors as everybody's mail.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import msgspec

from maillab.client.compose import Draft, compose, needs_utf8
from maillab.client.local_store import LocalStore, MailFolder
from maillab.client.pop3 import Fetched
from maillab.client.submit import SubmitResult
from maillab.config import Config, Credentials, Person, Site
from maillab.endpoints import BusyPort
from maillab.events import Adjusted
from maillab.lab import Lab
from maillab.lab.person import fetch_mail, hand_over
from maillab.mail.message import Message
from maillab.tui.machines.config_changes import changes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a message this one and no other: made when it is first shown, and kept until it is sent.

    `now` is its Date: that of the moment at which it is looked at, and at last that of its sending.
    """

    now: float
    message_id: str
    word: str

    def boundary(self) -> Callable[[], str]:
        """Gives one boundary after the other, the same ones each time."""
        return (f"=_{self.word}-{number}" for number in count(1)).__next__


def written(draft: Draft, stamp: Stamp, *, eight_bit: bool = True, utf8: bool | None = None) -> Message:
    """The message as it will go, octet for octet. Raises `ComposeError`."""
    return compose(
        draft,
        now=stamp.now,
        message_id=stamp.message_id,
        boundary=stamp.boundary(),
        eight_bit=eight_bit,
        utf8=needs_utf8(draft) if utf8 is None else utf8,
    )


# ── mail ──


async def send(lab: Lab, draft: Draft, stamp: Stamp, service: str) -> SubmitResult:
    """Hand a message over: at the submission door of its writer's site with a login, or at port 25 without one.

    Raises `SubmitError`; `LookupError` where there is no such door.
    """
    return await hand_over(lab, partial(written, draft, stamp), draft.sender.address, service)


async def retrieve(lab: Lab, shelf: LocalStore, address: str, *, keep: bool) -> Fetched:
    """Fetch what is new into the person's own shelf, durably, before anything is deleted on the server.

    Without `keep` the server deletes all that is here, also what came before. Raises `FetchError`, `LookupError`.
    """
    now = lab.clock.now
    known = await asyncio.to_thread(shelf.known, address)

    def taken(uid: str, octets: bytes) -> None:
        shelf.put(address, octets, now(), folder=MailFolder.INBOX, uidl=uid)

    remove = await asyncio.to_thread(shelf.doomed, address) if keep else known
    fetched = await fetch_mail(lab, address, keep=keep, known=known, remove=remove, taken=taken)
    await asyncio.to_thread(shelf.removed, address, fetched.removed)
    return fetched


# ── machines ──


async def power(lab: Lab, domain: str, services: tuple[str, ...], *, on: bool) -> None:
    """Start a machine or stop it: its ports open, or close. Raises `BusyPort`, and then it is as it was before."""
    opened: list[str] = []
    for service in services:
        if on and lab.is_open(domain, service):
            continue
        try:
            await (lab.start if on else lab.stop)(domain, service)
        except BusyPort:
            for other in opened:
                await lab.stop(domain, other)
            raise
        opened += [service] if on else []
    (lab.dispatcher(domain).resume if on else lab.dispatcher(domain).pause)()  # its queue stands still, too
    lab.logbook.append(Adjusted(domain, "started" if on else "stopped", ", ".join(services)))


async def pause(lab: Lab, domain: str) -> bool:
    """Hold a queue, or let it go on; is it held now?"""
    dispatcher = lab.dispatcher(domain)
    if dispatcher.paused:
        dispatcher.resume()
    else:
        dispatcher.pause()
    lab.logbook.append(Adjusted(domain, "held" if dispatcher.paused else "resumed"))
    return dispatcher.paused


async def edit_zone(lab: Lab, origin: str, text: str) -> None:
    """Serve another text for a zone. Raises `ZoneError`, and the zone before is served on."""
    await lab.edit_zone(origin, text)
    lab.logbook.append(Adjusted(origin.rstrip("."), "zone", origin.rstrip(".")))


async def retry(lab: Lab, domain: str, job: str) -> bool:
    """Try one job now, or ("") everything; False when it does not wait."""
    if job:
        return lab.dispatcher(domain).retry(job)
    lab.dispatcher(domain).retry_now()
    return True


async def switch(lab: Lab, change: Callable[[Config], Config]) -> Config:
    """Go on with the settings changed so, which are given back. Raises `ConfigError`, `BusyPort`."""
    before = lab.config
    await lab.switch(change)
    for event in changes(before, lab.config):
        lab.logbook.append(event)
    return lab.config


async def add_rule(lab: Lab, text: str) -> None:
    """One rule more. Raises `RuleError`."""
    lab.rules.add(lab.config.rule(text))


async def edit_rule(lab: Lab, number: int, text: str) -> None:
    """Another rule in the place of one. Raises `RuleError`, `LookupError`."""
    lab.rules.edit(number, lab.config.rule(text))


async def switch_rule(lab: Lab, number: int, *, on: bool) -> None:
    """A rule on or off. Raises `LookupError`."""
    lab.rules.switch(number, on=on)


async def remove_rule(lab: Lab, number: int) -> None:
    """A rule off the list. Raises `LookupError`."""
    lab.rules.remove(number)


# ── settings as values ──


def with_site(config: Config, domain: str, **changes: object) -> Config:
    """The configuration with other settings for one site."""
    sites = tuple(msgspec.structs.replace(s, **changes) if s.domain == domain else s for s in config.sites)
    return msgspec.structs.replace(config, sites=sites)


def with_person(config: Config, address: str, password: str) -> Config:
    """One person more. Raises `ValueError` for an address of no site."""
    name, _, domain = address.partition("@")
    site = site_of(config, domain)
    return with_site(config, domain, people=(*site.people, Person(name, password)))


def with_server_auth(config: Config, domain: str, other: str) -> Config:
    """Let a site's sending machine log in at another site, or no longer."""
    site = site_of(config, domain)
    logins = dict(site.server_auth)
    if logins.pop(other, None) is None:
        visitor = site_of(config, other).people[0]
        logins[other] = Credentials(f"{visitor.name}@{other}", visitor.password)
    return with_site(config, domain, server_auth=logins)


def site_of(config: Config, domain: str) -> Site:
    """A site by its domain. Raises `ValueError`."""
    for site in config.sites:
        if site.domain == domain:
            return site
    raise ValueError(f"{domain} is no site of this lab: " + ", ".join(site.domain for site in config.sites))


def shelf_of(folder: Path) -> LocalStore:
    """The messages that people of a lab have at home."""
    return LocalStore(folder / "home.db")
