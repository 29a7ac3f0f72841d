"""One Maildir: durable, private, and never fooled by what lies around in it."""

import errno
import itertools
import os
import re
import stat

import pytest

from maillab.mail.content import Content
from maillab.recipient.maildir import STALE, Maildir, measure, uidl

MESSAGE = Content(b"Subject: hi\r\n\r\nHello\r\n")


@pytest.fixture
def maildir(tmp_path):
    names = itertools.count(1)
    box = Maildir(tmp_path / "recipient.test" / "bob", lambda: f"1700000000.M{next(names)}.mx")
    box.prepare(1_700_000_000.0)
    return box


def put(maildir, content=MESSAGE):
    """One message, all the way."""
    name = maildir.publish(maildir.seal(maildir.write(content)))
    maildir.sync()
    return name


def left(maildir):
    """What lies in tmp/ and new/."""
    return [sorted(os.listdir(maildir.folder / name)) for name in ("tmp", "new")]


def test_a_message_is_stored(maildir):
    """A message comes out of new/ as it went in, and tmp/ is empty again."""
    name = put(maildir)

    assert left(maildir) == [[], [name]]
    assert maildir.scan()[name].read_bytes() == MESSAGE.whole()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_modes(tmp_path, mask):
    """Folders are 0700 and files 0600 whatever the umask."""  # T029
    before = os.umask(mask)
    try:
        maildir = Maildir(tmp_path / "a" / "b", lambda: "name")
        maildir.prepare(0.0)
        put(maildir)
    finally:
        os.umask(before)

    for path in (tmp_path / "a").rglob("*"):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected


def test_the_order_of_things(maildir, monkeypatch):
    """The file is written and synced, then linked, then its folder synced."""  # T001, T005
    done = []

    def watched(name, operation):
        def call(*args, **kwargs):
            if name == "fsync":
                done.append("sync folder" if stat.S_ISDIR(os.fstat(args[0]).st_mode) else "sync file")
            else:
                done.append(name)
            return operation(*args, **kwargs)

        return call

    for name in ("write", "fsync", "link", "close"):
        monkeypatch.setattr(os, name, watched(name, getattr(os, name)))
    put(maildir)

    assert done == ["write", "sync file", "close", "link", "sync folder", "close"]


def test_flags_never_leave_a_message_without_a_name(maildir, monkeypatch):
    """What goes from new/ to cur/ is synced there first."""
    name, synced = put(maildir), []
    monkeypatch.setattr("maillab.recipient.maildir.sync_folder", lambda folder: synced.append(folder.name))
    maildir.flag(f"new/{name}", ["\\Seen"])
    maildir.sync_removed()

    assert synced == ["cur", "new"]


def test_a_message_with_two_names(maildir):
    """The name that a crash left in new/ goes at the next look, and the message has flags and does not come back."""
    name = put(maildir)
    os.link(maildir.folder / "new" / name, maildir.folder / "cur" / f"{name}:2,S")

    assert maildir.places() == {name: f"cur/{name}:2,S"}
    assert left(maildir) == [[], []]
    (maildir.folder / "new" / name).write_bytes(b"another message, with a name that somebody else gave")
    assert maildir.places() == {name: f"cur/{name}:2,S"}
    assert left(maildir) == [[], [name]]  # what is another message stays


@pytest.mark.parametrize("operation", ["open", "write", "fsync", "close"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EMFILE])
def test_a_message_that_cannot_be_written(maildir, monkeypatch, operation, code):
    """When writing fails anywhere, the error comes out once, and nothing is left under any name."""  # T006, T007, T032, T036
    real, calls = getattr(os, operation), []

    def failing(*args, **kwargs):
        calls.append(args)
        if operation == "close":
            real(*args)
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, failing)
        with pytest.raises(OSError, match=re.escape(os.strerror(code))) as raised:
            maildir.seal(maildir.write(MESSAGE))

    assert raised.value.errno == code
    assert len(calls) == 1
    assert left(maildir) == [[], []]


