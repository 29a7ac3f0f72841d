"""All folders of all people: what is on the disk, in the index and in memory is one, whoever changes it."""

import itertools
import os
import threading
import time

import pytest

from maillab.durable import promising
from maillab.recipient import cabinet as cabinet_module
from maillab.recipient.cabinet import Cabinet
from maillab.recipient.folders import NoFolder
from maillab.recipient.index import FolderKey
from tests.recipient.stores import NOW, Ringing

BOB = FolderKey("bob")


@pytest.fixture
def said():
    return []


@pytest.fixture
def cabinet(tmp_path, said):
    names = itertools.count(1)
    box = Cabinet(
        {"bob": tmp_path / "bob"},
        tmp_path / "index.db",
        names=lambda: f"17.M{next(names)}.mx",
        now=lambda: NOW,
        tell=said.append,
    )
    with promising(False):
        box.open()
        yield box
        box.close()


def theirs(cabinet, place, octets=b"x\r\n", key=BOB):
    """Another program puts a message somewhere."""
    path = cabinet.maildir(key).folder / place
    path.write_bytes(octets)
    return path


def state(cabinet, key=BOB):
    with cabinet.changing():
        return cabinet.state(key)


def test_messages_of_strangers(cabinet):
    """They get UIDs by their age, with flags and date of their files, and keep them whatever their files are called."""
    path = theirs(cabinet, "new/9.b")
    theirs(cabinet, "cur/2.a:2,S")
    os.utime(path, (5.0, 5.0))
    seen = state(cabinet)

    assert [(uid, message.file, sorted(message.row.flags)) for uid, message in seen.messages.items()] == [
        (1, "2.a", ["\\Seen"]), (2, "9.b", []),
    ]  # fmt: skip
    assert seen.messages[2].row.internal == 5.0
    path.rename(path.parent.parent / "cur" / "9.b:2,F")
    again = state(cabinet)
    assert again is seen
    assert seen.messages[2].row.flags == {"\\Flagged"}
    assert seen.messages[2].place == "cur/9.b:2,F"
    assert seen.messages[2].row.modseq == seen.modseq


