"""The mailboxes: durable for many at once, honest when they fail, true to the Maildir whoever else writes to it."""

import asyncio
import errno
import itertools
import mailbox
import os
import pty
import random
import shutil
import sqlite3
import subprocess
import sys
import threading

import pytest

from maillab.mail.content import Content
from maillab.mail.reply import Refused
from maillab.recipient.mailbox import SMALL
from maillab.recipient.maildrop import InUse, NotRemoved
from maillab.recipient.summaries import Made, Summarising
from tests.recipient.stores import BOB, CAROL, HI, maildir, opened
from tests.support import need, run


def bob(folder):
    return folder / "recipient.test" / "bob"


def uids(boxes, user=BOB):
    """UIDs and UIDLs of a mailbox, which is unlocked again."""
    drop = boxes.open(user)
    drop.close()
    return [(message.uid, message.uidl) for message in drop.messages]


def test_deliver_and_read(tmp_path):
    """What is delivered is read as it was, under the UID that was promised; the size is the reader's."""

    async def play():
        async with opened(tmp_path) as boxes:
            assert await boxes.deliver(BOB, HI) == 1
            assert await boxes.deliver(BOB, Content(b"bare\nlf")) == 2
            drop = boxes.open(BOB)
            assert [(message.uid, message.octets) for message in drop.messages] == [(1, 22), (2, 10)]
            assert [drop.content(n).whole() for n in range(2)] == [HI.whole(), b"bare\nlf"]
            assert drop.close() == ()

    run(play())


def test_the_names_of_all_messages(tmp_path):
    """They are those that a client is told by UIDL, and are known while a client has the mailbox locked."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver_all([(BOB, HI), (BOB, HI)])
            drop = boxes.open(BOB)
            assert await boxes.names() == {BOB: {message.uidl for message in drop.messages}, CAROL: frozenset()}
            assert (await boxes.unseen())[BOB] == (await boxes.names())[BOB]
            assert await boxes.uids() == {BOB: {message.uidl: message.uid for message in drop.messages}, CAROL: {}}
            drop.close()

    run(play())


def test_several_mailboxes_at_once(tmp_path):
    """Copies for several mailboxes, and two for one, get a UID each."""

    async def play():
        async with opened(tmp_path) as boxes:
            assert await boxes.deliver_all([(BOB, HI), (CAROL, HI), (BOB, HI)]) == (1, 1, 2)

    run(play())


def test_a_large_message_stays_a_file(tmp_path):
    """A message above 64 KiB is handed out as a file, a smaller one in memory."""

    async def play():
        async with opened(tmp_path) as boxes:
            for size in (SMALL, SMALL + 1):
                await boxes.deliver(BOB, Content(b"x" * (size - 2) + b"\r\n"))
            drop = boxes.open(BOB)
            assert [drop.content(n).path is None for n in range(2)] == [True, False]
            assert len(drop.content(1)) == SMALL + 1
            drop.close()

    run(play())


def test_many_at_once(tmp_path):
    """Twenty clients with ten messages each lose nothing and get every UID once."""  # T013

    async def play():
        async with opened(tmp_path) as boxes:

            async def client(number):
                return [await boxes.deliver(BOB, Content(b"%d-%d\r\n" % (number, n))) for n in range(10)]

            given = await asyncio.gather(*(client(number) for number in range(20)))
            assert sorted(itertools.chain(*given)) == list(range(1, 201))
            drop = boxes.open(BOB)
            texts = {drop.content(n).whole(): drop.messages[n].uid for n in range(200)}
            assert texts == {b"%d-%d\r\n" % (n, m): given[n][m] for n in range(20) for m in range(10)}
            drop.close()

    run(play())


def test_one_sync_for_many(tmp_path, monkeypatch):
    """Messages that wait together share one sync of the folder."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, HI)
            synced, first = [], threading.Event()
            real = os.fsync

            def watched(descriptor):
                first.wait(5)
                synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))
                real(descriptor)

            monkeypatch.setattr(os, "fsync", watched)
            work = asyncio.gather(*(boxes.deliver(BOB, HI) for _ in range(21)))
            await asyncio.sleep(0)
            first.set()
            await work
            assert synced.count(False) == 21
            assert synced.count(True) <= 3

    run(play())


