"""The lab itself: starting it, its clock and its people."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.folder import FolderError, FolderTakenError
from maillab.tui.commands.asking import choose, pick
from maillab.tui.commands.draft import offer_draft, offer_first
from maillab.tui.commands.record import record_from_start, record_stopped
from maillab.tui.commands.send import send_what_is_due
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.machines.machine_state import shown_service
from maillab.tui.questions import Choice, Prompt
from maillab.tui.reading.model import Model
from maillab.tui.state.home import HomeMail, MailBefore
from maillab.tui.state.life import DownBy, LabDown, On, Starting, otherwise
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Live

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.endpoints import BusyPort
    from maillab.lab.desk import Lab
    from maillab.listeners import Owner
    from maillab.tui.mail.mailboxes_now import Known

LOOK = 1 / 20  # seconds between two looks at the doors while the lab starts
MOST_OWNERS = 8  # of busy ports that a question names
MOST_PORTS, SOME_PORTS = 3, 2  # of one owner that it names: all of so many, else the first ones


MOMENTS = (("60", "minute"), ("300", "minutes5"), ("3600", "hour"), ("86400", "day"), ("432000", "days5"))

# ── starting ──


async def live_on(at: WindowContext) -> None:
    """Start the lab, and offer a message to send."""
    await start_lab(at)
    await offer_draft(at)


async def start_lab(at: WindowContext) -> None:
    """Read the configuration, start the servers, say what went wrong; the window stays whatever happens."""
    if isinstance(at.life, Starting):
        return
    at.life = Starting(at.config)
    try:
        loaded = await asyncio.to_thread(at.settings.find_config)
    except (ValueError, OSError) as error:
        await _without_configuration(at, error)
        return
    _take_looks(at, loaded.config)
    await _start(at, loaded.config, at.settings.lab)


def _take_looks(at: WindowContext, config: "Config") -> None:
    """The keys and the colours that the configuration asks for."""
    if config.theme and not at.settings.theme:
        at.ui.wear(config.theme)
    try:
        at.ui.use_keys(config.keys)
    except ValueError as error:
        at.ui.say(at.texts("say.keys", why=error), bad=True)


async def _without_configuration(at: WindowContext, error: Exception) -> None:
    why = complaint(error)
    at.life = LabDown(why, DownBy.CONFIGURATION)
    at.ui.refresh()
    question = at.texts("ask.config", why=why)
    await _start_as_chosen(at, "title.lab", question, d=otherwise(DownBy.CONFIGURATION))


async def _start(at: WindowContext, config: "Config", folder: Path | None) -> None:
    from maillab.endpoints import BusyPort

    if at.host.alive:  # somebody was quicker
        return
    at.life = Starting(config)
    offer_first(at)
    await _clear_away(at)
    at.ui.attempt(_look_on(at), group="looking", alone=True)
    try:
        free = at.auto_http
        await at.host.start(
            config, folder, auto_ports=at.auto_ports, beside=lambda lab: at.settings.open_http(lab, free)
        )
    except BusyPort as error:
        await _ports_are_busy(at, config, error)
        return
    except FolderError as error:
        await _folder_is_taken(at, config, error)
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, the window goes on and says it
        at.life = LabDown(complaint(error), DownBy.FAULT, config)
        at.ui.say(at.texts("say.no_lab", why=at.trouble), bad=True)
        at.ui.refresh()
        return
    at.life = On(config)
    await _started(at)


async def _look_on(at: WindowContext) -> None:
    """Each port is shown as it opens."""
    while isinstance(at.life, Starting):
        at.ui.refresh()
        await asyncio.sleep(LOOK)


async def _clear_away(at: WindowContext) -> None:
    """What is left of a lab that ended by itself: its record is finished, its numbers mean nothing any more."""
    if at.host.begun:
        await at.host.stop()
    if at.shown is at.live:
        at.shown = at.live = Live(Model())
    else:
        at.live = Live(Model())
    shelf, at.home = at.home.shelf, HomeMail(leave=at.home.leave, often=at.home.often, version=at.home.version + 1)
    if shelf is not None:
        await asyncio.to_thread(shelf.close)


async def _started(at: WindowContext) -> None:
    """The ports are open: what people have at home is read, a record begins where one was asked for."""
    from maillab.tui.machines.lab_actions import shelf_of

    lab = at.host.lab
    assert lab is not None
    try:
        at.home.shelf = await asyncio.to_thread(shelf_of, lab.folder)
    except Exception as error:  # noqa: BLE001 - messages at home cannot be read: everything else works
        at.ui.say(at.texts("say.no_shelf", why=complaint(error)), bad=True)
    for problem in at.home.shelf.problems if at.home.shelf is not None else ():
        at.ui.say(problem, bad=True)
    await _found(at)
    await record_from_start(at)
    await offer_draft(at)
    await send_what_is_due(at)
    at.ui.refresh()


async def _found(at: WindowContext) -> None:
    """What lies in the mailboxes from before, and what of it nobody has at home; by IMAP, what nobody has read."""
    shelf, on_server = at.home.shelf, at.reads_on_server

    async def told(lab: "Lab") -> "tuple[Known, Known, Mapping[str, Mapping[str, int]]]":
        return await lab.name_mail(), await lab.name_unseen() if on_server else {}, await lab.number_mail()

    names, unseen, uids = await at.host.ask(told)

    def found(who: str, there: frozenset[str]) -> MailBefore:
        had = there - unseen.get(who, there) if on_server else there & shelf.known(who) if shelf else frozenset()
        numbered = uids.get(who, {})
        return MailBefore(len(there), len(there - had), frozenset(numbered[name] for name in had if name in numbered))

    at.home.before = await asyncio.to_thread(lambda: {who: found(who, there) for who, there in names.items()})


async def _ports_are_busy(at: WindowContext, config: "Config", error: "BusyPort") -> None:
    """Who holds which of the ports, and one key for free ones."""
    from maillab.listeners import listeners

    owners = await asyncio.to_thread(listeners)
    doors = [(port, service) for port, service, _ in config.doors if port in owners]
    why = "\n".join(busy_lines(at, doors or [(error.port, error.service)], owners))
    at.life = LabDown(why, DownBy.PORTS, config)
    at.ui.refresh()
    await _start_as_chosen(at, "title.lab", why, f=otherwise(DownBy.PORTS), r="ask.again")


def busy_lines(at: WindowContext, doors: Sequence[tuple[int, str]], owners: "Mapping[int, Owner | None]") -> list[str]:
    """Who has which ports, a line each; how many more there are, where that would be a wall."""
    of: dict[Owner | None, list[tuple[int, str]]] = {}
    for door in doors:
        of.setdefault(owners.get(door[0]), []).append(door)
    lines = []
    for owner, taken in [*of.items()][:MOST_OWNERS]:
        if len(taken) == 1:
            lines.append(busy_words(at, *taken[0], owners))
            continue
        lines.append(at.texts("say.busy.several", who=_who(at, owner), ports=_some_ports(at, taken)))
    more = sum(map(len, [*of.values()][MOST_OWNERS:]))
    return [*lines, *([at.texts("say.busy.more", count=more)] if more else [])]


def _some_ports(at: WindowContext, taken: Sequence[tuple[int, str]]) -> str:
    """The first ones by name, and how many more there are: a list of fifteen is read by nobody."""
    shown = taken if len(taken) <= MOST_PORTS else taken[:SOME_PORTS]
    named = ", ".join(f"{port} ({shown_service(service)})" for port, service in shown)
    more = len(taken) - len(shown)
    return at.texts("say.busy.ports", ports=named, count=more) if more else named


def busy_words(at: WindowContext, port: int, service: str, owners: "Mapping[int, Owner | None]") -> str:
    """Which port, of which service, and who has it."""
    return at.texts("say.busy", port=port, service=shown_service(service), who=_who(at, owners.get(port)))


def _who(at: WindowContext, owner: "Owner | None") -> str:
    from maillab.listeners import MAILLAB

    if owner is None:
        return at.texts("say.somebody")
    if owner.name == MAILLAB:
        return at.texts("say.another_lab", pid=owner.pid)
    return at.texts("say.process", name=owner.name, pid=owner.pid)


async def _folder_is_taken(at: WindowContext, config: "Config", error: FolderError) -> None:
    title, question = "title.lab", str(error)
    why = question
    if isinstance(error, FolderTakenError):
        pid = error.pid or "?"
        title, why, question = (
            "title.elsewhere",
            at.texts("say.elsewhere", pid=pid),
            at.texts("ask.folder", path=error.path, pid=pid),
        )
    at.life = LabDown(why, DownBy.FOLDER, config)
    at.ui.refresh()
    await _start_as_chosen(at, title, question, t=otherwise(DownBy.FOLDER), r="ask.again")


async def _start_as_chosen(at: WindowContext, title: str, question: str, **ways: str) -> None:
    """One of these ways out of what keeps the lab from starting, or none of them."""
    match await choose(at, title, question, unasked=True, **ways, n="ask.no_lab"):
        case None | "ask.no_lab":
            return
        case "ask.again":
            await start_lab(at)
        case _:
            await start_otherwise(at)


async def start_otherwise(at: WindowContext) -> None:
    """Start a lab to which that does not happen by which this one is down: with the default configuration, in a
    temporary folder, on whatever ports are free.
    """
    from maillab.config import default

    match at.life:
        case LabDown(by=DownBy.CONFIGURATION):
            await _start(at, default(), at.settings.lab)
        case LabDown(by=DownBy.FOLDER, config=config) if config is not None:
            at.take_free_ports()
            await _start(at, config, None)
        case LabDown(by=DownBy.PORTS, config=config) if config is not None:
            at.take_free_ports()
            await _start(at, config, at.settings.lab)
        case LabDown():
            at.take_free_ports()
            await start_lab(at)


async def start_again(at: WindowContext) -> None:
    """Start the lab that could not start, or has ended."""
    if isinstance(at.life, LabDown):
        await start_lab(at)


def lab_ended(at: WindowContext) -> None:
    """The lab's thread has ended by itself: everything else goes on, and it can be started again."""
    at.life = LabDown(complaint(at.host.failure) or at.texts("say.lab_ended"), DownBy.FAULT, at.config)
    at.ui.say(at.texts("say.no_lab", why=at.trouble), bad=True)
    at.ui.refresh()