def test_nothing_is_read_that_did_not_change(cabinet, monkeypatch):
    """A Maildir that had an old stamp when it was listed is not listed again; one with a young stamp, or a new one, is."""
    looks, real = [], os.scandir

    def listing(path):
        looks.append(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", listing)

    def look(moment=None):
        looks.clear()
        if moment is not None:
            for part in ("new", "cur"):
                os.utime(cabinet.maildir(BOB).folder / part, (moment, moment))
        with cabinet.changing():
            cabinet.look(seen)
        return len(looks)

    seen = state(cabinet)
    assert [look(), look()] == [2, 2]
    assert [look(8.0), look(), look()] == [2, 0, 0]
    theirs(cabinet, "new/1.a")
    assert [look(9.0), look()] == [2, 0]
    assert len(seen.messages) == 1
    assert look(4e9) == look() == 2  # of a clock that is wrong


def test_a_name_that_is_in_no_list(cabinet, monkeypatch):
    """A file that another program renames while the folder is listed may be missing in the list: it is not gone."""
    theirs(cabinet, "new/1.a")
    seen, maildir = state(cabinet), cabinet.maildir(BOB)
    lists = iter([{}, {"1.a": "cur/1.a:2,F"}])
    monkeypatch.setattr(maildir, "places", lambda: next(lists))
    with cabinet.changing():
        cabinet.look(seen)

    assert [*seen.messages] == [1]
    assert seen.messages[1].row.flags == {"\\Flagged"}


def test_bells_ring_after_the_work(cabinet):
    """A bell rings once for a whole piece of work, also for one that fails, and when others can work again."""
    seen, bell = state(cabinet), Ringing()
    cabinet.watch(seen, "me", lambda: (bell(), state(cabinet)))
    with cabinet.changing():
        theirs(cabinet, "new/1.a")
        cabinet.look(seen)
        theirs(cabinet, "new/2.a")
        cabinet.look(seen)
        assert bell.count == 0
    assert bell.count == 1
    theirs(cabinet, "new/3.a")

    def failing():
        with cabinet.changing():
            cabinet.look(seen)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert bell.count == 2
    with cabinet.changing():
        cabinet.unwatch("me")
        cabinet.unwatch("me")
    assert cabinet.watched() == []


def test_who_waits_goes_first(cabinet):
    """Much work in pieces: whoever has come meanwhile is in between two of them."""
    came, deadline, turns = threading.Event(), time.monotonic() + 10, 0

    def come():
        with cabinet.changing():
            came.set()

    other = threading.Thread(target=come)
    with cabinet.changing():
        other.start()
        while not cabinet._others_wait and time.monotonic() < deadline:
            pass
    while not came.is_set() and time.monotonic() < deadline:
        cabinet.let_others()
        with cabinet.changing():
            turns += 1
    other.join(10)
    assert came.is_set()
    assert turns < 100


def test_folders_that_nobody_looks_at(cabinet, monkeypatch):
    """They leave the memory when there is too much in it; those that somebody looks at stay."""
    monkeypatch.setattr(cabinet_module, "KEPT", 1)
    for name in ("a", "b", "c"):
        with cabinet.changing():
            cabinet.make(FolderKey("bob", name))
        for n in range(2):
            theirs(cabinet, f"new/{n}.{name}", key=FolderKey("bob", name))
    a = state(cabinet, FolderKey("bob", "a"))
    cabinet.watch(a, "me", Ringing())
    b = state(cabinet, FolderKey("bob", "b"))
    state(cabinet, FolderKey("bob", "c"))

    assert state(cabinet, FolderKey("bob", "a")) is a
    assert state(cabinet, FolderKey("bob", "b")) is not b
    assert [*state(cabinet, FolderKey("bob", "b")).messages] == [*b.messages]


def test_a_folder_that_is_taken_away(cabinet):
    """It is no folder any more, and who looks at it is told."""
    key = FolderKey("bob", "Sent")
    with cabinet.changing():
        cabinet.make(key)
    theirs(cabinet, "new/1.a", key=key)
    seen, bell = state(cabinet, key), Ringing()
    cabinet.watch(seen, "me", bell)
    cabinet.maildir(key).folder.rename(cabinet.maildir(BOB).folder / "elsewhere")
    with pytest.raises(NoFolder):
        state(cabinet, key)

    assert seen.deleted
    assert bell.count == 1
    with cabinet.changing():
        assert cabinet.names_of("bob") == {"INBOX"}


def test_nobody(cabinet):
    """Who does not live here has no folder."""
    with pytest.raises(NoFolder):
        state(cabinet, FolderKey("nobody"))


def test_what_cannot_be_read(cabinet):
    """A file that is a folder, a link or hidden is no message."""
    for name in ("new/1.folder", "cur/2.folder:2,S"):
        (cabinet.maildir(BOB).folder / name).mkdir()
    (cabinet.maildir(BOB).folder / "new" / "3.link").symlink_to("/etc/passwd")
    theirs(cabinet, "new/.hidden")

    assert state(cabinet).messages == {}


def test_closed(cabinet):
    """Nothing is asked of an index that is closed."""
    cabinet.close()
    with pytest.raises(RuntimeError):
        state(cabinet)


def test_a_message_that_comes_while_a_folder_is_listed_twice(cabinet):
    """A second list is made where something is gone; what came between the two is taken in, too."""
    path = theirs(cabinet, "new/1.a")
    seen = state(cabinet)
    path.unlink()
    seen.is_settled = False
    maildir = cabinet.maildir(BOB)
    listed = maildir.places

    def late():
        places = listed()
        theirs(cabinet, "new/2.late")
        return places

    maildir_class = type(maildir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maildir_class, "places", lambda _: late())
        assert [message.file for message in state(cabinet).messages.values()] == ["2.late"]
