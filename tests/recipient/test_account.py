"""One person's folders, and views of them: durable, told to everybody who looks, and understood by other programs."""

import asyncio
import errno
import os
import shutil
import sqlite3
import time
from unittest import mock

import pytest

from maillab.durable import promising
from maillab.mail.content import Content
from maillab.recipient import account as account_module
from maillab.recipient.folders import (
    NO_NEWS,
    SPECIAL,
    Appending,
    BadName,
    BadUse,
    Change,
    FolderExists,
    FolderInfo,
    FolderStays,
    HasChildren,
    NoFolder,
    NoTarget,
    TooManyFolders,
)
from maillab.recipient.maildrop import NotRemoved
from tests.recipient.stores import BOB, CAROL, HI, NOW, Ringing, flags_of, maildir, on_disk, opened, put, told
from tests.recipient.test_index import FIRST_VERSION
from tests.support import run

SEEN, FLAGGED, DELETED = "\\Seen", "\\Flagged", "\\Deleted"
ADD, REMOVE, REPLACE = Change


def no_bell():
    """Nobody listens."""


def played(tmp_path, work, **options):
    """Do some blocking work with bob's account, in a thread as a dialogue does."""

    async def play():
        async with opened(tmp_path, **options) as boxes:
            return await asyncio.to_thread(lambda: work(boxes, boxes.account(BOB)))

    with promising(False):
        return run(play())


# ── folders ──


def test_folders_that_everybody_has(tmp_path):
    """INBOX and the five of RFC 6154 are there, subscribed to, each with its use; other people's are not."""

    def work(boxes, bob):
        assert bob.folders() == [
            FolderInfo("INBOX", None, True),
            *(FolderInfo(name, use, True) for name, use in sorted(SPECIAL.items())),
        ]
        assert not (tmp_path / "recipient.test" / "carol" / ".Sent").exists()

    played(tmp_path, work)
    assert len({*(listed := (maildir(tmp_path) / "subscriptions").read_text("utf-8").splitlines())}) == len(listed)
    assert on_disk(tmp_path, ".Sent") == []
    assert (maildir(tmp_path, ".Sent") / "maildirfolder").exists()


def test_a_deleted_folder_stays_deleted(tmp_path):
    """Whoever deleted Junk has no Junk after the next login."""
    played(tmp_path, lambda _, bob: bob.delete("Junk"))

    def work(boxes, bob):
        info = {info.name: info for info in bob.folders()}
        assert info["Junk"] == FolderInfo("Junk", None, True, False)  # still subscribed to (RFC 9051 §6.3.7)
        bob.subscribe("Junk", False)
        assert "Junk" not in {info.name for info in bob.folders()}

    played(tmp_path, work)


def test_create(tmp_path):
    """A folder is made with those above it, under the name that Maildir++ gives it."""

    def work(boxes, bob):
        assert bob.create("Lists/linux/kernel").startswith("F")
        bob.create("Thư & mục", "\\Archive")
        names = {info.name: info for info in bob.folders()}
        assert {"Lists", "Lists/linux", "Lists/linux/kernel"} <= names.keys()
        assert names["Thư & mục"].special == "\\Archive"
        for name, error in (("Lists", FolderExists), ("inbox", FolderExists), ("../x", BadName), ("a..b", BadName)):
            with pytest.raises(error):
                bob.create(name)
        with pytest.raises(BadUse):
            bob.create("x", "\\Nonsense")

    played(tmp_path, work)
    assert (maildir(tmp_path, ".Lists.linux.kernel") / "cur").is_dir()
    assert (maildir(tmp_path, ".Th&AbA- &- m&HuU-c") / "cur").is_dir()
    assert not (tmp_path / "recipient.test" / "x").exists()


def test_too_many_folders(tmp_path, monkeypatch):
    """There is an end to folders."""
    monkeypatch.setattr(account_module, "MOST", 8)

    def work(boxes, bob):
        bob.create("one")
        with pytest.raises(TooManyFolders):
            bob.create("two/three")
        assert "two" not in {info.name for info in bob.folders()}

    played(tmp_path, work)


