"""Where a password comes from."""

import argparse
import getpass
import sys

import pytest

from maillab.cli.composing import MessageError
from maillab.cli.secret import VARIABLE, add_password_options, password
from tests.cli.calling import call


def options(*argv: str) -> argparse.Namespace:
    """These options, parsed."""
    parser = argparse.ArgumentParser()
    add_password_options(parser)
    return parser.parse_args(argv)


def test_where_it_comes_from(tmp_path, monkeypatch):
    """Kind: a secret on a command line. File and prompt and environment keep it out; what is said wins over both."""
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "p").write_bytes("mật khẩu\r\nnot this".encode())
    assert password(options(), "alice") is None
    assert password(options("--password", "x"), "alice") == "x"
    assert password(options("--password-file", str(tmp_path / "p")), "alice", "known") == "mật khẩu"
    monkeypatch.setenv(VARIABLE, "y")
    assert [password(options(*argv), "alice", known) for argv, known in (
        ((), None), ((), "known"), (("--password", "x"), "known")
    )] == ["y", "known", "x"]  # fmt: skip


def test_it_is_asked_for(monkeypatch):
    """`--password` alone asks at the terminal; where there is none, other ways are named."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: prompt)
    assert password(options("--password"), "al\x1bice") == "password of al␛ice: "
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(MessageError, match=f"--password-file FILE, or set {VARIABLE}"):
        password(options("--password"), "alice")


@pytest.mark.parametrize(("octets", "said"), [(b"x" * 1025, "longer than 1024 bytes"), (b"\xff\n", "not UTF-8")])
def test_what_is_no_password(octets, said, tmp_path):
    """A file that holds none is named."""
    (tmp_path / "p").write_bytes(octets)
    with pytest.raises(MessageError, match=said):
        password(options("--password-file", str(tmp_path / "p")), "alice")
    with pytest.raises(MessageError, match="do not go together"):
        password(options("--password-file", "p", "--password", "x"), "alice")


def test_a_message_with_it(tmp_path, capsys):
    """`send` logs in with what the file says, and says what is wrong with a file that is not there."""
    send = ["send", "--to", "bob@recipient.test", "--body", "x", "--user", "alice@sender.test"]
    (tmp_path / "p").write_text("wrong\n")
    assert call(*send, "--password-file", str(tmp_path / "p")) == 28
    assert call(*send, "--password-file", "/no/such/file") == 2
    assert "cannot read /no/such/file: No such file" in capsys.readouterr().err
