"""`/maillab/v1/machines`, `/queue`, `/clock`, `/ready`: what runs, what waits, what time it is; what may be done."""

import dataclasses
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from maillab.endpoints import BusyPort, where_everything_is
from maillab.lab import Lab
from maillab.lab.passing_time import let_time_pass
from maillab.views.units import seconds_of
from maillab.web.answering import BadQuestion, as_json, asked, context_of, not_found
from maillab.web.ours.shapes import TurnedClock

YEAR = 366 * 86_400.0  # seconds: no clock is turned further at once


async def machines(request: Request) -> Response:
    """Every site with its doors, its people, and what waits in its queue."""
    lab = context_of(request).lab
    return as_json({"sites": [_site(lab, site.domain) for site in lab.config.sites]})


async def ready(request: Request) -> Response:
    """Where everything is; passwords are told to nobody."""
    lab = context_of(request).lab
    told = where_everything_is(lab.endpoints, lab.accounts, secrets=False)
    return as_json({"event": "ready", "lab": str(lab.folder), **told})


async def switch(request: Request) -> Response:
    """Start or stop one door of a site."""
    lab, path = context_of(request).lab, request.path_params
    if not any((door.site, door.service) == (path["site"], path["service"]) for door in lab.endpoints):
        return not_found(f"no {path['service']} at {path['site']}")
    try:
        match path["deed"]:
            case "start":
                await lab.start(path["site"], path["service"])
            case "stop":
                await lab.stop(path["site"], path["service"])
            case _:
                return not_found("a door can be told to start or to stop")
    except BusyPort as error:
        raise BadQuestion(str(error).partition("\n")[0]) from None
    return as_json(_site(lab, path["site"]))


async def retry(request: Request) -> Response:
    """Try all that waits, now."""
    context_of(request).lab.retry_now()
    return as_json({})


async def job(request: Request) -> Response:
    """Try one job now, bounce it, or take it away."""
    lab, path = context_of(request).lab, request.path_params
    if path["site"] not in [site.domain for site in lab.config.sites]:
        return not_found(f"no site {path['site']}")
    runner, name = lab.dispatcher(path["site"]), path["job"]
    match path["deed"]:
        case "retry":
            done = runner.retry(name)
        case "bounce":
            done = await runner.bounce(name)
        case "remove":
            done = await runner.remove(name)
        case _:
            return not_found("a job can be told to retry, to bounce, or be removed: remove")
    return as_json({}) if done else not_found(f"no job {path['job']} waits")


async def clock(request: Request) -> Response:
    """What time it is in the lab, in seconds since 1970."""
    return as_json({"now": context_of(request).lab.clock.now()})


async def turn(request: Request) -> Response:
    """Turn the clock forward."""
    wanted = await asked(request, TurnedClock)
    try:
        seconds = seconds_of(wanted.advance)
    except ValueError:
        raise BadQuestion("a time is expected, like 10s, 5min or 5d") from None
    if seconds > YEAR:
        raise BadQuestion("at most a year at once")
    await let_time_pass(context_of(request).lab, seconds)
    return await clock(request)


def _site(lab: Lab, domain: str) -> dict[str, Any]:
    """One site as it is now."""
    doors = [
        {**dataclasses.asdict(door), "open": lab.is_open(domain, door.service)}
        for door in lab.endpoints
        if door.site == domain
    ]
    people = [account.address for account in lab.accounts if account.address.endswith(f"@{domain}")]
    jobs = [
        {"job": job.ident, "to": list(job.names), "domain": job.domain, "attempts": job.attempts, "due": job.due}
        for job in lab.jobs(domain)
    ]
    return {"site": domain, "doors": doors, "people": people, "queue": jobs, "held": lab.dispatcher(domain).paused}