def test_delete(tmp_path):
    """A folder goes with its messages, those below it stay; INBOX and what is no folder cannot be deleted."""

    def work(boxes, bob):
        bob.create("a/b")
        put(bob, "a", b"x\r\n")
        bob.delete("a")
        assert not maildir(tmp_path, ".a").exists()
        assert next(info for info in bob.folders() if info.name == "a") == FolderInfo("a", None, False, False)
        for name, error in (("a", HasChildren), ("INBOX", FolderStays), ("nothing", NoFolder)):
            with pytest.raises(error):
                bob.delete(name)
        bob.delete("a/b")
        assert not [info for info in bob.folders() if info.name[0] == "a"]

    played(tmp_path, work)
    assert not list(maildir(tmp_path).glob("..gone*"))


def test_a_folder_that_is_made_again(tmp_path):
    """It has another UIDVALIDITY and another id: no UID of the old one is valid for it."""  # T209

    def work(boxes, bob):
        put(bob, "Trash", b"x\r\n")
        before = bob.status("Trash")
        bob.delete("Trash")
        bob.create("Trash")
        after = bob.status("Trash")
        assert after.validity > before.validity
        assert after.mailbox_id != before.mailbox_id
        assert after.messages == 0

    played(tmp_path, work)


def test_a_folder_that_another_program_made_again(tmp_path):
    """Also where nobody told us that it was away meanwhile, a message there has a UID that none had before."""  # T209

    def work(boxes, bob):
        first = (bob.status("Trash").validity, *put(bob, "Trash", b"x\r\n"))
        shutil.rmtree(maildir(tmp_path, ".Trash"))
        for part in ("cur", "new", "tmp"):
            (maildir(tmp_path, ".Trash") / part).mkdir(parents=True)
        (maildir(tmp_path, ".Trash") / "new" / "1.theirs").write_bytes(b"y\r\n")
        view = bob.select("Trash", no_bell)
        assert (view.status.validity, view.rows[0].uid) != first
        view.close()

    played(tmp_path, work)


def test_a_folder_that_is_made_again_after_another_program_took_it_away(tmp_path):
    """By CREATE or by RENAME: no UID that was told before means another message."""  # T209

    def work(boxes, bob):
        for again in (lambda: bob.create("Trash"), lambda: bob.rename("Junk", "Trash")):
            first = (bob.status("Trash").validity, *put(bob, "Trash", b"x\r\n"))
            shutil.rmtree(maildir(tmp_path, ".Trash"))
            again()
            assert (bob.status("Trash").validity, *put(bob, "Trash", b"y\r\n")) != first

    played(tmp_path, work)


def test_rename(tmp_path):
    """A folder keeps its UIDs and its id, and takes along what is below it; who looks at it goes on looking."""

    def work(boxes, bob):
        bob.create("a/b")
        put(bob, "a/b", b"x\r\n", b"y\r\n")
        before, view = bob.status("a/b"), bob.select("a/b", no_bell)
        bob.rename("a", "c/d")
        after = bob.status("c/d/b")
        assert (after.validity, after.uid_next, after.mailbox_id) == (before.validity, 3, before.mailbox_id)
        assert view.content(2).whole() == b"y\r\n"
        assert [row.flags for row in view.store([1], ADD, [SEEN]).rows] == [{SEEN}]
        assert {"c", "c/d", "c/d/b"} <= {info.name for info in bob.folders()}
        assert "a" not in {info.name for info in bob.folders()}
        for old, new, error in (
            ("a", "x", NoFolder), ("c", "Sent", FolderExists), ("c", "c/x", BadName), ("c/d", "../x", BadName),
        ):  # fmt: skip
            with pytest.raises(error):
                bob.rename(old, new)
        view.close()

    played(tmp_path, work)


def test_rename_inbox(tmp_path):
    """The messages of INBOX go to a new folder, and INBOX stays (RFC 9051 §6.3.6)."""

    def work(boxes, bob):
        put(bob, "INBOX", b"x\r\n", flags=[SEEN])
        bob.rename("INBOX", "Old/mail")
        assert (bob.status("INBOX").messages, bob.status("INBOX").uid_next) == (0, 2)
        view = bob.select("Old/mail", no_bell)
        assert flags_of(view) == {1: {SEEN}}
        assert bob.status("Old").messages == 0
        view.close()

    played(tmp_path, work)


