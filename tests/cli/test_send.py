"""`maillab send`: one message, its whole transcript, and an exit code that tells where it ended."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.cli.calling import against, beside, call, pipe
from tests.support import free_ports
from tests.wire.scripted import Script, server_context

BOB = ["--to", "bob@recipient.test"]


@pytest.fixture(autouse=True)
def _no_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"Hello Bob.\n")


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    """What was printed with --json."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# ── through a lab of its own ────────────────────────────────────────────────────────────────────


def test_delivered(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a server the message crosses a lab of its own, from the first person to the recipient, line by line."""
    assert call("send", *BOB) == 0
    out, err = capsys.readouterr()
    legs = re.findall(r"^(submit|lookup|relay)-1 ", out, re.MULTILINE)
    assert list(dict.fromkeys(legs)) == ["submit", "lookup", "relay"]
    assert "submit-1 C: MAIL FROM:<alice@sender.test>" in out
    assert "stored for bob@recipient.test" in out
    assert "\x1b" not in out
    assert err.endswith("delivered: bob@recipient.test\n")


def test_fetched(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With --fetch the recipient reads it by POP3: text from stdin, subject, attachment."""
    (tmp_path / "thư.txt").write_bytes(b"xin ch\xc3\xa0o")
    argv = [
        "--subject",
        "Chào",
        "--attach",
        str(tmp_path / "thư.txt"),
        "--bcc",
        "carol@recipient.test",
        "--fetch",
        "--json",
    ]
    assert call("send", "--from", "Bob <bob@recipient.test>", "--to", "alice@sender.test", *argv) == 0
    printed = objects(capsys)
    alice, carol = [one for one in printed if one.get("event") == "fetched"]
    assert (alice["reader"], alice["subject"], alice["text"].strip()) == ("alice@sender.test", "Chào", "Hello Bob.")
    assert alice["attachments"] == [{"name": "thư.txt", "type": "text/plain", "octets": 9}]
    assert (carol["reader"], "carol" in carol["to"]) == ("carol@recipient.test", False)
    assert printed[-1]["event"] == "done"
    assert printed[-1]["delivered"] == ["alice@sender.test", "carol@recipient.test"]
    assert {"submit", "lookup", "relay", "retrieve"} <= {one.get("leg") for one in printed}


@pytest.mark.parametrize("sender", ["alice@việt.test", "alice@xn--vit-5kz.test"])
def test_names_in_vietnamese(sender: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The kind: a name with two spellings. A site called việt.test sends and reads, whichever is typed; people see theirs."""
    (tmp_path / "viet.toml").write_text(
        '[[sites]]\ndomain = "việt.test"\npeople = [{name = "alice", password = "alice"}]\n'
        '[[sites]]\ndomain = "bücher.test"\npeople = [{name = "bob", password = "bob"}]\n',
        encoding="utf-8",
    )
    argv = ["--config", str(tmp_path / "viet.toml"), "--ephemeral", "--ports", "auto", "--fetch"]
    assert call("send", *argv, "--from", sender, "--to", "bob@bücher.test") == 0
    out, err = capsys.readouterr()
    assert "bob@bücher.test reads:" in out
    assert err.endswith("delivered: bob@bücher.test\n")


def test_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """A recipient who does not exist makes it 1, and the bounce is seen to its end."""
    assert call("send", "--to", "nobody@recipient.test", *BOB, "--json") == 1
    printed = objects(capsys)
    done = printed[-1]
    assert (done["delivered"], done["failed"]) == (["bob@recipient.test"], ["nobody@recipient.test"])
    assert done["reasons"]["nobody@recipient.test"].startswith("550 5.1.1")
    assert [one["mailbox"] for one in printed if one.get("kind") == "delivered"][-1] == "alice@sender.test"


def test_wrong_password(capsys: pytest.CaptureFixture[str]) -> None:
    """A login that is refused is stage 28; the password is nowhere in what is printed."""
    assert call("send", *BOB, "--password", "Geheim1234") == 28
    out, err = capsys.readouterr()
    assert "did not let us log in: 535" in err
    assert "Geheim1234" not in out + err


def test_lab_that_stays(tmp_path: Path) -> None:
    """With --lab the message lies in that lab's Maildir afterwards; --raw keeps its octets, --tls picks the door."""
    message = b"From: alice@sender.test\r\nSubject: raw\r\n\r\n.dots\r\n"
    (tmp_path / "a.eml").write_bytes(message)
    argv = ["--raw", str(tmp_path / "a.eml"), "--lab", str(tmp_path / "lab"), "--ports", "auto", "--tls", "implicit"]
    assert call("send", *BOB, *argv) == 0
    [kept] = (tmp_path / "lab" / "mail" / "recipient.test" / "bob" / "new").iterdir()
    assert kept.read_bytes().endswith(message[message.index(b"From") :])


def test_raw_of_unix(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A message with the line ends of Unix gets those of the wire, once, and that is said."""
    pipe(monkeypatch, b"Subject: raw\n\nHello\n")
    assert call("send", *BOB, "--raw", "-") == 0  # T171
    assert "they are sent with CR LF" in capsys.readouterr().err


def test_raw_cut_from_an_mbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line that began a message in its mbox is no mail: it is left out, and that is said."""
    (tmp_path / "a.eml").write_bytes(b"From alice Thu Jan  1 00:00:00 2026\r\nSubject: raw\r\n\r\nhi\r\n")
    argv = ["--raw", str(tmp_path / "a.eml"), "--lab", str(tmp_path / "lab"), "--ports", "auto"]
    assert call("send", *BOB, *argv) == 0
    assert "belongs to an mbox" in capsys.readouterr().err
    [kept] = (tmp_path / "lab" / "mail" / "recipient.test" / "bob" / "new").iterdir()
    assert b"From alice" not in kept.read_bytes()


def test_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Saved messages come into a mailbox through the wire, a submission each, whatever their line ends are."""
    (tmp_path / "box").write_bytes(
        b"From a Thu Jan  1 00:00:00 2026\nSubject: one\n\n>From here\n\n"
        b"From b Thu Jan  1 00:00:00 2026\nSubject: two\n\nbye\n"
    )
    (tmp_path / "c.eml").write_bytes(b"Subject: three\r\n\r\nmixed\nends\r\n")
    argv = ["--import", str(tmp_path / "box"), "--import", str(tmp_path / "c.eml")]
    assert call("send", *BOB, *argv, "--lab", str(tmp_path / "lab"), "--ports", "auto", "--json") == 0
    printed = objects(capsys)
    assert [one["delivered"] for one in printed if one.get("event") == "done"] == [["bob@recipient.test"]] * 3
    assert len({one["message"] for one in printed if one.get("event") == "done"}) == 3
    kept = [file.read_bytes() for file in (tmp_path / "lab" / "mail" / "recipient.test" / "bob" / "new").iterdir()]
    tails = sorted(octets[octets.index(b"Subject: ") :] for octets in kept)
    assert tails == [
        b"Subject: one\r\n\r\nFrom here\r\n",
        b"Subject: three\r\n\r\nmixed\r\nends\r\n",
        b"Subject: two\r\n\r\nbye\r\n",
    ]


def test_import_partly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A message that a server refuses does not stop those behind it; the code is that of the first trouble."""
    (tmp_path / "a.eml").write_bytes(b"Subject: a\r\n\r\n.\r\n")
    argv = ["send", *BOB, "--from", "alice@sender.test", "--import", str(tmp_path / "a.eml")]
    script = STAGES[26] + "AGAIN\n" + STAGES[25]
    codes = [against(one, lambda where: [*argv, "--server", where]) for one in script.split("AGAIN\n")]
    assert codes == [26, 25]
    [port] = free_ports(1)
    assert call(*argv, *argv[-2:], "--server", f"127.0.0.1:{port}") == 3
    assert capsys.readouterr().err.count("maillab serve") == 1


@pytest.mark.parametrize("notation", ["rfc", "swaks", "curl"])
def test_notation(notation: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The transcript is written as people know it, and explained when asked."""
    assert call("send", *BOB, "--body", "hi", "--notation", notation, "--gloss", "--lang", "vi") == 0
    out = capsys.readouterr().out
    assert {"rfc": "C: ", "swaks": " ~> ", "curl": "> "}[notation] + "MAIL FROM" in out
    assert "┆" in out


def test_running_lab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lab that runs in the folder gets the message, and its certificate is trusted; --fetch is its own affair."""
    lab = ["--lab", str(tmp_path)]
    assert beside(
        tmp_path, ["send", *BOB, *lab], ["send", *BOB, "--fetch", *lab], ["send", *BOB, "--tls", "implicit", *lab]
    ) == [0, 2, 0]
    out, err = capsys.readouterr()
    assert "a lab is already running (process" in err
    assert out.count("queued as") == 2


# ── what is refused before a word is said ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--from", "zed@sender.test"], "alice@sender.test, bob@recipient.test"),
        (["--from", "a@elsewhere.test"], "--server HOST:PORT"),
        (["--from", "nobody"], "--from nobody"),
        (["--body", "a", "--raw", "b"], "--body and --raw do not go together"),
        (["--import", "a", "--raw", "b"], "--raw and --import do not go together"),
        (["--import", "/no/such/box"], "/no/such/box: No such file"),
        (["--import", "/dev/null"], "/dev/null is empty"),
        (["--body-file", "/no/such/file"], "/no/such/file: No such file"),
        (["--ca", "/no/such/ca"], "/no/such/ca"),
        (["--attach", "/no/such/file"], "/no/such/file"),
        (["--config", "/no/such/toml"], "/no/such/toml"),
        (["--server", "127.0.0.1:25"], "needs --from"),
        (["--server", "127.0.0.1", "--from", "a@b.test"], "not HOST:PORT"),
        (["--server", "192.0.2.1:25", "--from", "a@b.test"], "--real-internet"),
        (["--server", "example.com:25", "--from", "a@b.test"], "--real-internet"),
        (["--server", "127.0.0.1:25", "--from", "a@b.test", "--fetch"], "--fetch"),
    ],
)
def test_usage(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong options end with 2 and a sentence, without a traceback and before any connection."""
    assert call("send", *BOB, *argv) == 2
    out, err = capsys.readouterr()
    assert (out, said in err, "Traceback" in err) == ("", True, False)


def test_stdin_that_is_no_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A text that is not UTF-8 is not guessed."""
    pipe(monkeypatch, b"\xff")
    assert call("send", *BOB) == 2
    assert "stdin is not UTF-8" in capsys.readouterr().err


# ── to any server ───────────────────────────────────────────────────────────────────────────────

HELLO = "S: 220 hi\nC: EHLO client.sender.test\nS: 250-mx.test\nS: 250 8BITMIME\n"
MAIL = "C: MAIL FROM:<alice@sender.test>\n"
RCPT = MAIL + "S: 250 ok\nC: RCPT TO:<bob@recipient.test>\n"
DATA = RCPT + "S: 250 ok\nC: DATA\n"
RSET = "C: RSET\nS: 250 ok\n"
QUIT = "C: QUIT\nS: 221 bye\nCLOSE\n"
STAGES = {
    0: HELLO + DATA + "S: 354 go\nC.\nS: 250 ok\n" + QUIT,
    21: "S: 554 go away\nGONE",
    22: "S: 220 hi\nC: EHLO client.sender.test\nS: 500 no\nC: HELO client.sender.test\nS: 500 no\n" + QUIT,
    23: HELLO + MAIL + "S: 550 no\n" + RSET + QUIT,
    24: HELLO + RCPT + "S: 550 no\n" + RSET + QUIT,
    25: HELLO + DATA + "S: 554 no\n" + RSET + QUIT,
    26: HELLO + DATA + "S: 354 go\nC.\nS: 554 no\n" + QUIT,
}


@pytest.mark.parametrize("code", STAGES)
def test_stages(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is that of the stage at which the server said no, as swaks numbers them."""
    assert against(STAGES[code], lambda where: ["send", *BOB, "--from", "alice@sender.test", "--server", where]) == code
    out, err = capsys.readouterr()
    assert out.startswith("submit-1 == connected to 127.0.0.1:")
    assert ("" if code == 0 else "maillab: ") == err[:9]


def test_stage_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the last object says the stage and the server's words."""
    command = ["send", *BOB, "--from", "alice@sender.test", "--json", "--server"]
    assert against(STAGES[26], lambda where: [*command, where]) == 26
    assert objects(capsys)[-1] == {"event": "done", "code": 26, "stage": "data", "reason": "554 no"}
    assert against(STAGES[0], lambda where: [*command, where]) == 0
    assert objects(capsys)[-1]["accepted"] == ["bob@recipient.test"]


def test_login_and_tls(capsys: pytest.CaptureFixture[str]) -> None:
    """AUTH that is refused is 28, STARTTLS that is not offered or whose certificate is a stranger's is 29."""
    argv = ["send", *BOB, "--from", "alice@sender.test", "--user", "alice", "--password", "geheim"]
    hello = HELLO.replace("8BITMIME", "AUTH PLAIN")
    auth = hello + "C: AUTH PLAIN AGFsaWNlAGdlaGVpbQ==\nS: 535 no\n" + QUIT
    assert against(auth, lambda where: [*argv, "--tls", "none", "--plaintext-auth", "--server", where]) == 28
    assert against(hello + QUIT, lambda where: [*argv, "--tls", "none", "--server", where]) == 28
    assert against(hello + QUIT, lambda where: [*argv, "--server", where]) == 29
    out, _ = capsys.readouterr()
    assert "AGFsaWNlAGdlaGVpbQ" not in out
    start = "S: 220 hi\nC: EHLO client.sender.test\nS: 250-mx.test\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\n"
    after = start + HELLO.partition("\n")[2] + STAGES[0][len(HELLO) :]
    trusting = ["send", *BOB, "--from", "alice@sender.test", "--tls", "starttls", "--insecure", "--server"]
    assert against(Script(after, server_context()), lambda where: [*trusting, where]) == 0


def test_partly(capsys: pytest.CaptureFixture[str]) -> None:
    """A message that was taken for some only is 1, and the others are named."""
    script = (
        HELLO + RCPT + "S: 250 ok\nC: RCPT TO:<c@recipient.test>\nS: 550 no\nC: DATA\nS: 354 go\nC.\nS: 250 ok\n" + QUIT
    )
    assert (
        against(
            script,
            lambda where: ["send", *BOB, "--to", "c@recipient.test", "--from", "alice@sender.test", "--server", where],
        )
        == 1
    )
    assert "not accepted for c@recipient.test: 550 no" in capsys.readouterr().err


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    """No connection is 3, with a command to paste."""
    [port] = free_ports(1)
    assert call("send", *BOB, "--from", "a@b.test", "--server", f"127.0.0.1:{port}") == 3
    assert "maillab serve" in capsys.readouterr().err


def test_silence() -> None:
    """A server that says nothing is a time-out: 4."""
    assert (
        against("GONE", lambda where: ["send", *BOB, "--from", "a@b.test", "--timeout", "0.2", "--server", where]) == 4
    )


def test_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the reader of the output has gone, the message goes on all the same."""

    class Closed:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return False

        def write(self, _: str) -> None:
            raise BrokenPipeError(32, "Broken pipe")

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Closed())
    monkeypatch.setattr(Closed, "close", lambda self: None, raising=False)
    monkeypatch.setattr(sys, "stdout", Closed())
    assert against(STAGES[0], lambda where: ["send", *BOB, "--from", "alice@sender.test", "--server", where]) == 0


# ── what the server does not offer ──────────────────────────────────────────────────────────────


def test_no_reports(capsys: pytest.CaptureFixture[str]) -> None:
    """Kind: an option that does nothing, silently. That a server offers no DSN is said, where reports were asked for."""
    for asked, said in (([], False), (["--notify", "never"], True), (["--ret", "full"], True)):
        argv = [*BOB, *asked, "--from", "alice@sender.test", "--server"]
        assert against(STAGES[0], lambda where, argv=argv: ["send", *argv, where]) == 0
        remark = "the server offers no DSN: --notify, --ret and --envid were not passed on"
        assert (remark in capsys.readouterr().err) is said


def test_a_message_that_is_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kind: work that is known to be in vain. What the server's SIZE does not allow is not even written."""
    (tmp_path / "large").write_bytes(b"x" * 4000)
    talk = "S: 220 hi\nC: EHLO client.sender.test\nS: 250-hi\nS: 250 SIZE 1000\nC: QUIT\nS: 221 bye\nCLOSE"
    argv = [*BOB, "--from", "alice@sender.test", "--body", "x", "--attach", str(tmp_path / "large"), "--server"]
    assert against(talk, lambda where: ["send", *argv, where]) == 23
    assert "the message has more than 5333 bytes, and the server takes 1000 (SIZE)" in capsys.readouterr().err


def test_a_message_from_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """`--from '<>'` reaches the wire."""
    talk = "S: 220 hi\nC: EHLO client.localhost\nS: 250 hi\nC: MAIL FROM:<>\nS: 550 no\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\nCLOSE"
    assert against(talk, lambda where: ["send", *BOB, "--from", "<>", "--body", "x", "--server", where]) == 23
