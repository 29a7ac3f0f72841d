"""The strict, minimal server of SMTP on paper."""

import pytest

from maillab.recording.strict_smtp import StrictSmtp


def ask(server, line):
    """Its answer, which it hears itself."""
    octets = line.encode() + b"\r\n"
    verb = "." if line == "." else line.partition(" ")[0]
    answer = server.refuses(verb, octets) or server.answer(verb, octets)[0]
    server.heard(verb, octets, answer)
    return answer.decode()[:3]


def test_a_message():
    """The order of RFC 5321 section 4.1.4 is kept, and kept from others."""
    server = StrictSmtp()
    said = ["EHLO a.test", "RCPT TO:<b@b.test>", "MAIL FROM:<a@a.test>", "MAIL FROM:<>", "DATA", "RCPT TO:<b@b.test>"]
    assert [ask(server, line) for line in said] == ["250", "503", "250", "503", "503", "250"]
    assert [ask(server, line) for line in ("DATA", ".", "DATA", "QUIT")] == ["354", "250", "503", "221"]


@pytest.mark.parametrize(
    "line", ["MAIL FROM: a@a.test", "MAIL", "EHLO", "STARTTLS", "AUTH PLAIN AGEAYg==", "XYZZY", "EHLO \x00"]
)
def test_refusals(line):
    """What is wrong, or was not offered, is refused for good."""
    assert ask(StrictSmtp(), line)[0] == "5"


def test_chunks():
    """A message in chunks ends with the last one, not before; without a recipient no chunk is taken."""
    server = StrictSmtp()
    said = ["BDAT 4", "MAIL FROM:<a@a.test>", "RCPT TO:<b@b.test>", "BDAT 4", "BDAT 4", "BDAT 0 LAST", "BDAT 0 LAST"]
    assert [ask(server, line) for line in said] == ["503", "250", "250", "250", "250", "250", "503"]


def test_what_another_answered():
    """Of the kind: two servers in one. What the record took is begun here, what it refused is not."""
    server = StrictSmtp()
    server.heard("MAIL", b"MAIL FROM:<a@a.test>\r\n", b"250 ok\r\n")
    assert ask(server, "DATA") == "503"
    server.heard("RCPT", b"RCPT TO:<b@b.test>\r\n", b"550 no\r\n")
    assert ask(server, "DATA") == "503"
    server.heard("RCPT", b"RCPT TO:<c@b.test>\r\n", b"250 ok\r\n")
    assert ask(server, "DATA") == "354"
    server.heard(".", b".\r\n", b"451 later\r\n")
    assert ask(server, "RCPT TO:<b@b.test>") == "503"


def test_what_another_offered():
    """An offer of the record is kept: STARTTLS, and AUTH with its mechanisms; until the next greeting."""
    server = StrictSmtp()
    server.heard("EHLO", b"EHLO a\r\n", b"250-mx\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN\r\n")
    assert [ask(server, line) for line in ("AUTH plain x", "AUTH CRAM-MD5", "AUTH", "XYZZY", "STARTTLS")] == [
        "235", "504", "504", "502", "220",
    ]  # fmt: skip
    assert [ask(server, line) for line in ("HELO a.test", "STARTTLS", "AUTH PLAIN x")] == ["250", "502", "502"]


def test_data_stands_alone():
    """No content follows DATA with an argument: a client that means something else is told so."""
    server = StrictSmtp()
    said = ["MAIL FROM:<a@a.test>", "RCPT TO:<b@b.test>", "DATA x"]
    assert [ask(server, line) for line in said] == ["250", "250", "501"]
