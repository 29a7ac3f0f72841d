"""The token of the HTTP door, judged by a browser and by clients of Mailpit that know of names and passwords."""

import contextlib
import http.server
import signal
import smtplib
import subprocess
import sys
import threading
import time

import pytest

from maillab.protocols.services import of_a_site
from tests.judges.test_http_clients import MESSAGE, address, node
from tests.serving import Serving, environment
from tests.support import free_ports, need


class Stranger(http.server.BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>stranger</title><body></body>")

    def log_message(self, *_):
        """Nothing to say."""


@pytest.mark.usefixtures("_own_grounds")
def test_a_browser_at_a_door_with_a_token():
    """T284, T286: the link works once, the form lets in who knows the token, a stranger's page gets nothing."""
    need("playwright-core")
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as elsewhere,
        Serving("--profile", "app", "--http", "0", "--listen", "0.0.0.0", ignore=("said", "carried")) as lab,
    ):
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        with smtplib.SMTP("127.0.0.1", lab.port("smtp", "sender.test"), "program.test") as smtp:
            smtp.sendmail("alice@sender.test", ["bob@recipient.test"], MESSAGE)
        lab.wait(lambda entry: entry["kind"] == "delivered")
        said = dict(line.split(": ", 1) for line in lab.errors().splitlines())
        token, link = said["token of the HTTP door"], said["in a browser, once"]
        stranger = f"http://localhost:{elsewhere.server_port}/"
        seen = node("token_in_chromium.js", link, token, stranger, need("chromium"), seconds=240)
        elsewhere.shutdown()
    assert seen == {
        "linked": ["", [200]],
        "cookie": [True, "Strict", False],
        "again": "This link works once, and it has been used.",
        "entered": True,
        "stranger": {
            "fetched": "refused",
            "removed": "refused",
            "sent": "refused",
            "heard": "refused",
            "framed": "closed",
        },
        "left": 1,
    }


@pytest.mark.usefixtures("_own_grounds")
def test_a_client_of_mailpit_at_a_door_with_a_token():
    """mailpit-api gives the token as a password, as to Mailpit with a file of passwords; a wrong one is refused (T286)."""
    need("mailpit-api")
    token = "correct-horse-battery"
    with Serving("--profile", "app", "--http", "0", "--http-token", token, ignore=("said", "carried")) as lab:
        seen = node("mailpit_api_token.js", address(lab), token)
    assert seen == {"listed": 1, "refused": True}


HOSTILE = (  # of CATALOGUE L: what a terminal obeys, in a subject, a name of a file and a text
    "\x1b]0;PWNTITLE\x07\x1b]52;c;UFdOSVQ=\x07\x1b]52;c;?\x07\x1b]8;;http://evil.test/\x07link\x1b]8;;\x07"
    "\x9b31m\x1bP1$tx\x1b\\\x1b[2J\x1b[?1049l\x1bc\u202egpj.exe<img src=x onerror=alert(1)><script>alert(2)</script>"
)


def post_hostile(port):
    """Post it to the lab as soon as the window has one."""
    content = (
        f"Subject: hostile {HOSTILE}\r\nFrom: {HOSTILE} <alice@sender.test>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: text/html; charset=utf-8; name="{HOSTILE}"\r\n\r\n<p>{HOSTILE}\r\n'
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", port, "program.test") as smtp:
            smtp.sendmail("alice@sender.test", ["bob@recipient.test"], content.encode())
            return
        time.sleep(0.1)


@pytest.mark.usefixtures("_own_grounds")
def test_the_window_in_chromium(tmp_path):
    """T293: a person works with the window as on a terminal, two see the same, and what strangers send does nothing."""
    need("playwright-core")
    need("textual-serve")
    (smtp,) = free_ports(1)
    config = tmp_path / "lab.toml"
    free = ", ".join(f"{service.name} = 0" for service in of_a_site() if service.name != "smtp")
    config.write_text(
        f"dns_port = 0\n[[sites]]\ndomain = 'sender.test'\npeople = [{{name = 'alice', password = 'alice'}}]\n"
        f"trust_loopback = true\nports = {{smtp = {smtp}, {free}}}\n"
        "[[sites]]\ndomain = 'recipient.test'\npeople = [{name = 'bob', password = 'bob'}]\n"
        f"ports = {{smtp = 0, {free}}}\n"
    )
    options = ["--web", "0", "--ephemeral", "--ports", "fixed", "--config", config, "--lang", "en"]
    command = [sys.executable, "-m", "maillab", *options]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) as serving:
        try:
            link = next(line for line in serving.stderr if line.startswith("in a browser")).partition(": ")[2].strip()
            sender = threading.Thread(target=post_hostile, args=(smtp,), daemon=True)
            sender.start()
            seen = node("terminal_in_chromium.js", link, need("chromium"), seconds=300)
        finally:
            serving.send_signal(signal.SIGINT)
            assert serving.wait(30) == 0
    assert seen == {
        "errors": [],
        "dialogs": 0,
        "elsewhere": [],
        "tabs": ["HTML", "HTML source", "Headers", "Raw", "Parts", "Route", "Text"],
        "title": "maillab",
        "copied": "mine",
    }
