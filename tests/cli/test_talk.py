"""`maillab talk`: lines from a pipe, each answered before the next is sent, in a lab or with any server."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from maillab.config import default
from maillab.lab import Lab
from tests.cli.calling import beside, call, pipe
from tests.support import run

TEXTBOOK = b"""\
HELO client.test
MAIL FROM: alice@sender.test
RCPT TO: bob@recipient.test
DATA
Subject: textbook

.quit
Hello Bob.
.
QUIT
"""


def test_textbook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The textbook dialogue is answered 220, 250, 250, 250, 354, 250, 221, explained; the message arrives."""
    pipe(monkeypatch, TEXTBOOK)
    assert call("talk", "smtp") == 0
    out, err = capsys.readouterr()
    assert re.findall(r"^S: (\d{3})", out, re.MULTILINE) == ["220", "250", "250", "250", "354", "250", "221"]
    assert "C: .quit\n" in out
    assert "tolerated" in out
    assert "stored for bob@recipient.test" in out
    assert "C: QUIT  ┆ Polite goodbye." in out
    assert ("\x1b" in out, "a lab was started" in err) == (False, True)
    assert "mailboxes are empty" not in err


@pytest.mark.parametrize("protocol", ["pop3", "imap"])
def test_a_lab_without_mail(protocol: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads mail in a lab of their own is told that there is none, and how to get some."""
    pipe(monkeypatch, b"QUIT\n" if protocol == "pop3" else b"a LOGOUT\n")
    assert call("talk", protocol) == 0
    err = capsys.readouterr().err
    assert "its mailboxes are empty" in err
    assert f"so this is recipient.test; another one: maillab talk {protocol} sender.test" in err


def test_a_server_that_was_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever says which one needs no hint."""
    pipe(monkeypatch, b"QUIT\n")
    assert call("talk", "pop3", "recipient.test") == 0
    assert "another one" not in capsys.readouterr().err


def test_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json each line is an object with side, line and gloss; multi-line answers come whole."""
    pipe(monkeypatch, b"CAPA\nQUIT\n")
    assert call("talk", "pop3", "--json", "--lang", "vi") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    said = [row["line"] for row in rows if row["side"] != "console"]
    assert all(row.keys() == {"side", "line", "gloss"} for row in rows)
    assert said.index("CAPA") < said.index(".") < said.index("QUIT")
    assert said[0].startswith("+OK mail.recipient.test")


def test_tls_and_login(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """STARTTLS is done for the typist, the lab's certificate is trusted, and `.auth` logs in unseen."""
    pipe(monkeypatch, b"EHLO me.test\nSTARTTLS\nEHLO me.test\n.auth alice alice\nQUIT\n")
    assert call("talk", "smtp", "sender.test", "--service", "submission", "--no-gloss") == 0
    out = capsys.readouterr().out
    assert "the TLS handshake is done for you" in out
    assert "TLS began (TLSv1.3)" in out
    assert re.search(r"^S: 235 ", out, re.MULTILINE)
    assert "AGFsaWNlAGFsaWNl" not in out


def test_stls(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """So is STLS, and TLS that comes first; the end of the input hangs up with 0."""
    pipe(monkeypatch, b"STLS\nCAPA\nUSER bob\nPASS bob\nSTAT\n")
    assert call("talk", "pop3", "mx.recipient.test") == 0
    assert "S: +OK 0 0" in capsys.readouterr().out
    pipe(monkeypatch, b"NOOP\nQUIT\n")
    assert call("talk", "pop3", "--service", "pop3s") == 0
    assert "TLS from the first byte" in capsys.readouterr().out


def test_running_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A lab that runs in the folder is the one that is talked to."""
    pipe(monkeypatch, b"STLS\nQUIT\n")
    assert beside(tmp_path, ["talk", "pop3", "--lab", str(tmp_path)]) == [0]
    out, err = capsys.readouterr()
    assert ("a lab is already running" in err, "TLS began" in out) == (True, True)


def test_the_service_tells_whether_tls_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At any port: who names a service of TLS from the first octet need not say so a second time."""

    async def at_an_unusual_port() -> int:
        async with Lab(default(), tmp_path, auto_ports=True) as lab:
            door = lab.endpoint("recipient.test", "pop3s")
            where = f"{door.host}:{door.port}"
            return await asyncio.to_thread(call, "talk", "pop3", where, "--service", "pop3s", "--insecure")

    pipe(monkeypatch, b"QUIT\n")
    assert run(at_an_unusual_port()) == 0
    assert "TLS from the first byte" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["smtp", "nowhere.test"], "sites are: sender.test, recipient.test"),
        (["smtp", "nowhere:port"], "not HOST:PORT"),
        (["smtp", "192.0.2.1:25"], "--real-internet"),
        (["pop3", "--service", "smtp"], "pop3, pop3s do"),
        (["smtp", "127.0.0.1:25", "--ca", "/no/such/ca"], "/no/such/ca"),
        (["smtp", "--config", "/no/such/toml"], "/no/such/toml"),
        (["telex"], "invalid choice"),
        ([], "which protocol? maillab talk smtp|pop3|imap"),
    ],
)
def test_usage(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong arguments end with 2 and a sentence."""
    assert call("talk", *argv) == 2
    assert said in capsys.readouterr().err


def test_imap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Tags are put before what is typed, a literal is counted, IDLE ends with DONE, what is deflated can be read, and
    no password is shown.
    """
    pipe(
        monkeypatch,
        b"LOGIN bob bob\nAPPEND INBOX {12}\nSubject: hi\n\nSELECT INBOX\nIDLE\nDONE\nCOMPRESS DEFLATE\nLOGOUT\n",
    )
    assert call("talk", "imap") == 0
    out = capsys.readouterr().out
    said = re.findall(r"^C: (.*?)(?:  ┆.*)?$", out, re.MULTILINE)
    assert said[0].startswith("a1 LOGIN bob")
    assert "a1 LOGIN bob bob" not in out
    assert [line for line in said if line.startswith("a")][1:] == [
        "a2 APPEND INBOX {12}",
        "a3 SELECT INBOX",
        "a4 IDLE",
        "a5 COMPRESS DEFLATE",
        "a6 LOGOUT",
    ]
    assert re.findall(r"^S: (a\d \w+)", out, re.MULTILINE) == [f"a{number} OK" for number in range(1, 7)]
    assert "┆ Polite goodbye. The server says BYE" in out
