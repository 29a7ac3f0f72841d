"""`maillab doctor` looks at everything, and its exit code says whether something fails."""

import json
from pathlib import Path

import pytest

from maillab.cli import checks
from tests.cli.calling import call


def test_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line begins with its verdict; nothing fails here, and nothing is made."""
    assert call("doctor", "--lab", str(tmp_path / "lab"), "--ports", "auto") == 0
    out, err = capsys.readouterr()
    assert {line[:6] for line in out.splitlines()} <= {"ok    ", "warn  "}
    assert "lab folder" in out
    assert ("\x1b" in out, err, list(tmp_path.iterdir())) == (False, "", [])


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout is one array."""
    assert call("doctor", "--lab", str(tmp_path), "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row.keys() == {"verdict", "what", "todo"} for row in rows)
    assert any("1025" in row["what"] for row in rows)


def test_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration that cannot be read fails, and the rest is looked at all the same."""
    (tmp_path / "lab.toml").write_text('strictnes = "strict"')
    assert call("doctor", "--lab", str(tmp_path)) == 1
    out = capsys.readouterr().out
    assert "fail  configuration:" in out
    assert "did you mean" in out
    assert "synced" in out


def test_missing_library(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A library that is missing is named with the command that brings it."""
    monkeypatch.setitem(checks.LIBRARIES, "no-such-library", ("1", ""))
    monkeypatch.setattr(checks.metadata, "version", checks.metadata.version)
    assert call("doctor", "--ephemeral") == 1
    assert (
        "fail  library no-such-library is missing  (python -m pip install 'no-such-library>=1')"
        in capsys.readouterr().out
    )