def test_subscriptions_as_dovecot_has_them(tmp_path):
    """They are in the file that Dovecot reads, in its words, and what it writes there is understood."""

    def work(boxes, bob):
        bob.create("Lists/linux")
        bob.subscribe("Lists/linux", True)
        bob.subscribe("inbox", False)
        assert (maildir(tmp_path) / "subscriptions").read_text() == "Archive\nDrafts\nJunk\nSent\nTrash\nLists.linux\n"
        (maildir(tmp_path) / "subscriptions").write_text("INBOX\nWork.now\n")
        assert [info.name for info in bob.folders() if info.subscribed] == ["INBOX", "Work/now"]

    played(tmp_path, work)


def test_folders_of_other_programs(tmp_path):
    """A folder that Dovecot or mutt made is found, with its messages and flags; what is none is passed over."""

    def work(boxes, bob):
        for part in ("cur", "new"):  # tmp is missing
            (maildir(tmp_path, ".Work.now") / part).mkdir(parents=True)
        (maildir(tmp_path, ".Work.now") / "cur" / "9.theirs:2,FS").write_bytes(b"a\nb")
        (maildir(tmp_path, ".not-a-folder")).mkdir()
        (maildir(tmp_path) / ".link").symlink_to("/etc")
        assert [info for info in bob.folders() if info.name.startswith("Work")] == [
            FolderInfo("Work", None, False, False), FolderInfo("Work/now", None, False),
        ]  # fmt: skip
        view = bob.select("Work/now", no_bell)
        assert flags_of(view) == {1: {SEEN, FLAGGED}}
        assert (view.content(1).whole(), view.rows[0].octets) == (b"a\r\nb", 4)
        assert put(bob, "Work/now", b"x\r\n") == [2]
        assert not {"link", "not-a-folder"} & {info.name for info in bob.folders()}
        view.close()

    played(tmp_path, work)


def test_folders_that_are_not_there(tmp_path):
    """Each command says so in its own way."""

    def work(boxes, bob):
        view = bob.select("INBOX", no_bell)
        put(bob, "INBOX", b"x\r\n")
        for call in (lambda: bob.status("x"), lambda: bob.select("x", no_bell)):
            with pytest.raises(NoFolder):
                call()
        for call in (lambda: put(bob, "x", b"y"), lambda: view.copy([1], "x"), lambda: view.move([1], "x")):
            with pytest.raises(NoTarget):
                call()
        view.close()

    played(tmp_path, work)


# ── messages in ──


def test_append(tmp_path):
    """Messages come with their flags and date, in order; the file tells flags and date, too."""

    def work(boxes, bob):
        messages = [
            Appending(HI, frozenset({SEEN, "work"}), 1_000_000_000.0),
            Appending(Content(b"x"), frozenset(), None),
        ]
        done = bob.append("Sent", messages)
        assert (done.uids, done.validity) == ((1, 2), bob.status("Sent").validity)
        view = bob.select("Sent", no_bell)
        one, two = view.rows
        assert (one.flags, one.internal, one.saved, one.octets) == ({SEEN, "work"}, 1_000_000_000.0, NOW, 22)
        assert (two.flags, two.internal, two.octets) == (set(), NOW, 1)
        assert [view.content(uid).whole() for uid in (1, 2)] == [HI.whole(), b"x"]
        view.close()

    played(tmp_path, work)
    assert on_disk(tmp_path, ".Sent") == ["cur/1700000000.M1.mx:2,S", "new/1700000000.M2.mx"]
    assert os.stat(maildir(tmp_path, ".Sent") / "cur" / "1700000000.M1.mx:2,S").st_mtime == 1_000_000_000


def test_whether_there_is_a_target(tmp_path):
    """It is known before a message comes whether there is a folder for it, whoever took it away."""

    def work(boxes, bob):
        bob.check_target("inbox")
        bob.check_target("Sent")
        shutil.rmtree(maildir(tmp_path, ".Sent"))
        for name, error in (("Sent", NoTarget), ("Nowhere", NoTarget), ("a//b", BadName)):
            with pytest.raises(error):
                bob.check_target(name)

    played(tmp_path, work)


def test_many_at_once(tmp_path):
    """A thousand messages of one command need no thousand open files."""

    def work(boxes, bob):
        assert put(bob, "Sent", *(b"%d\r\n" % n for n in range(1000))) == [*range(1, 1001)]

    played(tmp_path, work)


