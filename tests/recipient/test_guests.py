"""Mailboxes that spring into being."""

import asyncio
import itertools
import stat

import pytest

from maillab.mail.content import Content
from maillab.mail.reply import Refused
from maillab.recipient import guests
from maillab.recipient.guests import Guests
from maillab.recipient.mailbox import Mailboxes

ANN, EVIL = "ann@shop.example", '"../../x/\\"y"@shop.example'


def host(folder, story):
    """Run the story with the guests of a site whose folder this is."""
    names = itertools.count(1)

    async def live():
        mailboxes = Mailboxes(
            {"bob@b.test": folder / "bob"}, folder / "index.db", names=lambda: f"n{next(names)}", now=lambda: 1e9
        )
        await mailboxes.start()
        try:
            at_home = Guests(folder, mailboxes)
            at_home.load()
            return await story(at_home, mailboxes)
        finally:
            await mailboxes.close()

    return asyncio.run(live())


def test_whoever_gets_a_message_has_a_mailbox(tmp_path):
    """A message for somebody new is stored and read back; their folder is a number, whatever they are called."""

    async def story(at_home, mailboxes):
        await at_home.deliver_all([(ANN, Content(b"1")), ("bob@b.test", Content(b"2")), (EVIL, Content(b"3"))])
        assert at_home.users == (ANN, EVIL)
        drop = at_home.open(EVIL)
        assert drop.content(0).whole() == b"3"
        drop.close()
        return {who: len(names) for who, names in (await mailboxes.names()).items()}

    assert host(tmp_path, story) == {ANN: 1, "bob@b.test": 1, EVIL: 1}
    assert {path.name for path in tmp_path.glob(".guest*")} == {".guest-1", ".guest-2", ".guests"}
    assert stat.S_IMODE((tmp_path / ".guests").stat().st_mode) == 0o600


def test_whoever_logs_in_has_one(tmp_path):
    """A mailbox that nobody wrote to yet is empty, and the same one next time."""

    async def story(at_home, _):
        drop = at_home.open(ANN)
        assert drop.messages == ()
        drop.close()
        return at_home.users

    assert host(tmp_path, story) == host(tmp_path, story) == (ANN,)


def test_guests_come_back(tmp_path):
    """After a restart everybody has the mailbox that they had."""

    async def write(at_home, _):
        await at_home.deliver_all([("x@y.example", Content(b"x")), (ANN, Content(b"a"))])

    async def read(at_home, _):
        drop = at_home.open(ANN)
        try:
            return drop.content(0).whole()
        finally:
            drop.close()

    host(tmp_path, write)
    assert host(tmp_path, read) == b"a"


def test_there_is_no_room_for_everybody(tmp_path, monkeypatch):
    """More guests than a site has room for are told to come later; those who are there stay."""
    monkeypatch.setattr(guests, "MOST", 1)

    async def story(at_home, _):
        await at_home.deliver_all([(ANN, Content(b"a"))])
        with pytest.raises(Refused, match="452"):
            await at_home.deliver_all([("x@y.example", Content(b"x"))])
        return at_home.users

    assert host(tmp_path, story) == (ANN,)


def test_whoever_logs_in_by_imap_has_folders(tmp_path):
    """A guest has an INBOX and the folders that everybody has, in the folder that is a number."""

    async def story(at_home, _):
        account = await asyncio.to_thread(at_home.account, ANN)
        return [info.name for info in account.folders()][:2]

    assert host(tmp_path, story) == ["INBOX", "Archive"]
    assert (tmp_path / ".guest-1" / ".Sent" / "cur").is_dir()
