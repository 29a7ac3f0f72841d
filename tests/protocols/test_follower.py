"""A follower of a talk: what each line is, and what it belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.dns import DNS
from maillab.protocols.follower import KEPT, WAITING, Follower
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import UNKNOWN, AnswerKind, Protocol, RequestKind, Verb, table
from maillab.protocols.smtp import SMTP

COMMAND, RESPONSE, END, REST = RequestKind


def follow(protocol, *script, greeted=True):
    """What a follower tells of a script: rows are `C: words`, `S: words`, a number of octets of content, or TLS."""
    follower, told = Follower(protocol, greeted=greeted), []
    for number, row in enumerate(script):
        if row == "TLS":
            follower.secured()
        elif isinstance(row, int):
            told.append(("content", getattr(follower.client_content(row), "verb", None)))
        elif row.startswith("C: "):
            request = follower.client(row[3:].encode() + b"\r\n", mark=number)
            told.append((request.kind.value, request.verb))
        else:
            line = follower.server(row[3:].encode() + b"\r\n")
            asked = line.request.mark if line.request else None
            told.append((asked, "whole" if line.last else "goes on"))
    return told


def test_answers_come_in_the_order_of_their_requests_however_many_were_said_at_once():
    """RFC 2920 §3.1, RFC 2449 §6.6."""
    said = ("C: MAIL FROM:<a@b.test>", "C: RCPT TO:<c@d.test>", "S: 250 ok", "S: 550 no", "S: 421 bye")
    assert follow(SMTP, *said)[2:] == [(0, "whole"), (1, "whole"), (None, "whole")]
    assert follow(POP3, "C: STAT", "C: NOOP", "S: +OK 1 2", "S: +OK")[2:] == [(0, "whole"), (1, "whole")]


def test_the_first_answer_is_the_greeting_and_answers_nobody():
    assert follow(SMTP, "C: EHLO a", "S: 220-mx", "S: 220 hi", "S: 250-mx", "S: 250 DSN", greeted=False)[1:] == [
        (None, "goes on"), (None, "whole"), (0, "goes on"), (0, "whole"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "lines", "whole"),
    [
        ("LIST", ["+OK", "1 120", "."], 3),
        ("list 1", ["+OK 1 120"], 1),
        ("UIDL", ["+OK", "."], 2),
        ("RETR 1", ["+OK", "Subject: x", "", "..", "+OK no status", "."], 6),
        ("RETR 1", ["-ERR no such message"], 1),
        ("TOP 1 0", ["+OK", "Subject: x", "", "."], 4),
        ("CAPA", ["+OK", "UIDL", "."], 3),
        ("AUTH", ["+OK", "PLAIN", "."], 3),
        ("AUTH PLAIN", ["+OK"], 1),
        ("LANG", ["+OK", "en English", "."], 3),
        ("LANG en", ["+OK"], 1),
        ("STAT", ["+OK 1 2"], 1),
    ],
)
def test_pop3_answers_some_commands_with_many_lines_up_to_a_dot(asked, lines, whole):
    """RFC 1939 §3, RFC 2449 §5, RFC 5034 §4, RFC 6856 §3."""
    told = follow(POP3, f"C: {asked}", *(f"S: {line}" for line in lines), "C: NOOP", "S: +OK")
    assert told[1:-2] == [(0, "goes on")] * (whole - 1) + [(0, "whole")]
    assert told[-1] == (whole + 1, "whole")


@pytest.mark.parametrize(
    ("protocol", "challenge", "verdict"),
    [(SMTP, "334 VXNlcm5hbWU6", "235 ok"), (SMTP, "334", "535 no"), (POP3, "+ ", "+OK"), (POP3, "+", "-ERR no")],
)
def test_what_follows_a_challenge_is_a_response_whatever_it_looks_like(protocol, challenge, verdict):
    said = ("C: AUTH LOGIN", f"S: {challenge}", "C: QUIT", f"S: {challenge}", "C: *", f"S: {verdict}", "C: NOOP")
    assert follow(protocol, *said)[5] == (4, "whole")
    assert follow(protocol, *said)[2::2] == [("response", "AUTH"), ("response", "AUTH"), ("command", "NOOP")]


def test_content_follows_the_go_ahead_up_to_its_end():
    said = ("C: DATA", "S: 354 go", 120, "C: .", "S: 250 ok", "C: .")
    assert follow(SMTP, *said) == [
        ("command", "DATA"), (0, "whole"), ("content", "DATA"), ("end", "DATA"), (3, "whole"), ("command", "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        ("C: DATA", 120, "C: .", "S: 354 go", "S: 250 ok"),
        ("C: DATA", "C: .", "S: 354 go", "S: 250 ok"),
    ],
)
def test_a_client_that_does_not_wait_for_the_go_ahead_has_ended_its_content_all_the_same(said):
    told = follow(SMTP, *said, "C: NOOP")
    assert [row for row in told if row[0] in ("command", "end")] == [
        ("command", "DATA"), ("end", "DATA"), ("command", "NOOP"),
    ]  # fmt: skip


def test_no_content_follows_a_data_that_was_refused():
    assert follow(SMTP, "C: DATA", "S: 503 no", "C: NOOP", "S: 354 what", "C: QUIT")[-1] == ("command", "QUIT")


def test_a_354_for_something_else_than_data_makes_nothing_content():
    assert follow(SMTP, "C: NOOP", "S: 354 what", "C: QUIT")[-1] == ("command", "QUIT")


def test_a_chunk_belongs_to_its_bdat_and_ends_after_its_octets():
    follower = Follower(SMTP, greeted=True)
    assert follower.client(b"BDAT 10 LAST\r\n").completes
    assert not follower.client(b"BDAT 10\r\n").completes
    assert follower.counted == 10
    follower.client_content(4)
    assert follower.counted == 6
    follower.client_content(6)
    assert (follower.counted, follower.expects) == (0, COMMAND)
    assert follow(SMTP, "C: BDAT 3", 3, "C: BDAT 2 LAST", 2, "S: 250 a", "S: 250 b") == [
        ("command", "BDAT"), ("content", "BDAT"), ("command", "BDAT"), ("content", "BDAT"), (0, "whole"), (2, "whole"),
    ]  # fmt: skip


def test_nothing_from_before_tls_counts():
    """RFC 3207 §4.2."""
    said = ("C: EHLO a", "C: STARTTLS", "C: AUTH LOGIN", "S: 250 a", "S: 220 go", "TLS", "S: 250 stray", "C: EHLO b")
    assert follow(SMTP, *said)[-2:] == [(None, "whole"), ("command", "EHLO")]
    assert follow(SMTP, "C: AUTH LOGIN", "S: 334", "TLS", "C: NOOP")[-1] == ("command", "NOOP")
    assert follow(POP3, "C: RETR 1", "S: +OK", "TLS", "S: +OK", "C: NOOP")[-2] == (None, "whole")


def test_a_request_keeps_nothing_of_a_secret():
    follower = Follower(SMTP, greeted=True)
    request = follower.client(b"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", secret=(11, 31))
    assert (request.line, request.verb, request.argument) == (b"AUTH PLAIN \r\n", "AUTH", b"PLAIN")
    assert follower.client(b"hunter2\r\n", secret=(0, 7)).verb == ""


def test_the_content_of_an_answer_belongs_to_what_asked_for_it():
    follower = Follower(POP3, greeted=True)
    asked = follower.client(b"RETR 1\r\n")
    follower.server(b"+OK\r\n")
    assert follower.server_content() is asked
    assert follower.server(b".\r\n").last
    assert follower.server_content() is None


def test_of_an_unknown_protocol_every_line_of_the_server_answers_a_request():
    assert follow(UNKNOWN, "C: 250-hello there", "S: 250-x", "S: .", greeted=False) == [
        ("command", "250-HELLO"), (0, "whole"), (None, "whole"),
    ]  # fmt: skip


def test_a_protocol_of_two_verbs_is_followed_like_any_other():
    echo = Protocol("echo", table(Verb("SAY"), Verb("STOP", ends=True)), greets=False)
    assert follow(echo, "C: say hello", "S: hello") == [("command", "SAY"), (0, "whole")]


LINES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"DATA\r\n", b".\r\n", b"BDAT 99999999999999999999\r\n", b"BDAT 3\r\n", b"AUTH LOGIN\r\n", b"RETR 1\r\n",
            b"LIST\r\n", b"354 go\r\n", b"334 x\r\n", b"250-x\r\n", b"+OK\r\n", b"+ x\r\n", b"-ERR\r\n", b"",
        ]
    ),
)  # fmt: skip


@given(
    st.sampled_from([SMTP, POP3, DNS, UNKNOWN]),
    st.lists(st.tuples(st.sampled_from(["client", "server", "in", "out", "tls"]), LINES), max_size=60),
)
def test_whatever_comes_nothing_is_raised(protocol, script):
    follower = Follower(protocol)
    for what, line in script:
        match what:
            case "client":
                assert follower.client(line, (0, len(line) // 2)).kind in RequestKind
            case "server":
                assert follower.server(line).kind in AnswerKind
            case "in":
                follower.client_content(len(line))
            case "out":
                follower.server_content()
            case "tls":
                follower.secured()
        assert follower.counted >= 0


def test_however_much_is_said_little_is_held():
    follower = Follower(SMTP)
    for _ in range(3 * WAITING):
        follower.client(b"x" * 70_000)
    assert len(follower._waiting) == WAITING
    assert all(len(request.line) <= KEPT for request in follower._waiting if request)


def test_a_whole_answer_ends_what_went_on_before_it():
    """A protocol that speaks in messages says an answer at once: each belongs to the oldest question."""
    follower = Follower(DNS)
    first, second = follower.client(b"a.test. IN MX ?"), follower.client(b"b.test. IN A ?")
    follower.server(b"NOERROR one record")
    answers = [follower.server_message(line) for line in (b"NXDOMAIN b.test.", b"NOERROR nobody asked")]
    assert [answer.request for answer in answers] == [second, None]
    assert [answer.kind for answer in answers] == [AnswerKind.PERMANENT, AnswerKind.GOOD]
    assert (first.answered, second.answered, answers[0].last) == (False, True, True)
