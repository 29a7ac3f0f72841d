"""One site, whose settings change while it runs."""

import asyncio
import itertools
import smtplib
import socket

import msgspec
import pytest

from maillab.client.pop3 import fetch
from maillab.config import (
    Config,
    ConfigError,
    Credentials,
    LimitTable,
    Person,
    Retry,
    ServiceSettings,
    default,
)
from maillab.config_file import from_table
from maillab.endpoints import BusyPort
from maillab.events import Deferred, Delivered, Submitted
from maillab.lab import Lab
from maillab.lab.running_site import RunningSite
from maillab.protocols.services import of_a_site
from tests.lab.test_desk import NOW, delivered_to, desk, kinds, mail_of, post
from tests.support import free_ports, run, wait_for


def changed(config: Config, domain: str, **settings) -> Config:
    """The configuration with other settings for one site."""
    sites = tuple(msgspec.structs.replace(s, **settings) if s.domain == domain else s for s in config.sites)
    return msgspec.structs.replace(config, sites=sites)


async def hello(lab, domain, service="smtp", line="EHLO x.test"):
    """What a door says to a line."""
    door = lab.endpoint(domain, service)

    def talk():
        with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
            code, text = smtp.docmd(line)
            return code, text.decode()

    return await asyncio.to_thread(talk)


def test_tls_is_switched_off_and_on(tmp_path):
    """Without TLS nothing offers it and the doors that begin with it are gone; every other door keeps its port."""

    async def story():
        async with desk(tmp_path) as lab:
            before = lab.endpoints
            await lab.switch(lambda config: changed(config, "recipient.test", tls=False))
            assert "STARTTLS" not in (await hello(lab, "recipient.test"))[1]
            without = {(door.site, door.service) for door in before} - {(d.site, d.service) for d in lab.endpoints}
            await lab.switch(lambda config: changed(config, "recipient.test", tls=True))
            assert "STARTTLS" in (await hello(lab, "recipient.test"))[1]
            return without, before == lab.endpoints

    assert run(story()) == ({("recipient.test", name) for name in ("submissions", "pop3s", "imaps")}, True)


def test_strictness_changes(tmp_path):
    """What was tolerated is refused afterwards."""

    async def story():
        async with desk(tmp_path) as lab:
            assert (await hello(lab, "recipient.test", line="HELO"))[0] == 250
            strict = msgspec.structs.replace(lab.config, strictness="strict")
            await lab.switch(lambda _: strict)
            return (await hello(lab, "recipient.test", line="HELO"))[0]

    assert run(story()) == 501


