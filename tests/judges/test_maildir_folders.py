"""Dovecot opens the folders of a lab on the disk, and what it does there is understood."""

import asyncio

import pytest

from maillab.durable import promising
from tests.recipient.stores import BOB, HI, flags_of, opened, put, told
from tests.support import run


@pytest.fixture
def doveadm(tmp_path, dovecot):
    """Runs doveadm with bob's folders."""
    return dovecot(tmp_path, tmp_path / "recipient.test" / "bob", options="INDEX=MEMORY").admin


@pytest.mark.judge
def test_dovecot_shares_the_folders(tmp_path, doveadm):
    """Names, subscriptions, flags and dates are what Dovecot reads; its flags, messages, names and removals are ours."""

    def work(boxes, bob):
        bob.create("Lists/linux")
        bob.create("Thư rác & more")
        bob.subscribe("Lists/linux", True)
        put(bob, "INBOX", HI.whole(), flags=["\\Seen", "\\Flagged", "work"], internal=1e9)
        put(bob, "Lists/linux", HI.whole())
        assert {*doveadm("mailbox", "list")} == {info.name for info in bob.folders()}
        assert {*doveadm("mailbox", "list", "-s")} == {info.name for info in bob.folders() if info.subscribed}
        read = dict(
            line.split(": ")
            for line in doveadm("fetch", "flags date.received.unixtime size.virtual", "mailbox", "INBOX", "all")
        )
        assert (read["date.received.unixtime"], read["size.virtual"]) == ("1000000000", "22")
        assert {*read["flags"].split()} - {"\\Recent"} == {"\\Seen", "\\Flagged"}

        view = bob.select("Lists/linux", lambda: None)
        doveadm("flags", "add", "\\Answered \\Seen", "mailbox", "Lists/linux", "all")
        doveadm("save", "-m", "Lists/linux", octets=b"Subject: theirs\n\nx\n")
        boxes.look()
        assert told(view.news()) == ([2], [1], [])
        assert flags_of(view) == {1: {"\\Answered", "\\Seen"}, 2: set()}
        assert view.content(2).whole() == b"Subject: theirs\r\n\r\nx\r\n"
        doveadm("expunge", "mailbox", "Lists/linux", "seen")
        boxes.look()
        assert told(view.news()) == ([], [], [1])
        view.close()

        doveadm("mailbox", "create", "-s", "Work/bỏi dovecot")
        doveadm("mailbox", "rename", "Lists", "Groups")
        folders = {info.name: info for info in bob.folders()}
        assert folders["Work/bỏi dovecot"].subscribed
        assert folders["Groups/linux"].exists
        assert bob.status("Groups/linux").messages == 1

    async def play():
        async with opened(tmp_path) as boxes:
            await asyncio.to_thread(lambda: work(boxes, boxes.account(BOB)))

    with promising(False):
        run(play())
