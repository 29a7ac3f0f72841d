"""Files that are written where a person says."""

import pytest

from maillab.tui.mail.saving import proposed, save


def test_never_over_a_file(tmp_path):
    """Where the name is taken the file gets a number, and the old one stays."""
    assert save(str(tmp_path / "a.txt"), b"1").name == "a.txt"
    assert save(str(tmp_path / "a.txt"), b"2").name == "a-1.txt"
    assert save(str(tmp_path / "a.txt"), b"3").name == "a-2.txt"
    assert (tmp_path / "a.txt").read_bytes() == b"1"


def test_not_through_a_link(tmp_path):
    """A link that somebody has put there is not followed (T253)."""
    (tmp_path / "target").write_bytes(b"precious")
    (tmp_path / "a.txt").symlink_to(tmp_path / "target")
    assert save(str(tmp_path / "a.txt"), b"x").name == "a-1.txt"
    assert (tmp_path / "target").read_bytes() == b"precious"


def test_a_folder_that_is_not_there(tmp_path):
    """It is named: the file is not what is missing."""
    with pytest.raises(FileNotFoundError, match=r"there is no such folder.*none'"):
        save(str(tmp_path / "none" / "a.txt"), b"x")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/b", ".bashrc", "-rf", "", "x\x00y", "a" * 5_000]
)
def test_a_name_that_no_stranger_can_bend(tmp_path, monkeypatch, name):
    """Whatever a stranger called a file, it is proposed in this folder, under a plain name (T253)."""
    monkeypatch.chdir(tmp_path)
    assert save(proposed(name), b"x").parent == tmp_path
