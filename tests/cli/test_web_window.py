"""`maillab --web`."""

import socket
import subprocess
import sys

import pytest

from maillab.cli.main import run
from maillab.cli.window import without_web
from tests.cli.calling import call
from tests.serving import environment
from tests.support import need


@pytest.mark.parametrize(
    ("argv", "left"),
    [
        (["--web"], []),
        (["--web", "0", "--ephemeral"], ["--ephemeral"]),
        (["--ephemeral", "--web", "--http", "9000"], ["--ephemeral", "--http", "9000"]),
        (
            ["--web=1", "--listen=::", "--http-token=" + "x" * 20, "--rule", "at rcpt answer 451"],
            ["--rule", "at rcpt answer 451"],
        ),
        (["--lab", "a b; touch x", "--web"], ["--lab", "a b; touch x"]),
        (["--we", "0"], None),
        (["--web", "--liste", "::"], None),
    ],
)
def test_the_same_window_without_the_browser(argv, left):
    """T294: its arguments are kept word for word; one that would be served again and again is refused."""
    assert without_web(argv) == left


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--web", "-1"], "a port is expected"),
        (["--we", "0"], "in full"),
        (["--listen", "0.0.0.0"], "for --web here"),
        (["--http-token", "correct-horse-battery"], "for --web here"),
        (["--web", "0", "--listen", "example.net"], "an IP address is expected"),
    ],
)
def test_what_makes_no_sense(argv, said, capsys, monkeypatch):
    """It is said, and no terminal is needed to hear it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert call(*argv) == 2
    assert said in capsys.readouterr().err


def test_without_the_files_for_it(capsys, monkeypatch):
    """What to install is said."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run(["--web"]) == 2
    assert "pip install 'maillab[terminal-web]'" in capsys.readouterr().err


def test_a_token_that_is_none(capsys, monkeypatch):
    """One of the environment is looked at as one of the command line."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setenv("MAILLAB_HTTP_TOKEN", "swordfish")
    assert run(["--web", "0"]) == 2
    said = capsys.readouterr().err
    assert "16 or more" in said
    assert "swordfish" not in said


def test_a_busy_port(capsys, monkeypatch):
    """It is named as any other."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["--web", str(taken.getsockname()[1])]) == 3
        assert f"port {taken.getsockname()[1]} for http" in capsys.readouterr().err


def test_a_token_of_ones_own():
    """It is read from the environment, too, and never repeated; SIGTERM ends the door, also where nobody has come."""
    need("textual-serve")
    command = [sys.executable, "-m", "maillab", "--web", "0", "--ephemeral"]
    variables = environment() | {"MAILLAB_HTTP_TOKEN": "correct-horse-battery"}
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True) as serving:
        said = serving.stderr.readline()
        serving.terminate()
        said += serving.stderr.read()
        assert serving.wait(20) == 0
    assert "the window is shown at http://127.0.0.1:" in said
    assert "horse" not in said
