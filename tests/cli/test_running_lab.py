"""The lab that another process runs is found by its folder."""

import argparse
import os
from pathlib import Path

import pytest

from maillab.cli.running_lab import door_of, find_running_lab, silent
from maillab.cli.target import TargetError
from maillab.config import default
from maillab.endpoints import HOST, Endpoint
from maillab.folder import LabFolder
from maillab.notice import Notice, post

DOOR = Endpoint("recipient.test", "pop3", HOST, 40110, "none", True, "people fetch messages")


def test_neighbour(tmp_path: Path) -> None:
    """`--lab` names the folder; a temporary lab has no neighbour, nor has a folder in which nobody lives."""
    lab = Notice(os.getpid(), str(tmp_path), (DOOR,), (), default())
    args = argparse.Namespace(lab=str(tmp_path), ephemeral=False)
    assert find_running_lab(args) is None
    with LabFolder(tmp_path):
        post(lab, tmp_path)
        assert find_running_lab(args) == lab
        assert find_running_lab(argparse.Namespace(lab=str(tmp_path), ephemeral=True)) is None


def test_doors(tmp_path: Path) -> None:
    """A door that there is not is named with those that are; where nobody answers, a way out is named."""
    lab = Notice(42, str(tmp_path), (DOOR,), (), default())
    assert door_of(lab, "recipient.test", "pop3") == DOOR
    with pytest.raises(TargetError, match=r"no smtp at recipient\.test\n  its services there are: pop3"):
        door_of(lab, "recipient.test", "smtp")
    with pytest.raises(TargetError, match="its services there are: none"):
        door_of(lab, "elsewhere.test", "smtp")
    said = silent(lab, DOOR)
    assert [word in said for word in ("process 42", "port 40110", "--ephemeral")] == [True] * 3
