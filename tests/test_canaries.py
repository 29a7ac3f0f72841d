"""Forty passwords, two of them in each way that a password is said, are found nowhere afterwards (T307, T308)."""

import base64
import hashlib
import hmac
import json
import socket
from pathlib import Path

import pytest

from maillab.config import default
from maillab.config_file import read
from maillab.recording.export import FORMATS, export
from maillab.recording.recorder import Recorder
from maillab.recording.session import Header, load
from maillab.testing import RunningLab
from maillab.views.record import as_object
from maillab.views.transcript import Transcript

CANARIES = [f"Canary-{number:02}-{hashlib.sha256(str(number).encode()).hexdigest()[:10]}" for number in range(40)]


def b64(text):
    return base64.b64encode(text.encode()).decode()


def sasl(password):
    return b64(f"\0alice\0{password}")


def cram(password, challenge):
    secret = base64.b64decode(challenge.split()[-1])
    return b64("alice " + hmac.new(password.encode(), secret, "md5").hexdigest())


# Every carrier: a port, and lines; a function is given the last answer. b"|" cuts a line into two segments.
CARRIERS = {
    "plain": ("submission", lambda p: [f"AUTH PLAIN {sasl(p)}"]),
    "plain, lower case, tabs, blanks": ("submission", lambda p: [f"auth\tplain   {sasl(p)}  "]),
    "plain in two steps": ("submission", lambda p: ["AUTH PLAIN", sasl(p)]),
    "plain in two segments": (
        "submission",
        lambda p: [f"AUTH PL|AIN {sasl(p)[:9]}|{sasl(p)[9:]}"],
    ),
    "plain, base64 damaged": ("submission", lambda p: [f"AUTH PLAIN {sasl(p)}!"]),
    "login": ("submission", lambda p: ["AUTH LOGIN", b64("alice"), b64(p)]),
    "login with a name at once": ("submission", lambda p: [f"AUTH LOGIN {b64('alice')}", b64(p)]),
    "cram-md5": ("submission", lambda p: ["AUTH CRAM-MD5", lambda answer: cram(p, answer)]),
    "as a command after a refusal": ("submission", lambda p: [f"AUTH PLAIN {b64('nonsense')}", p]),
    "xauth": ("submission", lambda p: [f"XAUTH PLAIN {sasl(p)}"]),
    "pass": ("pop3", lambda p: ["USER alice", f"PASS {p}"]),
    "pass, lower case, with blanks": ("pop3", lambda p: ["USER alice", f"pass  {p} {p}"]),
    "pass in two segments": ("pop3", lambda p: ["USER alice", f"PA|SS {p[:5]}|{p[5:]}"]),
    "pass typed as a command": ("pop3", lambda p: ["USER alice", "PASS wrong", p]),
    "pop3 auth plain": ("pop3", lambda p: [f"AUTH PLAIN {sasl(p)}"]),
    "pop3 auth plain in two steps": ("pop3", lambda p: ["AUTH PLAIN", sasl(p)]),
    "apop": ("pop3", lambda p: [f"APOP alice {hashlib.md5(p.encode()).hexdigest()}"]),
    # where two readers of one stream could disagree about what is a command
    "behind a chunk with a tab": ("submission", lambda p: [f"BDAT\t5\r\nAUTH PLAIN {sasl(p)}"]),
    "behind a chunk with a bare lf": ("submission", lambda p: [f"BDAT 5\nAUTH PLAIN {sasl(p)}"]),
    "behind a chunk of no size": ("submission", lambda p: [f"BDAT five\r\nAUTH PLAIN {sasl(p)}"]),
    "behind an overlong line": (
        "smtp",
        lambda p: ["x" * 13_000, "MAIL FROM:<a@sender.test>\nRCPT TO:<bob@recipient.test>\nDATA\nhi\n.\nAUTH PLAIN " + sasl(p)],
    ),
    "in an overlong line": ("submission", lambda p: ["AUTH PLAIN " + sasl(p) * 900]),
    "login in one segment": ("submission", lambda p: [f"AUTH LOGIN\r\n{b64('alice')}\r\n{b64(p)}"]),
    "behind quit": ("submission", lambda p: [f"QUIT\r\nAUTH PLAIN {sasl(p)}"]),
    "half in a chunk": ("submission", lambda p: [f"BDAT 11\r\nAUTH PLAIN {sasl(p)}"]),
    "behind a forgotten line end": ("submission", lambda p: [f"EHLO xAUTH PLAIN {sasl(p)}"]),
    "bare cr in auth": ("submission", lambda p: [f"AUTH PLAIN\r{sasl(p)}"]),
    "bare cr before auth": ("submission", lambda p: [f"NOOP\rAUTH PLAIN {sasl(p)}"]),
    "auth misspelt": ("submission", lambda p: [f"AUHT PLAIN {sasl(p)}"]),
    "mechanism alone": ("submission", lambda p: [f"PLAIN {sasl(p)}"]),
    "bare cr in pass": ("pop3", lambda p: ["USER alice", f"PASS a\r{p}"]),
    "bare cr for line ends": ("pop3", lambda p: [f"USER alice\rPASS {p}"]),
    "pass misspelt": ("pop3", lambda p: ["USER alice", f"PSAS {p}"]),
    "with the name": ("pop3", lambda p: [f"USER alice {p}"]),
    "pass overlong": ("pop3", lambda p: ["USER alice", f"PASS {p * 20}"]),
    "pass without end": ("pop3", lambda p: ["USER alice", f"PASS {p * 500}"]),
}  # fmt: skip


