"""IMAP in a whole lab: what comes by SMTP and goes by POP3 is told to whoever looks, whoever that is."""

import asyncio
import imaplib
import poplib

from maillab.config import ServiceSettings
from maillab.events import Authenticated, Delivered, Read, Removed
from maillab.lab.person import fetch_mail
from tests.lab.test_desk import delivered_to, desk, kinds, post
from tests.lab.test_running_site import changed
from tests.support import run, wait_for

BOB = "bob@recipient.test"


def looking(lab, user="bob", service="imap", site="recipient.test"):
    """Somebody who has opened an INBOX by Python's imaplib; blocks."""
    door = lab.endpoint(site, service)
    if service == "imaps":
        box = imaplib.IMAP4_SSL("localhost", door.port, ssl_context=lab.authority.client(), timeout=20)
    else:
        box = imaplib.IMAP4(door.host, door.port, timeout=20)
    box.login(user, user)
    box.select()
    return box


def test_a_message_is_told_while_somebody_waits(tmp_path):
    """Whoever waits in IDLE hears of a delivery, reads the message, and the logbook knows who did."""

    async def story():
        async with desk(tmp_path) as lab:
            reader, writer = await asyncio.open_connection("127.0.0.1", lab.endpoint("recipient.test", "imap").port)
            writer.write(b"a LOGIN bob bob\r\nb SELECT INBOX\r\nc IDLE\r\n")
            await reader.readuntil(b"+ Waiting for DONE\r\n")
            await post(lab, BOB)
            assert (await reader.readuntil(b"EXISTS\r\n")).endswith(b"* 1 EXISTS\r\n")
            writer.write(b"DONE\r\nd FETCH 1 BODY[]\r\ne STORE 1 +FLAGS (\\Deleted)\r\nf EXPUNGE\r\ng LOGOUT\r\n")
            assert b"* 1 EXPUNGE" in await reader.read()
            writer.close()
            events = [entry.event for entry in lab.logbook.since(0)]
            (talk,) = {
                event.talk for event in events if isinstance(event, Authenticated) and event.mechanism == "LOGIN"
            }
            (uid,) = {event.uid for event in events if isinstance(event, Delivered)}
            assert Read(talk, BOB, uid) in events
            assert Removed(talk, BOB, (uid,)) in events

    run(story())


def test_pop3_and_imap_at_the_same_mailbox(tmp_path):
    """What POP3 deletes is told to IMAP; what IMAP marks POP3 still has; both see the same octets."""

    async def story():
        async with desk(tmp_path) as lab:
            for _ in range(2):
                await post(lab, BOB)
                await wait_for(lab.logbook, delivered_to(BOB))
            await wait_for(lab.logbook, lambda _: len(kinds(lab, Delivered)) == 2)
            box = await asyncio.to_thread(looking, lab)
            fetched = await fetch_mail(lab, BOB)
            assert len(fetched.messages) == 2
            octets = await asyncio.to_thread(lambda: box.fetch("1", "(BODY.PEEK[])")[1][0][1])

            def delete():
                door = lab.endpoint("recipient.test", "pop3")
                drop = poplib.POP3(door.host, door.port)
                drop.user("bob")
                drop.pass_("bob")
                same = b"\r\n".join(drop.retr(1)[1]) + b"\r\n"
                drop.dele(1)
                drop.quit()
                return same

            assert await asyncio.to_thread(delete) == octets
            await asyncio.to_thread(box.noop)
            assert box.response("EXPUNGE")[1] == [b"1"]
            await asyncio.to_thread(box.logout)

    run(story())


def test_anybody_has_folders(tmp_path):
    """Where any name and any password will do, whoever logs in has an INBOX and the other folders."""

    async def story():
        async with desk(tmp_path) as lab:
            anyone = {name: ServiceSettings(login="anybody") for name in ("imap", "imaps")}
            await lab.switch(lambda config: changed(config, "recipient.test", services=anyone, mailboxes="anybody"))
            box = await asyncio.to_thread(looking, lab, "whoever", "imaps")
            assert len((await asyncio.to_thread(box.list))[1]) == 6
            await asyncio.to_thread(box.logout)

    run(story())


def test_no_password_in_clear(tmp_path):
    """Where the configuration wants it, IMAP offers no login before TLS."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.switch(lambda config: type(config)(**{**_fields(config), "plaintext_imap": False}))
            door = lab.endpoint("recipient.test", "imap")

            def greeting():
                box = imaplib.IMAP4(door.host, door.port, timeout=20)
                before = box.capabilities
                box.starttls(lab.authority.client())
                box.login("bob", "bob")
                box.logout()
                return before

            assert "LOGINDISABLED" in await asyncio.to_thread(greeting)

    run(story())


def _fields(config):
    return {name: getattr(config, name) for name in config.__struct_fields__}
