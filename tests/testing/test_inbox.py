"""An address of a test's own."""

import asyncio
import smtplib

import pytest

from maillab.config import Config, Person, Site
from maillab.testing import RunningLab
from maillab.views.filter import FilterError
from tests.support import run


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with RunningLab(folder=tmp_path_factory.mktemp("lab")) as running:
        yield running


def send(lab, *to, subject="Welcome", sender="alice@sender.test"):
    door = lab.endpoint("sender.test", "smtp")
    with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
        smtp.sendmail(sender, [str(one) for one in to], f"Subject: {subject}\r\n\r\nx\r\n".encode())


def test_addresses_are_its_own(lab):
    """No two inboxes have one address, and none sees the mail of another."""
    one, other = lab.inbox("test"), lab.inbox("test")
    assert one.address.endswith("@example.com")
    assert one.address != other.address
    send(lab, one)
    assert one.wait_for_message().envelope.recipients == (str(one),)
    other.assert_no_message()


def test_where_nothing_is_caught(tmp_path):
    """An inbox is an address that every form takes; in a lab that catches none, one of somebody who lives there."""
    site = Site("shop.test", (Person("eve", "x"),), trust_loopback=True)
    with RunningLab(Config((site,), catch_examples=False), tmp_path / "lab") as lab:
        inbox = lab.inbox("order")
        assert inbox.address == "eve+order-1@shop.test"
        door = lab.endpoint("shop.test", "smtp")
        with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
            smtp.sendmail("eve@shop.test", [inbox.address], b"Subject: hi\r\n\r\n")
        assert inbox.wait_for_message().mailbox == "eve@shop.test"


def test_each_message_is_given_once(lab):
    """Whoever waits twice gets two messages, in the order of arrival; all of them can be looked at again."""
    inbox = lab.inbox()
    for subject in ("one", "two", "three"):
        send(lab, inbox, subject=subject)
    assert inbox.wait_for_message(subject="TWO").subject == "two"
    assert sorted(one.subject for one in inbox.wait_for_messages(2)) == ["one", "three"]
    inbox.assert_no_message()
    assert len(inbox.messages()) == 3
    with pytest.raises(TimeoutError, match="no message"):
        inbox.wait_for_message(timeout=0.01)


def test_two_at_once(lab):
    """Those who wait at the same time take nothing from each other, and nothing is given twice."""

    async def both():
        inboxes = [lab.inbox() for _ in range(4)]
        async with asyncio.TaskGroup() as group:
            waits = [group.create_task(inbox.wait_for_message_async()) for inbox in inboxes]
            await asyncio.to_thread(send, lab, *inboxes)
        for inbox, wait in zip(inboxes, waits, strict=True):
            assert wait.result().envelope.recipients == (inbox.address,)
            await inbox.assert_no_message_async()

    run(both())


def test_what_should_not_come(lab):
    """A message that should not come is waited for as long as it is on its way, and then named."""
    inbox = lab.inbox()
    send(lab, inbox, subject='say "no"')
    with pytest.raises(AssertionError, match="say"):
        inbox.assert_no_message("from:alice", subject='"no"')
    inbox.assert_no_message(subject="yes")
    inbox.assert_no_message("from:bob or from:carol", subject="no")


def test_a_wrong_query(lab):
    """A query that cannot be read is an error at once."""
    with pytest.raises(FilterError, match="there is no term"):
        lab.inbox().wait_for_message("leg:relay")
