"""One site, whose settings change while it runs."""

import asyncio
import itertools
import smtplib

import msgspec
import pytest

from maillab.client.pop3 import fetch
from maillab.config import Config, ConfigError, FaultPlan, Person, default, from_table
from maillab.endpoints import BusyPort
from maillab.events import Deferred, Delivered, Submitted
from maillab.lab.premises import Premises
from tests.lab.test_desk import delivered_to, desk, kinds, mail_of, post
from tests.support import run, wait_for


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

    assert run(story()) == ({("recipient.test", "submissions"), ("recipient.test", "pop3s")}, True)


def test_strictness_and_faults_change(tmp_path):
    """What was tolerated is refused afterwards, and a fault that is planned is played."""

    async def story():
        async with desk(tmp_path) as lab:
            assert (await hello(lab, "recipient.test", line="HELO"))[0] == 250
            strict = msgspec.structs.replace(lab.config, strictness="strict")
            await lab.switch(lambda _: strict)
            assert (await hello(lab, "recipient.test", line="HELO"))[0] == 501
            await lab.switch(lambda config: changed(config, "recipient.test", faults=(FaultPlan("HELO", 451),)))
            return (await hello(lab, "recipient.test", line="HELO x.test"))[0]

    assert run(story()) == 451


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
            return await lab.count_mail()

    assert {mailbox: count for mailbox, count in run(story()).items() if count} == {"bob@recipient.test": 1}


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
    opened = Premises._open
    count = itertools.count(1)

    async def fail_once(self, service, make, port, context):
        if next(count) == 3:
            raise BusyPort(service, port, OSError(98, "Address already in use"))
        await opened(self, service, make, port, context)

    async def story():
        async with desk(tmp_path) as lab:
            doors = lab.endpoints
            monkeypatch.setattr(Premises, "_open", fail_once)
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
