"""`maillab config`."""

import json

from maillab.cli.main import run
from maillab.config import default, read


def test_what_is_printed_is_a_configuration(tmp_path, capsys, monkeypatch):
    """The configuration in force is printed as TOML that reads the same, with where it came from."""
    monkeypatch.chdir(tmp_path)
    assert run(["config", "--lab", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# from: the default lab")
    assert read(said.encode(), "x") == default()


def test_as_json(tmp_path, capsys, monkeypatch):
    """As JSON with its source."""
    (tmp_path / "maillab.toml").write_text('strictness = "strict"')
    monkeypatch.chdir(tmp_path)
    assert run(["config", "--ephemeral", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["source"], found["config"]["strictness"]) == ("maillab.toml", "strict")


def test_a_wrong_file_is_exit_2(tmp_path, capsys):
    """A mistake is named with file and nearest key, exit code 2, no traceback."""
    (tmp_path / "bad.toml").write_text("sitse = 1")
    assert run(["config", "--config", str(tmp_path / "bad.toml")]) == 2
    said = capsys.readouterr()
    assert "did you mean `sites`?" in said.err
    assert said.out == ""
    assert run(["config", "--config", str(tmp_path / "missing.toml")]) == 2
