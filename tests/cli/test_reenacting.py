"""Doing a session again, from the command line."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from maillab.cli import reenacting, replay
from maillab.recording.session import Header, Session, save
from maillab.testing import RunningLab
from tests.cli.calling import call
from tests.recording.told import record, told

QUIT = "S: 220 mx\nC: QUIT\nS: 221 2.0.0 bye"


def options(*argv):
    """The arguments of `maillab replay`."""
    parser = ArgumentParser()
    replay.add(parser.add_subparsers())
    return parser.parse_args(["replay", "x", *argv])


@pytest.fixture
def against(tmp_path):
    """Runs `maillab replay FILE --timeout 5 ...` on a file with these entries."""

    def do(entries, *argv):
        save(Session(Header("x"), tuple(entries)), path := Path(tmp_path / "s.maillab"))
        return call("replay", str(path), "--timeout", "5", *argv)

    return do


def test_the_same_and_a_difference(against, capsys):
    """The same exchanges exit 0, a login that is left out exits 1 and is shown."""
    with RunningLab() as lab:
        where = f"127.0.0.1:{lab.endpoint('sender.test', 'submission').port}"
        assert against(told("seven-steps"), "--against", where, "--password", "alice") == 0
        assert capsys.readouterr().out == "no difference in 10 exchanges\n"
        assert against(told("seven-steps"), "--against", where) == 1
        printed = capsys.readouterr()
    assert "- C: AUTH SCRAM-SHA-256" in printed.out
    assert "nobody gave a password" in printed.err


def test_the_file_does_not_choose_the_server(against, capsys):
    """Whatever server the file names, only the typed one is asked (T306)."""
    assert against(record(QUIT, server="mail.bank.test:25"), "--against", "127.0.0.1:1") == 3
    assert "bank" not in capsys.readouterr().err


@pytest.mark.parametrize("where", ["mail.bank.example.com:25", "192.0.2.1:25", "127.0.0.1", "[::1]", "localhost:0"])
def test_elsewhere(against, where, capsys):
    """A server that is not this computer, and what is no server, are refused before any socket (T305)."""
    assert against(record(QUIT), "--against", where) == 2
    assert "maillab:" in capsys.readouterr().err


def test_no_such_talk(against, capsys):
    """A talk that is not there is wrong usage, and so is a session of look-ups only."""
    assert against(record(QUIT), "--against", "127.0.0.1:1", "--talk", "relay-7") == 2
    assert against([], "--against", "127.0.0.1:1") == 2
    assert against([], "--as-server", "0") == 2
    assert "conversation" in capsys.readouterr().err


def test_a_certificate_that_is_none(against, tmp_path):
    """A file named by --ca must be there."""
    assert against(record(QUIT), "--against", "127.0.0.1:1", "--ca", str(tmp_path / "none")) == 2


def test_asking(monkeypatch):
    """The password is asked for once for each user, on the terminal only; --user and --password come first."""
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or "typed")
    ask = reenacting._asker(options())
    assert [ask("bob"), ask("bob")] == [("bob", "typed")] * 2
    assert asked == ["password of bob: "]
    assert reenacting._asker(options("--user", "eve", "--password", "x"))("bob") == ("eve", "x")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert reenacting._asker(options())("bob") is None


@pytest.mark.parametrize(
    ("server", "right"),
    [
        ("mx.recipient.test", True),
        ("a", True),
        ("*.test", False),
        ("", False),
        ("a..b", False),
        ("x" * 64, False),
        ("ü.test", False),
    ],
)
def test_names_of_certificates(server, right):
    """A certificate is made out to a host name, whatever a file calls its server."""
    assert reenacting._is_name(server) is right
