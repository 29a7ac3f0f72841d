"""What each term of a filter asks."""

import pytest

from maillab.events import Carried, Dropped, Entry, Packet, Said, Side
from maillab.mail.content import Content
from maillab.protocols.dns.described import described
from maillab.views.filter import parse, select
from maillab.views.transcript import Transcript
from maillab.views.verdict import Verdict
from tests.views.sample import session


def words(event):
    """The line that was said, else the kind of event."""
    match event:
        case Said():
            return event.line.decode().rstrip()
        case Packet():
            return described(event.octets)[0]
        case _:
            return type(event).__name__


def shown(text):
    """What matches, as words."""
    return [words(entry.event) for entry in select(parse(text), session())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("leg:lookup -talk:lookup-*", ["Routed"]),
        ("leg:relay event:queued", ["Queued", "Queued"]),
        ("proto:dns side:client", ["recipient.test. IN MX ?", "mx.recipient.test. IN A ?"]),
        ("talk:lookup-2 side:server", ["NXDOMAIN aa mx.recipient.test. IN A"]),
        ("talk:*-2 event:opened", ["Opened"]),
        ("talk:lab", ["Warned"]),
        ("verb:rcpt leg:relay code:5xx", ["550 5.1.1 no eve"]),
        ("verb:ehlo side:server leg:submit", ["250-HELP", "250 STARTTLS"]),
        ("verb:data leg:submit", ["DATA", "354 go", "Carried", ".", "250 2.0.0 queued"]),
        ("verb:bdat", ["BDAT 5 LAST", "Carried", "451 4.3.0 later"]),
        ("verb:auth side:server", ["235 ok"]),
        ("verb:mx", ["recipient.test. IN MX ?", "NOERROR aa recipient.test. 60 IN MX 10 mx.recipient.test."]),
        ("verb:list", ["LIST", "+OK", "550 99", "."]),
        ("verb:retr", ["RETR 1", "+OK", "Carried", "."]),
        ("code:5xx", ["550 5.1.1 no eve", "Failed"]),
        ("code:45", ["451 4.3.0 later", "Attempted"]),
        ("code:-err or code:nxdomain", ["NXDOMAIN aa mx.recipient.test. IN A", "-ERR no"]),
        ("code:+OK verb:pass", ["+OK in"]),
        ("is:failure", ["NXDOMAIN aa mx.recipient.test. IN A", "550 5.1.1 no eve", "Failed", "Bounced", "-ERR no"]),
        ("error -is:failure", ["451 4.3.0 later", "Attempted", "Closed", "Warned"]),
        ("errors leg:lookup", ["NXDOMAIN aa mx.recipient.test. IN A"]),
        ("DNS error", ["NXDOMAIN aa mx.recipient.test. IN A"]),
        ("pop3 is:failure", ["-ERR no"]),
        ('"dns" -"dns"', []),
        ('"error" leg:lookup', ["NOERROR aa recipient.test. 60 IN MX 10 mx.recipient.test."]),
        ("ecode:5", ["550 5.1.1 no eve", "Failed"]),
        ("ecode:x.1.x side:server leg:submit", ["250 2.1.0 ok", "250 2.1.5 ok"]),
        (
            "from:alice side:client leg:relay verb:rcpt",
            ["RCPT TO:<bob@recipient.test>", "RCPT TO:<eve@recipient.test>"],
        ),
        ("from:alice@sender leg:retrieve", ["Carried", "."]),
        ("to:all@list.test side:server -leg:retrieve", ["250 2.0.0 queued"]),
        (
            "to:eve -side:client -side:server",
            ["Submitted", "Queued", "Routed", "Delivered", "Attempted", "Failed", "Closed"],
        ),
        ("to:alice event:bounced", ["Bounced"]),
        ("user:alice verb:mail", ["MAIL FROM:<alice@sender.test>", "250 2.1.0 ok"]),
        ("user:bob verb:dele", ["DELE 9", "-ERR no"]),
        ("tls:no verb:starttls", ["STARTTLS", "220 go"]),
        ("tls:yes event:opened or tls:1.3 verb:quit", ["QUIT", "221 bye"]),
        ("tls:1.2", []),
        ("subject:CHÀO", ["Carried", "Carried"]),
        ("subject:/^chào$/", ["Carried", "Carried"]),
        ("subject:alice", []),
        ("header:chào", ["Carried", "Carried"]),
        ("header:/^from:.*@sender/", ["Carried", "Carried"]),
        ("header:invoice", []),
        ("body:INVOICE", ["Carried", "Carried"]),
        ("body:/^the [a-z]+$/", ["Carried", "Carried"]),
        ("body:alice", []),
        ("job:L1.1 event:opened", ["Opened"] * 4),
        ("job:L2* -event:opened", ["Queued"]),
        ("event:bounced", ["Bounced"]),
        ("before:1500ms", ["Opened", "220-mail.sender.test"]),
        ("after:3s before:0.1min", ["EHLO x.test", "250-HELP", "250 STARTTLS"]),
        ('"no eve"', ["550 5.1.1 no eve", "Failed"]),
        ("/no .ve$/", ["550 5.1.1 no eve", "Failed"]),
        ("weak", ["Warned"]),
        ("CHÀO", ["Carried", "Carried"]),
    ],
)
def test_what_a_term_matches(text, expected):
    """Each term says which entries of a small session it means."""
    assert shown(text) == expected


