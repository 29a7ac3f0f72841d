"""A lab whose sites run in processes of their own."""

import asyncio
import contextlib
import os
import signal
import smtplib
import typing
from pathlib import Path

import msgspec.structs
import pytest

from maillab.config import default
from maillab.endpoints import BusyPort
from maillab.events import Closed, DecidedEvent, Delivered, Failed, Leg, Opened, Submitted, Warned
from maillab.folder import LabFolder, holder
from maillab.lab import Lab
from maillab.lab.apart.split_lab import SplitLab
from maillab.lab.apart.words import SiteNews
from tests.serving import Serving
from tests.support import free_ports, run, settled, wait_for

NOW = 1_700_000_000.0
CONTENT = b"Subject: x\r\n\r\nhello\r\n"
DECIDED = typing.get_args(DecidedEvent)


@contextlib.asynccontextmanager
async def split(folder, config=None, **options):
    """A lab in processes, in `folder`, on free ports."""
    with LabFolder(folder) as locked:
        async with SplitLab(
            config or default(), locked.path, lock=locked.lock, auto_ports=True, now=NOW, **options
        ) as lab:
            yield lab


@contextlib.asynccontextmanager
async def whole(folder):
    """One in a single process."""
    with LabFolder(folder) as locked:
        async with Lab(default(), locked.path, auto_ports=True, now=NOW) as lab:
            yield lab


async def post(lab, *to):
    """Hand a message over at the port 25 of alice's machine."""
    door = lab.endpoint("sender.test", "smtp")

    def talk():
        with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
            smtp.sendmail("alice@sender.test", to, CONTENT)

    await asyncio.to_thread(talk)


def workers():
    """The processes of sites that this one has started."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {pid for path in tasks for pid in path.read_text().split() if is_worker(pid)}


def is_worker(pid):
    try:
        return b"site_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def test_a_journey_is_told_as_in_one_process(tmp_path):
    """A message for one who is there and one who is not: the same decisions in the same order, and in the order of
    their moments; the report goes back to the first process.
    """

    def reported(event):
        return isinstance(event, Delivered) and event.mailbox == "alice@sender.test"

    async def story(opened):
        async with opened as lab:
            await post(lab, "bob@recipient.test", "nobody@recipient.test")
            await wait_for(lab.logbook, reported, timeout=20.0)
        entries = lab.logbook.since(0)
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
        assert [entry.seq for entry in entries] == [*range(1, len(entries) + 1)]
        return [(type(entry.event), said_by(entry.event)) for entry in entries if isinstance(entry.event, DECIDED)]

    def said_by(event):
        """Its fields, but for what is numbered by each process: talks, jobs, messages; and a reason's own words."""
        fields = msgspec.structs.asdict(event)
        return {name: value for name, value in fields.items() if name not in ("talk", "job", "message", "octets")}

    split_told, told = run(story(split(tmp_path / "split")), 60), run(story(whole(tmp_path / "whole")), 60)
    assert split_told == told
    assert {kind for kind, _ in told} >= {Submitted, Delivered, Failed}


def test_a_machine_of_ours_is_known_in_another_process(tmp_path):
    """Bob's machine sends to alice's, whose port 25 trusts whoever calls from this computer: it is a relay all the same."""

    async def legs(opened):
        async with opened as lab:
            door = lab.endpoint("recipient.test", "submissions")

            def talk():
                with smtplib.SMTP_SSL(door.host, door.port, "program.test", context=lab.authority.client()) as smtp:
                    smtp.login("bob@recipient.test", "bob")
                    smtp.sendmail("bob@recipient.test", ["alice@sender.test"], CONTENT)

            await asyncio.to_thread(talk)
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered), timeout=20.0)
        opened_talks = [entry.event for entry in lab.logbook.since(0) if isinstance(entry.event, Opened)]
        return [(event.leg, event.service, event.server) for event in opened_talks]

    told = run(legs(split(tmp_path / "split")), 60)
    assert told == run(legs(whole(tmp_path / "whole")), 60)
    assert (Leg.RELAY, "smtp", "mx.sender.test") in told


def test_names_of_talks_and_messages_are_used_once(tmp_path):
    """Both processes count for themselves, and no talk of one is called like one of the other."""

    async def play():
        async with split(tmp_path) as lab:
            for site in ("sender.test", "recipient.test") * 2:
                door = lab.endpoint(site, "submissions")
                reader, writer = await asyncio.open_connection(door.host, door.port, ssl=lab.authority.client())
                writer.write(b"QUIT\r\n")
                await reader.read()
                writer.close()
                await writer.wait_closed()
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered), timeout=20.0)
        opened = [entry.event.talk for entry in lab.logbook.since(0) if type(entry.event).__name__ == "Opened"]
        assert len(opened) == len({*opened}) >= 6

    run(play(), 60)


def test_a_taken_port_is_named_and_nothing_stays_open(tmp_path):
    """As a lab in one process: the service and the port, and no process is left."""
    [port] = free_ports(1)
    config = default()
    sites = (config.sites[0], msgspec.structs.replace(config.sites[1], ports={"pop3": port}))
    config = msgspec.structs.replace(config, sites=sites)

    async def play():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
        async with server:
            with LabFolder(tmp_path) as locked, pytest.raises(BusyPort, match=f"port {port} for pop3: address already"):
                async with SplitLab(with_free_ports(config, port), locked.path, lock=locked.lock):
                    pass
        assert workers() == set()

    run(play(), 60)
    assert holder(tmp_path) is None


