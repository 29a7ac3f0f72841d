"""DNS messages made again: what the name server writes of a message is enough to make one that reads the same."""

import dns.flags
import dns.message
import dns.rcode
import pytest

from maillab.nameserver.described import described
from maillab.recording.export.pcapng_dns import Unreadable, query, response

SOA = "recipient.test. ns.recipient.test. hostmaster.recipient.test. 1 3600 600 604800 300"


@pytest.mark.parametrize("words", ["recipient.test. IN MX ?", "mx.recipient.test. IN A ?", "x\\255.test. IN TXT ?"])
def test_question(words):
    """A question reads as it did."""
    assert described(query(words.encode() + b"\r\n", 7).to_wire()) == [words]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("recipient.test. IN MX ?", ["NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test."]),
        (
            "a.test. IN MX ?",
            ["NOERROR aa a.test. 60 IN MX 10 mx1.a.test.", "NOERROR aa a.test. 60 IN MX 20 mx2.a.test."],
        ),
        ("null.test. IN MX ?", ["NOERROR aa null.test. 3600 IN MX 0 ."]),
        ("a.test. IN TXT ?", ['NOERROR aa a.test. 60 IN TXT "v=spf1 mx -all" "\\027[31m"']),
        ("nobody.recipient.test. IN MX ?", [f"NXDOMAIN nobody.recipient.test. (SOA {SOA})"]),
        ("recipient.test. IN AAAA ?", [f"NODATA recipient.test. IN AAAA (SOA {SOA})"]),
        ("example.com. IN MX ?", ["REFUSED example.com. IN MX"]),
        ("recipient.test. IN MX ?", ["SERVFAIL recipient.test. IN MX"]),
        (
            "x.dept.test. IN MX ?",
            ["REFERRAL dept.test. 60 IN NS ns.dept.test.", "GLUE ns.dept.test. 60 IN A 127.0.0.1"],
        ),
    ],
)
def test_answer(question, lines):
    """An answer reads as it did."""
    asked = query(question.encode(), 7)
    made = response(asked, [line.encode() + b"\r\n" for line in lines])
    assert described(made.to_wire()) == lines
    assert (made.id, made.question) == (7, asked.question)


def test_flags():
    """A denial has the authority that its line does not tell; a server is asked for no recursion."""
    asked = query(b"nobody.recipient.test. IN MX ?\r\n", 7)
    made = response(asked, [f"NXDOMAIN nobody.recipient.test. (SOA {SOA})\r\n".encode()])
    assert not asked.flags & dns.flags.RD
    assert (made.flags & dns.flags.AA, made.rcode()) == (dns.flags.AA, dns.rcode.NXDOMAIN)
    assert made.authority[0].ttl == 300


def test_truncated():
    """What was too long for UDP says so."""
    made = response(
        query(b"a.test. IN TXT ?", 7), [b"NOERROR aa tc a.test. IN TXT (too long for UDP: ask again over TCP)"]
    )
    assert made.flags & dns.flags.TC


@pytest.mark.parametrize(
    "line", [b"", b"unreadable, 3 octets: 00", b"no question ?", b"a. IN NONSENSE ?", b"a..b. IN MX ?", b"\xff IN MX ?"]
)
def test_unreadable_question(line):
    """What is no question is `Unreadable`."""
    with pytest.raises(Unreadable):
        query(line, 7)


@pytest.mark.parametrize(
    "line",
    [b"", b"unreadable, 3 octets: 00", b"GLUE x", b"NOERROR aa a. 60 IN MX ten b.", b"NOERROR a. 60 IN MX 10 b..."],
)
def test_unreadable_answer(line):
    """What is no answer is `Unreadable`."""
    with pytest.raises(Unreadable):
        response(query(b"a. IN MX ?", 7), [line])
