"""The strict, minimal POP3 server on paper, and the mailbox that a record tells of."""

from maillab.recording.strict_pop3 import StrictPop3
from tests.recording.told import talk_from, talk_of

TWO = (
    "S: +OK hi\nC: USER bob\nS: +OK\nC? PASS x\nS: +OK\nC: STAT\nS: +OK 3 60\nC: LIST\nS: +OK\nS: 1 24\nS: 2 20\nS: .\n"
    "C: UIDL 2\nS: +OK 2 second\nC: RETR 1\nS: +OK 24 octets\nMESSAGE A: b||one|two|..three\nS: .\nC: QUIT\nS: +OK"
)


def ask(server, line):
    """Its answer, its message in it; it hears what it said."""
    octets = line.encode() + b"\r\n"
    verb = line.partition(" ")[0]
    answer, contents = server.answer(verb, octets)
    server.heard(verb, octets, answer)
    status, _, rest = answer.partition(b"\r\n")
    body = b"".join(content.whole() for content in contents)
    return (status + b"\r\n" + body + rest).decode().replace("\r\n", "|")


def logged_in(text=TWO):
    server = StrictPop3(talk_from(text, service="pop3", name="retrieve-1"))
    ask(server, "PASS x")
    return server


def test_an_empty_mailbox():
    """Of a record that tells of no messages the mailbox is empty, and closed before the login."""
    server = StrictPop3(talk_from("S: +OK hi", service="pop3", name="retrieve-1"))
    assert [ask(server, line)[:4] for line in ("STAT", "RETR 1", "AUTH PLAIN", "USER bob")] == ["-ERR"] * 3 + ["+OK|"]
    said = ["PASS x", "STAT", "LIST", "UIDL", "LIST 1", "RETR 1", "NOOP", "XTND", "QUIT"]
    assert [ask(server, line)[:9] for line in said] == [
        "+OK|", "+OK 0 0|", "+OK|.|", "+OK|.|", "-ERR no s", "-ERR no s", "+OK|", "-ERR not ", "+OK goodb",
    ]  # fmt: skip


def test_the_mailbox_of_the_record():
    """Of the kind: two servers in one. Numbers, sizes and names are those that the record answered with."""
    server = logged_in()
    assert ask(server, "STAT") == "+OK 3 44|"
    assert ask(server, "LIST") == "+OK|1 24|2 20|3 0|.|"
    assert ask(server, "LIST 2") == "+OK 2 20|"
    assert ask(server, "UIDL") == "+OK|1 record-1|2 second|3 record-3|.|"


def test_messages_of_the_record():
    """A message that the record holds is read, whole or from the top; another is not there for now."""
    server = logged_in()
    assert ask(server, "RETR 1") == "+OK 24 octets|A: b||one|two|..three|.|"
    assert ask(server, "TOP 1 1") == "+OK|A: b||one|.|"
    assert ask(server, "TOP 1 0") == "+OK|A: b||.|"
    assert ask(server, "TOP 1")[:4] == "-ERR"
    assert ask(server, "RETR 2").startswith("-ERR [SYS/TEMP]")


def test_deleting():
    """What is deleted, by whose answer ever, is gone until RSET."""
    server = logged_in()
    assert ask(server, "DELE 1") == "+OK deleted|"
    server.heard("DELE", b"DELE 2\r\n", b"+OK\r\n")
    assert ask(server, "LIST") == "+OK|3 0|.|"
    assert ask(server, "RETR 1") == ask(server, "DELE 9") == "-ERR no such message|"
    assert ask(server, "RSET") == "+OK|"
    assert ask(server, "STAT") == "+OK 3 44|"


def test_what_another_offered():
    """An offer of the record is kept: STLS, and SASL with its mechanisms."""
    server = StrictPop3(talk_from("S: +OK hi", service="pop3", name="retrieve-1"))
    assert ask(server, "STLS")[:4] == "-ERR"
    server.heard("CAPA", b"CAPA\r\n", b"+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n")
    assert [ask(server, line)[:4] for line in ("STLS", "AUTH PLAIN x", "AUTH LOGIN")] == ["+OK ", "+OK|", "-ERR"]


def test_a_story():
    """Of the message of a story all is known."""
    server = StrictPop3(talk_of("seven-steps", "retrieve-1"))
    ask(server, "PASS x")
    assert ask(server, "LIST").count("|") == 3
    assert "Subject: Hello from the laboratory" in ask(server, "TOP 1 0")