@pytest.mark.parametrize("call", range(1, 5))
@pytest.mark.parametrize("name", ["write", "fsync", "link", "open"])
@pytest.mark.parametrize(("code", "refusal"), [(errno.ENOSPC, 452), (errno.EMFILE, 452), (errno.EIO, None)])
def test_failures(tmp_path, monkeypatch, name, call, code, refusal):
    """Whichever call fails, both copies are refused or both are kept; a full disk is 452, and afterwards all is well."""  # T031, T032, T036

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, HI)
            count, real = itertools.count(1), getattr(os, name)

            def failing(*args, **kwargs):
                if threading.current_thread().name.startswith("mailboxes") and next(count) == call:
                    raise OSError(code, os.strerror(code))
                return real(*args, **kwargs)

            monkeypatch.setattr(os, name, failing)
            copies = [(BOB, Content(b"new\r\n")), (CAROL, Content(b"new\r\n"))]
            (result,) = await asyncio.gather(boxes.deliver_all(copies), return_exceptions=True)
            if isinstance(result, Refused):
                assert (result.reply.code, result.reply.enhanced) == (refusal, "4.3.1")
            elif isinstance(result, OSError):
                assert (result.errno, refusal) == (code, None)
            stored = () if isinstance(result, Exception) else result
            monkeypatch.setattr(os, name, real)
            assert len(uids(boxes)) == 1 + bool(stored)
            assert len(uids(boxes, CAROL)) == bool(stored)
            assert [list((bob(tmp_path) / "tmp").iterdir()), stored] in ([[], ()], [[], (2, 1)])
            assert await boxes.deliver(BOB, HI) >= 2

    run(play())


def test_name_lost_after_the_index_has_it(tmp_path, monkeypatch):
    """Names and index go to the disk together; where only the index gets there nothing is promised, and no UID is given twice."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, HI)
            numbered, real = threading.Event(), os.fsync
            add = boxes._cabinet.add

            def adding(new):
                given = add(new)
                numbered.set()
                return given

            def failing(descriptor):
                if os.path.isdir(f"/proc/self/fd/{descriptor}"):
                    assert numbered.wait(20), "the index waits for the names"
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                real(descriptor)

            with monkeypatch.context() as patch:
                patch.setattr(boxes._cabinet, "add", adding)
                patch.setattr(os, "fsync", failing)
                with pytest.raises(OSError, match="Input/output error"):
                    await boxes.deliver(BOB, HI)
            assert [uid for uid, _ in uids(boxes)] == [1]
            assert await boxes.deliver(BOB, HI) == 3

    run(play())


def test_one_failure_takes_no_other_along(tmp_path):
    """In one batch, a message that cannot be read fails, and its neighbours are stored."""

    async def play():
        async with opened(tmp_path) as boxes:
            gone = Content(b"", tmp_path / "nothing", 0, 10)
            results = await asyncio.gather(
                boxes.deliver(BOB, HI), boxes.deliver(BOB, gone), boxes.deliver(BOB, HI), return_exceptions=True
            )
            assert [type(result) for result in results] == [int, FileNotFoundError, int]
            assert len(uids(boxes)) == 2

    run(play())


def test_a_full_index(tmp_path, monkeypatch):
    """When the index cannot grow, the message is refused with 452 and taken out of the Maildir again."""

    async def play():
        async with opened(tmp_path) as boxes:
            database = boxes._cabinet.index._opened.connection
            pages = database.execute("PRAGMA page_count").fetchone()[0]
            database.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(Refused, match=r"452 4\.3\.1"):
                await boxes.deliver_all([(BOB, HI)] * 500)
            assert list((bob(tmp_path) / "new").iterdir()) == []
            database.execute("PRAGMA max_page_count = 100000")
            assert len(await boxes.deliver_all([(BOB, HI)] * 500)) == 500

    run(play())


def build(folder):
    """Six messages in bob's mailbox; gives their octets."""

    async def play():
        async with opened(folder) as boxes:
            return [(await boxes.deliver(BOB, Content(b"Subject: %d\r\n\r\n" % n * n)), n) for n in range(6)]

    run(play())
    return sorted(file.read_bytes() for file in (bob(folder) / "new").iterdir())


