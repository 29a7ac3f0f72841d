"""`maillab explain` answers at once, in two languages, for people and for programs."""

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.cli import explain

ROOT = Path(explain.__file__).parents[2]


def call(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    explain.add(parser.add_subparsers())
    args = parser.parse_args(["explain", *argv])
    return int(args.run(args))


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILLAB_LANG", raising=False)


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is the word, its kind and RFC, and a sentence."""
    assert call("354") == 0
    assert capsys.readouterr() == (
        "354  (SMTP reply, RFC 5321 §4.2.3)\n    Send the message now, end it with a line holding only a dot.\n",
        "",
    )


@pytest.mark.parametrize("word", ["550", "5.1.1", "RCPT", "250-PIPELINING", "+OK", "MX", "mail from:<a@b.test>"])
def test_words_of_the_help_are_known(word: str) -> None:
    """Every form of question that the help promises has an answer."""
    assert call(word) == 0


def test_words_that_begin_with_a_hyphen(capsys: pytest.CaptureFixture[str]) -> None:
    """-ERR is asked after two hyphens, or as ERR."""
    assert call("--", "-ERR") == 0
    assert call("err") == 0
    first, second = capsys.readouterr().out.split("-ERR  (")[1:]
    assert first == second


def test_a_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Under what it means stand its fields; a word has none."""
    assert call("MAIL FROM:<a@b.test> SIZE=2000") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("MAIL FROM  (SMTP command")
    assert any(line.startswith("    SIZE=2000 ") and "2.0 kB" in line for line in lines)
    assert call("550 5.1.1 No such user") == 0
    assert "1: about an address" in capsys.readouterr().out


def test_rules_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    """What makes a server misbehave is a word of ours."""
    for word in ("rule", "rules", "quy tắc"):
        assert call(word) == 0
        assert "maillab help rules" in capsys.readouterr().out


def test_several_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Words are explained one by one, or as one phrase where they are one; nothing is said twice."""
    assert call("MAIL", "FROM") == 0
    assert call("354", "354", "MX") == 0
    out = capsys.readouterr().out
    assert [line.split("  ")[0] for line in out.splitlines() if not line.startswith(" ")] == ["MAIL FROM", "354", "MX"]


def test_language(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """--lang goes before MAILLAB_LANG, and that before English."""
    monkeypatch.setenv("MAILLAB_LANG", "vi")
    assert call("QUIT") == 0
    assert "Chào tạm biệt" in capsys.readouterr().out
    assert call("QUIT", "--lang", "en") == 0
    assert "Polite goodbye" in capsys.readouterr().out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout is one JSON array, also when nothing is known."""
    assert call("STLS", "--json") == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["protocol"], first["kind"], first["key"], first["source"]) == ("pop3", "verb", "STLS", "RFC 2595 §4")
    assert call("xyzzy", "--json") == 1
    assert json.loads(capsys.readouterr().out) == []


def test_unknown_word(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown word is named on stderr with its neighbours, and the exit code is 1; the known ones are still told."""
    assert call("RCTP", "MX") == 1
    out, err = capsys.readouterr()
    assert out.startswith("MX  (")
    assert err.startswith("maillab: no entry for “RCTP”; similar words:\n  maillab explain RCPT\n")
    assert call("RCTP", "--lang", "vi") == 1
    assert "gần nhất:\n  maillab explain RCPT\n" in capsys.readouterr().err
    assert call("mail", "transfer", "agnet") == 1
    out, err = capsys.readouterr()
    assert (out, err.split("\n")[1]) == ("", "  maillab explain 'mail transfer agent'")
    assert call("zzzzqqqq") == 1
    assert "maillab explain --list" in capsys.readouterr().err


def test_hostile_word(capsys: pytest.CaptureFixture[str]) -> None:
    """What was typed is made harmless before it is repeated."""
    assert call("\x1b]0;PWN\x07\udcff" + "z" * 500) == 1  # T262
    err = capsys.readouterr().err
    assert "␛]0;PWN␇\\xff" in err
    assert len(err) < 200


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_terminal_that_is_not_utf8(monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    """Where only ASCII goes, Vietnamese loses its accents and JSON is escaped; nothing fails."""
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))  # T281
    assert call("MX", "--lang", "vi", *options) == 0
    sys.stdout.flush()
    assert octets.getvalue().isascii()
    assert options or b"ban ghi DNS" in octets.getvalue()


def test_nothing_heavy_is_imported() -> None:
    """Explaining loads no network, no server, no name service and no TLS, and prints no escape byte."""
    code = (
        "import sys; from maillab.cli.main import run; code = run(['explain', '550'])\n"
        "heavy = {'asyncio', 'socket', 'ssl', 'dns', 'aiosmtpd', 'aiosmtplib', 'email', 'msgspec', 'idna', 'dataclasses'}\n"
        "sys.exit(code or sorted(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("argv", "head"),
    [
        (["MX", "record"], "MX record  (DNS term, RFC 5321 §5.1, RFC 1035 §3.3.9)"),
        (["port", "587"], "port 587  (SMTP port, RFC 6409 §3.1)"),
        (["Bcc"], "Bcc  (mail header field, RFC 5322 §3.6.3)"),
        (["text/plain"], "text/plain  (MIME type, RFC 2046 §4.1.3)"),
        (["base64"], "base64  (MIME encoding, RFC 2045 §6.8)"),
        (["CRAM-MD5"], "CRAM-MD5  (login mechanism, RFC 2195)"),
        (["hop", "thu", "--lang", "vi"], "hộp thư (mailbox)  (khái niệm, RFC 5321 §2.3.11, RFC 5598 §4.2.2)"),
        (["587", "--lang", "vi"], "cổng 587  (cổng SMTP, RFC 6409 §3.1)"),
        (["Maildir", "--lang", "vi"], "Maildir  (tệp, không có RFC)"),
        (["DMARC"], "DMARC  (mail term, RFC 9989)"),
    ],
)
def test_terms(argv: list[str], head: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Words that no protocol says are explained too: terms, ports, fields, types, mechanisms, in both languages."""
    assert call(*argv) == 0
    assert capsys.readouterr().out.startswith(head + "\n    ")


def test_all_words(capsys: pytest.CaptureFixture[str]) -> None:
    """--list names everything that can be asked for; nothing asked is a wrong use."""
    assert call("--list") == 0
    out = capsys.readouterr().out
    assert "MX record  (DNS term" in out
    assert "354  (SMTP reply" in out
    assert call() == 2
    assert "maillab explain MX record" in capsys.readouterr().err
