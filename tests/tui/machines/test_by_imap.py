"""What is done by IMAP on the server of an account."""

import msgspec

from maillab.config import default
from maillab.events import Closed, Delivered, Opened
from maillab.lab.person import read_mail
from maillab.tui.machines import by_imap, lab_actions
from maillab.tui.state.server_mail import DRAFT, SEEN
from tests.lab.test_desk import desk
from tests.support import run, wait_for
from tests.tui.machines.test_lab_actions import MESSAGE, STAMP

ALICE, BOB = "alice@sender.test", "bob@recipient.test"
CONFIG = msgspec.structs.replace(default(), fetch="imap")


def with_lab(tmp_path, story):
    """Tell a story with a lab whose people read by IMAP, and one message for Bob on the server."""

    async def told():
        async with desk(tmp_path, CONFIG) as lab:
            await lab_actions.send(lab, MESSAGE, STAMP, "submission")
            await wait_for(lab.logbook, lambda e: isinstance(e, Delivered))
            await story(lab, by_imap.ServerTalks())

    run(told())


async def on_server(lab, folder):
    """What lies in a folder of Bob's: subjects and flags."""
    async with read_mail(lab, BOB) as mail:
        return [(message.digest.subject, message.flags) for message in (await mail.listed(folder)).messages]


def talks_of(lab):
    """The talks of readers so far, and those of them that have ended."""
    events = [entry.event for entry in lab.logbook.since(0)]
    opened = {event.talk for event in events if isinstance(event, Opened) and event.talk.startswith("retrieve")}
    return opened, {event.talk for event in events if isinstance(event, Closed)} & opened


def test_one_talk_for_all_errands(tmp_path):
    """Whoever looks at one mailbox logs in once; who looks at another says goodbye to the first."""

    async def story(lab, talks):
        for _ in range(3):
            folders, listing = await talks.do(lab, BOB, lambda mail: mail.look("INBOX"))
        assert (folders[0].name, len(listing.messages)) == ("INBOX", 1)
        assert talks_of(lab) == ({"retrieve-1"}, set())
        await talks.do(lab, ALICE, lambda mail: mail.look("INBOX"))
        await wait_for(lab.logbook, lambda e: isinstance(e, Closed) and e.talk == "retrieve-1")
        assert talks_of(lab) == ({"retrieve-1", "retrieve-2"}, {"retrieve-1"})

    with_lab(tmp_path, story)


def test_a_server_that_was_stopped_meanwhile(tmp_path):
    """The talk that it ended is not gone on with: another one is begun, and nobody notices."""

    async def story(lab, talks):
        await talks.do(lab, BOB, lambda mail: mail.look("INBOX"))
        await lab.stop("recipient.test", "imap")
        await lab.start("recipient.test", "imap")
        _, listing = await talks.do(lab, BOB, lambda mail: mail.look("INBOX"))
        assert len(listing.messages) == 1
        assert talks_of(lab) == ({"retrieve-1", "retrieve-2"}, {"retrieve-1"})

    with_lab(tmp_path, story)


def test_what_is_sent(tmp_path):
    """A copy lies in the folder for that, and counts as read."""

    async def story(lab, talks):
        assert await talks.do(lab, BOB, lambda mail: by_imap.put_sent(mail, b"Subject: x\r\n\r\n", 0.0)) == "Sent"
        assert await on_server(lab, "Sent") == [("x", {SEEN})]

    with_lab(tmp_path, story)


def test_what_is_being_written(tmp_path):
    """It is kept as a draft; what was kept of it before goes when the new one is safe; nothing else does."""

    async def story(lab, talks):
        async def put(words, before):
            return await talks.do(lab, BOB, lambda mail: by_imap.put_draft(mail, words, 0.0, before))

        other = await put(b"Subject: other\r\n\r\n", None)
        first = await put(b"Subject: one\r\n\r\n", None)
        second = await put(b"Subject: two\r\n\r\n", first)
        assert (other.uid, first.uid, second.uid) == (1, 2, 3)
        assert await on_server(lab, "Drafts") == [("other", {DRAFT, SEEN}), ("two", {DRAFT, SEEN})]

    with_lab(tmp_path, story)