def second_passed(at: WindowContext) -> None:
    """Look at what changes by itself: the life of the lab, the length of a record, a wait in a queue, its clock."""
    recording = isinstance(at.records.state, OnRecord)
    before, at.minute = at.minute, int(at.now // 60)
    if at.host.failure is not None and isinstance(at.life, On):
        lab_ended(at)
    if at.host.record_trouble and recording:
        at.ui.attempt(record_stopped(at))
    if isinstance(at.shown, Live) and (recording or at.model.queues.waiting or at.minute != before):
        at.ui.news()


# ── time and people ──


async def clock(at: WindowContext) -> None:
    """Let time pass in the lab."""
    choices = [Choice(seconds, at.texts(f"clock.{name}")) for seconds, name in MOMENTS]
    picked = await pick(at, at.texts("clock.title"), choices)
    if picked is not None:
        await let_time_pass(at, float(picked))


async def let_time_pass(at: WindowContext, seconds: float) -> None:
    """Turn the lab's clock forward; what falls due meanwhile is done in its turn."""
    from maillab.lab.passing_time import let_time_pass

    await at.host.ask(lambda lab: let_time_pass(lab, seconds))


async def use(at: WindowContext, change: "Callable[[Config], Config]") -> "Config":
    """Let the lab go on with its configuration, changed so; gives the new one."""
    from maillab.tui.machines import lab_actions

    config = await at.host.ask(lambda lab: lab_actions.switch(lab, change))
    at.life = On(config)
    at.ui.refresh()
    return config


async def add_person(at: WindowContext, domain: str = "") -> None:
    """Ask for a name and a password, and give them a mailbox."""
    from maillab.tui.machines import lab_actions

    lab = at.host.lab
    assert lab is not None
    domain = domain or lab.config.sites[-1].domain
    sites = [site.domain for site in lab.config.sites]

    def wrong_with(address: str) -> str:
        name, _, of = address.strip().rpartition("@")
        if not name:
            return at.texts("person.no_name")
        return "" if of in sites else at.texts("person.no_site", domain=of, sites=", ".join(sites))

    hint = at.texts("person.hint")
    address = await at.ui.ask(Prompt(at.texts("person.address"), f"@{domain}", hint, wrong_with, cursor=0))
    if not address:
        return
    password = await at.ui.ask(Prompt(at.texts("person.password", who=address), secret=True))
    if password:
        await use(at, lambda config: lab_actions.with_person(config, address, password))
        at.ui.say(at.texts("say.moved_in", who=address), good=True)
