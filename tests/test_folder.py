"""The lab folder."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from maillab.folder import FolderError, LabFolder, default_folder, holder, path_of


def test_nobody_is_at_home(monkeypatch):
    """Kind: a home folder taken for granted. Without HOME the system is asked; where it knows none, that is said."""
    monkeypatch.delenv("HOME", raising=False)
    assert default_folder({}).is_absolute()
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as it does for a user without a name
    with pytest.raises(FolderError, match=r"--lab DIR, or --ephemeral, or set HOME"):
        default_folder({})
    assert default_folder({"XDG_DATA_HOME": "/data"}).parts[:2] == ("/", "data")
    assert path_of("~/message.eml").parts == ("~", "message.eml")


def test_holder(tmp_path):
    """The process that holds the folder is named while it does, and asking changes nothing."""
    assert holder(tmp_path / "none") is None
    assert holder(tmp_path) is None
    with LabFolder(tmp_path):
        assert holder(tmp_path) == os.getpid()
        assert holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None


def test_who_asks_shuts_nobody_out(tmp_path):
    """A lab moves in although somebody asks, again and again, who lives there."""
    tmp_path.joinpath("lock").touch()
    over = threading.Event()

    def ask():
        while not over.is_set():
            holder(tmp_path)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(30):
            with LabFolder(tmp_path):
                pass
    finally:
        over.set()
        for asker in askers:
            asker.join()


def test_a_folder_is_private_and_clean(tmp_path):
    """Folders are 0700, the lock 0600, and what a crashed run left in spool is gone."""
    (tmp_path / "lab/spool").mkdir(parents=True)
    (tmp_path / "lab/spool/incoming-x").write_text("half a message")
    with LabFolder(tmp_path / "lab") as folder:
        assert (folder.path / "spool").stat().st_mode & 0o777 == 0o700
        assert (folder.path / "lock").stat().st_mode & 0o777 == 0o600
        assert list((folder.path / "spool").iterdir()) == []


def test_a_temporary_folder_goes_with_its_lab():
    """Without a path the folder is temporary."""
    with LabFolder(None) as folder:
        assert folder.path.is_dir()
    assert not folder.path.exists()


def test_one_process_lives_in_a_folder(tmp_path):
    """A second lab is refused and told the first's process; after it has left there is room again (T039)."""
    with LabFolder(tmp_path), pytest.raises(FolderError, match=rf"process {os.getpid()}"), LabFolder(tmp_path):
        pass
    with LabFolder(tmp_path):
        pass


def test_a_killed_lab_leaves_no_lock(tmp_path):
    """kill -9 frees the folder (T040)."""
    code = f"from maillab.folder import LabFolder; import pathlib, time\nLabFolder(pathlib.Path({str(tmp_path)!r})).__enter__()\nprint('in', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(FolderError), LabFolder(tmp_path):
            pass
        process.send_signal(signal.SIGKILL)
    with LabFolder(tmp_path):
        pass


def test_a_lock_that_is_a_link_is_refused(tmp_path):
    """The lock is never followed through a symbolic link, and what it points at is not touched (T042)."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/lock").symlink_to(victim)
    with pytest.raises(FolderError), LabFolder(tmp_path / "lab"):
        pass
    assert victim.read_text() == "precious"


def test_a_folder_that_cannot_be_is_explained(tmp_path):
    """Where a file is in the way, the error says which folder and what to do (T037)."""
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="--ephemeral"), LabFolder(tmp_path / "file/lab"):
        pass


def test_files_where_folders_belong(tmp_path):
    """A file or a link where a folder of the lab belongs does not keep it from starting, and is not lost."""
    (tmp_path / "spool").write_text("mine")
    (tmp_path / "record").symlink_to(tmp_path / "nowhere")
    with LabFolder(tmp_path) as folder:
        assert (folder.path / "spool").is_dir()
        assert (folder.path / "record").is_dir()
    assert (tmp_path / "spool.bad").read_text() == "mine"


def test_a_start_that_fails_lets_go(tmp_path, monkeypatch):
    """A lab that cannot be made holds no lock and leaves no temporary folder behind."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        failing = LabFolder(None)
        for folder in (LabFolder(tmp_path), failing):
            with pytest.raises(FolderError, match="No space"), folder:
                pass
    assert not failing.path.exists()
    with LabFolder(tmp_path):
        pass
