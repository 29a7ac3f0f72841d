"""The machines over HTTP: doors, queue, clock."""

from itertools import count

from maillab.events import Deferred, Delivered
from tests.lab.test_desk import post
from tests.support import run, wait_for
from tests.web.asking import asking


def counted(wanted):
    """True of the deferral with this number."""
    seen = count(1)
    return lambda event: isinstance(event, Deferred) and next(seen) == wanted


def test_a_door_is_stopped_and_started(tmp_path):
    """Mail waits meanwhile, is seen in the queue, and goes on when it is told to."""

    async def play():
        async with asking(tmp_path) as ask:
            at = "/maillab/v1/machines/recipient.test/smtp"
            stopped = (await ask("POST", f"{at}/stop")).json
            assert [door["open"] for door in stopped["doors"] if door["service"] == "smtp"] == [False]
            await post(ask.lab, "bob@recipient.test")
            await wait_for(ask.lab.logbook, lambda event: isinstance(event, Deferred))
            [sender, _] = (await ask.get("/maillab/v1/machines")).json["sites"]
            [job] = sender["queue"]
            assert (job["to"], job["attempts"], sender["held"]) == (["bob@recipient.test"], 1, False)
            await ask("POST", f"{at}/start")
            assert (await ask("POST", f"/maillab/v1/queue/sender.test/{job['job']}/retry")).status == 200
            await wait_for(ask.lab.logbook, lambda event: isinstance(event, Delivered))

    run(play())


def test_what_is_not_there(tmp_path):
    """Doors, deeds, sites and jobs that there are not are 404."""

    async def play():
        async with asking(tmp_path) as ask:
            for path in (
                "machines/recipient.test/gopher/stop", "machines/elsewhere.test/smtp/stop", "machines/recipient.test/smtp/burn",
                "queue/sender.test/L9.1/retry", "queue/sender.test/L9.1/burn", "queue/elsewhere.test/L9.1/retry",
            ):  # fmt: skip
                assert (await ask("POST", f"/maillab/v1/{path}")).status == 404, path
            assert (await ask.get("/maillab/v1/machines/recipient.test/smtp/stop")).status == 405

    run(play())


def test_a_job_is_bounced_or_removed(tmp_path):
    """By its name."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask("POST", "/maillab/v1/machines/recipient.test/smtp/stop")
            for count, deed in enumerate(("bounce", "remove"), 1):
                await post(ask.lab, "bob@recipient.test")
                await wait_for(ask.lab.logbook, counted(count))
                [job] = ask.lab.jobs("sender.test")
                assert (await ask("POST", f"/maillab/v1/queue/sender.test/{job.ident}/{deed}")).status == 200
                assert job not in ask.lab.jobs("sender.test")

    run(play())


def test_the_clock(tmp_path):
    """It is turned forward, by a time that is one, and not for ever."""

    async def play():
        async with asking(tmp_path) as ask:
            before = (await ask.get("/maillab/v1/clock")).json["now"]
            after = (await ask("POST", "/maillab/v1/clock", {"advance": "5d"})).json["now"]
            assert 0 <= after - before - 5 * 86_400 < 60
            for wrong in ("soon", "-1s", "999999d"):
                assert (await ask("POST", "/maillab/v1/clock", {"advance": wrong})).status == 400

    run(play())


def test_ready(tmp_path):
    """Where everything is, and no password."""

    async def play():
        async with asking(tmp_path) as ask:
            told = (await ask.get("/maillab/v1/ready")).json
            assert {"smtp", "imap", "dns"} <= {door["service"] for door in told["endpoints"]}
            assert {account["password"] for account in told["accounts"]} == {None}

    run(play())
