"""How a machine stands, as lines: its doors, what it offers, what waits in it. For the panes of the Lab mode.

Rules for this file: no Textual; what is living is passed in as values, so that a session shows its machines, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from maillab.events import Leg
from maillab.mail.address import in_u_labels
from maillab.mail.message import initial_of
from maillab.protocols.services import SERVICES
from maillab.recording.session import Header
from maillab.tui.model import Model
from maillab.tui.sink import Line, piece
from maillab.tui.texts import Texts
from maillab.views.queues import Waiting
from maillab.views.units import left

SENDING = (Leg.SUBMIT,)  # what the services of the sending machine are for
RECEIVING = (Leg.RELAY, Leg.RETRIEVE)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A door of a machine: `tls` is none, starttls or implicit; is it `open`? Is it for `programs` without a login?"""

    site: str
    service: str
    port: int
    tls: str
    open: bool
    programs: bool = False

    @property
    def leg(self) -> Leg:
        """What its service is for; it tells the machine."""
        return SERVICES[self.service].leg


@dataclass(frozen=True, slots=True)
class MachineState:
    """What is known of the machines beyond the entries. `sites` in the order of the configuration.

    `mail` counts messages that lay in the mailboxes when the lab began. Empty where a session plays.
    """

    sites: tuple[str, ...] = ()
    doors: tuple[ServiceState, ...] = ()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # site: addresses
    mail: Mapping[str, int] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # site: what is unusual about it
    trouble: str = ""
    recorded: bool = False  # it is a session's


@dataclass(frozen=True, slots=True)
class StateLine:
    """A line of a pane, and what it stands for: a job, an address, "" for nothing."""

    line: Line
    about: str = ""


def of_session(header: Header) -> MachineState:
    """What the header of a session tells of the lab that it was recorded in."""
    people: dict[str, tuple[str, ...]] = {}
    sites = header.lab.get("sites")
    for site in sites if isinstance(sites, list) else []:
        domain = site.get("domain") if isinstance(site, dict) else None
        if isinstance(domain, str):
            persons = site.get("people")
            names = [p.get("name") for p in persons if isinstance(p, dict)] if isinstance(persons, list) else []
            people[domain] = tuple(f"{name}@{domain}" for name in names if isinstance(name, str))
    return MachineState(tuple(people), people=people, recorded=True)


def sites_of(state: MachineState, model: Model) -> tuple[str, ...]:
    """The sites; where only entries are known, the domains of the servers in them."""
    if state.sites:
        return state.sites
    servers = (talk.server for talk in model.talks.values() if talk.leg is not Leg.LOOKUP)
    return tuple(dict.fromkeys(server.partition(".")[2] for server in servers if "." in server))


def sending(state: MachineState, model: Model, site: str, texts: Texts, now: float) -> list[StateLine]:
    """The sending machine of a site."""
    rows = [*_power(state, site, SENDING, texts), *_doors(state, model, site, SENDING, texts)]
    jobs = [job for job in model.queues.waiting if job.job.startswith(_initial(state, model, site))]
    counts = _counts(state, model, site)
    rows.append(StateLine((("dim", texts("sender.counts", waiting=len(jobs), **counts)),)))
    held = site in state.paused
    if held:
        rows.append(StateLine((("warn", texts("sender.paused")),)))
    rows.append(StateLine(()))
    rows += [_job(job, texts, now, held=held) for job in jobs] or [StateLine((("dim", texts("sender.empty")),))]
    return rows


def receiving(state: MachineState, model: Model, site: str, texts: Texts) -> list[StateLine]:
    """The receiving machine of a site."""
    rows = [*_power(state, site, RECEIVING, texts), *_doors(state, model, site, RECEIVING, texts)]
    rows += [StateLine((piece("warn", note),)) for note in state.notes.get(site, ())]
    people = state.people.get(site) or tuple(box for box in model.boxes if box.endswith(f"@{site}"))
    rows.append(StateLine(()))
    for address in people:
        box = model.boxes.get(address)
        held = state.mail.get(address, 0) + (box.stored - box.removed if box else 0)
        new = len(box.unread) if box else 0
        name = address.partition("@")[0]
        words = texts("recipient.box", held=held, new=new)
        rows.append(StateLine((piece("bold", f"{name:<12} "), ("good" if new > 0 else "plain", words)), address))
    if not people:
        rows.append(StateLine((("dim", texts("recipient.nobody")),)))
    return rows


def _power(state: MachineState, site: str, legs: Sequence[Leg], texts: Texts) -> list[StateLine]:
    if state.trouble:
        return [StateLine((piece("bad", state.trouble.split("\n")[0]),))]
    doors = [door for door in state.doors if door.site == site and door.leg in legs]
    if state.recorded:
        return [StateLine((piece("dim", texts("machine.of_session", site=in_u_labels(site))),))]
    if not doors:
        return [StateLine((("dim", texts("machine.starting")),))]
    is_open = any(door.open for door in doors)
    sign = ("good", "● ") if is_open else ("bad", "○ ")
    name = piece("bold", in_u_labels(site))
    return [StateLine((sign, name, ("plain", " " + texts("machine.up" if is_open else "machine.down"))))]


def _doors(state: MachineState, model: Model, site: str, legs: Sequence[Leg], texts: Texts) -> list[StateLine]:
    rows = []
    for door in state.doors:
        if door.site == site and (door.leg in legs or (door.programs and legs is SENDING)):
            sign = ("good", "▸ ") if door.open else ("dim", "▹ ")
            tls = {"starttls": "STARTTLS", "implicit": "TLS"}.get(door.tls, "")
            note = texts("machine.programs") if door.programs else tls
            where = f"{door.service}:{door.port}"
            line = (sign, ("plain", f"{where:<17} "), ("dim", note))
            rows.append(StateLine(line, door.service))
    offered = model.offers.get(site, ())
    if offered and legs is SENDING:
        rows.append(StateLine((piece("dim", " ".join(offered)),)))
    return rows


def _counts(state: MachineState, model: Model, site: str) -> dict[str, int]:
    taken = sum(1 for trip in model.journeys.trips if trip.message and trip.sender.endswith(f"@{site}"))
    initial = _initial(state, model, site)
    return {"taken": taken, "done": model.queues.done[initial], "failed": model.queues.failed[initial]}


def _initial(state: MachineState, model: Model, site: str) -> str:
    """The first letter of the jobs that wait at a site, "" where it is not known. A report waits where it was made."""
    sites = sites_of(state, model)
    return initial_of(sites.index(site)) if site in sites else ""


def _job(job: Waiting, texts: Texts, now: float, *, held: bool) -> StateLine:
    whom = job.recipients[0] if job.recipients else job.domain
    more = f" +{len(job.recipients) - 1}" if len(job.recipients) > 1 else ""
    if job.next is None and held:
        state, style = texts("sender.held"), "warn"
    elif job.next is None:
        state, style = texts("sender.under_way"), "accent"
    else:
        state, style = texts("sender.next", wait=left(max(0.0, job.next - now))), "warn"
    reason = f" · {job.reason}" if job.reason else ""
    line = (piece("bold", f"{job.job:<6}"), piece("plain", f"{whom}{more} "), (style, state), piece("dim", reason))
    return StateLine(line, job.job)