@pytest.mark.parametrize("count", [25, pytest.param(3000, marks=pytest.mark.slow)])
def test_one_wrong_octet_of_the_index(tmp_path, count):
    """The kind: a database with one wrong octet. Every message is still read, whole, and more are taken."""
    whole = build(tmp_path / "whole")
    octets, dice, begun_anew = (tmp_path / "whole" / "index.db").read_bytes(), random.Random(9), 0

    async def play(folder):
        async with opened(folder) as boxes:
            drop = boxes.open(BOB)
            if any([_is_refused(drop, n) for n in range(len(drop.messages))]):
                drop.close()
                drop = boxes.open(BOB)  # a wrong size is noticed when the message is read, and is right the next time
            assert sorted(drop.content(n).whole() for n in range(len(drop.messages))) == whole
            drop.close()
            assert await boxes.deliver(BOB, HI)
            assert len(uids(boxes)) == 7

    for number in range(count):
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "whole", folder)
        place, wrong = dice.randrange(len(octets)), dice.randrange(1, 256)
        (folder / "index.db").write_bytes(octets[:place] + bytes([octets[place] ^ wrong]) + octets[place + 1 :])
        try:
            run(play(folder))
        except Exception as error:
            raise AssertionError(f"octet {place} xor {wrong}") from error
        begun_anew += (folder / "index.db.bad").exists()
        shutil.rmtree(folder)
    assert begun_anew


def _is_refused(drop, index):
    try:
        drop.content(index)
    except FileNotFoundError:
        return True
    return False


def test_nobody_waits_any_more(tmp_path):
    """A message whose client is gone is stored to the end."""  # T017

    async def play():
        async with opened(tmp_path) as boxes:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await boxes.deliver(BOB, HI)
            assert await boxes.deliver(BOB, HI) == 2

    run(play())


def test_a_restart(tmp_path):
    """UIDs and UIDLs stay what they were across a restart, and what was deleted never comes back."""  # T186

    async def fill():
        async with opened(tmp_path) as boxes:
            for _ in range(3):
                await boxes.deliver(BOB, HI)
            drop = boxes.open(BOB)
            assert drop.close([1]) == (2,)
            return uids(boxes)

    async def look():
        async with opened(tmp_path) as boxes:
            before = uids(boxes)
            await boxes.deliver(BOB, HI)
            assert uids(boxes)[:2] == before
            return before, uids(boxes)[2][0]

    before = run(fill())
    assert run(look()) == (before, 4)


def test_a_lost_index(tmp_path):
    """Without the index every message is found again, in order, under the same UIDL."""

    async def fill():
        async with opened(tmp_path) as boxes:
            for _ in range(12):
                await boxes.deliver(BOB, HI)
            return uids(boxes)

    async def look():
        async with opened(tmp_path) as boxes:
            return uids(boxes)

    before = run(fill())
    for file in tmp_path.glob("index.db*"):
        file.unlink()
    after = run(look())

    assert {uidl for _, uidl in after} == {uidl for _, uidl in before}
    assert [uid for uid, _ in after] == list(range(1, 13))