def test_append_all_or_nothing(tmp_path):
    """If one message cannot be stored, none is."""

    def work(boxes, bob):
        gone = Content(b"", tmp_path / "nothing", 0, 10)
        with pytest.raises(NoTarget):
            bob.append("Sent", [Appending(HI), Appending(gone)])
        assert bob.status("Sent").messages == 0

    played(tmp_path, work)
    assert on_disk(tmp_path, ".Sent") == []


def test_a_full_disk(tmp_path, monkeypatch):
    """APPEND and COPY say so, and nothing is left."""  # T204

    def work(boxes, bob):
        put(bob, "INBOX", b"x\r\n", b"y\r\n")
        view = bob.select("INBOX", no_bell)

        def full(*_, **__):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(OSError, match="No space left"):
                put(bob, "Sent", b"x\r\n")
        real, calls = os.link, []

        def full_later(*args, **kwargs):
            calls.append(args)
            return real(*args, **kwargs) if len(calls) == 1 else full()

        with monkeypatch.context() as patch:
            patch.setattr(os, "link", full_later)
            with pytest.raises(OSError, match="No space left"):
                view.copy([1, 2], "Sent")
        assert bob.status("Sent").messages == 0
        assert view.copy([1, 2], "Sent").targets == (1, 2)
        view.close()

    played(tmp_path, work)
    assert len(on_disk(tmp_path, ".Sent")) == 2


def test_one_spelling_of_a_keyword(tmp_path):
    """Two keywords that differ only in case are one (RFC 9051 §2.3.2)."""

    def work(boxes, bob):
        put(bob, "INBOX", b"x\r\n", flags=["Work"])
        put(bob, "INBOX", b"y\r\n", flags=["WORK"])
        view = bob.select("INBOX", no_bell)
        assert flags_of(view) == {1: {"Work"}, 2: {"Work"}}
        view.store([1], REMOVE, ["work"])
        assert flags_of(view)[1] == set()
        view.close()

    played(tmp_path, work)


# ── flags ──


def test_store(tmp_path):
    """Flags are added, taken away and replaced; MODSEQ grows where something changed, and only there."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", b"3\r\n")
        view = bob.select("INBOX", no_bell)
        first = view.status.highest_modseq
        done = view.store([1, 2], ADD, [SEEN, "work"])
        assert [(row.uid, row.flags, row.modseq) for row in done.rows] == [
            (n, {SEEN, "work"}, first + 1) for n in (1, 2)
        ]
        done = view.store([1, 2, 3, 9], ADD, [SEEN])
        assert [(row.uid, row.modseq) for row in done.rows] == [(1, first + 1), (2, first + 1), (3, first + 2)]
        view.store([1], REMOVE, [SEEN])
        view.store([2], REPLACE, [FLAGGED])
        assert flags_of(view) == {1: {"work"}, 2: {FLAGGED}, 3: {SEEN}}
        assert view.status.highest_modseq == first + 4
        assert (view.status.unseen, view.news()) == (2, NO_NEWS)
        view.close()

    played(tmp_path, work)
    assert on_disk(tmp_path) == [f"cur/1700000000.M{n}.mx:2,{flags}" for n, flags in ((1, ""), (2, "F"), (3, "S"))]

    def look(boxes, bob):
        view = bob.select("INBOX", no_bell)
        assert flags_of(view) == {1: {"work"}, 2: {FLAGGED}, 3: {SEEN}}
        view.close()

    played(tmp_path, look)


def test_unchanged_since(tmp_path):
    """What somebody changed since then is refused, and the rest is done (RFC 7162 §3.1.3)."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n")
        one, other = bob.select("INBOX", no_bell), bob.select("INBOX", no_bell)
        since = one.status.highest_modseq
        other.store([2], ADD, [SEEN])
        done = one.store([1, 2], ADD, [FLAGGED], since)
        assert ([row.uid for row in done.rows], done.refused) == ([1], [2])
        assert one.store([1, 2], ADD, [FLAGGED], 0).refused == [1, 2]
        one.close()
        other.close()

    played(tmp_path, work)


