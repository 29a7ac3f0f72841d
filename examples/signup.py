"""A small web program that sends mail: who signs up gets a message with a link, and is a member after following it.

`python signup.py [HTTP_PORT] [SMTP_PORT]`, then open http://127.0.0.1:8000/. Its mail goes to port 25 of the lab's
first site (1025), which trusts programs on this computer.
"""

import html
import secrets
import smtplib
import sys
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FORM = '<form method="post" action="/signup">E-mail <input name="email" type="email"> <button>Sign up</button></form>'


class SignUp(ThreadingHTTPServer):
    """The program: who has been written to, who has confirmed."""

    def __init__(self, port: int, smtp_port: int) -> None:
        super().__init__(("127.0.0.1", port), Page)
        self.smtp_port = smtp_port
        self.asked: dict[str, str] = {}  # token: address
        self.members: set[str] = set()

    def invite(self, address: str) -> None:
        """Send the message with the link. Raises what smtplib raises when the mail server refuses."""
        token = secrets.token_urlsafe(16)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "signup@sender.test", address, "Please confirm"
        message.set_content(
            f"Welcome! Follow this link:\n\nhttp://127.0.0.1:{self.server_port}/confirm?token={token}\n"
        )
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as server:
            server.send_message(message)
        self.asked[token] = address


class Page(BaseHTTPRequestHandler):
    """One request of a browser."""

    server: SignUp

    def do_GET(self) -> None:
        """The form, or the link of the message."""
        url = urlsplit(self.path)
        token = parse_qs(url.query).get("token", [""])[0]
        if url.path == "/":
            self.answer(200, FORM)
        elif url.path == "/confirm" and (address := self.server.asked.pop(token, "")):
            self.server.members.add(address)
            self.answer(200, f"Welcome, {html.escape(address)}.")
        else:
            self.answer(404, "No such page.")

    def do_POST(self) -> None:
        """The form, filled in."""
        fields = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        try:
            self.server.invite(fields.get("email", [""])[0])
        except (smtplib.SMTPException, ValueError, OSError) as error:
            self.answer(400, f"That did not work: {html.escape(str(error))}")
        else:
            self.answer(200, "We have sent you a message.")

    def answer(self, status: int, text: str) -> None:
        """A page of one sentence."""
        page = f"<!doctype html><title>Sign up</title><p>{text}</p>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the lab shows what matters here."""


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    SignUp(*(numbers + [8000, 1025][len(numbers) :])).serve_forever()
