"""How a machine stands, as rows: its services, mailboxes, queue, and what is unusual. For the panes of the Lab mode.

A site is one machine with all its parts, whichever part a message needs of it; the name server is a machine, too.
Rules for this file: no Textual; what is living is passed in as values, so that a session shows its machines, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maillab.events import Leg
from maillab.mail.address import in_u_labels
from maillab.mail.message import initial_of
from maillab.recording.session import Header
from maillab.tui.looks.sink import Line, Piece, piece
from maillab.tui.machines.machine_rows import FlowRow, JobRow, OneLine, PortsRow, StateRow, TextRow
from maillab.tui.reading.model import Model
from maillab.tui.state.home import MailBefore
from maillab.tui.state.life import DownBy
from maillab.tui.texts import Texts
from maillab.views.questions import LookupFact, looked_up
from maillab.views.queues import Waiting
from maillab.views.reasons import ReasonKind, reason_of
from maillab.views.units import duration, left

ZONE = "zone:"  # begins what a row of a zone stands for
PORTS = "ports"  # what the row of the services stands for
QUESTIONS = 3  # of the name server that are shown


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service of a machine: `tls` is none, starttls or implicit; is it `open`; is it for `programs` without login?"""

    site: str
    service: str
    port: int
    tls: str
    open: bool
    programs: bool = False


@dataclass(frozen=True, slots=True)
class ZoneState:
    """A zone that is served: how many records, the data of its MX, whether a person has `edited` it, and the hosts of
    its MX that are `lost`, for want of an address.
    """

    origin: str
    records: int = 0
    mx: tuple[str, ...] = ()
    edited: bool = False
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineState:
    """What is known of the machines beyond the entries. `sites` in the order of the configuration.

    `mail` is what lay in each mailbox when the lab began; mailboxes `unless_empty` are shown only where there is
    something in them; `logins` are the sites at which one logs in. Empty where a session plays.
    """

    sites: tuple[str, ...] = ()
    doors: tuple[ServiceState, ...] = ()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # site: addresses
    mail: Mapping[str, MailBefore] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # site: what is unusual about it
    trouble: str = ""
    down_by: DownBy | None = None
    recorded: bool = False  # it is a session's
    unless_empty: frozenset[str] = frozenset()
    logins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names_port: int = 0  # of the name server, 0 while it has none
    web: str = ""  # where a browser shows the lab, "" for nowhere
    zones: tuple[ZoneState, ...] = ()


def of_session(header: Header) -> MachineState:
    """What the header of a session tells of the lab that it was recorded in."""
    from maillab.config import CAUGHT

    people: dict[str, tuple[str, ...]] = {}
    nobodys: set[str] = set()
    sites = header.lab.get("sites")
    for site in sites if isinstance(sites, list) else []:
        domain = site.get("domain") if isinstance(site, dict) else None
        if isinstance(domain, str):
            persons = site.get("people")
            names = [p.get("name") for p in persons if isinstance(p, dict)] if isinstance(persons, list) else []
            people[domain] = tuple(f"{name}@{domain}" for name in names if isinstance(name, str))
            nobodys |= {f"{CAUGHT}@{domain}", *_servers(site.get("server_auth"))}
    return MachineState(tuple(people), people=people, recorded=True, unless_empty=frozenset(nobodys))


def _servers(logins: object) -> set[str]:
    """The accounts with which a server logs in at others: nobody writes to them."""
    found = logins.items() if isinstance(logins, dict) else ()
    return {f"{login['user']}@{domain}" for domain, login in found if isinstance(login, dict) and "user" in login}


def sites_of(state: MachineState, model: Model) -> tuple[str, ...]:
    """The sites; where only entries are known, the domains of the servers in them."""
    if state.sites:
        return state.sites
    servers = (talk.server for talk in model.talks.values() if talk.leg is not Leg.LOOKUP)
    return tuple(dict.fromkeys(server.partition(".")[2] for server in servers if "." in server))


# ── what stands above a pane ──


def is_running(state: MachineState, site: str) -> bool | None:
    """Does anybody listen at this site ("": the name server)? `None` where nobody knows: in a session, at the start."""
    if state.recorded or state.trouble:
        return None
    if not site:
        return True if state.names_port else None
    doors = [door for door in state.doors if door.site == site]
    return any(door.open for door in doors) if doors else None


def title(state: MachineState, site: str, name: str, texts: Texts) -> Line:
    """The name of a machine, and whether it runs: one that does not stands out, wherever the focus is."""
    known, named = is_running(state, site), piece("plain", name)
    if state.trouble:
        return (named, ("warn", f" ○ {texts('machine.not_running')}"))
    if known is None:
        return (named, ("plain", f" · {texts('machine.recorded')}")) if state.recorded else (named,)
    if known:
        return (named, ("good", " ●"), ("dim", f" {texts('machine.running')}"))
    return (named, ("warn", f" ○ {texts('machine.stopped')}"))