def test_a_delivery_while_many_are_flagged(tmp_path, monkeypatch):
    """A message that comes while flags of many are changed is stored in between, and each has its MODSEQ."""
    monkeypatch.setattr(account_module, "_FLAGGED_AT_ONCE", 10)

    async def story():
        async with opened(tmp_path) as boxes:
            bob, loop = await asyncio.to_thread(boxes.account, BOB), asyncio.get_running_loop()
            uids = await asyncio.to_thread(put, bob, "INBOX", *(b"%d\r\n" % n for n in range(35)))
            view = await asyncio.to_thread(bob.select, "INBOX", no_bell)
            first, came = view.status.highest_modseq, []

            def let_others():  # the loop delivers, while this thread holds nothing
                came.append(asyncio.run_coroutine_threadsafe(boxes.deliver(BOB, HI), loop).result(10))

            monkeypatch.setattr(boxes._cabinet, "let_others", let_others)
            done = await asyncio.to_thread(view.store, uids, ADD, [SEEN], first)
            assert came == [36, 37, 38]
            assert ([row.uid for row in done.rows], done.refused) == (uids, [])
            assert sorted({row.modseq for row in done.rows}) == [first + 1, first + 3, first + 5, first + 7]
            assert told(view.news()) == (came, [], [])
            assert [uid for uid, flags in flags_of(view).items() if SEEN in flags] == uids
            view.close()

    run(story())


def test_news_at_once(tmp_path):
    """A few are had without waiting; where somebody is at work, or they are many, they have to be asked for."""

    def work(boxes, bob):
        view, other = bob.select("INBOX", no_bell), bob.select("INBOX", no_bell)
        assert view.news_at_once() == NO_NEWS
        put(bob, "INBOX", b"1\r\n")
        with boxes._cabinet.changing():
            assert view.news_at_once() is None
        assert told(view.news_at_once()) == ([1], [], [])
        assert view.news_at_once() == NO_NEWS
        put(bob, "INBOX", *(b"%d\r\n" % n for n in range(150)))
        assert view.news_at_once() is None
        assert len(told(view.news())[0]) == 150
        assert len(told(other.news())[0]) == 151
        view.close()
        other.close()

    played(tmp_path, work)


def test_a_folder_that_goes_while_many_are_flagged(tmp_path, monkeypatch):
    """What is done is done; the rest is not there any more."""
    monkeypatch.setattr(account_module, "_FLAGGED_AT_ONCE", 1)

    def work(boxes, bob):
        uids = put(bob, "Sent", b"1\r\n", b"2\r\n")
        view = bob.select("Sent", no_bell)
        monkeypatch.setattr(boxes._cabinet, "let_others", lambda: bob.delete("Sent"))
        with pytest.raises(NoFolder):
            view.store(uids, ADD, [SEEN])
        view.close()

    played(tmp_path, work)


def test_flags_of_a_message_that_another_program_moves(tmp_path):
    """A file that was renamed a moment ago is found; one that was removed is passed over."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n")
        view = bob.select("INBOX", no_bell)
        one, two = sorted((maildir(tmp_path) / "new").iterdir())
        one.rename(maildir(tmp_path) / "cur" / f"{one.name}:2,R")
        two.unlink()
        done = view.store([1, 2], ADD, [SEEN])
        assert [(row.uid, row.flags) for row in done.rows] == [(1, {SEEN})]
        assert told(view.news()) == ([], [], [2])
        view.close()

    played(tmp_path, work)


@pytest.mark.parametrize("at_once", [1, 100])
def test_a_rename_that_fails(at_once, tmp_path, monkeypatch):
    """Of three files one cannot be renamed: the error is told, and what every session believes is what is on the disk."""
    monkeypatch.setattr(account_module, "_FLAGGED_AT_ONCE", at_once)

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", b"3\r\n")
        view, real = bob.select("INBOX", no_bell), os.rename

        def failing(source, target):
            if "M2." in str(source):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", failing)
            with pytest.raises(OSError, match="Input/output"):
                view.store([1, 2, 3], ADD, [SEEN])
        assert told(view.news()) == ([], [1], [])
        assert flags_of(view) == {1: {SEEN}, 2: set(), 3: set()}
        view.close()

    played(tmp_path, work)


def test_an_index_that_fails_after_the_rename(tmp_path):
    """What was done by halves is looked at before the next change: to undo it is no "nothing to do"."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n")
        view, index = bob.select("INBOX", no_bell), boxes._cabinet.index
        broken = mock.patch.object(index, "flag", side_effect=sqlite3.OperationalError("disk I/O error"))
        with broken, pytest.raises(sqlite3.OperationalError):
            view.store([1], ADD, [SEEN])
        assert on_disk(tmp_path) == ["cur/1700000000.M1.mx:2,S"]
        view.store([1], REMOVE, [SEEN])
        assert on_disk(tmp_path) == ["cur/1700000000.M1.mx:2,"]
        assert flags_of(view) == {1: set()}
        view.close()

    played(tmp_path, work)


