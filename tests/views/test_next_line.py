"""What fits on the next line that somebody types."""

import pytest

from maillab.protocols.protocol import UNKNOWN
from maillab.protocols.services import SERVICES
from maillab.views.next_line import LineWanted, NextLine, NextLines
from tests.recording.told import record

SPOKEN = {service.protocol.name: service.protocol for service in SERVICES.values() if service.protocol.verbs}


def after(text, service="smtp", *, closed=False):
    """What fits after this was said."""
    lines = NextLines(SERVICES[service].protocol)
    entries = record(text, service=service)
    for entry in entries if closed else entries[:-1]:
        lines.hear(entry)
    return lines.now


def commands(text, service="smtp"):
    line = after(text, service)
    assert line.wanted is LineWanted.COMMAND
    return list(line.commands)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("S: 220 mx", ["EHLO …"]),
        ("S: 220 mx\nC: EHLO me", ["EHLO …"]),  # nobody has answered yet
        ("S: 220 mx\nC: EHLO me\nS: 250-mx\nS: 250 SIZE 9", ["MAIL FROM:<…>", "AUTH PLAIN …", "STARTTLS"]),
        ("S: 220 mx\nC: HELO me\nS: 250 mx", ["MAIL FROM:<…>"]),
        ("S: 220 mx\nC: MAIL FROM:<a@x.test>\nS: 250 ok", ["RCPT TO:<…>"]),
        ("S: 220 mx\nC: MAIL FROM:<a@x.test>\nS: 250 ok\nC: RCPT TO:<b@x.test>\nS: 550 no", ["RCPT TO:<…>"]),
        ("S: 220 mx\nC: RCPT TO:<b@x.test>\nS: 250 ok", ["RCPT TO:<…>", "DATA"]),
        ("S: 220 mx\nC: RCPT TO:<b@x.test>\nS: 250 ok\nC: NOOP\nS: 250 ok", ["RCPT TO:<…>", "DATA"]),
        ("S: 220 mx\nC: DATA\nS: 354 go\nMESSAGE hi\nC: .\nS: 250 ok", ["MAIL FROM:<…>", "QUIT"]),
        ("S: 220 mx\nC: BDAT 4\nMESSAGE hi\nS: 250 ok", ["BDAT …"]),
        ("S: 220 mx\nC: BDAT 4 LAST\nMESSAGE hi\nS: 250 ok", ["MAIL FROM:<…>", "QUIT"]),
        ("S: 220 mx\nC: AUTH LOGIN\nS: 334 VXNlcg==\nC? Ym9i\nS: 235 ok", ["MAIL FROM:<…>"]),
        ("S: 220 mx\nC: EHLO me\nS: 250 mx\nC: AUTH X\nS: 504 no", ["MAIL FROM:<…>", "AUTH PLAIN …", "STARTTLS"]),
        ("S: 220 mx\nC: STARTTLS\nS: 220 go\nTLS", ["EHLO …"]),
        ("S: 220 mx\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO me\nS: 250 mx", ["MAIL FROM:<…>", "AUTH PLAIN …"]),
    ],
)
def test_commands_of_smtp(said, fits):
    """Those that usually follow what went well; after a refusal, and after what changes nothing, the same as before."""
    assert commands(said) == fits


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("S: +OK hi", ["USER …", "STLS"]),
        ("S: +OK hi\nC: USER bob\nS: +OK", ["PASS …"]),
        ("S: +OK hi\nC: USER bob\nS: +OK\nC: PASS x\nS: -ERR no", ["USER …", "STLS"]),  # RFC 1939 §7
        ("S: +OK hi\nC: PASS bob\nS: +OK", ["STAT", "LIST", "RETR …"]),
        ("S: +OK hi\nC: LIST\nS: +OK\nS: 1 9\nS: .", ["RETR …", "TOP …", "QUIT"]),
        ("S: +OK hi\nC: RETR 1\nS: +OK\nMESSAGE hi\nS: .", ["RETR …", "DELE …", "QUIT"]),
    ],
)
def test_commands_of_pop3(said, fits):
    """A login of two steps that failed begins anew."""
    assert commands(said, "pop3") == fits


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("S: * OK hi", ["LOGIN …", "STARTTLS"]),
        ("S: * OK hi\nC: a1 LOGIN bob bob\nS: a1 OK", ['LIST "" …', "SELECT …"]),
        ("S: * OK hi\nC: a1 SELECT INBOX\nS: * 1 EXISTS\nS: a1 OK", ["FETCH …", "SEARCH …", "CLOSE"]),
        ("S: * OK hi\nC: a1 CLOSE\nS: a1 OK\nS: * 5 EXISTS", ["SELECT …", 'LIST "" …', "LOGOUT"]),
    ],
)
def test_commands_of_imap(said, fits):
    """News that nobody asked for change nothing."""
    assert commands(said, "imap") == fits


def test_where_tls_comes_first():
    """Nothing begins it a second time."""
    assert commands("S: +OK hi", "pop3s") == ["USER …"]


def test_a_line_that_is_no_command():
    """The message, up to a lone dot; octets that were announced; a step of a login; the rest of a command."""
    assert after("S: 220 mx\nC: DATA\nS: 354 go") == NextLine(LineWanted.CONTENT)
    assert after("S: 220 mx\nC: DATA\nS: 354 go\nMESSAGE hi") == NextLine(LineWanted.CONTENT)
    assert after("S: 220 mx\nC: BDAT 7") == NextLine(LineWanted.OCTETS, octets=7)
    assert after("S: 220 mx\nC: BDAT 7\nMESSAGE hi") == NextLine(LineWanted.OCTETS, octets=3)
    assert after("S: 220 mx\nC: AUTH LOGIN\nS: 334 VXNlcg==") == NextLine(LineWanted.RESPONSE)
    assert after("S: * OK hi\nC: a1 APPEND INBOX {4}\nS: + go", "imap") == NextLine(LineWanted.OCTETS, octets=4)
    assert after("S: * OK hi\nC: a1 APPEND INBOX {4}\nS: + go\nMESSAGE hi", "imap") == NextLine(LineWanted.REST)
    assert after("S: * OK hi\nC: a1 LOGIN {3}\nS: + go", "imap") == NextLine(LineWanted.REST)
    assert after("S: * OK hi\nC: a1 IDLE\nS: + idling\nS: * 2 EXISTS", "imap") == NextLine(LineWanted.DONE)
    assert after("S: 220 mx\nC: QUIT\nS: 221 bye", closed=True) == NextLine(LineWanted.NOTHING)


@pytest.mark.parametrize("name", SPOKEN)
def test_every_protocol_says_what_follows(name):
    """Its tables name commands that it has, and each is one that can be typed."""
    protocol = SPOKEN[name]
    assert protocol.then.keys() - {""} <= protocol.verbs.keys()
    assert all(protocol.verbs[verb].typed for verbs in protocol.then.values() for verb in verbs)
    assert NextLines(protocol).now.commands
    assert NextLines(UNKNOWN).now.commands == ()
