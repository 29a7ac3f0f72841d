"""What a lab is asked to do."""

import asyncio

import pytest

from maillab.client.compose import Draft
from maillab.client.fields import ComposeError, Mailbox
from maillab.client.local_store import MailFolder
from maillab.client.submit import SubmitError
from maillab.config import default
from maillab.events import Adjusted, Attempted, Authenticated, Delivered, Queued, Removed
from maillab.tui.machines import lab_actions
from maillab.tui.machines.lab_actions import Stamp
from tests.lab.test_desk import desk
from tests.support import run, wait_for

RECEIVING = ("smtp", "pop3", "pop3s", "imap", "imaps")
STAMP = Stamp(1_700_000_000.0, "<1@laptop.sender.test>", "word")
MESSAGE = Draft(Mailbox.parse("alice@sender.test"), (Mailbox.parse("bob@recipient.test"),), (), (), "Hi", "Hello\n")


def test_what_is_shown_is_what_is_sent(tmp_path):
    """The message that arrives is the one that was shown before, octet for octet."""

    async def story():
        async with desk(tmp_path) as lab:
            shown = lab_actions.written(MESSAGE, STAMP).content.whole()
            result = await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            assert result.message.content.whole() == shown
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            shelf = lab_actions.shelf_of(tmp_path)
            await lab_actions.retrieve(lab, shelf, "bob@recipient.test", keep=True)
            [item] = shelf.items("bob@recipient.test", MailFolder.INBOX)
            assert shelf.octets(item.id).endswith(shown)
            shelf.close()

    run(story())


@pytest.mark.parametrize(("service", "users"), [("submission", 1), ("submissions", 1), ("smtp", 0)])
def test_every_door(tmp_path, service, users):
    """With a login at the doors for people, without one at port 25."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab_actions.send(lab, MESSAGE, STAMP, service)
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            logged_in = [e for e in lab.logbook.since(0) if isinstance(e.event, Authenticated)]
            assert len(logged_in) == users

    run(story())


def test_boundaries_stay_the_same():
    """Written twice it is the same message, boundaries and all."""
    from maillab.client.compose import Attachment

    message = Draft(*list(vars_of(MESSAGE)), attachments=(Attachment("a.txt", "text/plain", b"x"),))
    once, twice = (lab_actions.written(message, STAMP).content.whole() for _ in range(2))
    assert once == twice
    assert b"=_word-1" in once


def vars_of(draft):
    return (draft.sender, draft.to, draft.cc, draft.bcc, draft.subject, draft.text)


def test_refusals(tmp_path):
    """What the server refuses, and what cannot be written, is said."""

    async def story():
        async with desk(tmp_path) as lab:
            stranger = Draft(Mailbox.parse("eve@else.test"), MESSAGE.to, (), (), "x", "x")
            with pytest.raises(SubmitError):
                await lab_actions.send(lab, stranger, STAMP, "submission")
            with pytest.raises(ComposeError):
                lab_actions.written(Draft(MESSAGE.sender, MESSAGE.to, (), (), "a\r\nBcc: evil@x.test", ""), STAMP)

    run(story())


def test_fetching_removes_what_was_thrown_away(tmp_path):
    """What a person threw away at home is deleted on the server at the next fetch, and that is when it truly happens."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            shelf = lab_actions.shelf_of(tmp_path)
            first = await lab_actions.retrieve(lab, shelf, "bob@recipient.test", keep=True)
            [item] = shelf.items("bob@recipient.test", MailFolder.INBOX)
            shelf.throw_away([item.id])
            assert first.removed == ()
            again = await lab_actions.retrieve(lab, shelf, "bob@recipient.test", keep=True)
            assert len(again.removed) == 1
            await wait_for(lab.logbook, lambda e: isinstance(e, Removed))
            assert not any((await lab.name_mail()).values())
            shelf.close()

    run(story())