# ── messages out ──


def test_expunge(tmp_path):
    """What is marked goes, of those that were named or all; the others are told, and nobody twice."""

    def work(boxes, bob):
        put(bob, "INBOX", *(b"%d\r\n" % n for n in range(1, 6)))
        mine, other = bob.select("INBOX", no_bell), bob.select("INBOX", no_bell)
        assert mine.expunge() == ()
        mine.store([1, 3, 5], ADD, [DELETED])
        assert mine.expunge([1, 2]) == (1,)
        assert mine.expunge() == (3, 5)
        assert mine.news() is NO_NEWS
        assert [row.uid for row in mine.rows] == [2, 4]
        assert told(other.news()) == ([], [], [1, 3, 5])
        assert put(bob, "INBOX", b"6\r\n") == [6]
        with pytest.raises(FileNotFoundError):
            mine.content(1)
        mine.close()
        other.close()

    played(tmp_path, work)
    assert len(on_disk(tmp_path)) == 3


def test_what_the_disk_does_not_let_go(tmp_path, monkeypatch):
    """The error names those that are gone; the others are still there."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", flags=[DELETED])
        view, real = bob.select("INBOX", no_bell), os.unlink

        def failing(path, **more):
            if "M2." in str(path):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real(path, **more)

        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", failing)
            with pytest.raises(NotRemoved) as refused:
                view.expunge()
        assert refused.value.gone == (1,)
        assert told(view.news()) == ([], [], [1])
        assert view.expunge() == (2,)
        view.close()

    played(tmp_path, work)


def test_copy(tmp_path):
    """Copies have flags, date and content of what they are copies of, and UIDs of their own; a copy is no second file."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", flags=[SEEN, "work"], internal=1_000_000_000.0)
        put(bob, "INBOX", b"2\r\n")
        put(bob, "Archive", b"0\r\n")
        view = bob.select("INBOX", no_bell)
        done = view.copy([2, 1, 9], "Archive")
        assert (done.sources, done.targets, done.validity) == ((1, 2), (2, 3), bob.status("Archive").validity)
        there = bob.select("Archive", no_bell)
        one, copy = view.row(1), there.row(2)
        assert (copy.flags, copy.internal, copy.octets, copy.email_id) == (one.flags, one.internal, 3, one.email_id)
        assert [there.content(uid).whole() for uid in (2, 3)] == [b"1\r\n", b"2\r\n"]
        assert view.copy([1], "INBOX").targets == (3,)
        assert told(view.news()) == ([3], [], [])
        view.close()
        there.close()

    played(tmp_path, work)
    assert {os.stat(maildir(tmp_path, ".Archive") / place).st_nlink for place in on_disk(tmp_path, ".Archive")} == {
        1,
        2,
        3,
    }


def test_a_copy_beside_another_program(tmp_path):
    """Copies in the same folder are no strangers to whoever looks for a file that was moved meanwhile."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", flags=["work"])
        view = bob.select("INBOX", no_bell)
        two = maildir(tmp_path) / "cur" / "1700000000.M2.mx:2,"
        two.rename(f"{two}F")
        assert view.copy([1, 2], "INBOX").targets == (3, 4)
        assert told(view.news()) == ([3, 4], [2], [])
        assert flags_of(view) == {1: {"work"}, 2: {"work", FLAGGED}, 3: {"work"}, 4: {"work", FLAGGED}}
        view.close()

    played(tmp_path, work)


def test_move(tmp_path):
    """Moved messages are there and no longer here; who looks at either is told (RFC 6851)."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", flags=[FLAGGED])
        mine, other, there = (bob.select(name, no_bell) for name in ("INBOX", "INBOX", "Trash"))
        done = mine.move([2], "Trash")
        assert (done.sources, done.targets) == ((2,), (1,))
        assert (mine.news(), [row.uid for row in mine.rows]) == (NO_NEWS, [1])
        assert told(other.news()) == ([], [], [2])
        assert told(there.news()) == ([1], [], [])
        assert flags_of(there) == {1: {FLAGGED}}
        for view in (mine, other, there):
            view.close()

    played(tmp_path, work)
    assert [len(on_disk(tmp_path, name)) for name in ("", ".Trash")] == [1, 1]


