"""A talk keeps in step with its server, whatever that does."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading

import pytest

from tests.cli.calling import against, call, pipe
from tests.support import free_ports
from tests.wire.scripted import Script, server_context


def talk(
    script: Script | str,
    typed: bytes,
    patch: pytest.MonkeyPatch,
    *argv: str,
    protocol: str = "smtp",
    implicit: bool = False,
) -> int:
    """Type these lines to a server with this script; the exit code."""
    pipe(patch, typed)
    return against(script, lambda where: ["talk", protocol, where, "--no-gloss", *argv], implicit=implicit)


def test_in_step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line is sent when the answer to the one before is whole, however it is cut; octets go as they came."""
    script = "S: 220 hi\nC: EHLO x\nS| 250-a\\r\nS| \\n250-b\\r\\n25\nS| 0 c\\r\\n\nC: what\nS: 500 what\nC: QUIT\nS: 221 bye\nCLOSE"
    assert talk(script, b"EHLO x\nwhat\nQUIT\nNOOP\n", monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "S: 220 hi",
        "C: EHLO x",
        "S: 250-a",
        "S: 250-b",
        "S: 250 c",
        "C: what",
        "S: ✗ 500 what",
        "C: QUIT",
        "S: 221 bye",
        "== ended",
    ]


def test_quit_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not hang up after QUIT is left."""
    monkeypatch.setattr("maillab.cli.talk_loop.GOODBYE", 0.05)
    assert talk("S: 220 hi\nC: QUIT\nS: 221 bye", b"QUIT\n", monkeypatch) == 0


@pytest.mark.parametrize("script", ["CLOSE", "S: 220 hi\nC: NOOP\nCLOSE", "S: 220 hi\nC: NOOP\nS: 421 bye\nCLOSE"])
def test_server_hangs_up(script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that ends the talk by itself makes it 1."""
    assert talk(script, b"NOOP\nNOOP\n", monkeypatch) == 1
    assert "closed the connection" in capsys.readouterr().err


def test_end_inside_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the input ends inside the content, no dot is added and nothing is stored."""
    assert talk("S: 220 hi\nC: DATA\nS: 354 go\nC: Subject: x", b"DATA\nSubject: x\n", monkeypatch) == 0


def test_no_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that does not answer is a time-out: 4."""
    assert talk("S: 220 hi\nC: NOOP", b"NOOP\n", monkeypatch, "--timeout", "0.2") == 4
    assert "--timeout" in capsys.readouterr().err


def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A server whose line never ends is hung up on, with a sentence: 1."""
    script = f"S: 220 hi\nC: NOOP\nS| {'2' * 100_000}"
    assert talk(script, b"NOOP\nx\n", monkeypatch) == 1
    assert "a line of more than 65,536 bytes" in capsys.readouterr().err


def test_ctrl_c_is_heard_in_the_middle_of_an_answer_without_end() -> None:
    """A server that answers for ever leaves the typist in charge: Ctrl-C ends the talk at once, with 130."""

    def flood(server: socket.socket) -> None:
        line, _ = server.accept()
        with line, contextlib.suppress(OSError):
            while True:
                line.sendall(b"+OK\r\n" + b"x\r\n" * 1000 + b".\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=flood, args=[server], daemon=True).start()
        where = f"127.0.0.1:{server.getsockname()[1]}"
        command = [sys.executable, "-m", "maillab", "talk", "pop3", where, "--no-gloss"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as console:
            assert console.stdin is not None
            assert console.stdout is not None
            for _ in range(3000):
                console.stdout.readline()
            console.send_signal(signal.SIGINT)
            console.stdout.close()
            assert console.wait(10) == 130


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    """No connection is 3, with a command to paste."""
    [port] = free_ports(1)
    assert call("talk", "pop3", f"127.0.0.1:{port}") == 3
    assert "maillab serve" in capsys.readouterr().err


def test_stranger(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A certificate that nobody vouches for ends the talk with 3, unless anybody is trusted."""
    tls = server_context()
    script = "S: 220 hi\nC: STARTTLS\nS: 220 go\nTLS\nC: QUIT\nS: 221 bye\nCLOSE"
    assert talk(Script(script, tls), b"STARTTLS\nQUIT\n", monkeypatch, "--insecure") == 0
    assert (
        talk(
            Script("S: +OK\nC: QUIT\nS: +OK\nCLOSE", tls),
            b"QUIT\n",
            monkeypatch,
            "--insecure",
            "--tls",
            "implicit",
            protocol="pop3",
            implicit=True,
        )
        == 0
    )
    capsys.readouterr()
    assert call("talk", "smtp", "127.0.0.1:1", "--ca", __file__, "--tls", "implicit") == 2
    assert "not a certificate" in capsys.readouterr().err


def test_words_before_the_handshake(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What a server says in clear after its go-ahead is shown and answers nothing (RFC 3207 §4.2)."""
    script = "S: 220 hi\nC: STARTTLS\nS| 220 go\\r\\n250 injected\\r\\n\nTLS\nC: NOOP\nS: 250 real\nC: QUIT\nS: 221 bye\nCLOSE"
    assert talk(Script(script, server_context()), b"STARTTLS\nNOOP\nQUIT\n", monkeypatch, "--insecure") == 0  # T161
    out = capsys.readouterr().out
    assert out.index("250 injected") < out.index("TLS began") < out.index("C: NOOP") < out.index("250 real")


def test_local_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines for the console are not sent; `.quit` hangs up."""
    assert talk("S: 220 hi", b".help\n.foo\n.quit\nNOOP\n", monkeypatch) == 0
    out = capsys.readouterr().out
    assert "== there is no .foo here" in out
    assert "C: " not in out