def test_mail_stays_where_it_is(tmp_path):
    """Messages that wait in the queue when settings change are delivered under the new ones; a pause is kept."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.switch(lambda config: changed(config, "recipient.test", greylist=600))
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))
            lab.dispatcher("sender.test").pause()
            await lab.switch(lambda config: changed(config, "recipient.test", greylist=0))
            assert lab.dispatcher("sender.test").paused
            [job] = lab.jobs("sender.test")
            lab.dispatcher("sender.test").resume()
            lab.dispatcher("sender.test").retry(job.ident)
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            return {mailbox: len(names) for mailbox, names in (await lab.name_mail()).items() if names}

    assert run(story()) == {"bob@recipient.test": 1}


def test_one_more_person(tmp_path):
    """Somebody who moves in gets mail, can fetch it, and can send."""

    async def story():
        async with desk(tmp_path) as lab:
            people = (*lab.config.sites[1].people, Person("dan", "dan"))
            await lab.switch(lambda config: changed(config, "recipient.test", people=people))
            await post(lab, "dan@recipient.test")
            await wait_for(lab.logbook, delivered_to("dan@recipient.test"))
            assert len(await mail_of(lab, "dan@recipient.test")) == 1
            return [account.address for account in lab.accounts]

    assert "dan@recipient.test" in run(story())


class Bystander:
    """Somebody who is connected to a door, and stays."""

    def __init__(self, lab, domain, service, *lines):
        door = lab.endpoint(domain, service)
        self._socket = socket.create_connection((door.host, door.port), 10)
        self._file = self._socket.makefile("rb")
        self._file.readline()
        for line in lines:
            assert self.says(line)[:1] in b"23+"

    def says(self, line):
        """The last line of the answer."""
        self._socket.sendall(line.encode() + b"\r\n")
        return self.hears()

    def hears(self):
        """The same, when nothing was said."""
        while (answer := self._file.readline())[3:4] == b"-":
            pass
        return answer

    def close(self):
        self._file.close()
        self._socket.close()


def all_changes(domain):
    """Changes of settings, one at a time: of one site, then of all."""
    dan, eve = Person("dan", "dan"), Person("eve", "eve")
    people = default().sites[0].people
    of_the_site = [
        {"people": (*people, dan)}, {"people": (*people, dan, eve)}, {"people": people}, {"greylist": 60},
        {"greylist": 0}, {"tls": False}, {"tls": True}, {"trust_loopback": False}, {"mailboxes": "anybody"},
        {"mailboxes": "people"}, {"server_auth": {"recipient.test": Credentials("bob", "bob")}}, {"server_auth": {}},
        {"services": {"pop3": ServiceSettings(without=("UTF8",))}}, {"services": {}}, {"trust_loopback": True},
    ]  # fmt: skip
    for settings in of_the_site:
        yield lambda config, settings=settings: changed(config, domain, **settings)
    for settings in (
        {"strictness": "strict"}, {"catch_all": True}, {"plaintext_pop3": False, "plaintext_imap": False}, {"retry": Retry(gaps=(5,))},
        {"limits": LimitTable(per_address=100)},
    ):  # fmt: skip
        yield lambda config, settings=settings: msgspec.structs.replace(config, **settings)


def test_who_is_connected_notices_nothing(tmp_path):
    """Through twenty changes of settings a talk goes on where it was: at another site, and at the same one."""

    async def story():
        async with desk(tmp_path) as lab:

            def join(*talk):
                return asyncio.to_thread(Bystander, lab, *talk)

            elsewhere = [
                await join("recipient.test", "smtp", "EHLO x.test", "MAIL FROM:<eve@sender.test>"),
                await join("recipient.test", "pop3", "USER bob", "PASS bob"),
                await join("recipient.test", "submission", "EHLO x.test"),
            ]
            here = [
                await join("sender.test", "smtp", "EHLO x.test"),
                await join("sender.test", "pop3", "USER alice", "PASS alice"),
            ]
            doors, answers, changes = lab.endpoints, [], list(all_changes("sender.test"))
            for change in changes:
                await lab.switch(change)
                answers += [await asyncio.to_thread(one.says, "NOOP") for one in (*elsewhere, *here)]
            answers.append(await asyncio.to_thread(elsewhere[0].says, "RCPT TO:<bob@recipient.test>"))
            for one in (*elsewhere, *here):
                one.close()
            assert [(door.site, door.port) for door in lab.endpoints] == [(door.site, door.port) for door in doors]
            return len(changes), {answer[:3] for answer in answers}

    assert run(story()) == (20, {b"250", b"+OK"})


def test_another_port_closes_one_door(tmp_path):
    """The door opens at its new port, and whoever was there hears goodbye; every other door stays open."""
    old, new = free_ports(2)
    anywhere = {service.name: 0 for service in of_a_site()}
    config = msgspec.structs.replace(changed(default(), "sender.test", ports=anywhere | {"smtp": old}), dns_port=0)
    config = changed(config, "recipient.test", ports=anywhere)

    async def story():
        (tmp_path / "spool").mkdir()
        (tmp_path / "record").mkdir()
        async with Lab(config, tmp_path, now=NOW) as lab:
            there = await asyncio.to_thread(Bystander, lab, "sender.test", "smtp", "EHLO x.test")
            beside = await asyncio.to_thread(Bystander, lab, "sender.test", "pop3")
            await lab.switch(lambda before: changed(before, "sender.test", ports=anywhere | {"smtp": new}))
            assert lab.endpoint("sender.test", "smtp").port == new
            assert (await hello(lab, "sender.test"))[0] == 250
            answers = [await asyncio.to_thread(there.hears), await asyncio.to_thread(beside.says, "USER alice")]
            there.close()
            beside.close()
            return [answer[:3] for answer in answers]

    assert run(story()) == [b"421", b"+OK"]


def test_who_is_being_stopped(tmp_path):
    """The last word of a server that is stopped is about that server: the lab goes on, and so do the other sites."""

    async def story():
        async with desk(tmp_path) as lab:
            there = await asyncio.to_thread(Bystander, lab, "sender.test", "smtp")
            elsewhere = await asyncio.to_thread(Bystander, lab, "recipient.test", "smtp", "EHLO x.test")
            await lab.stop("sender.test")
            answers = await asyncio.to_thread(there.hears), await asyncio.to_thread(elsewhere.says, "NOOP")
            there.close()
            elsewhere.close()
            return answers[0], answers[1][:3]

    assert run(story()) == (b"421 4.3.2 mx.sender.test This server is being stopped\r\n", b"250")


def test_what_cannot_be_switched(tmp_path):
    """Other domains, and settings that are none, are refused before anything closes."""

    async def story():
        async with desk(tmp_path) as lab:
            fewer = msgspec.structs.replace(lab.config, sites=lab.config.sites[:1])
            with pytest.raises(ConfigError, match="keeps its domains"):
                await lab.switch(lambda _: fewer)
            with pytest.raises(ConfigError, match="cannot stand before the @"):
                await lab.switch(lambda config: changed(config, "recipient.test", people=(Person("a b", "x"),)))
            return (await hello(lab, "recipient.test"))[0], lab.config == default()

    assert run(story()) == (250, True)


def test_a_switch_that_fails(tmp_path, monkeypatch):
    """Where a door cannot be opened again, the lab goes on as it was: every door, every queue, the old settings."""
    opened = RunningSite._open
    count = itertools.count(1)

    async def fail_once(self, service, make, port, context):
        if next(count) == 3:
            raise BusyPort(service.name, port, OSError(98, "Address already in use"))
        await opened(self, service, make, port, context)

    async def story():
        async with desk(tmp_path) as lab:
            doors = lab.endpoints
            monkeypatch.setattr(RunningSite, "_open", fail_once)
            with pytest.raises(BusyPort):
                await lab.switch(lambda config: changed(config, "recipient.test", tls=False))
            assert (lab.endpoints, lab.config) == (doors, default())
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))

    run(story())


def test_a_door_that_was_closed_stays_closed(tmp_path):
    """A switched-off machine is not switched on by other settings; switched on again it has them, on its old port."""

    async def story():
        async with desk(tmp_path) as lab:
            port = lab.endpoint("recipient.test", "smtp").port
            await lab.stop("recipient.test")
            await lab.switch(lambda config: changed(config, "recipient.test", tls=False))
            assert not lab.is_open("recipient.test", "smtp")
            with pytest.raises(OSError, match="refused"):
                await hello(lab, "recipient.test")
            await lab.start("recipient.test")
            assert lab.is_open("recipient.test", "smtp")
            assert "STARTTLS" not in (await hello(lab, "recipient.test"))[1]
            return port == lab.endpoint("recipient.test", "smtp").port

    assert run(story())


def test_messages_of_two_sites_have_different_names(tmp_path):
    """Each site's queue names its messages by a message of its own: nobody mixes them up in the transcript."""

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            door = lab.endpoint("recipient.test", "submission")

            def answer():
                with smtplib.SMTP(door.host, door.port, "bob.test") as smtp:
                    smtp.starttls()
                    smtp.login("bob", "bob")
                    smtp.sendmail("bob@recipient.test", ["alice@sender.test"], b"Subject: re\r\n\r\nthanks\r\n")

            await asyncio.to_thread(answer)
            await wait_for(lab.logbook, delivered_to("alice@sender.test"))
            door = lab.endpoint("sender.test", "pop3")
            await fetch(door.host, door.port, "alice", "alice", tls="none", plaintext_auth=True)
            return [event.message for event in kinds(lab, Submitted)], len(kinds(lab, Delivered))

    assert run(story()) == (["L1", "M1"], 2)


