"""The sessions that the window has saved, on the command line."""

import os

from maillab.cli import saved_sessions
from maillab.cli.main import run
from maillab.cli.piped import session_path
from tests.house import ROOT

BOUNCE = (ROOT / "examples" / "sessions" / "bounce.maillab").read_bytes()


def kept(tmp_path, monkeypatch, *names):
    """A lab with these sessions, the last one the newest."""
    monkeypatch.setenv("MAILLAB_LAB", str(tmp_path))
    folder = tmp_path / "sessions"
    folder.mkdir()
    for age, name in enumerate(reversed(names)):
        path = folder / name
        path.write_bytes(BOUNCE)
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return folder


def test_by_its_name(tmp_path, monkeypatch):
    """With its ending or without, or by a part of it: then the newest. A file that is there comes first."""
    folder = kept(tmp_path, monkeypatch, "2026 Hello.maillab", "2026 hello again.maillab", "x.maillab")
    assert (
        saved_sessions.named("2026 Hello")
        == saved_sessions.named("2026 Hello.maillab")
        == folder / "2026 Hello.maillab"
    )
    assert saved_sessions.named("hello") == folder / "2026 hello again.maillab"
    assert saved_sessions.named("none") is None
    with session_path("x") as path:
        assert path == folder / "x.maillab"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_bytes(BOUNCE)
    with session_path("x") as path:
        assert path.resolve() == tmp_path / "x"


def test_they_are_listed(tmp_path, monkeypatch, capsys):
    """Where no file is named, and where one is that is not there it is said how."""
    folder = kept(tmp_path, monkeypatch, "older.maillab", "newer.maillab")
    assert run(["replay"]) == 0
    head, *names = capsys.readouterr().out.splitlines()
    assert str(folder) in head
    assert names == ["  newer", "  older"]
    assert run(["replay", "nothing"]) == 2
    assert "maillab replay" in capsys.readouterr().err
    assert run(["replay", "older", "--print", "--speed", "0"]) == 0
    assert "MAIL FROM" in capsys.readouterr().out
