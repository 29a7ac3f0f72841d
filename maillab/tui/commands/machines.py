"""What may be done to a machine, and to the jobs that wait in it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from maillab.mail.message import initial_of
from maillab.protocols.services import of_a_site
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import rules as rule_commands
from maillab.tui.commands.settings import change
from maillab.tui.context import WindowContext
from maillab.tui.machines.machine_state import jobs_at, sites_of
from maillab.tui.machines.machines_now import held_sites, machines_now, runs
from maillab.tui.subjects import Machine, MachineJob
from maillab.views.units import left


async def power(at: WindowContext, machine: Machine) -> None:
    """Stop the machine, or start it: its ports close, or open."""
    from maillab.endpoints import BusyPort
    from maillab.listeners import listeners
    from maillab.tui.machines import lab_actions

    lab, site = at.host.lab, machine.site
    services = tuple(row.name for row in of_a_site())
    on, was_held = lab is not None and not runs(lab, site), site in held_sites(at)
    try:
        await at.host.ask(lambda lab: lab_actions.power(lab, site, services, on=on))
    except BusyPort as error:
        why = lab_commands.busy_words(at, error.port, error.service, await asyncio.to_thread(listeners))
        at.ui.say(at.texts("say.not_started", site=site, why=why), bad=True)
        at.ui.refresh()
        return
    if on:
        _tell_who_waits(at, site)
    elif was_held:
        at.ui.say(at.texts("say.hold_gone", site=site), good=True)
    at.ui.refresh()


def _tell_who_waits(at: WindowContext, site: str) -> None:
    """A queue does not learn that a host is up again (RFC 5321 section 4.5.4.1): mail for it rests until its next try,
    as at a real server, unless somebody says `postqueue -f` there, which is `r` here.
    """
    state, model = machines_now(at), at.live.model
    for other in sites_of(state, model):
        moments = [job.next for job in jobs_at(state, model, other) if job.domain == site and job.next is not None]
        if moments:
            wait = left(max(0.0, min(moments) - at.now))
            at.ui.say(at.texts("say.still_waits", site=site, other=other, wait=wait))
            return


async def hold(at: WindowContext, machine: Machine) -> None:
    """Hold its queue, or let it go on; that of a machine that is stopped stands still until it is started."""
    from maillab.tui.machines import lab_actions

    if (lab := at.host.lab) is not None and not runs(lab, machine.site):
        at.ui.say(at.texts("say.queue_stopped", sites=machine.site), bad=True)
        return
    held = await at.host.ask(lambda lab: lab_actions.pause(lab, machine.site))
    at.ui.say(at.texts("say.hold" if held else "say.hold_ended", site=machine.site), good=True)
    at.ui.refresh()


async def retry(at: WindowContext, what: Machine | MachineJob) -> None:
    """Try the job now, or everything that waits in the machine; where nothing does, what waits elsewhere."""
    from maillab.tui.machines import lab_actions

    if not isinstance(what, MachineJob):
        await _retry_at(at, (what.site,) if waiting_at(at, what.site) else _sites(at))
        return
    if not await at.host.ask(lambda lab: lab_actions.retry(lab, what.machine.site, what.job)):
        at.ui.say(at.texts("say.no_job"), bad=True)
    else:
        _tell_what_goes(at, {what.machine.site: 1})
    at.ui.refresh()


async def retry_all(at: WindowContext) -> None:
    """Try everything that waits, in whatever machine."""
    await _retry_at(at, _sites(at))


async def _retry_at(at: WindowContext, sites: Sequence[str]) -> None:
    from maillab.tui.machines import lab_actions

    waiting = {site: count for site in sites if (count := waiting_at(at, site))}
    for site in waiting:
        await at.host.ask(partial(lab_actions.retry, domain=site, job=""))
    _tell_what_goes(at, waiting)
    at.ui.refresh()


def _tell_what_goes(at: WindowContext, waiting: Mapping[str, int]) -> None:
    """How many messages are tried now; or that their queue stands still, and the key that lets it go."""
    lab, texts = at.host.lab, at.texts
    still = [site for site in waiting if lab is not None and lab.dispatcher(site).paused]
    stopped = [site for site in still if lab is not None and not runs(lab, site)]
    if still:
        words = "say.queue_stopped" if stopped else "say.queue_held"
        at.ui.say(texts(words, sites=", ".join(stopped or still)), bad=True)
    elif waiting:
        at.ui.say(texts("say.retrying", count=sum(waiting.values())))
    else:
        at.ui.say(texts("say.nothing_queued"))


def _sites(at: WindowContext) -> tuple[str, ...]:
    lab = at.host.lab
    return tuple(site.domain for site in lab.config.sites) if lab is not None else ()


def waiting_at(at: WindowContext, site: str) -> int:
    """How many jobs wait in the queue of a site."""
    sites = _sites(at)
    if site not in sites:
        return 0
    initial = initial_of(sites.index(site))
    return sum(job.job.startswith(initial) for job in at.live.model.queues.waiting)


async def remove(at: WindowContext, job: MachineJob) -> None:
    """Throw the job away, after a question."""
    if await at.ui.confirm("remove", at.texts("ask.remove", job=job.job)):
        if await at.host.ask(lambda lab: lab.dispatcher(job.machine.site).remove(job.job)):
            at.ui.say(at.texts("say.job_removed", job=job.job), good=True)
        else:
            at.ui.say(at.texts("say.no_job"), bad=True)
        at.ui.refresh()


async def bounce(at: WindowContext, job: MachineJob) -> None:
    """Send the job back to its sender, after a question; one from <> comes back to nobody (RFC 5321 §4.5.5)."""
    trip = at.live.model.journeys.of_job(job.job)
    if trip is None or trip.sender:
        is_meant = await at.ui.confirm("bounce", at.texts("ask.bounce", job=job.job))
    else:
        is_meant = await at.ui.confirm("give_up", at.texts("ask.give_up", job=job.job))
    if is_meant:
        if not await at.host.ask(lambda lab: lab.dispatcher(job.machine.site).bounce(job.job)):
            at.ui.say(at.texts("say.no_job"), bad=True)
        at.ui.refresh()


async def rules(at: WindowContext, machine: Machine) -> None:
    """The rules that disturb the lab; new ones are of this machine."""
    await rule_commands.rules(at, machine.site)


async def add_mailbox(at: WindowContext, machine: Machine) -> None:
    """Somebody gets a mailbox here."""
    await lab_commands.add_person(at, machine.site)


async def greylist(at: WindowContext, machine: Machine) -> None:
    """Greylisting on, or off."""
    await change(at, f"greylist {machine.site}")


async def tls(at: WindowContext, machine: Machine) -> None:
    """With TLS, or without."""
    await change(at, f"tls {machine.site}")
