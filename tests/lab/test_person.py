"""People of a lab hand messages over and fetch them."""

import asyncio
from functools import partial

import msgspec
import pytest

from maillab.client.compose import Draft, compose
from maillab.client.fields import Mailbox
from maillab.client.pop3 import FetchError
from maillab.client.submit import SubmitError
from maillab.config import default
from maillab.events import Authenticated, Delivered, Opened, Secured
from maillab.lab.person import fetch_mail, hand_over, read_mail
from maillab.mail.address import Address
from tests.lab.test_desk import desk
from tests.support import run, wait_for

ALICE, BOB = Address.parse("alice@sender.test"), "bob@recipient.test"


def writing(sender=ALICE):
    """A message to Bob, written when the server has said what it can do."""
    draft = Draft(Mailbox("", sender), (Mailbox.parse(BOB),), (), (), "Hi", "Hello\n")
    return partial(compose, draft, now=1_700_000_000.0, message_id="<1@laptop>", boundary=lambda: "b")


def spoken(lab, kind):
    """The events of a kind so far."""
    return [entry.event for entry in lab.logbook.since(0) if isinstance(entry.event, kind)]


@pytest.mark.parametrize(
    ("service", "users"), [("submission", ["alice@sender.test"]), ("submissions", ["alice@sender.test"]), ("smtp", [])]
)
def test_every_door_takes_a_message(tmp_path, service, users):
    """With a login at the doors for people, without one at port 25."""

    async def story():
        async with desk(tmp_path) as lab:
            result = await hand_over(lab, writing(), ALICE, service)
            assert list(map(str, result.accepted)) == [BOB]
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered))
            assert [event.user for event in spoken(lab, Authenticated)] == users

    run(story())


def test_a_stranger_has_no_account(tmp_path):
    """One who belongs to no site is at the first, and is refused there."""

    async def story():
        async with desk(tmp_path) as lab:
            with pytest.raises(SubmitError):
                await hand_over(lab, writing(Address.parse("eve@else.test")), Address.parse("eve@else.test"))
            with pytest.raises(LookupError):
                await hand_over(lab, writing(), ALICE, "telex")

    run(story())


@pytest.mark.parametrize(
    ("service", "encrypted", "secure"), [("pop3", False, False), ("pop3", True, True), ("pop3s", False, True)]
)
def test_mail_is_fetched_as_asked(tmp_path, service, encrypted, secure):
    """In clear or encrypted; without `keep` nothing stays on the server; a wrong password and an unknown name raise."""

    async def story():
        async with desk(tmp_path) as lab:
            await hand_over(lab, writing(), ALICE, "smtp")
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered))
            before = len(spoken(lab, Secured))
            fetched = await fetch_mail(lab, BOB, service=service, encrypted=encrypted, keep=False)
            [(_, octets)] = fetched.messages
            assert octets.endswith(b"Hello\r\n")
            in_pop3 = [event for event in spoken(lab, Secured)[before:] if event.talk.startswith("retrieve")]
            assert bool(in_pop3 or service == "pop3s") is secure
            assert not (await fetch_mail(lab, BOB)).messages
            with pytest.raises(FetchError):
                await fetch_mail(lab, BOB, "wrong")
            with pytest.raises(LookupError):
                await fetch_mail(lab, "nobody@recipient.test")

    run(story())


@pytest.mark.parametrize("service", ["pop3", "imap"])
def test_a_lab_that_demands_encryption(tmp_path, service):
    """Where passwords in clear are not taken, STLS or STARTTLS comes first without being asked for."""

    async def story():
        async with desk(tmp_path, msgspec.structs.replace(default(), **{f"plaintext_{service}": False})) as lab:
            assert (await fetch_mail(lab, BOB, service=service)).messages == ()
            assert spoken(lab, Secured)

    run(story())


@pytest.mark.parametrize("service", ["pop3", "pop3s", "imap", "imaps"])
def test_mail_is_fetched_by_the_service_of_the_configuration(tmp_path, service):
    """Whoever says no service fetches by the one that the configuration names; encrypted where the lab asks for it."""

    async def story():
        config = msgspec.structs.replace(default(), fetch=service, plaintext_pop3=False, plaintext_imap=False)
        async with desk(tmp_path, config) as lab:
            await hand_over(lab, writing(), ALICE)
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered))
            [(_, octets)] = (await fetch_mail(lab, BOB)).messages
            assert b"Subject: Hi" in octets
            [opened] = [event for event in spoken(lab, Opened) if event.leg == "retrieve"]
            assert opened.service == service
            assert opened.secure or opened.talk in [event.talk for event in spoken(lab, Secured)]

    run(story())


def test_mail_is_read_where_it_lies(tmp_path):
    """What one program of a person does is seen by another: flags, folders, news."""

    async def story():
        async with desk(tmp_path) as lab, read_mail(lab, BOB) as phone, read_mail(lab, BOB) as laptop:
            await hand_over(lab, writing(), ALICE)
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered))
            [message] = (await phone.listed()).messages
            assert (message.digest.subject, message.seen) == ("Hi", False)
            told = asyncio.Semaphore(0)
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(laptop.watch("INBOX", told.release))
                await told.acquire()
                await phone.flag("INBOX", [message.uid], ["\\Seen", "Work"])
                await told.acquire()
                watching.cancel()
            [again] = (await laptop.listed()).messages
            assert again.flags == {"\\Seen", "Work"}
            await laptop.move("INBOX", [message.uid], "Archive")
            folders, inbox = await phone.look("INBOX")
            assert {folder.name: folder.messages for folder in folders}["Archive"] == 1
            assert inbox.messages == ()

    run(story())
