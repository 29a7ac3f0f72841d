"""Mail at home and mail on the server, by IMAP."""

import asyncio

import msgspec

from maillab.client.local_store import MailFolder
from maillab.config import default
from maillab.events import Delivered
from maillab.lab.person import read_mail
from maillab.tui.machines import by_imap, lab_actions
from tests.lab.test_desk import desk
from tests.support import run, wait_for
from tests.tui.machines.test_lab_actions import MESSAGE, STAMP

BOB = "bob@recipient.test"
CONFIG = msgspec.structs.replace(default(), fetch="imap")


def at_home(tmp_path, story):
    """Tell a story with a lab whose people read by IMAP, a shelf, and one message for Bob on the server."""

    async def told():
        async with desk(tmp_path, CONFIG) as lab:
            await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            shelf = await asyncio.to_thread(lab_actions.shelf_of, tmp_path)
            try:
                await story(lab, shelf)
            finally:
                shelf.close()

    run(told())


def inbox(shelf):
    """What Bob has at home."""
    return shelf.items(BOB, MailFolder.INBOX)


async def on_server(lab, folder="INBOX"):
    """Flags of Bob's messages on the server."""
    async with read_mail(lab, BOB) as mail:
        return [message.flags for message in (await mail.listed(folder)).messages]


def test_read_here_is_read_there_and_back(tmp_path):
    """Who has read a message at one of the two places has read it at both, when mail is fetched the next time."""

    async def story(lab, shelf):
        assert (await lab_actions.retrieve(lab, shelf, BOB, keep=True)).skipped == 0
        [item] = inbox(shelf)
        assert not item.seen
        shelf.mark([item.id], seen=True)
        assert (await lab_actions.retrieve(lab, shelf, BOB, keep=True)).skipped == 1
        assert await on_server(lab) == [{by_imap.SEEN}]
        await by_imap.tell_seen(lab, item, seen=False)
        assert await on_server(lab) == [frozenset()]
        shelf.mark([item.id], seen=False)
        await by_imap.tell_seen(lab, item, seen=True)
        await lab_actions.retrieve(lab, shelf, BOB, keep=True)
        assert [one.seen for one in inbox(shelf)] == [True]

    at_home(tmp_path, story)


def test_names_on_the_server(tmp_path):
    """What waits on the server is called as it will be called at home, so that it can be counted."""

    async def story(lab, shelf):
        assert len((await lab.name_mail())[BOB]) == 1
        await lab_actions.retrieve(lab, shelf, BOB, keep=True)
        assert (await lab.name_mail())[BOB] == shelf.known(BOB)

    at_home(tmp_path, story)


def test_what_was_read_elsewhere_comes_home_read(tmp_path):
    """A message that another program has read is not new here."""

    async def story(lab, shelf):
        async with read_mail(lab, BOB) as mail:
            await mail.flag("INBOX", (await mail.uids())[1], [by_imap.SEEN])
        await lab_actions.retrieve(lab, shelf, BOB, keep=True)
        assert [item.seen for item in inbox(shelf)] == [True]

    at_home(tmp_path, story)


def test_what_is_thrown_away(tmp_path):
    """It is erased on the server at the next fetch; without `keep` all that is here is."""

    async def story(lab, shelf):
        await lab_actions.retrieve(lab, shelf, BOB, keep=True)
        [item] = inbox(shelf)
        shelf.throw_away([item.id])
        assert (await lab_actions.retrieve(lab, shelf, BOB, keep=True)).removed == (item.uidl,)
        assert await on_server(lab) == []
        await lab_actions.send(lab, MESSAGE, STAMP, "submission")
        await wait_for(lab.logbook, lambda e: isinstance(e, Delivered) and e.uid == 2)
        assert len((await lab_actions.retrieve(lab, shelf, BOB, keep=False)).removed) == 1
        assert (await on_server(lab), len(inbox(shelf))) == ([], 1)

    at_home(tmp_path, story)


def test_what_is_sent(tmp_path):
    """A copy lies in the folder for that, and counts as read; a name of POP3 is no name of IMAP."""

    async def story(lab, shelf):
        await by_imap.keep_sent(lab, BOB, b"Subject: x\r\n\r\n")
        assert await on_server(lab, "Sent") == [{by_imap.SEEN}]
        shelf.put(BOB, b"Subject: old\r\n\r\n", 0.0, uidl="1796047801.731462.maillab")
        [item] = inbox(shelf)
        await by_imap.tell_seen(lab, item, seen=True)
        assert await on_server(lab) == [frozenset()]

    at_home(tmp_path, story)
