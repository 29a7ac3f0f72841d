"""Recorded talks done again with programs that nobody here wrote: as a client of theirs, and as their server."""

import contextlib
import poplib
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from maillab.recording.reenact import Means, reenact
from maillab.recording.session import Header, Session, save
from maillab.recording.talks import talks
from tests.bench.postfix import free_port
from tests.judges.messages import ALICE, BOB
from tests.recording.told import record, told
from tests.serving import ROOT, Serving, environment
from tests.support import need, run

pytestmark = pytest.mark.judge

LATER = (  # of a server that says 451 after the message
    "S: 220 mx.recipient.test ESMTP\nC: EHLO client.test\nS: 250-mx.recipient.test\nS: 250 PIPELINING\n"
    f"C: MAIL FROM:<{ALICE}>\nS: 250 2.1.0 Ok\nC: RCPT TO:<{BOB}>\nS: 250 2.1.5 Ok\nC: DATA\nS: 354 go\n"
    "MESSAGE Subject: x\nC: .\nS: 451 4.3.0 Try later\nC: QUIT\nS: 221 2.0.0 Bye"
)
MESSAGE = b"Subject: hi\r\n\r\nHello\r\n"


def saved(entries, path: Path) -> Path:
    """The entries as a file: redacted, as a person would have it."""
    save(Session(Header("a record"), tuple(entries)), path)
    return path


def against(path: Path, port: int, *argv: str) -> tuple[int, str]:
    """The exit code of `maillab replay FILE --against` and what was printed, notes included."""
    command = [sys.executable, "-m", "maillab", "replay", path, "--against", f"127.0.0.1:{port}", "--timeout", "20"]
    done = judge(*command, *argv)
    return done.returncode, done.stderr + done.stdout


# ── their servers ──


def test_a_fresh_lab(tmp_path):
    """Alice's submission, out of a redacted file, does the same in a fresh `maillab serve`."""
    path = saved(told("seven-steps"), tmp_path / "s.maillab")
    with Serving() as lab:  # its own: the message must not turn up in the mailbox of the other judges
        code, said = against(path, lab.port("submission", "sender.test"), "--talk", "submit-1", "--password", "alice")
    assert (code, said.splitlines()[-1]) == (0, "no difference in 10 exchanges"), said


def test_aiosmtpd(tmp_path):
    """Aiosmtpd's command offers less and answers without enhanced codes, and takes the message: a difference, shown."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Debugging"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            path = saved(told("seven-steps"), tmp_path / "s.maillab")
            code, said = against(path, port, "--talk", "submit-1", "--password", "alice")
        finally:
            process.terminate()
        printed, _ = process.communicate(timeout=10)
    assert code == 1, said
    assert "- S:   STARTTLS" in said
    assert "not said in clear; did not log in" in said
    assert "  C: (a message)" in said
    assert b"Subject: Hello from the laboratory" in printed
    assert b"alice\n" not in printed


def test_postfix(postfix, tmp_path):
    """Postfix takes the message of a relay's pipelined talk, where its answers are those of then."""
    path = saved(told("seven-steps"), tmp_path / "s.maillab")
    code, said = against(path, postfix.receive, "--talk", "relay-1")
    assert code == 1, said
    assert "- S:   STARTTLS" in said
    for line in (f"  C: MAIL FROM:<{ALICE}>", f"  C: RCPT TO:<{BOB}>", "  S: 354", "  S: 250 2.0.0", "  S: 221 2.0.0"):
        assert line in said, said


# ── their clients ──


class Playing:
    """`maillab replay FILE --as-server 0` in a process of its own; `port`, `authority`, and at the end what it printed."""

    def __init__(self, path: Path, *argv: str) -> None:
        command = [sys.executable, "-m", "maillab", "replay", str(path), "--as-server", "0", *argv]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
        )

    def __enter__(self) -> "Playing":
        assert self._process.stderr is not None
        first, second = self._process.stderr.readline(), self._process.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", first)
        assert found, first + self._process.stderr.read()
        self.port, self.authority = int(found[1]), second.strip().rpartition(": ")[2]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self.said, self.notes = self._process.communicate(timeout=10)
        self.code = self._process.returncode


def wait_for_port(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens at {port}")


def judge(*command: object) -> subprocess.CompletedProcess[str]:
    """Run a client."""
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=30, check=False, cwd=ROOT, env=environment()
    )


