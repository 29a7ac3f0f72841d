"""An own lab for the proof: temporary, on free ports, and nothing disturbed."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event

import msgspec

from maillab.config import Config, Person, Site
from maillab.endpoints import Endpoint
from maillab.lab import Lab
from maillab.running import Running

FEW = 20  # recipients of a message, and messages of a connection, that LIMITS announces
PROVER = Person("self-test", "self-test")  # whoever proves has a mailbox of their own at every site


def undisturbed(config: Config) -> Config:
    """The same lab without what is disturbed on purpose, on free ports, with a person for the proof.

    Some limits are lower, so that they are reached in a moment.
    """
    sites = tuple(
        msgspec.structs.replace(site, ports=_shut(site), rules=(), greylist=0, people=(*site.people, PROVER))
        for site in config.sites
    )
    limits = msgspec.structs.replace(config.limits, recipients=FEW, messages=FEW)
    return msgspec.structs.replace(config, sites=sites, rules=(), dns_port=0, limits=limits)


def _shut(site: Site) -> dict[str, int]:
    return {service: port for service, port in site.ports.items() if port < 0}


@contextmanager
def open_lab(config: Config) -> Iterator[tuple[Lab, Endpoint]]:
    """The lab, and its HTTP door, while it is entered."""
    from maillab.web.door import HttpDoor

    running = Running(undisturbed(config), None, auto_ports=True, durable=False)
    running.start()
    opened: Future[Endpoint] = Future()
    over = Event()

    async def serve(lab: Lab) -> None:
        try:
            async with HttpDoor(lab, 0) as door:
                opened.set_result(door.endpoint)
                await asyncio.to_thread(over.wait)
        except BaseException as error:
            if not opened.done():
                opened.set_exception(error)
            raise

    try:
        served = running.ask(serve)
        try:
            yield running.lab, opened.result()
        finally:
            over.set()
            served.result()
    finally:
        running.stop()