def test_every_marked_line_is_an_error():
    """Whatever has a sign before it is found by the word, and nothing else is."""
    rows = [row for entry in session() for row in Transcript().rows(entry)]
    marked = {row.seq for row in rows if row.verdict is not Verdict.OK}
    assert marked == {entry.seq for entry in select(parse("is:error"), session())}


class Mark:
    def __init__(self, name, after):
        self.name = name
        self.after = after


def test_marks():
    """A mark reaches from the entry after it to the next mark; its name may hold a star."""
    marks = [Mark("Second part", 20), Mark("first", 5)]
    numbers = [entry.seq for entry in select(parse("mark:first"), session(), marks=marks)]
    assert numbers == list(range(6, 21))
    rest = [entry.seq for entry in select(parse('mark:"second*"'), session(), marks=marks)]
    assert rest == list(range(21, len(session()) + 1))
    assert list(select(parse("mark:*"), session())) == []


@pytest.mark.parametrize("text", ["hunter2", "AGFsaWNl", "/hunter/", "verb:hunter2", "user:hunter2", "c2VjcmV0"])
def test_no_filter_finds_a_password(text):
    """A secret is no part of what is searched (T307)."""
    wrong = Entry(999, 999.0, Said("retrieve-1", Side.CLIENT, b"hunter2\r\n", False, (0, 7)))
    assert list(select(parse(text), (*session(), wrong))) == []


def test_messages_in_other_alphabets_and_codes():
    """Words are found behind base64 and quoted-printable, and in messages that are not ASCII."""
    coded = b"Content-Transfer-Encoding: base64\r\n\r\nVGnhur9uZyBWaeG7h3Q=\r\n"
    plain = "Subject: x\r\n\r\nTie\u0302\u0301ng Vi\u1ec7t\r\n".encode()
    for octets in (coded, plain):
        entry = Entry(1, 0.0, Carried("relay-1", Side.CLIENT, Content(octets)))
        for text in ("TIẾNG", "body:tiếng", "/ti.ng vi/"):
            assert list(select(parse(text), [entry])) == [entry], (octets, text)


def test_a_dropped_report_belongs_to_its_job():
    """What became of the report of a job is found with the job, and on its leg."""
    entries = [Entry(1, 0.0, Dropped("L1.1", "the sender is <>")), Entry(2, 0.0, Dropped("L2.1", "the sender is <>"))]
    assert [entry.seq for entry in select(parse("leg:relay job:L1.1"), entries)] == [1]