def with_free_ports(config, taken):
    """Every port is free but the one that is taken."""
    names = ("smtp", "submission", "submissions", "pop3", "pop3s", "imap", "imaps")
    ports = iter(free_ports(2 * len(names) + 1))
    sites = tuple(
        msgspec.structs.replace(site, ports=dict(zip(names, ports, strict=False)) | dict(site.ports))
        for site in config.sites
    )
    return msgspec.structs.replace(config, sites=sites, dns_port=next(ports))


def test_a_process_that_dies_is_told_of(tmp_path):
    """The lab names the site, once; the other site goes on, and its mail waits."""
    lost = []

    async def play():
        async with split(tmp_path, on_loss=lost.append) as lab:
            assert len(workers()) == 2
            victim = lab._apart["recipient.test"]._process.pid
            os.kill(victim, signal.SIGKILL)
            await wait_for(lab.logbook, lambda event: isinstance(event, Warned) and event.where == "recipient.test", 20)
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Submitted), 20)
            await settled(lambda: len(workers()) == 1, 20)
        assert workers() == set()

    run(play(), 60)
    assert lost == ["recipient.test"]


def test_a_killed_lab_takes_its_processes_along(tmp_path):
    """Nobody else lives in the folder until the last has ended; what was promised is delivered by the next lab, also
    where it met a machine whose process had ended already and waits for its next attempt.
    """
    config = tmp_path / "lab.toml"
    config.write_text("[retry]\ngaps = [1, 1, 1, 1, 1]\n")
    options = ("--config", str(config))
    with Serving("--processes", *options, folder=tmp_path / "lab") as lab:
        with smtplib.SMTP("127.0.0.1", lab.port("smtp", "sender.test"), "program.test") as smtp:
            for number in range(20):
                smtp.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: %d\r\n\r\nhello\r\n" % number)
        serving, *children = lab.family
        assert len(children) == 2
        os.kill(serving, signal.SIGKILL)
    run(settled(lambda: holder(tmp_path / "lab") is None, 20))
    assert not any(map(is_worker, children))
    with Serving(*options, folder=tmp_path / "lab") as again:
        arrived = again.maildir("bob")
        run(settled(lambda: arrived.is_dir() and len(list(arrived.iterdir())) >= 20, 20))
    subjects = {path.read_bytes().split(b"Subject: ")[1].split(b"\r")[0].split(b"\n")[0] for path in arrived.iterdir()}
    assert subjects == {b"%d" % number for number in range(20)}


def test_a_process_runs_what_the_lab_runs(tmp_path, monkeypatch):
    """Whatever lies in the folder where it is started: not a stranger's maillab, nor a module called as ours are."""
    for name in ("maillab/__init__.py", "maillab/lab/__init__.py", "msgspec.py", "socket.py"):
        stranger = tmp_path / "here" / name
        stranger.parent.mkdir(parents=True, exist_ok=True)
        stranger.write_text("import os\nopen('ran', 'w').close()\nos._exit(0)\n")
    monkeypatch.chdir(tmp_path / "here")

    async def play():
        async with split(tmp_path / "lab") as lab:
            assert lab.endpoint("sender.test", "smtp").port

    run(play(), 60)
    assert not Path("ran").exists()


def test_a_process_that_is_stuck_does_not_hold_the_lab(tmp_path, monkeypatch):
    """Stopped while it owes an answer: the lab ends all the same, and says why; the others close as ever."""
    monkeypatch.setattr("maillab.lab.apart.site_apart.PATIENCE", 0.5)

    async def play():
        async with split(tmp_path) as lab:
            os.kill(lab._apart["recipient.test"]._process.pid, signal.SIGSTOP)
            await post(lab, "bob@recipient.test")
        assert workers() == set()
        return [entry.event for entry in lab.logbook.since(0)]

    events = run(play(), 60)
    assert [event.where for event in events if isinstance(event, Warned) and "gave no answer" in event.text] == [
        "recipient.test"
    ]
    assert any(isinstance(event, Submitted) for event in events)


def test_what_the_lab_says_of_a_process_stands_in_order(tmp_path):
    """That entries were forgotten is told before those that follow them, which are older than the warning."""

    async def play():
        async with split(tmp_path) as lab:
            now = lab.clock.now()
            lab._take(0, "sender.test", SiteNews([(now, Closed("a", "")), (now, Closed("b", ""))], now, lost=3))
            os.kill(lab._apart["sender.test"]._process.pid, signal.SIGKILL)
            await wait_for(lab.logbook, lambda event: isinstance(event, Warned) and "by itself" in event.text, 20)
        return lab.logbook.since(0)

    entries = run(play(), 60)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    told = [entry.event for entry in entries]
    place = told.index(Closed("a", ""))
    assert told[place - 1 : place + 2] == [
        Warned("sender.test", "3 entries were forgotten before the lab could write them down"),
        Closed("a", ""),
        Closed("b", ""),
    ]


def test_signals_are_for_the_lab_alone(tmp_path):
    """Ctrl-C reaches every process of a terminal, also one that has just begun: only the lab ends by it."""

    async def strike():
        await settled(lambda: len(workers()) == 2, 20)
        for pid in workers():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(int(pid), number)

    async def play():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(strike())
            async with split(tmp_path) as lab:
                await post(lab, "bob@recipient.test")
                await wait_for(lab.logbook, lambda event: isinstance(event, Delivered), timeout=20.0)

    run(play(), 60)