def test_messages_of_strangers(tmp_path):
    """Messages that another program delivers are found, oldest first, and keep their UIDs whatever is done to them."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, HI)
            new, cur = bob(tmp_path) / "new", bob(tmp_path) / "cur"
            (new / "1600000002.b.host").write_bytes(b"Subject: two\n\ntwo\n")
            (cur / "1600000001.a.host:2,S").write_bytes(b"Subject: one\n\none\n")
            before = uids(boxes)
            assert before == [(1, "1700000000.M1.mx"), (2, "1600000001.a.host"), (3, "1600000002.b.host")]
            (new / "1600000002.b.host").rename(cur / "1600000002.b.host:2,RS")
            drop = boxes.open(BOB)
            assert [(message.uid, message.uidl) for message in drop.messages] == before
            assert drop.messages[2].octets == len(b"Subject: two\r\n\r\ntwo\r\n")
            (cur / "1600000001.a.host:2,S").rename(cur / "1600000001.a.host:2,FS")
            assert drop.content(1).whole() == b"Subject: one\n\none\n"
            assert drop.close([1]) == (2,)
            assert [uid for uid, _ in uids(boxes)] == [1, 3]

    run(play())


def test_taken_away_or_replaced(tmp_path):
    """A message that somebody removed, or replaced, is an error; removing it is none; the other is a new one then."""  # T183, T192

    async def play():
        async with opened(tmp_path) as boxes:
            for _ in range(3):
                await boxes.deliver(BOB, HI)
            drop = boxes.open(BOB)
            one, two, _ = sorted((bob(tmp_path) / "new").iterdir())
            one.unlink()
            two.write_bytes(b"Subject: something else altogether\r\n")
            for index in (0, 1):
                with pytest.raises(OSError, match=r".*"):
                    drop.content(index)
            assert drop.close([0]) == (1,)
            assert [uid for uid, _ in uids(boxes)] == [3, 4]
            drop = boxes.open(BOB)
            assert drop.content(1).whole() == b"Subject: something else altogether\r\n"
            drop.close()

    run(play())


def test_what_the_disk_does_not_let_go(tmp_path, monkeypatch):
    """Of three messages to be removed one is refused: the error names those that are gone, and only they are."""

    async def play():
        async with opened(tmp_path) as boxes:
            for _ in range(4):
                await boxes.deliver(BOB, HI)
            drop, unlink = boxes.open(BOB), os.unlink

            def refuse(path, **more):
                if "M2." in str(path):
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                unlink(path, **more)

            with monkeypatch.context() as patch:
                patch.setattr(os, "unlink", refuse)
                with pytest.raises(NotRemoved, match="Input/output error") as refused:
                    drop.close([0, 1, 2])
            assert refused.value.gone == (1, 3)
            assert [uid for uid, _ in uids(boxes)] == [2, 4]
            drop = boxes.open(BOB)
            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "no")))
                with pytest.raises(NotRemoved) as refused:
                    drop.close([0])
            assert refused.value.gone == (2,)
            boxes.open(BOB).close()

    run(play())


def test_one_reader_at_a_time(tmp_path):
    """The second reader is refused until the first has closed; delivery goes on meanwhile; closing twice is harmless."""  # T181

    async def play():
        async with opened(tmp_path) as boxes:
            drop = boxes.open(BOB)
            with pytest.raises(InUse):
                boxes.open(BOB)
            boxes.open(CAROL).close()
            await boxes.deliver(BOB, HI)
            assert drop.messages == ()
            drop.close()
            drop.close()
            assert len(uids(boxes)) == 1

    run(play())


def test_the_lock_outlives_nobody(tmp_path):
    """A reader in another process locks the mailbox; when that process is killed, it is free."""  # T181

    code = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], 0), 6); print(1, flush=True); sys.stdin.read()"

    def watch(boxes):
        command = [sys.executable, "-c", code, str(bob(tmp_path))]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            other.stdout.readline()
            with pytest.raises(InUse):
                boxes.open(BOB)
            other.kill()
            other.wait()
        boxes.open(BOB).close()

    async def play():
        async with opened(tmp_path) as boxes:
            await asyncio.to_thread(watch, boxes)

    run(play())


def test_a_lost_folder(tmp_path):
    """When the folder is deleted under the running store, delivery fails and makes no new one."""  # T038

    async def play():
        async with opened(tmp_path) as boxes:
            shutil.rmtree(bob(tmp_path))
            with pytest.raises(FileNotFoundError):
                await boxes.deliver(BOB, HI)
            assert not bob(tmp_path).exists()

    run(play())


def test_free(tmp_path):
    """The store knows how much room there is."""

    async def play():
        async with opened(tmp_path) as boxes:
            assert 0 < boxes.free() <= shutil.disk_usage(tmp_path).total

    run(play())


def test_closed(tmp_path):
    """What is waiting when the store closes is stored; afterwards nothing is opened."""

    async def play():
        async with opened(tmp_path) as boxes:
            work = asyncio.gather(*(boxes.deliver(BOB, HI) for _ in range(100)))
            await asyncio.sleep(0)
            await boxes.close()
            assert len(await work) == 100
            with pytest.raises(RuntimeError):
                boxes.open(BOB)

    run(play())


def test_the_standard_library_reads_it(tmp_path):
    """Python's mailbox.Maildir finds the same messages."""

    async def play():
        async with opened(tmp_path) as boxes:
            await boxes.deliver(BOB, HI)

    run(play())
    box = mailbox.Maildir(bob(tmp_path), create=False)
    assert [message["Subject"] for message in box] == ["hi"]
    box.close()


