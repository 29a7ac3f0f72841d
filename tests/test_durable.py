"""What was promised is on the disk, or nothing was promised."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from maillab import durable
from maillab.durable import replace


@pytest.fixture(autouse=True)
def no_other_lab(monkeypatch):
    """Labs of other tests may still live in this process; here none does."""
    monkeypatch.setattr(durable, "_labs", {True: 0, False: 0})


@pytest.fixture
def order(monkeypatch):
    """The names of the calls to the system, in their order."""
    done = []

    def watched(name, operation):
        def call(*args, **kwargs):
            folder = name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode)
            done.append("sync folder" if folder else name)
            return operation(*args, **kwargs)

        return call

    for name in ("write", "fsync", "replace"):
        monkeypatch.setattr(os, name, watched(name, getattr(os, name)))
    return done


def test_replace(tmp_path, order):
    """The new octets are synced, then take the place of the old ones, then the folder is synced; only we can read."""  # T001
    path = tmp_path / "draft"
    path.write_text("old")
    durable.replace(path, b"new")

    assert order == ["write", "fsync", "replace", "sync folder"]
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["draft"]


def test_labs_of_tests_do_not_wait(tmp_path, order):
    """Nothing waits for the disk while only labs run that need not keep their promises; one that keeps them suffices."""
    with durable.promising(False):
        assert not durable.waits_for_disk()
        durable.replace(tmp_path / "draft", b"new")
        assert order == ["write", "replace"]
        with durable.promising(True), durable.promising(False):
            durable.replace(tmp_path / "draft", b"newer")
            assert order[2:] == ["write", "fsync", "replace", "sync folder"]
        assert not durable.waits_for_disk()
    assert durable.waits_for_disk()


@pytest.mark.parametrize("operation", ["write", "fsync", "close", "replace", "open"])
def test_replace_that_fails(tmp_path, monkeypatch, operation):
    """Wherever it fails, the old octets stay and no other file does."""  # T006, T032
    path = tmp_path / "draft"
    path.write_text("old")
    real = getattr(os, operation)

    def failing(*args, **kwargs):
        if operation == "close":
            real(*args)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, failing)
        with pytest.raises(OSError, match="No space"):
            durable.replace(path, b"new")

    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["draft"]


def test_new_files_are_new(tmp_path):
    """Neither a file nor a link that is there already is written to."""
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            durable.write_new(tmp_path / name, b"new")
    assert (tmp_path / "there").read_text() == "old"
    assert not (tmp_path / "elsewhere").exists()


def test_short_writes(tmp_path, monkeypatch):
    """The kernel takes what it likes; all of it gets there."""  # T008
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, octets: write(handle, octets[:3]))
    durable.write_new(tmp_path / "x", b"twelve bytes")
    assert (tmp_path / "x").read_bytes() == b"twelve bytes"


def test_folders_that_cannot_be_synced(tmp_path, monkeypatch):
    """A file system that knows no sync of folders is let be; other trouble is told."""  # T046
    for code, expected in ((errno.EINVAL, None), (errno.EIO, OSError)):

        def refuse(_, code=code):
            raise OSError(code, "no")

        monkeypatch.setattr(os, "fsync", refuse)
        if expected:
            with pytest.raises(expected):
                durable.sync_folder(tmp_path)
        else:
            durable.sync_folder(tmp_path)


def test_two_at_once(tmp_path):
    """Whoever comes last has the file, and each of them writes all of it or nothing."""
    path, failed = tmp_path / "f", []
    contents = [bytes([message]) * 100_000 for message in b"ab"]

    def save(octets):
        try:
            for _ in range(20):
                replace(path, octets)
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=(octets,)) for octets in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_folders_are_private_and_durable(tmp_path, monkeypatch):
    """Every folder that is made is ours alone under any umask, and its name is synced before anything is put into it."""
    synced = []
    real = durable.sync_folder
    monkeypatch.setattr(durable, "sync_folder", lambda folder: (synced.append(folder.name), real(folder)))
    for mask in (0o000, 0o277):
        before = os.umask(mask)
        try:
            durable.make_folder(tmp_path / f"{mask}" / "b" / "c")
        finally:
            os.umask(before)
        made = [path for path in (tmp_path / f"{mask}", *(tmp_path / f"{mask}").rglob("*"))]
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
        assert synced == [tmp_path.name, f"{mask}", "b"]
        synced.clear()


def test_a_folder_that_somebody_else_makes_meanwhile(tmp_path, monkeypatch):
    """Two processes of one lab begin at once: the second finds the folder there. A file in its place is still wrong."""
    real = Path.mkdir

    def late(folder, *given, **options):
        real(folder, *given, **options)
        real(folder, *given, **options)

    monkeypatch.setattr(Path, "mkdir", late)
    durable.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()

    def a_file(folder, **options):
        folder.write_bytes(b"")
        real(folder, **options)

    monkeypatch.setattr(Path, "mkdir", a_file)
    with pytest.raises(FileExistsError):
        durable.make_folder(tmp_path / "c")


def test_own_folders(tmp_path, monkeypatch):
    """What is in the way of a folder of ours is set aside, over nothing; a folder that is there has its name synced."""
    for text in ("one", "two"):
        (tmp_path / "queue").write_text(text)
        aside = durable.own_folder(tmp_path / "queue" / "spool")
        assert aside.read_text() == text
        (tmp_path / "queue" / "spool").rmdir()
        (tmp_path / "queue").rmdir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["queue.bad", "queue.bad-2"]
    synced = []
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    (tmp_path / "there").mkdir()
    assert durable.own_folder(tmp_path / "there") is None
    assert synced == [tmp_path]
