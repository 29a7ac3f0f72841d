"""The strict, minimal server on paper."""

import pytest

from maillab.recording.strict import Strict


def ask(server, line):
    octets = line.encode() + b"\r\n"
    verb = "." if line == "." else line.partition(" ")[0]
    return server.answer(verb, octets).decode()[:3]


def test_a_letter():
    """The order of RFC 5321 section 4.1.4 is kept, and kept from others."""
    server = Strict("smtp")
    said = ["EHLO a.test", "RCPT TO:<b@b.test>", "MAIL FROM:<a@a.test>", "MAIL FROM:<>", "DATA", "RCPT TO:<b@b.test>"]
    assert [ask(server, line) for line in said] == ["250", "503", "250", "503", "503", "250"]
    assert [ask(server, line) for line in ("DATA", ".", "DATA", "QUIT")] == ["354", "250", "503", "221"]


@pytest.mark.parametrize(
    "line", ["MAIL FROM: a@a.test", "MAIL", "EHLO", "STARTTLS", "AUTH PLAIN AGEAYg==", "XYZZY", "EHLO \x00"]
)
def test_refusals(line):
    """What is wrong, or was not offered, is refused for good."""
    assert ask(Strict("smtp"), line)[0] == "5"


def test_pop3():
    """An empty mailbox, after a login."""
    server = Strict("pop3")
    said = ["STAT", "USER bob", "PASS x", "STAT", "LIST", "LIST 1", "RETR 1", "NOOP", "QUIT", "XTND"]
    assert [ask(server, line) for line in said] == [
        "-ER", "+OK", "+OK", "+OK", "+OK", "-ER", "-ER", "+OK", "+OK", "-ER",
    ]  # fmt: skip
    assert server.answer("UIDL", b"UIDL\r\n").endswith(b".\r\n")
