"""Dovecot opens the folders of a lab on the disk, and what it does there is understood."""

import asyncio
import os
import subprocess

import pytest

from maillab.durable import promising
from tests.recipient.stores import BOB, HI, flags_of, opened, put, told
from tests.support import need, run

NOBODY = 65534
CONFIGURATION = """
log_path = {folder}/log
base_dir = {folder}/run
mail_location = maildir:{folder}/recipient.test/bob:INDEX=MEMORY
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = no
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


@pytest.fixture(scope="module")
def open_grounds(_own_grounds, tmp_path_factory):
    """Nobody may pass through the folders of this run, those of all workers too."""
    base = tmp_path_factory.getbasetemp()
    of_all_workers = [base.parent] if "PYTEST_XDIST_WORKER" in os.environ else []
    for folder in (*of_all_workers, base):
        folder.chmod(0o711)


@pytest.fixture
def doveadm(tmp_path, open_grounds):
    """Runs doveadm with bob's folders; it never works as root, so the files are nobody's meanwhile."""
    tool, is_root = need("doveadm"), os.getuid() == 0
    if is_root:
        tmp_path.parent.chmod(0o711)
        if any(not parent.stat().st_mode & 0o001 for parent in tmp_path.parents):
            pytest.skip("Dovecot never works as root, and nobody else may come here: run pytest with --basetemp")
    configuration = tmp_path / "dovecot.conf"
    configuration.write_text(CONFIGURATION.format(folder=tmp_path, user=NOBODY if is_root else os.getuid()))

    def call(*arguments, octets=b""):
        if is_root:
            for path in (tmp_path, *tmp_path.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        done = subprocess.run(
            [tool, "-c", str(configuration), *arguments],
            input=octets, capture_output=True, timeout=30, check=False,
            env={**os.environ, "USER": "bob", "HOME": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().splitlines()

    return call


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