def test_vanished(tmp_path):
    """A client that was away learns what is gone since (RFC 7162 §3.2)."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", b"3\r\n", flags=[DELETED])
        view = bob.select("INBOX", no_bell)
        since = view.status.highest_modseq
        view.expunge([2])
        later = view.status.highest_modseq
        view.expunge([1])
        assert view.vanished_since(since) == (1, 2)
        assert view.vanished_since(later) == (1,)
        assert view.vanished_since(0) == (1, 2)
        view.close()

    played(tmp_path, work)


def test_contents(tmp_path):
    """Whatever wrote the file, as many octets come as the row says, lines ended by CRLF; a large message stays a file."""

    def work(boxes, bob):
        for name, octets in (("1.a", b"a\nb\r\nc"), ("2.b", b"x" * 100_000), ("3.c", b"y\n" * 50_000), ("4.d", b"")):
            (maildir(tmp_path) / "new" / name).write_bytes(octets)
        view = bob.select("INBOX", no_bell)
        contents = [view.content(row.uid) for row in view.rows]
        assert [len(content) for content in contents] == [row.octets for row in view.rows] == [7, 100_000, 150_000, 0]
        assert contents[0].whole() == b"a\r\nb\r\nc"
        assert contents[1].path is not None
        view.close()

    played(tmp_path, work)


def test_a_message_that_was_replaced(tmp_path):
    """Another message under the same file name is not given out under the old UID."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n")
        view = bob.select("INBOX", no_bell)
        next((maildir(tmp_path) / "new").iterdir()).write_bytes(b"another\r\n")
        with pytest.raises(FileNotFoundError):
            view.content(1)
        boxes.look()
        assert told(view.news()) == ([2], [], [1])
        assert view.content(2).whole() == b"another\r\n"
        view.close()

    played(tmp_path, work)


# ── who is told ──


def test_bells(tmp_path):
    """Everybody who looks at a folder hears the bell for whatever happens there, by whichever door, and nobody else."""

    async def play():
        async with opened(tmp_path) as boxes:
            bob, carol = await asyncio.to_thread(lambda: (boxes.account(BOB), boxes.account(CAROL)))
            bells = [Ringing() for _ in range(4)]
            views = [
                account.select(name, bell)
                for account, name, bell in zip(
                    (bob, bob, bob, carol), ("INBOX", "INBOX", "Sent", "INBOX"), bells, strict=True
                )
            ]
            counts = lambda: [bell.count for bell in bells]  # noqa: E731
            await boxes.deliver(BOB, HI)
            assert counts() == [1, 1, 0, 0]
            drop = boxes.open(BOB)
            drop.close([0])
            assert counts() == [2, 2, 0, 0]
            put(bob, "Sent", b"x\r\n")
            assert counts() == [2, 2, 1, 0]
            views[2].store([1], ADD, [SEEN])
            views[2].store([1], ADD, [SEEN])
            assert counts() == [2, 2, 2, 0]
            (maildir(tmp_path) / "cur" / "1.theirs:2,S").write_bytes(b"x\r\n")
            boxes.look()
            assert counts() == [3, 3, 2, 0]
            views[0].close()
            views[0].close()
            await boxes.deliver(BOB, HI)
            assert counts() == [3, 4, 2, 0]
            assert [told(view.news()) for view in views[1:]] == [([2, 3], [], []), ([1], [], []), ([], [], [])]
            for view in views:
                view.close()

    run(play())


def test_the_door_of_pop3(tmp_path):
    """POP3 has the INBOX for itself only against POP3: IMAP goes on, and each sees what the other did."""  # T183

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n", b"3\r\n")
        view = bob.select("INBOX", no_bell)
        drop = boxes.open(BOB)
        view.store([1, 2], ADD, [DELETED, SEEN])
        assert [drop.content(n).whole() for n in range(3)] == [b"1\r\n", b"2\r\n", b"3\r\n"]
        assert view.expunge([1]) == (1,)
        with pytest.raises(FileNotFoundError):
            drop.content(0)
        assert drop.close([0, 2]) == (1, 3)
        assert told(view.news()) == ([], [], [3])
        assert [row.uid for row in view.rows] == [2]
        view.close()

    played(tmp_path, work)


