"""The HTTP door, judged by the clients that others have written for Mailpit and for MailHog."""

import contextlib
import json
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.serving import Serving
from tests.support import need

HERE = Path(__file__).parent
MESSAGE = (
    b"From: Alice <alice@sender.test>\r\nTo: bob@recipient.test\r\nSubject: =?utf-8?q?Ch=C3=A0o?=\r\n"
    b"Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Code =E2=9C=93 482910\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>482910</p>\r\n"
    b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def web(_own_grounds):
    """A lab of the profile `app` with its HTTP door open."""
    with Serving("--profile", "app", "--http", "0", ignore=("said", "carried")) as lab:
        yield lab


def node(script, *arguments, seconds=60):
    """What a script for node tells, within so many seconds."""
    done = subprocess.run(
        [need("node"), HERE / script, *map(str, arguments)], capture_output=True, text=True, timeout=seconds
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def address(lab):
    """Where the door is."""
    return f"http://127.0.0.1:{lab.port('http', '')}"


def test_mailpit_api(web):
    """mailpit-api sends, lists, opens, waits, marks, tags, disturbs and removes; what is left out tells why."""
    need("mailpit-api")
    assert node("mailpit_api.js", address(web)) == {
        "message": ["Chào", "alice@sender.test", "hidden@shop.example", "to do", "hello"],
        "header": "Chào",
        "source": True,
        "file": "1,2",
        "picture": "image/png",
        "html": True,
        "text": "hello",
        "listed": 1,
        "waited": True,
        "states": ["ok", 1],
        "tags": ["blue"],
        "untagged": [],
        "chaos": 5,
        "calm": 0,
        "info": [1, True],
        "left_out": [True, True, True],
        "left": 0,
    }


def test_cypress_mailpit(web):
    """Every command of cypress-mailpit, run without Cypress."""
    module = Path(need("cypress-mailpit")) / "dist" / "src" / "MailpitCommands.js"
    assert node("cypress_mailpit.js", address(web), module) == {
        "all": ["For Bob", "Hello Mailpit"],
        "mail": [
            "For Bob", ["bob@recipient.test"], "from@example.com", [], "<p>hello from mailpit</p>", "hello from mailpit",
        ],
        "searched": [1, 1, 2, 1, 1, 0, 0, 0],
        "unread": [0, 2, 1, 2],
        "left": 1,
    }  # fmt: skip


def test_mailhog(web):
    """The client of MailHog lists, searches, decodes and removes."""
    need("mailhog")
    with smtplib.SMTP("127.0.0.1", web.port("smtp", "sender.test"), "program.test") as smtp:
        smtp.sendmail("alice@sender.test", ["bob@recipient.test"], MESSAGE)
    web.wait(lambda entry: entry["kind"] == "delivered" and "bob@recipient.test" in entry["text"])
    seen = node("mailhog.js", web.port("http", ""))
    total = seen.pop("total")
    assert total >= 1
    assert seen == {
        "latest": ["Chào", "Alice <alice@sender.test>", "bob@recipient.test", "Code ✓ 482910", ["a.csv"]],
        "html": "<p>482910</p>",
        "dated": True,
        "to": "Chào",
        "from": None,
        "containing": True,
        "searched": 1,
        "deleted": 200,
        "all": 200,
        "left": 0,
    }


def test_pytest_mailpit(web, tmp_path):
    """Five tests of a program, with the fixtures of pytest-mailpit and none of ours."""
    folder = need("pytest-mailpit")
    tests = shutil.copy(HERE / "mailpit_tests.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         "-c", os.devnull, "--rootdir", tmp_path, "--mailpit-url", address(web), tests],
        env={**os.environ, "PYTHONPATH": folder, "LAB_SMTP": str(web.port("smtp", "sender.test")), "PYTEST_ADDOPTS": ""},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "5 passed" in done.stdout, done.stdout + done.stderr


HOSTILE = (
    b"From: eve@elsewhere.example\r\nTo: bob@recipient.test\r\nSubject: A page\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain words\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><img src=ELSEWHERE/picture onerror=alert(2)>"
    b"<p>shown words</p><svg onload=alert(3)></svg><iframe src=ELSEWHERE/frame></iframe>"
    b"<style>@import 'ELSEWHERE/sheet'; @font-face { font-family: f; src: url(ELSEWHERE/font) } p { font-family: f }</style>\r\n--b--\r\n"
)
FAULT = 'at recipient.test smtp rcpt answer 550 5.1.1 "No such user"'


@pytest.mark.usefixtures("_own_grounds")
def test_the_page_in_chromium():
    """A person finds a message, opens it, watches others cross, filters, plays a session, has a rule and switches it.

    The HTML of a stranger runs nothing, and asks nobody until a person wants its pictures, and then for those only; what
    the lab cannot be told is said; no page is wider than a small screen, every word can be read in both themes, the
    console is silent, and of the wire only the rows that are seen are in the page. A list that was asked for in vain is
    asked for again, and no late answer takes the keyboard from who types.
    """
    need("playwright-core")
    with (
        Elsewhere() as elsewhere,
        Serving("--profile", "app", "--http", "0", ignore=("said", "carried")) as lab,
    ):
        hostile = HOSTILE.replace(b"ELSEWHERE", b"http://127.0.0.1:%d" % elsewhere.port)
        with smtplib.SMTP("127.0.0.1", lab.port("smtp", "sender.test"), "program.test") as smtp:
            for content in (MESSAGE, hostile):
                smtp.sendmail("alice@sender.test", ["bob@recipient.test"], content)
        lab.wait(lambda entry: entry["kind"] == "delivered")
        session = (ROOT / "examples" / "sessions" / "classic.maillab").read_bytes()
        asked = urllib.request.Request(f"{address(lab)}/maillab/v1/sessions/classic", session, method="PUT")
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.status == 201
        seen = node("page_in_chromium.js", address(lab), need("chromium"), seconds=300)
    asked = seen.pop("asked") / 1000
    assert [path for at, path in elsewhere.visits if at < asked] == []
    assert {path for _, path in elsewhere.visits} <= {"", "/picture"}  # a browser may open a link and not use it
    assert seen == {
        "errors": [],
        "refused": ["400 /maillab/v1/entries", "400 /maillab/v1/rules"],
        "dialogs": 0,
        "elsewhere": ["/picture"],
        "opened": ["A page", "plain words"],
        "source": True,
        "html": "shown words",
        "fates": 0,
        "typed": "dd",
        "signs": ["·", "═", "▶", "◀"],
        "brought": "Session session added.",
        "crossed": True,
        "complaint": True,
        "played": [f"line {line} of 42" for line in (0, 1, 2, 1, 2, 42)],
        "wrong": "at rctp answer 451\n   ^ no stage and no command is called rctp; did you mean rcpt? (column 4)",
        "rules": [[[FAULT, True, 1]], [[FAULT, False, 1]], [[FAULT, True, 0]]],
        "pale": [],
        "alone": [["Failed to fetch", 1]] * 4,  # a message stays open where nothing could be done with it
        "left": ["A page", "Chào", "Live", "Undelivered message returned to sender"],
        "chosen": ["3 messages chosen", ["A page", "Chào", "Live"]],
        "kept": ["Undelivered message returned to sender"],
        "sai": "at rctp answer 451\n   ^ không có giai đoạn hay lệnh nào tên rctp; ý bạn là rcpt phải không? (cột 4)",
        "small": [True, True],
    }


class Elsewhere:
    """A server of a stranger that never answers; when somebody came, and what was asked for ("": nothing)."""

    def __init__(self):
        self.visits = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._ear = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self):
        self._ear.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown(socket.SHUT_RDWR)
        self._ear.join(20)
        self._server.close()

    def _listen(self):
        links = []
        with contextlib.suppress(OSError):  # it is over
            while True:
                link, _ = self._server.accept()
                links.append((time.time(), link))  # noqa: TID251 - by the clock that the browser reads
        for at, link in links:
            with link:
                link.settimeout(5)
                asked = link.recv(65_536).split(b" ")
                self.visits.append((at, asked[1].decode() if len(asked) > 1 else ""))
