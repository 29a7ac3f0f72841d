"""A text in somebody's own editor."""

import asyncio
import stat

import pytest

from maillab.tui.commands.editing import EditorError, edited
from tests.tui.fake_ui import context


def editor(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_what_somebody_makes_of_it(tmp_path, monkeypatch):
    """The file has the name that was given; an editor that knows lines is told one."""
    at, log = context(tmp_path), tmp_path / "log"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor(tmp_path, "nano", f'echo "$1 $2" > {log}; echo more >> "$2"'))
    assert asyncio.run(edited(at, "text\n", "a.zone", 12)) == "text\nmore\n"
    assert log.read_text().startswith("+12 ")
    assert "a.zone" in log.read_text()
    monkeypatch.setenv("EDITOR", editor(tmp_path, "other", f'echo "$1" > {log}'))
    asyncio.run(edited(at, "text", "a.zone", 12))
    assert not log.read_text().startswith("+")


def test_how_vi_is_left(tmp_path, monkeypatch):
    """It is said where a comment can stand, below the line that somebody comes back to; it does not come back itself."""
    at, log = context(tmp_path), tmp_path / "log"
    monkeypatch.delenv("VISUAL", raising=False)
    for name, line, there in (("vi", 0, 0), ("vi", 2, 2), ("vi", 9, 3), ("nano", 0, None), ("nano", 2, None)):
        script = f'for file; do :; done; cat "$file" > {log}; echo more >> "$file"'
        monkeypatch.setenv("EDITOR", editor(tmp_path, name, script))
        assert asyncio.run(edited(at, "a\nb\nc\n", "a.zone", line, comment=";")) == "a\nb\nc\nmore\n"
        said = [number for number, row in enumerate(log.read_text().split("\n")) if row.startswith("; Esc :wq Enter")]
        assert said == ([] if there is None else [there])


@pytest.mark.parametrize("words", ["/nowhere/vi", "'", "false"])
def test_an_editor_that_fails(tmp_path, monkeypatch, words):
    """One that is not there, cannot be read, or ends with an error."""
    monkeypatch.setenv("VISUAL", words)
    with pytest.raises(EditorError) as failed:
        asyncio.run(edited(context(tmp_path), "text", "a.txt"))
    assert failed.value.editor == words
    assert failed.value.why