def on_a_terminal(command, home):
    """Run a program that wants a terminal, until it ends."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", "HOME": str(home)}
    ) as program:
        os.close(theirs)
        patience = threading.Timer(15, program.kill)
        patience.start()
        try:
            while os.read(ours, 4096):
                pass
        except OSError:
            pass  # the other side is closed
        program.wait()
        patience.cancel()
    os.close(ours)


@pytest.mark.judge
def test_mutt_reads_it(tmp_path):
    """Mutt opens the Maildir, and what it does there is understood."""
    mutt = need("mutt")

    async def play():
        async with opened(tmp_path) as boxes:
            for hour in range(2):  # by their dates mutt knows which is the first
                date = b"Date: Mon, 1 Jan 2024 0%d:00:00 +0000\r\n" % hour
                await boxes.deliver(BOB, Content(date + HI.whole()))
            before = uids(boxes)
            rc = tmp_path / "muttrc"
            rc.write_text(
                f"set quit=yes delete=yes mbox_type=Maildir move=no sleep_time=0 folder={tmp_path} record=\nunset mark_old\n"
                'push "<delete-message><quit>"\n'
            )
            await asyncio.to_thread(on_a_terminal, [mutt, "-n", "-F", str(rc), "-f", str(bob(tmp_path))], tmp_path)
            assert uids(boxes) == before[1:]

    run(play())


def test_mail_comes_in_whatever_the_index_of_imap_meets(tmp_path, monkeypatch):
    """What is only prepared for IMAP fails once: that is told, and the writer goes on."""
    said = []

    async def play():
        made = Made(b"s", b"f", b"w")
        summarising = Summarising(lambda _: made, lambda _: True, lambda _: made, lambda _: True, lambda _: made, b"f")
        async with opened(tmp_path, tell=said.append, summarising=summarising) as boxes:
            bob = await asyncio.to_thread(boxes.account, BOB)
            view = await asyncio.to_thread(bob.select, "INBOX", lambda: None)
            failed = threading.Event()

            def fails(_):
                failed.set()
                raise sqlite3.OperationalError("disk I/O error")

            monkeypatch.setattr(type(boxes._cabinet.index), "beginnings", lambda index, emails: fails(emails))
            await boxes.deliver(BOB, HI)
            assert await asyncio.to_thread(failed.wait, 10)
            assert await asyncio.wait_for(boxes.deliver(BOB, HI), 10) == 2
            view.close()

    run(play())
    assert "disk I/O error" in said[0]


def test_a_watched_folder_that_another_program_takes_away(tmp_path):
    """Nobody fails by it: what others do elsewhere is seen as before."""

    async def play():
        async with opened(tmp_path) as boxes:
            bob = await asyncio.to_thread(boxes.account, BOB)
            view = await asyncio.to_thread(bob.select, "Trash", lambda: None)
            shutil.rmtree(maildir(tmp_path, ".Trash"))
            await asyncio.to_thread(boxes.look)
            await asyncio.to_thread(boxes.look)
            view.close()

    run(play())


def test_the_date_of_a_message_is_taken_once(tmp_path):
    """A second passes while it is stored: its file and the index have one INTERNALDATE."""
    moments = itertools.count(1_700_000_000)

    async def play():
        async with opened(tmp_path, now=lambda: float(next(moments))) as boxes:
            await boxes.deliver(BOB, HI)
            bob = await asyncio.to_thread(boxes.account, BOB)
            view = await asyncio.to_thread(bob.select, "INBOX", lambda: None)
            [file] = (maildir(tmp_path) / "new").iterdir()
            assert view.rows[0].internal == file.stat().st_mtime
            view.close()

    run(play())
