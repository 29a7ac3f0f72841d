"""Files as they are typed."""

from pathlib import Path

import pytest

from maillab.tui.paths import MOST, common, completions


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A home with a few files, in which one works."""
    for name in ("notes/May.txt", "notes/march.txt", "notes/old/x", ".hidden", "other.eml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_the_working_folder(folder):
    """Names as they are written, folders with a slash; hidden ones only where a dot was typed."""
    assert completions("") == ["notes/", "other.eml"]
    assert completions("no") == ["notes/"]
    assert completions("notes/") == ["notes/march.txt", "notes/May.txt", "notes/old/"]
    assert completions("notes/M") == ["notes/May.txt"]
    assert completions(".h") == [".hidden"]


def test_at_home_and_from_the_root(folder):
    """`~` is the home folder, and stays `~`."""
    assert completions("~/ot") == ["~/other.eml"]
    assert completions(f"{folder}/notes/o") == [f"{folder}/notes/old/"]


def test_what_is_not_there(folder):
    """Nothing, and no error."""
    assert completions("nowhere/x") == completions("other.eml/x") == completions("\0/") == []
    assert completions("zzz") == []


def test_a_large_folder(folder):
    """No more than can be looked at."""
    for number in range(MOST + 5):
        Path(f"notes/file-{number}").touch()
    assert len(completions("notes/f")) == MOST


def test_one_way():
    """As far as all of them agree."""
    assert common(["a/one", "a/only"]) == "a/on"
    assert common(["a/one"]) == "a/one"
