"""What may be done to a machine, and to the jobs that wait in it."""

from maillab.protocols.services import of_a_site
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import rules as rule_commands
from maillab.tui.commands.settings import change
from maillab.tui.context import WindowContext
from maillab.tui.subjects import Machine, MachineJob


async def power(at: WindowContext, machine: Machine) -> None:
    """Stop the machine, or start it: its ports close, or open."""
    from maillab.tui import lab_actions

    lab, site = at.host.lab, machine.site
    services = tuple(row.name for row in of_a_site())
    on = lab is not None and not any(lab.is_open(site, service) for service in services)
    await at.host.ask(lambda lab: lab_actions.power(lab, site, services, on=on))
    at.ui.refresh()


async def hold(at: WindowContext, machine: Machine) -> None:
    """Hold its queue, or let it go on."""
    from maillab.tui import lab_actions

    await at.host.ask(lambda lab: lab_actions.pause(lab, machine.site))
    at.ui.refresh()


async def retry(at: WindowContext, what: Machine | MachineJob) -> None:
    """Try the job now, or everything that waits."""
    from maillab.tui import lab_actions

    site, job = (what.machine.site, what.job) if isinstance(what, MachineJob) else (what.site, "")
    if not await at.host.ask(lambda lab: lab_actions.retry(lab, site, job)):
        at.ui.say(at.texts("say.no_job"), bad=True)
    at.ui.refresh()


async def remove(at: WindowContext, job: MachineJob) -> None:
    """Throw the job away, after a question."""
    if await at.ui.confirm(at.texts("ask.remove", job=job.job)):
        if not await at.host.ask(lambda lab: lab.dispatcher(job.machine.site).remove(job.job)):
            at.ui.say(at.texts("say.no_job"), bad=True)
        at.ui.refresh()


async def bounce(at: WindowContext, job: MachineJob) -> None:
    """Send the job back to its sender, after a question."""
    if await at.ui.confirm(at.texts("ask.bounce", job=job.job)):
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
