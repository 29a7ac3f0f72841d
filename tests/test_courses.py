"""What students of courses on sockets write as their first mail program, against the lab: one `recv` for one reply."""

import base64
import socket

import pytest

from maillab.config import default
from maillab.config_file import from_table
from maillab.testing import RunningLab


class Student:
    """A client as courses teach it: what one `recv` brings is the reply, and its first three characters are the code."""

    def __init__(self, endpoint):
        self.wire = socket.create_connection((endpoint.host, endpoint.port), timeout=10)
        self.greeting = self.wire.recv(1024).decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()

    def say(self, text, end="\r\n"):
        """Send a line, hear what comes."""
        self.wire.sendall((text + end).encode())
        return self.wire.recv(4096).decode()

    def codes(self, *lines):
        return [self.say(line)[:3] for line in lines]

    def list(self, command):
        """A multi-line reply of POP3, read up to its dot."""
        heard = self.say(command)
        while not heard.endswith("\r\n.\r\n"):
            more = self.wire.recv(4096).decode()
            assert more, f"hung up after {heard!r}"
            heard += more
        return heard.split("\r\n")[1:-2]


@pytest.fixture(scope="module")
def lab():
    with RunningLab(default()) as running:
        yield running


def test_the_skeleton_of_a_textbook(lab):
    """Kurose and Ross: HELO Alice, paths with spaces around them, a message that begins with an empty line."""
    with Student(lab.endpoint("sender.test", "smtp")) as student:
        assert student.greeting[:3] == "220"
        assert student.codes(
            "HELO Alice", "MAIL FROM: <alice@example.org> ", "RCPT TO: <bob@example.com> ", "DATA"
        ) == ["250", "250", "250", "354"]  # fmt: skip
        assert student.say("\r\n My message", "\r\n.\r\n")[:3] == "250"
        assert student.say("QUIT")[:3] == "221"
    assert lab.fetch("bob@example.com", at_least=1)[-1].endswith(b"\r\n\r\n My message\r\n")


def test_the_telnet_of_a_first_lab():
    """Stanford: telnet to a relay of the campus, addresses without brackets, at any domain where the lab catches all."""
    with (
        RunningLab(from_table({"profile": "app"}, "app")) as running,
        Student(running.endpoint("sender.test", "smtp")) as student,
    ):
        assert student.codes(
            "HELO mycomputer.stanford.edu", "MAIL FROM: sunetid@stanford.edu", "RCPT TO: sunetid@stanford.edu", "DATA"
        ) == ["250", "250", "250", "354"]  # fmt: skip
        assert student.codes("From: sunetid@stanford.edu\r\nSubject: Hello from lab 0!\r\n\r\nHi\r\n.", "QUIT") == [
            "250",
            "221",
        ]
        assert b"Subject: Hello from lab 0!" in running.fetch("sunetid@stanford.edu", at_least=1)[0]


def test_a_client_in_c(lab):
    """Harbin: AUTH login in lower case, answered by the two well-known prompts, any credentials; then POP3 in lower case."""
    with Student(lab.endpoint("sender.test", "smtp")) as student:
        assert "AUTH PLAIN LOGIN" in student.say("EHLO qq.com")
        prompts = student.say("AUTH login"), student.say(base64.b64encode(b"student@qq.com").decode())
        assert prompts == ("334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n")
        assert student.codes(base64.b64encode(b"any").decode(), "MAIL FROM:<student@qq.com>", "RCPT TO:<carol@example.net>", "data") == [
            "235", "250", "250", "354",
        ]  # fmt: skip
        assert student.codes("MIME-Version: 1.0\r\nSubject: C\r\n\r\nhi\r\n.", "quit") == ["250", "221"]
    lab.fetch("carol@example.net", at_least=1)
    with Student(lab.endpoint("recipient.test", "pop3")) as student:
        assert student.codes("user carol", "pass carol", "stat", "quit") == ["+OK"] * 4


def test_a_mail_client_with_folders():
    """HCMUS: To, Cc and Bcc with an attachment to a server that knows nobody; then every mailbox is there, read by UIDL."""
    with RunningLab(from_table({"profile": "hcmus"}, "hcmus")) as running:
        with Student(running.endpoint("hcmus.test", "smtp")) as student:
            assert student.greeting == "220 Test Mail Server\r\n"
            recipients = [f"RCPT TO:<{name}@testing.com>" for name in ("ntquan", "ahuu", "bcc")]
            assert student.codes("EHLO [127.0.0.1]", "MAIL FROM:<ahihi@testing.com>", *recipients, "DATA") == [
                "250"
            ] * 5 + ["354"]
            attachment = base64.encodebytes(bytes(200_000)).decode().replace("\n", "\r\n")
            assert student.codes(f"Subject: urgent\r\n\r\n{attachment}\r\n.", "QUIT") == ["250", "221"]
        for name in ("ntquan@testing.com", "bcc@testing.com"):
            with Student(running.endpoint("hcmus.test", "pop3")) as student:
                assert student.codes(f"USER {name}", "PASS anything", "STAT") == ["+OK"] * 3
                assert len(student.list("LIST")) == len(student.list("UIDL")) == 1
                assert "Subject: urgent" in student.list("RETR 1")
                assert student.codes("DELE 1", "QUIT") == ["+OK", "+OK"]