def forms(canary):
    """The password plain, in the three alignments of base64, and its digests."""
    yield canary
    for shift in range(3):
        start = -(-shift * 8 // 6)
        coded = base64.b64encode(b"\0" * shift + canary.encode()).decode().rstrip("=")
        yield coded[start + 1 : -1]
    yield hashlib.md5(canary.encode()).hexdigest()


def say(door, lines):
    """Say the lines of a carrier, whatever is answered."""
    with socket.create_connection((door.host, door.port), timeout=10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer = line.recv(4096).decode("latin-1")
        if door.service == "submission":
            line.sendall(b"EHLO client.test\r\n")
            line.recv(4096)
        for text in lines:
            words = text(answer) if callable(text) else text
            for segment in f"{words}\r\n".split("|"):
                line.sendall(segment.encode("latin-1"))
            answer = line.recv(4096).decode("latin-1")


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory):
    """Everything that is written, printed or exported of a lab in which all of it was said: by name, as text."""
    folder = tmp_path_factory.mktemp("canaries")
    config = read(b'weaknesses = ["plaintext_auth"]', "x")
    assert config.sites == default().sites
    with pytest.MonkeyPatch.context() as patch, RunningLab(config, folder / "lab") as lab:
        patch.setattr("maillab.wire.gate._DELAYS", (0.0,) * 4)  # who guesses passwords waits: not here
        recorder = Recorder(folder / "s.maillab", Header("canaries"), lambda trouble: None)
        leave = lab.lab.logbook.subscribe(recorder.entry)
        for number, (service, lines) in enumerate(CARRIERS.values()):
            lab.endpoint("sender.test", service)
            for canary in (CANARIES[number], CANARIES[-1 - number % 3]):
                say(lab.endpoint("sender.test", service), lines(canary))
        leave()
        recorder.close()
        entries = lab.entries()
    session = load(folder / "s.maillab")
    view = Transcript()
    found = {
        "session": Path(folder / "s.maillab").read_text("utf-8"),
        "transcript": "\n".join(view.line(row) for entry in entries for row in view.rows(entry)),
        "json": "\n".join(json.dumps(as_object(entry, "", ""), ensure_ascii=False) for entry in entries),
    }
    for kind in FORMATS:
        found[kind] = b"".join(export(session, kind)).decode("latin-1")
    return found


def test_every_carrier_was_heard(artefacts):
    """The scan means something: every carrier left its lines in the record, struck out."""
    assert artefacts["session"].count("redacted") >= 2 * len(CARRIERS)


def test_no_canary_sings(artefacts):
    """No password is in the session file, the transcript, the JSON or any export, in any form."""
    sung = [
        (where, canary, form)
        for where, text in artefacts.items()
        for canary in CANARIES
        for form in forms(canary)
        if form in text
    ]
    assert sung == []