def test_short_writes(maildir, monkeypatch):
    """A kernel that takes one octet at a time gets the whole message."""  # T008
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, octets: real(descriptor, bytes(octets[:1])))

    name = put(maildir)

    assert maildir.scan()[name].read_bytes() == MESSAGE.whole()


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP])
def test_no_links(maildir, monkeypatch, code):
    """Where the file system has no links, the message is renamed, and still overwrites nothing."""

    def failing(*_):
        raise OSError(code, "no links here")

    monkeypatch.setattr(os, "link", failing)
    draft = maildir.seal(maildir.write(MESSAGE))
    (maildir.folder / "new" / draft.path.name).write_bytes(b"other")
    name = maildir.publish(draft)

    assert len(maildir.scan()) == 2
    assert maildir.scan()[name].read_bytes() == MESSAGE.whole()
    assert left(maildir)[0] == []


def test_names_that_are_taken(tmp_path):
    """A name that is taken, in tmp/ or in new/, is passed over; nothing is overwritten."""  # T027
    names = iter(["a", "a", "b", "a", "b", "c"])
    maildir = Maildir(tmp_path, lambda: next(names))
    maildir.prepare(0.0)
    first = put(maildir)
    (tmp_path / "tmp" / "a").write_bytes(b"of somebody else")
    second = put(maildir, Content(b"second"))
    (tmp_path / "tmp" / "a").unlink()
    third = put(maildir, Content(b"third"))

    assert (first, second, third) == ("a", "b", "c")
    assert (tmp_path / "new" / "a").read_bytes() == MESSAGE.whole()


@pytest.mark.parametrize("made", [[], ["tmp"], ["tmp", "new"], ["new", "cur"]])
def test_prepare_heals(tmp_path, made):
    """A Maildir of which a crash left only a part is made whole."""  # T004
    for name in made:
        (tmp_path / "bob" / name).mkdir(parents=True)
    maildir = Maildir(tmp_path / "bob", lambda: "name")
    maildir.prepare(0.0)
    maildir.prepare(0.0)

    assert put(maildir) == "name"


def test_old_drafts_are_swept(maildir):
    """What lies in tmp/ for more than 36 hours is removed; what is younger may still be written."""
    now = 1_700_000_000.0
    for name, age in (("old", STALE + 1), ("young", STALE - 1)):
        path = maildir.folder / "tmp" / name
        path.write_bytes(b"x")
        os.utime(path, (now - age, now - age))
    maildir.prepare(now)

    assert left(maildir)[0] == ["young"]


def test_scan_ignores_what_is_no_message(maildir):
    """Folders, links, pipes and hidden files are no messages; flags are not part of a name."""  # T015
    name = put(maildir)
    new, cur = maildir.folder / "new", maildir.folder / "cur"
    (new / "folder").mkdir()
    (new / "link").symlink_to("/etc/passwd")
    os.mkfifo(new / "pipe")
    (new / ".hidden").write_bytes(b"x")
    (cur / "1600000000.other.host:2,FS").write_bytes(b"x")

    assert sorted(maildir.scan()) == ["1600000000.other.host", name]


def test_find_follows_a_mail_reader(maildir):
    """A message that a mail reader moved to cur/ and flagged is found again; one that is gone is not."""
    name = put(maildir)
    last = maildir.scan()[name]
    moved = maildir.folder / "cur" / f"{name}:2,RS"
    last.rename(moved)

    assert maildir.find(name, last) == moved
    maildir.remove(name, last)
    assert maildir.scan() == {}
    maildir.remove(name, last)  # T183: no fault
    with pytest.raises(FileNotFoundError):
        maildir.find(name, last)


def test_what_cannot_be_removed(maildir, monkeypatch):
    """A message that the system does not let go is reported, and stays."""
    name = put(maildir)
    monkeypatch.setattr(os, "unlink", lambda *_, **__: (_ for _ in ()).throw(PermissionError()))

    with pytest.raises(PermissionError):
        maildir.remove(name, maildir.scan()[name])
    assert name in maildir.scan()


def test_one_reader_at_a_time(maildir):
    """The lock belongs to a descriptor: the second is refused until the first is closed."""  # T181
    lock = maildir.lock()
    with pytest.raises(BlockingIOError):
        maildir.lock()
    os.close(lock)
    os.close(maildir.lock())


def test_a_folder_that_cannot_be_synced(maildir, monkeypatch):
    """A file system that cannot sync folders is borne; any other error is not."""  # T046
    codes = iter([errno.EINVAL, errno.EIO])

    def failing(_):
        code = next(codes)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", failing)
    maildir.sync()
    with pytest.raises(OSError, match="output error"):
        maildir.sync()


