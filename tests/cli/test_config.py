"""`maillab config`."""

import json
import subprocess
import sys

from maillab.cli.main import run
from maillab.config import default
from maillab.config_file import read
from tests.house import ROOT


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


def test_keys_of_the_window(tmp_path, capsys):
    """Kind: a value that one reader takes and the next one dies of. Keys are tried with the window's own reader."""
    (tmp_path / "x.toml").write_text("[keys]\nsned = 'f2'")
    assert run(["config", "--config", str(tmp_path / "x.toml")]) == 2
    assert "x.toml: `keys`: " in capsys.readouterr().err


def test_a_configuration_that_comes_through_a_pipe():
    """A file that is no plain one is read to its end, and within bounds."""
    shell = f"{sys.executable} -m maillab config --json --config <(echo 'dns_port = 1054')"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    assert json.loads(done.stdout)["config"]["dns_port"] == 1054
    endless = f"{sys.executable} -m maillab config --config /dev/zero"
    done = subprocess.run(["bash", "-c", endless], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        "maillab: /dev/zero: larger than 65536 bytes: this is not a configuration\n",
    )