# ── a site ──


def machine(state: MachineState, model: Model, site: str, texts: Texts, now: float) -> list[StateRow]:
    """Everything that a site is."""
    if state.trouble:  # why no lab runs is said once, in the wire; there it is said, too, that one starts
        return [TextRow(("dim", texts("machine.later")))]
    if not (state.doors or state.recorded):
        return []
    rows = [*_mailboxes(state, model, site, texts), *_queue(state, model, site, texts, now)]
    return [*rows, *_facts(state, site, texts), *_services(state, site, texts)]


def jobs_at(state: MachineState, model: Model, site: str) -> list[Waiting]:
    """What waits in the queue of a site. A report waits where it was made."""
    initial = _initial(state, model, site)
    return [job for job in model.queues.waiting if job.job.startswith(initial)] if initial else []


def _services(state: MachineState, site: str, texts: Texts) -> list[StateRow]:
    """Every service with its port; `plain` behind one without TLS beside others that have it.

    While only some are open, the closed ones have an empty circle.
    Where that needs more than two lines, what is encrypted from the first octet is behind a sign.
    """
    doors = [door for door in state.doors if door.site == site]
    if not doors:
        return []
    is_mixed = len({door.open for door in doors}) > 1
    closed = {door: "○ " if is_mixed and not door.open else "" for door in doors}
    is_tls = any(door.tls != "none" for door in doors)
    bare: Line = (("dim", f" {texts('machine.plain')}"),) if is_tls else ()

    def part(door: ServiceState, name: str, mark: Line) -> Line:
        head: Line = (("dim", f"{closed[door]}{name} "), ("plain", str(door.port)))
        return (*head, *mark) if door.tls == "none" else head

    whole = FlowRow(tuple(part(door, shown_service(door.service), bare) for door in doors))
    first = [door for door in doors if door.tls != "implicit"] or doors
    ways = [FlowRow(tuple(part(door, shown_service(door.service), mark) for door in first)) for mark in (bare, ())]
    return [PortsRow(whole, tuple(ways), about=PORTS)]


def shown_service(name: str) -> str:
    """A service as it is written everywhere in the window: the short names are abbreviations.

    >>> shown_service("pop3s"), shown_service("submission")
    ('POP3S', 'Submission')
    """
    return name.upper() if len(name) <= 5 else name.capitalize()


def _facts(state: MachineState, site: str, texts: Texts) -> list[StateRow]:
    """That nothing is encrypted, logins at other servers, and what is unusual."""
    rows: list[StateRow] = []
    doors = [door for door in state.doors if door.site == site]
    if doors and all(door.tls == "none" for door in doors):  # that there is TLS is no news
        rows.append(TextRow(("warn", texts("machine.no_tls")), label=texts("machine.tls")))
    for other in state.logins.get(site, ()):
        rows.append(TextRow(piece("dim", texts("machine.logs_in", site=in_u_labels(other))), texts("machine.login")))
    return rows + [TextRow(piece("warn", note)) for note in state.notes.get(site, ())]


def _mailboxes(state: MachineState, model: Model, site: str, texts: Texts) -> list[StateRow]:
    """Who has a mailbox, and what nobody has read yet."""
    people = state.people.get(site) or tuple(box for box in model.boxes if box.endswith(f"@{site}"))
    label, rows = texts("machine.mailboxes"), list[StateRow]()
    for address in people:
        box, before = model.boxes.get(address), state.mail.get(address, MailBefore())
        held = max(0, before.held + (box.stored - box.removed if box else 0))
        if not held and address in state.unless_empty:
            continue
        waiting = min(held, before.unfetched_after(box.earlier) + len(box.unread) if box else before.unfetched)
        name = piece("plain", f"{address.partition('@')[0]:<11} ")
        rows.append(FlowRow(((name, _box(held, waiting, texts)),), "" if rows else label, address))
    return [_under_label(row) for row in rows] or [TextRow(("dim", texts("machine.nobody")), label)]


def _under_label(row: StateRow) -> StateRow:
    """Rows below the first one of a list stand where the first one does."""
    return FlowRow(row.parts, row.label or " ", row.about) if isinstance(row, FlowRow) else row


def _box(held: int, waiting: int, texts: Texts) -> Piece:
    if not held:
        return "dim", "–"
    return ("good", texts("mailbox.new", count=str(waiting))) if waiting else ("plain", str(held))


def _queue(state: MachineState, model: Model, site: str, texts: Texts, now: float) -> list[StateRow]:
    """Is it held; what waits in it, as a table; and how many messages went which way."""
    jobs, held = jobs_at(state, model, site), site in state.paused and is_running(state, site) is not False
    said = texts("machine.waiting", count=len(jobs)) if jobs else texts("machine.empty")
    words: Piece = ("warn", f"{said} · {texts('machine.held')}") if held else ("plain" if jobs else "dim", said)
    rows: list[StateRow] = [TextRow(words, texts("machine.queue"))]
    rows += [_job(job, texts, now, held=held) for job in jobs]
    return [*rows, _counts(state, model, site, len(jobs), texts)]