def test_other_programs(tmp_path):
    """Messages that come, go and are flagged by other hands are noticed within a second or so while somebody looks."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n")
        bell = Ringing()
        view = bob.select("INBOX", bell)
        one, two = sorted((maildir(tmp_path) / "new").iterdir())
        one.rename(maildir(tmp_path) / "cur" / f"{one.name}:2,FS")
        two.unlink()
        (maildir(tmp_path) / "new" / "1600000000.theirs").write_bytes(b"3\r\n")
        seen = ([], [], [])
        deadline = time.monotonic() + 10
        while [*map(len, seen)] != [1, 1, 1] and time.monotonic() < deadline:
            bell.wait()
            seen = tuple(old + new for old, new in zip(seen, told(view.news()), strict=True))
        assert seen == ([3], [1], [2])
        assert flags_of(view) == {1: {FLAGGED, SEEN}, 3: set()}
        view.close()

    played(tmp_path, work)


def test_a_folder_that_is_deleted_under_a_session(tmp_path):
    """Who looks at it hears the bell; its messages are gone, and whatever is asked is refused."""

    def work(boxes, bob):
        put(bob, "Junk", b"1\r\n")
        bell = Ringing()
        view = bob.select("Junk", bell)
        bob.delete("Junk")
        bell.wait()
        assert told(view.news()) == ([], [], [1])
        for call in (lambda: view.store([1], ADD, [SEEN]), lambda: view.expunge(), lambda: view.copy([1], "INBOX")):
            with pytest.raises(NoFolder):
                call()
        boxes.look()
        view.close()

    played(tmp_path, work)


def test_an_index_that_is_lost_under_a_session(tmp_path):
    """The index is begun anew under a higher validity; sessions lose their folder, and the messages are all there."""
    said = []

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n")
        view = bob.select("INBOX", no_bell)
        before = view.status.validity
        drop = boxes.open(BOB)
        boxes._cabinet.index._opened.connection.execute("DROP TABLE message")
        for uid in (1, 2):
            with pytest.raises(NoFolder):
                view.store([uid], ADD, [SEEN])
        assert told(view.news()) == ([], [], [1, 2])
        view.close()
        view = bob.select("INBOX", no_bell)
        assert view.status.validity > before
        assert sorted(view.content(row.uid).whole() for row in view.rows) == [b"1\r\n", b"2\r\n"]
        assert drop.close([0]) == (1,)
        view.news()
        assert [view.content(row.uid).whole() for row in view.rows] == [b"2\r\n"]
        view.close()

    played(tmp_path, work, tell=said.append)
    assert "a new one is made" in said[0]


def test_an_index_of_the_first_version(tmp_path):
    """Messages of an older lab keep their UIDs, and have flags, dates and sizes from their files."""
    database = sqlite3.connect(tmp_path / "index.db", isolation_level=None)
    database.executescript(FIRST_VERSION)
    database.execute("UPDATE letter SET stored = 5, octets = 6 WHERE uid = 3")
    database.close()
    for part in ("cur", "new"):
        (maildir(tmp_path) / part).mkdir(parents=True)
    file = maildir(tmp_path) / "cur" / "a:2,S"
    file.write_bytes(b"ab\nc\n")
    os.utime(file, (1e9, 1e9))

    def work(boxes, bob):
        view = bob.select("INBOX", no_bell)
        [row] = view.rows  # the other one is gone
        assert (row.uid, row.flags, row.internal, row.octets, view.status.validity) == (3, {SEEN}, 1e9, 7, 77)
        assert view.content(3).whole() == b"ab\r\nc\r\n"
        assert row.email_id
        assert view.status.uid_next == 9
        assert 8 in view.vanished_since(1)
        view.close()

    played(tmp_path, work)


def test_usage(tmp_path):
    """What a person has, in all folders."""

    def work(boxes, bob):
        put(bob, "INBOX", b"1\r\n", b"2\r\n")
        put(bob, "Sent", b"123\r\n")
        usage = bob.usage()
        assert (usage.messages, usage.octets) == (3, 11)
        assert usage.limit > 11

    played(tmp_path, work)
