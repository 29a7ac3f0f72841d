"""Mail that goes round in circles comes to an end."""

import asyncio
import contextlib

from msgspec.structs import replace

from maillab.config import ExtraZone, default
from maillab.events import Bounced, Delivered, Failed, Submitted
from maillab.lab import Lab
from maillab.mail.trace import HOPS
from maillab.protocols.services import SMTP, of_a_site
from tests.lab.test_desk import kinds, mail_of, post
from tests.support import free_ports, run

ROUND = "$TTL 60\n@ SOA ns root 1 3600 600 604800 300\n@ NS ns\nns A 127.0.0.1\n@ MX 10 there\nthere A 127.0.0.1\n"


def on(ports):
    """The default lab on these ports; the one at which its first site takes mail for others comes first."""
    sites = [
        replace(site, ports={service.name: ports.pop(0) for service in (SMTP, *(s for s in of_a_site() if s != SMTP))})
        for site in default().sites
    ]
    return replace(default(), sites=tuple(sites), dns_port=ports.pop(0))


def pointing(config, at):
    """The same lab, for which the responsible host for round.test is behind another port of this computer."""
    return replace(config, zones=(ExtraZone("round.test.", ROUND),), hosts={"there.round.test": at})


def test_two_labs_that_point_at_each_other(tmp_path):
    """A message crosses between them until it has been carried too often; its sender is told, and it was taken a bounded
    number of times (T061).
    """

    async def story():
        ports, reported = free_ports(60), asyncio.Event()
        configs = on(ports[:30]), on(ports[30:])
        doors = [config.port(0, SMTP.name) for config in configs]
        labs = []
        async with contextlib.AsyncExitStack() as stack:
            for name, config, at in zip(("one", "other"), configs, reversed(doors), strict=True):
                for folder in ("spool", "record"):
                    (tmp_path / name / folder).mkdir(parents=True)
                labs.append(await stack.enter_async_context(Lab(pointing(config, at), tmp_path / name)))
                labs[-1].logbook.subscribe(lambda entry: reported.set() if isinstance(entry.event, Delivered) else None)
            await post(labs[0], "x@round.test")
            await reported.wait()
            [last] = [lab for lab in labs if kinds(lab, Failed)]
            assert [kinds(lab, Bounced) for lab in labs if lab is not last] == [[]]
            assert len(kinds(last, Bounced)) == 1
            taken = [event for lab in labs for event in kinds(lab, Submitted) if event.recipients == ("x@round.test",)]
            assert len(taken) == HOPS + 1
            [report] = await mail_of(last, "alice@sender.test")
            assert b"5.4.6" in report
            assert b"Too many hops" in report

    run(story())