def _job(job: Waiting, texts: Texts, now: float, *, held: bool) -> JobRow:
    whom = job.recipients[0] if job.recipients else job.domain
    more = f" +{len(job.recipients) - 1}" if len(job.recipients) > 1 else ""
    if job.next is None:
        when: Piece = ("warn", texts("machine.held")) if held else ("accent", texts("machine.under_way"))
    else:
        when = ("warn", texts("machine.retry", wait=left(max(0.0, job.next - now))))
    tries = texts(("machine.tried.0", "machine.tried.1", "machine.tried")[min(2, job.attempts)], times=job.attempts)
    return JobRow(job.job, piece("", whom + more)[1], tries, when, piece("", _why(job, texts, now))[1])


def _why(job: Waiting, texts: Texts, now: float) -> str:
    """Why a job waits, in a few words."""
    if not job.reason:
        return ""
    if job.down:
        host = reason_of(job.reason).host or job.domain
        return texts("machine.rests", host=host, ago=duration(max(1.0, now - job.down)))
    return short_reason(job.reason, texts)


def short_reason(text: str, texts: Texts) -> str:
    """Why a message waits or came back, in a few words: ours for what happens often, else the server's, with its code.

    >>> short_reason("451 4.4.1 No connection to mx.b.test: Connection refused", Texts("en"))
    'connection refused'
    >>> short_reason("550 5.1.1 nobody of that name", Texts("en"))
    '550 nobody of that name'
    """
    reason = reason_of(text)
    if reason.kind is ReasonKind.SAID:
        return f"{reason.code} {reason.words}".strip()
    return texts(f"reason.{reason.kind}", host=reason.host)


def _counts(state: MachineState, model: Model, site: str, waiting: int, texts: Texts) -> StateRow:
    """What became of all messages, in one line: where it is narrow without those that wait, which are counted above."""
    initial = _initial(state, model, site)
    accepted = (model.journeys.accepted[initial] if initial else 0) + model.journeys.stored[site]
    counts = {"accepted": accepted, "sent": model.queues.done[initial], "bounced": model.queues.failed[initial]}
    keys = ("machine.counts", "machine.counts_short", "machine.counts_shortest")
    removed = model.queues.removed[initial]
    more = f" · {texts('machine.counts_removed', removed=removed)}" if removed else ""
    return OneLine(tuple((("dim", texts(key, queued=waiting, **counts) + more),) for key in keys))


def _initial(state: MachineState, model: Model, site: str) -> str:
    """The first letter of the jobs that wait at a site, "" where it is not known."""
    sites = sites_of(state, model)
    return initial_of(sites.index(site)) if site in sites else ""


# ── the name server ──


def name_server(state: MachineState, model: Model, texts: Texts) -> list[StateRow]:
    """Its port, its zones with what mail asks them for, and what it was asked last."""
    rows: list[StateRow] = []
    facts = [fact for talk in list(model.lookups)[::-1] for fact in looked_up(model.of_talk(talk))][:QUESTIONS]
    if state.names_port:
        port: Line = (("plain", "DNS "), ("dim", str(state.names_port)))
        asked: Line = (("dim", texts("names.asked", count=model.lookups_so_far)),)
        rows.append(FlowRow((port, asked, *(_asked(fact) for fact in facts[:1]))))
        facts = facts[1:]
    elif state.trouble:
        return [TextRow(("dim", texts("names.later")))]
    elif not state.recorded:
        return []
    for zone in state.zones:
        rows += _zone(zone, texts)
    label = texts("names.last")
    rows += [FlowRow((_asked(fact),), label if number == 0 else " ") for number, fact in enumerate(facts)]
    return rows or [TextRow(("dim", texts("names.not_asked")))]


def _zone(zone: ZoneState, texts: Texts) -> list[StateRow]:
    about, name = ZONE + zone.origin, in_u_labels(zone.origin.rstrip("."))
    mx = ", ".join(data.rstrip(".") for data in zone.mx)
    parts: list[Line] = [(piece("bold", name),), (piece("plain", f"MX {mx}" if mx else texts("names.no_mx")),)]
    parts.append((("dim", texts("names.records", count=zone.records)),))
    parts += [(("warn", texts("reason.no_address", host=host)),) for host in zone.lost]
    if zone.edited:
        parts.append((("accent", texts("names.edited")),))
    return [FlowRow(tuple(parts), about=about)]


def _asked(fact: LookupFact) -> Line:
    """A question and its answer."""
    answer = piece("good" if fact.found else "warn", fact.answer) if fact.answer else ("dim", "…")
    return (piece("plain", f"{fact.question} "), answer)