def test_a_large_message_in_a_file(maildir, tmp_path):
    """A message in a file is copied with what was put before it, from its offset on."""
    file = tmp_path / "spool"
    file.write_bytes(b"---" + b"0123456789\r\n" * 20_000)
    content = Content(b"", file, 3, 240_000).prefixed(b"Received: x\r\n")
    draft = maildir.seal(maildir.write(content))

    assert (draft.measured.octets, draft.measured.stored) == (240_013, 240_013)
    assert draft.path.read_bytes() == b"Received: x\r\n" + b"0123456789\r\n" * 20_000


@pytest.mark.parametrize(("octets", "expected"), [(b"a\nb\n", (6, 4)), (b"a\r\nb", (6, 4)), (b"", (0, 0))])
def test_measure(tmp_path, octets, expected):
    """A foreign file is measured as a reader will have it, and as it is."""
    path = tmp_path / "message"
    path.write_bytes(octets)

    measured, _ = measure(path)
    assert (measured.octets, measured.stored) == expected


@pytest.mark.parametrize("name", ["x" * 71, "caf\udce9", "a b", "", "ĩ", "x\x7f"])
def test_uidl_of_odd_names(name):
    """Any base name has a UIDL of 1 to 70 printable characters, always the same."""  # T186
    assert uidl(name) == uidl(name)
    assert 1 <= len(uidl(name)) <= 70
    assert all("\x21" <= c <= "\x7e" for c in uidl(name))


def test_places(maildir):
    """Every message is found by its base name, as it is called now."""
    name = put(maildir)
    (maildir.folder / "cur" / "9.theirs:2,FS").write_bytes(b"x")

    assert maildir.places() == {name: f"new/{name}", "9.theirs": "cur/9.theirs:2,FS"}
    assert maildir.flag(f"new/{name}", ["\\Seen", "work"]) == f"cur/{name}:2,S"
    assert maildir.flag("cur/9.theirs:2,FS", []) == "cur/9.theirs:2,"
    assert maildir.places() == {name: f"cur/{name}:2,S", "9.theirs": "cur/9.theirs:2,"}
    with pytest.raises(FileNotFoundError):
        maildir.flag(f"new/{name}", [])
    maildir.unlink("cur/9.theirs:2,")
    assert [*maildir.places()] == [name]


@pytest.mark.parametrize("links", [True, False])
def test_a_copy(maildir, tmp_path, monkeypatch, links):
    """A copy is another name for the same file; where there are no links it is written, with the date of the first."""
    other = Maildir(tmp_path / "other", lambda: "copy")
    other.prepare(0.0)
    name = maildir.publish(maildir.seal(maildir.write(MESSAGE, 1e9)))
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links here")))

    assert maildir.link(f"new/{name}", other, frozenset({"\\Seen"})) == "copy"
    path = other.folder / "cur" / "copy:2,S"
    assert path.read_bytes() == MESSAGE.whole()
    assert path.stat().st_mtime == 1e9
    assert path.samefile(maildir.folder / "new" / name) is links


def test_a_name_that_is_taken_by_a_copy(maildir, tmp_path):
    """Nothing is overwritten."""
    names = iter(["a", "b"])
    other = Maildir(tmp_path / "other", lambda: next(names))
    other.prepare(0.0)
    (other.folder / "new" / "a").write_bytes(b"theirs")

    assert maildir.link(f"new/{put(maildir)}", other) == "b"
    assert (other.folder / "new" / "a").read_bytes() == b"theirs"


def test_a_stamp(maildir):
    """It changes when a name comes or goes."""
    os.utime(maildir.folder / "new", (1.0, 1.0))
    before = maildir.stamp()
    put(maildir)

    assert maildir.stamp() != before


@pytest.mark.parametrize("most", [0, 5, 20, 21, 22, 100])
def test_reading_no_more_than_so_much(maildir, most):
    """A file that is longer than it should be is seen to be so, and not read to its end."""
    name = put(maildir)

    assert maildir.read(f"new/{name}", most) == MESSAGE.whole()[: most + 1]
    assert measure(maildir.path(f"new/{name}"))[0].stored == 22


def test_a_link_is_not_followed(maildir):
    """What became a link since it was listed is no message."""
    (maildir.folder / "new" / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match=r".*"):
        maildir.read("new/link", 100)
    with pytest.raises(OSError, match=r".*"):
        measure(maildir.path("new/link"))
