"""A lab folder tells who lives in it."""

import os
from pathlib import Path

import pytest

from maillab.cli.neighbour import Neighbour, holder
from maillab.config import default
from maillab.folder import Folder


def test_holder(tmp_path: Path) -> None:
    """The process that holds the folder is named while it does, and asking changes nothing."""
    assert holder(tmp_path / "none") is None
    assert holder(tmp_path) is None
    with Folder(tmp_path):
        assert holder(tmp_path) == os.getpid()
        assert holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None


def test_doors(tmp_path: Path) -> None:
    """The doors of a running lab are those of its configuration; where nobody answers, a way out is named."""
    there = Neighbour(42, tmp_path, default())
    assert there.port("recipient.test", "pop3") == 2110
    assert there.authority == tmp_path / "ca" / "ca.pem"
    with pytest.raises(LookupError):
        there.port("elsewhere.test", "pop3")
    assert "process 42" in there.silent(2110, "maillab talk pop3")
    assert "--ephemeral" in there.silent(2110, "maillab talk pop3")