def test_the_server_of_a_course(tmp_path):
    """The profile `hcmus` answers in the words of Test Mail Server, without a greeting first, for any user with any password."""

    async def story():
        async with desk(tmp_path, from_table({"profile": "hcmus"}, "x")) as lab:
            smtp, pop3 = lab.endpoint("hcmus.test", "smtp"), lab.endpoint("hcmus.test", "pop3")
            lines = [
                "MAIL FROM:<ahihi@testing.com>",
                "RCPT TO: ntquan@testing.com",
                "DATA",
                "Subject: urgent\r\n\r\n.dot\r\n.",
                "EHLO me",
                "QUIT",
            ]
            said = await talk(smtp.port, lines)
            read = await talk(
                pop3.port, ["USER Ntquan@testing.com", "PASS whatever", "STAT", "UIDL 1", "TOP 1 1", "QUIT"]
            )
            return said, read, [account.address for account in lab.accounts]

    said, read, accounts = run(story())
    assert said[:-1] == [
        "220 Test Mail Server", "250 sender <ahihi@testing.com> OK", "250 recipient <ntquan@testing.com> OK",
        '354 enter mail, end with line containing only "."', "250 24 bytes accepted", "250 OK",
    ]  # fmt: skip
    assert (read[0], read[3][:6]) == ("+OK Test Mail Server", "+OK 1 ")
    assert accounts[-1] == "ntquan@testing.com"


async def talk(port, lines):
    """Say line after line; gives the first line of every answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = [(await reader.readline()).decode().rstrip()]
    for line in lines:
        writer.write(f"{line}\r\n".encode())
        heard.append((await reader.readline()).decode().rstrip())
    writer.close()
    return heard
