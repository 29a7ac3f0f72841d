"""What a running lab tells other processes through its folder."""

import os
import stat

import msgspec
import pytest

from maillab.config import default
from maillab.endpoints import HOST, Account, Endpoint
from maillab.folder import NOTICE, LabFolder
from maillab.notice import Notice, NoticeError, post, running, take_down

DOOR = Endpoint("sender.test", "smtp", HOST, 40025, "none", False, "for servers")


def notice(folder, pid=None):
    """A notice of a lab with one door."""
    accounts = (Account("alice@sender.test", "alice"),)
    return Notice(os.getpid() if pid is None else pid, str(folder), (DOOR,), accounts, default())


def test_who_asks_is_told(tmp_path):
    """While a lab lives in the folder its doors, accounts and configuration are read as they were posted."""
    assert running(tmp_path / "none") is None
    with LabFolder(tmp_path):
        post(notice(tmp_path), tmp_path)
        there = running(tmp_path)
        assert there == notice(tmp_path)
        assert there.endpoint("sender.test", "smtp").port == 40025
        assert there.authority == tmp_path / "ca" / "ca.pem"
        with pytest.raises(LookupError):
            there.endpoint("sender.test", "pop3")
        take_down(tmp_path)
        take_down(tmp_path)
    assert running(tmp_path) is None


def test_a_notice_is_private_and_whole(tmp_path):
    """It holds passwords: mode 0600; a newer one takes its place in one moment, and nothing is left beside it."""
    (tmp_path / f".{NOTICE}.part").write_text("half a notice of a killed lab")
    post(notice(tmp_path), tmp_path)
    post(notice(tmp_path, 7), tmp_path)
    assert stat.S_IMODE((tmp_path / NOTICE).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [NOTICE]


def test_the_lock_says_whether_it_lives(tmp_path):
    """Kind: a file taken for a living process. A killed lab leaves its notice, and nobody believes it."""
    tmp_path.joinpath("lock").write_text("1\n")
    post(notice(tmp_path), tmp_path)
    assert running(tmp_path) is None
    with LabFolder(tmp_path):  # the next lab, before its doors are open
        assert not (tmp_path / NOTICE).exists()
        with pytest.raises(NoticeError, match="not opened its ports yet"):
            running(tmp_path)
        post(notice(tmp_path, os.getpid() + 1), tmp_path)  # of somebody else
        with pytest.raises(NoticeError, match=f"process {os.getpid()}"):
            running(tmp_path)


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b"{}", b'{"pid": "x"}', b"\xff" * 9])
def test_a_notice_of_another_version(octets, tmp_path):
    """Kind: a file of the lab folder that cannot be read. It is said in a sentence, never by a traceback."""
    with LabFolder(tmp_path):
        (tmp_path / NOTICE).write_bytes(octets)
        with pytest.raises(NoticeError, match=r"another version of maillab wrote running\.json"):
            running(tmp_path)


def test_a_notice_that_is_a_link(tmp_path):
    """A symbolic link in its place is not followed, neither to read nor to write."""
    victim = tmp_path / "victim"
    victim.write_bytes(msgspec.json.encode(notice(tmp_path)))
    before = victim.read_bytes()
    lab = tmp_path / "lab"
    with LabFolder(lab):
        (lab / NOTICE).symlink_to(victim)
        with pytest.raises(NoticeError):
            running(lab)
        post(notice(lab), lab)
        assert running(lab) == notice(lab)
    assert victim.read_bytes() == before