def test_a_machine_is_switched_off_and_on(tmp_path):
    """Its doors close and open, its queue stands still with it, and the logbook says what was done by hand."""

    async def story():
        async with desk(tmp_path) as lab:
            for on in (False, False, True):
                await lab_actions.power(lab, "recipient.test", RECEIVING, on=on)
                assert lab.is_open("recipient.test", "smtp") is on
                assert lab.dispatcher("recipient.test").paused is not on
            assert lab.logbook.since(0)[-1].event == Adjusted(
                "recipient.test", "started", "smtp, pop3, pop3s, imap, imaps"
            )

    run(story())


def test_the_queue_by_hand(tmp_path):
    """It is held, goes on, tries a job at once, throws one away, sends one back."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab_actions.power(lab, "recipient.test", RECEIVING, on=False)
            assert await lab_actions.pause(lab, "sender.test")
            await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            queued = await wait_for(lab.logbook, lambda e: isinstance(e, Queued) and e.message == "L2")
            assert not [e for e in lab.logbook.since(0) if isinstance(e.event, Attempted)]
            assert await lab.dispatcher("sender.test").remove(queued.event.job)
            assert not await lab.dispatcher("sender.test").remove(queued.event.job)
            assert not await lab_actions.pause(lab, "sender.test")
            await wait_for(lab.logbook, lambda e: type(e).__name__ == "Deferred" and e.job == "L1.1")
            await lab_actions.power(lab, "recipient.test", RECEIVING, on=True)
            assert await lab_actions.retry(lab, "sender.test", "L1.1")
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            assert not await lab_actions.retry(lab, "sender.test", "L1.1")
            assert await lab_actions.retry(lab, "sender.test", "")
            assert not await lab.dispatcher("sender.test").bounce("L1.1")

    run(story())


def test_settings_as_values():
    """Each switch gives another configuration, and leaves the one that it was given."""
    config = default()
    assert lab_actions.with_site(config, "recipient.test", greylist=120).sites[1].greylist == 120
    moved = lab_actions.with_person(config, "dave@recipient.test", "secret")
    assert [person.name for person in moved.sites[1].people] == ["bob", "carol", "dave"]
    trusted = lab_actions.with_server_auth(config, "sender.test", "recipient.test")
    assert trusted.sites[0].server_auth["recipient.test"].user == "bob@recipient.test"
    assert lab_actions.with_server_auth(trusted, "sender.test", "recipient.test").sites[0].server_auth == {}
    assert config == default()
    with pytest.raises(ValueError, match=r"else\.test is no site of this lab"):
        lab_actions.with_person(config, "eve@else.test", "x")


def test_switching(tmp_path):
    """A running lab goes on with other settings, and says so."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab_actions.switch(lab, lambda config: lab_actions.with_site(config, "recipient.test", tls=False))
            assert lab.endpoint("recipient.test", "smtp").tls == "none"

    run(story())


def test_two_switches_at_once(tmp_path):
    """Each is made from what the other left: none is lost, and no door is in the other's way."""

    async def story():
        async with desk(tmp_path) as lab:
            await asyncio.gather(
                lab_actions.switch(lab, lambda config: lab_actions.with_site(config, "recipient.test", tls=False)),
                lab_actions.switch(lab, lambda config: lab_actions.with_site(config, "recipient.test", greylist=120)),
            )
            site = lab_actions.site_of(lab.config, "recipient.test")
            assert (site.tls, site.greylist) == (False, 120)
            assert lab.is_open("recipient.test", "smtp")

    run(story())


def test_a_machine_that_is_off_stays_off(tmp_path):
    """Also its doors that come with other settings; switched on, all of them are there."""

    async def story():
        async with desk(tmp_path) as lab:

            def is_open():
                return [lab.is_open("recipient.test", service) for service in RECEIVING]

            def tls(on):
                return lambda config: lab_actions.with_site(config, "recipient.test", tls=on)

            await lab_actions.switch(lab, tls(on=False))
            await lab_actions.power(lab, "recipient.test", RECEIVING, on=False)
            await lab_actions.switch(lab, tls(on=True))
            assert is_open() == [False] * 5
            await lab_actions.power(lab, "recipient.test", RECEIVING, on=True)
            assert is_open() == [True] * 5

    run(story())