def test_swaks_logs_in_at_a_recorded_lab(tmp_path):
    """Swaks upgrades, logs in and hands a message to the recorded submission server, by each mechanism it knows."""
    saved(told("seven-steps"), path := tmp_path / "s.maillab")
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        with Playing(path, "--talk", "submit-1") as server:
            done = judge(
                need("swaks"), "--server", f"127.0.0.1:{server.port}", "--helo", "laptop.sender.test", "--tls",
                "--tls-ca-path", server.authority, "--tls-verify", "--auth", mechanism, "--auth-user", ALICE,
                "--auth-password", "anything", "--from", ALICE, "--to", BOB, "--timeout", "10",
            )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "<~  235 2.7.0" in done.stdout
        assert server.code == 0, server.notes
        assert "TLS" in server.said
        assert "anything" not in server.said


def test_curl_and_the_451_after_data(tmp_path):
    """Curl is told 451 after the message, and says so."""
    saved(record(LATER), path := tmp_path / "s.maillab")
    (tmp_path / "message").write_bytes(MESSAGE)
    with Playing(path) as server:
        done = judge(
            need("curl"), "--silent", "--show-error", "--verbose", "--url", f"smtp://127.0.0.1:{server.port}/client.test",
            "--mail-from", ALICE, "--mail-rcpt", BOB, "--upload-file", tmp_path / "message",
        )  # fmt: skip
    assert done.returncode != 0
    assert "451 4.3.0 Try later" in done.stderr
    assert server.code == 0, server.notes


def test_swaks_and_the_451_after_data(tmp_path):
    """Swaks stops with its own exit code for a refused message."""
    saved(record(LATER), path := tmp_path / "s.maillab")
    with Playing(path) as server:
        done = judge(
            need("swaks"), "--server", f"127.0.0.1:{server.port}", "--helo", "client.test", "--from", ALICE, "--to", BOB,
            "--timeout", "10", "--pipeline",
        )  # fmt: skip
    assert done.returncode == 26, done.stdout + done.stderr
    assert "451 4.3.0 Try later" in server.said


def test_a_session_recorded_from_postfix(postfix, tmp_path):
    """What Postfix said to us, swaks and smtplib hear again from the record of it, Postfix being gone."""
    [talk] = talks(record(LATER, server="recipient.test"))
    outcome = run(reenact(talk, Means("127.0.0.1", postfix.receive), lambda: 1.0))
    assert outcome.failed == "", outcome.notes
    saved(outcome.entries, path := tmp_path / "s.maillab")
    with Playing(path) as server:
        done = judge(
            need("swaks"), "--server", f"127.0.0.1:{server.port}", "--helo", "client.test", "--from", ALICE, "--to", BOB,
            "--timeout", "10",
        )  # fmt: skip
        with smtplib.SMTP("127.0.0.1", server.port, "client.test", timeout=10) as wire:
            assert wire.sendmail(ALICE, [BOB], MESSAGE) == {}
    assert done.returncode == 0, done.stdout + done.stderr
    assert "220 recipient.test ESMTP Postfix" in done.stdout
    assert "queued as" in done.stdout
    assert server.code == 0, server.notes


def test_smtplib_and_poplib(tmp_path):
    """Python's own clients upgrade, log in, send and read against records."""
    saved(told("seven-steps"), path := tmp_path / "s.maillab")
    with Playing(path, "--talk", "submit-1") as server:
        context = ssl.create_default_context(cafile=server.authority)
        with smtplib.SMTP("localhost", server.port, "laptop.sender.test", timeout=10) as wire:
            wire.starttls(context=context)
            wire.login(ALICE, "anything")
            assert wire.sendmail(ALICE, [BOB], MESSAGE) == {}
    assert server.code == 0, server.notes
    with Playing(path, "--talk", "retrieve-1") as server:
        pop = poplib.POP3("127.0.0.1", server.port, timeout=10)
        pop.user(BOB)
        pop.pass_("anything")
        assert b"Subject: Hello from the laboratory" in pop.retr(1)[1]
        pop.quit()
    assert server.code == 0, server.notes


def test_what_the_record_does_not_know(tmp_path):
    """A client that asks for more is refused for now, and the exit code says so."""
    saved(record(LATER), path := tmp_path / "s.maillab")
    with Playing(path) as server, smtplib.SMTP("127.0.0.1", server.port, "client.test", timeout=10) as wire:
        assert wire.docmd("VRFY", "bob")[0] == 451
    assert server.code == 1
    assert "1 times" in server.notes
