"""The token of the HTTP door, judged by a browser and by clients of Mailpit that know of names and passwords."""

import http.server
import smtplib
import threading

import pytest

from tests.judges.test_http_clients import MESSAGE, node
from tests.serving import Serving
from tests.support import need


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
        "stranger": {"fetched": "refused", "removed": "refused", "heard": "refused", "framed": "closed"},
        "left": 1,
    }
