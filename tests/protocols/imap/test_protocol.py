"""A talk of IMAP, followed from both sides: which answer belongs to which command, and what stands in literals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.follower import Follower
from maillab.protocols.imap import IMAP
from maillab.protocols.imap.parse import READERS
from maillab.protocols.imap.protocol import verb_of
from maillab.protocols.protocol import AnswerKind, RequestKind

COMMAND, RESPONSE, _, REST = RequestKind


def follow(*lines, greeted=True):
    """What each line is: `C: ` and `S: ` say whose it is, `C= ` and `S= ` that so many octets are content."""
    follower = Follower(IMAP, greeted=greeted)
    heard = []
    for line in lines:
        side, text = line[:2], line[3:].encode() + b"\r\n"
        match side:
            case "C:":
                heard.append(follower.client(text))
            case "S:":
                heard.append(follower.server(text))
            case "C=":
                heard.append(follower.client_content(int(line[3:])))
            case _:
                heard.append(follower.server_content())
    return follower, heard


def test_every_verb_that_is_read_has_its_row():
    """The table of verbs is that of the readers."""
    assert set(IMAP.verbs) == set(READERS)


def test_an_answer_ends_with_its_tag():
    """Lines without a tag belong to what was asked first; the tag ends the answer."""
    _, heard = follow("S: * OK ready", "C: a NOOP", "S: * 3 EXISTS", "S: a OK done", greeted=False)
    greeting, noop, exists, done = heard
    assert (greeting.request, greeting.first, greeting.last, greeting.kind) == (None, True, True, AnswerKind.GOOD)
    assert (exists.request, exists.first, exists.last, exists.kind) == (noop, True, False, AnswerKind.OTHER)
    assert (done.request, done.first, done.last, done.kind) == (noop, False, True, AnswerKind.GOOD)


def test_what_nobody_asked_for():
    """Between two commands the server may tell something; it answers nothing."""
    _, heard = follow("S: * 3 EXISTS", "C: a NOOP", "S: a OK", "S: * 1 EXPUNGE", "S: x OK who?")
    assert [heard[at].request for at in (0, 3, 4)] == [None, None, None]
    assert heard[3].last


def test_answers_in_another_order():
    """A tag says which command is answered, whichever came first (RFC 9051 §5.5)."""
    _, heard = follow("C: a NOOP", "C: b NOOP", "S: * 1 EXISTS", "S: b OK", "S: a OK")
    a, b = heard[:2]
    assert [line.request for line in heard[2:]] == [a, b, a]


def test_uid_commands():
    """A UID command is the command itself, and differs in its argument."""
    _, heard = follow("C: a uid fetch 1:* (FLAGS)", "C: b FETCH 1 UID")
    assert [(one.verb, one.argument) for one in heard] == [("FETCH", b"UID 1:* (FLAGS)"), ("FETCH", b"1 UID")]


def test_literals_of_a_login():
    """Each line behind a literal is the rest of the command, and has its own go-ahead."""
    follower, heard = follow("C: a LOGIN {3}", "S: + go", "C: bob {2}", "S: + go", "C: pw", "S: a OK in")
    assert [one.kind for one in heard] == [
        COMMAND, AnswerKind.GO_AHEAD, REST, AnswerKind.GO_AHEAD, REST, AnswerKind.GOOD,
    ]  # fmt: skip
    assert [answer.request for answer in heard[1::2]] == heard[::2]
    assert follower.expects is COMMAND


def test_literals_that_do_not_wait():
    """Of a command in several lines the last one is answered."""
    _, heard = follow("C: a LOGIN {3+}", "C: bob {2+}", "C: pw", "C: b NOOP", "S: a NO wrong", "S: b OK")
    assert [one.goes_on for one in heard[:3]] == [True, True, False]
    assert [heard[4].request, heard[5].request] == [heard[2], heard[3]]


def test_a_literal_of_several_lines():
    """Its octets are counted: what looks like a command in it is none."""
    follower = Follower(IMAP, greeted=True)
    first = follower.client(b"a SEARCH TEXT {14+}\r\n")
    inside = follower.client(b"b NOOP {9}\r\n")
    rest = follower.client(b"xy SEEN\r\n")
    assert (first.goes_on, inside.goes_on, rest.goes_on) == (True, True, False)
    assert (inside.kind, rest.kind, rest.verb, rest.tag) == (REST, REST, "SEARCH", b"a")


def test_a_literal_that_is_refused():
    """Then the command is answered, and the next line is a command."""
    follower, heard = follow("C: a LOGIN {9999}", "S: a BAD too large", "C: b NOOP", "S: b OK")
    assert heard[2].kind is COMMAND
    assert heard[3].request is heard[2]
    assert follower.counted == 0


def test_a_message_that_is_stored():
    """Its octets are content, counted; then the command ends."""
    follower, heard = follow("C: a APPEND x (\\Seen) {12}", "S: + go")
    assert follower.counted == 12
    append = heard[0]
    assert follower.client_content(12) is append
    end = follower.client(b"\r\n")
    assert (end.kind, end.completes, follower.counted) == (REST, True, 0)
    assert follower.server(b"a OK [APPENDUID 1 2] done\r\n").request is end


def test_two_messages_at_once():
    """The rest of a command announces the next literal (RFC 3502)."""
    follower, _ = follow("C: a APPEND x {2+}", "C= 2")
    rest = follower.client(b" {3+}\r\n")
    assert (rest.goes_on, rest.completes, follower.counted) == (True, False, 3)
    follower.client_content(3)
    assert follower.client(b"\r\n").completes


def test_a_message_that_is_not_wanted():
    """No content follows a NO."""
    follower, _ = follow("C: a APPEND x {12}", "S: a NO [TRYCREATE] no such mailbox")
    assert (follower.counted, follower.expects) == (0, COMMAND)
    assert follower.client(b"b NOOP\r\n").kind is COMMAND


def test_literals_of_the_server():
    """Content stands inside of a line, and what is in it is no answer."""
    follower, heard = follow("C: a FETCH 1 (BODY[] ENVELOPE)", "S: * 1 FETCH (BODY[] {12}")
    assert follower.told == 12
    assert follower.server_content() is heard[0]
    rest = follower.server(b' ENVELOPE (NIL "a OK" {3}\r\n')
    assert (rest.request, rest.first, rest.last, rest.kind) == (heard[0], False, False, AnswerKind.OTHER)
    assert follower.told == 3
    assert follower.server_content() is heard[0]
    assert follower.server(b")\r\n").last is False
    assert follower.server(b"a OK done\r\n").last


def test_literals_of_the_server_in_lines():
    """Short ones may stand in the lines as they came."""
    follower, heard = follow("C: a FETCH 1 ENVELOPE", "S: * 1 FETCH (ENVELOPE (NIL {9}", "S: a OK x", "S:  NIL {3}")
    assert [line.last for line in heard[1:]] == [False] * 3
    assert follower.server(b"xyz)\r\n").last is False
    assert follower.server(b"a OK done\r\n").last


def test_a_literal_that_nobody_asked_for():
    """What the server tells by itself ends with its line, too."""
    follower, heard = follow("S: * LIST () NIL {3}")
    assert not heard[0].last
    follower.server_content()
    assert follower.server(b"\r\n").last
    assert not follower.in_answer


def test_words_for_people_announce_nothing():
    """A status line may end as a literal begins."""
    follower, _ = follow("C: a NOOP", "S: * OK say {3}")
    assert follower.told == 0
    assert follower.server(b"a OK {3}\r\n").last
    assert follower.told == 0


def test_a_login_by_mechanism():
    """A challenge is answered by a response, which is secret, and is no command."""
    follower, heard = follow("C: a AUTHENTICATE PLAIN", "S: + ")
    assert (heard[1].kind, follower.expects) == (AnswerKind.CHALLENGE, RESPONSE)
    response = follower.client(b"AGJvYgBib2I=\r\n", (0, 12))
    assert (response.kind, response.verb) == (RESPONSE, "AUTHENTICATE")
    assert follower.server(b"a OK in\r\n").request is response


def test_idling():
    """News answer nothing; DONE is the rest of IDLE, and the tag answers it."""
    _, heard = follow("C: a IDLE", "S: + idling", "S: * 4 EXISTS", "C: DONE", "S: a OK", "C: b NOOP")
    assert (heard[1].kind, heard[2].request, heard[3].kind, heard[3].verb) == (AnswerKind.GO_AHEAD, None, REST, "IDLE")
    assert heard[4].request is heard[3]
    assert heard[5].kind is COMMAND


def test_idling_that_ends():
    """The server may end it."""
    _, heard = follow("C: a IDLE", "S: + idling", "S: * BYE too long")
    assert heard[2].kind is AnswerKind.PERMANENT


def test_hanging_up():
    """After LOGOUT, and after a goodbye that nobody asked for."""
    assert follow("C: a LOGOUT", "S: * BYE see you", "S: a OK")[0].hung_up
    assert follow("C: a NOOP", "S: * BYE too long")[0].hung_up
    assert not follow("C: a NOOP", "S: a OK")[0].hung_up
    half, heard = follow("C: a LOGOUT", "S: * BYE see you")
    assert half.in_answer
    assert heard[1].kind is AnswerKind.GOOD  # it was asked for


def test_a_command_without_a_tag():
    """It is answered by a BAD that has none."""
    _, heard = follow("C: * NOOP", "S: * BAD no tag", "C: b NOOP", "S: * BAD a warning", "S: b OK")
    assert heard[1].last
    assert heard[3].kind is AnswerKind.TEMPORARY
    assert not heard[3].last


def test_tls():
    """Nothing that was said before counts."""
    follower, _ = follow("C: a LOGIN {3}")
    follower.secured()
    assert follower.client(b"b NOOP\r\n").kind is COMMAND


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (b"a OK [READ-WRITE] done\r\n", "OK [READ-WRITE]"),
        (b"a1 NO [COPYUID 1 2 3] x\r\n", "NO [COPYUID]"),
        (b"* BYE see you\r\n", "BYE"),
        (b"+ idling\r\n", "+"),
        (b"* 3 EXISTS\r\n", "* 3 EXISTS"),
    ],
)
def test_verdicts(line, verdict):
    """What counts of a status line is its word, and what is in brackets."""
    assert IMAP.verdict(line) == verdict


def test_offers():
    """All of them stand on one line."""
    lines = [b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256 LOGINDISABLED\r\n", b"a OK done\r\n"]
    assert IMAP.offers(lines) == {"IMAP4REV1": (), "AUTH": ("PLAIN", "SCRAM-SHA-256"), "LOGINDISABLED": ()}


@given(st.binary(max_size=30))
def test_verbs(line):
    """A verb is found, or there is none; whatever comes."""
    verb_of(line)
    IMAP.verdict(line)
    IMAP.kind(line)
    IMAP.argument_of(line)


LINES = [
    b"a NOOP\r\n", b"a LOGIN {3}\r\n", b"b APPEND x {3+}\r\n", b"DONE\r\n", b"\r\n", b"a OK\r\n", b"+ x\r\n", b"* 1 EXISTS\r\n",
    b"* LIST () NIL {3}\r\n", b"* BYE\r\n", b"a IDLE\r\n", b"a AUTHENTICATE PLAIN\r\n", b"a NO\r\n", b"* BAD\r\n", b"\xff",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["client", "server"]), st.sampled_from(LINES))))
def test_whatever_is_said(said):
    """A follower never fails."""
    follower = Follower(IMAP)
    for side, line in said:
        getattr(follower, side)(line)
        if follower.counted:
            follower.client_content(1)


@pytest.mark.parametrize(
    ("request_line", "text", "said"),
    [
        (b"a1 NOOP\r\n", b"NO come back", b"a1 NO come back"),
        (b"a1 NOOP\r\n", b"nonsense", b"a1 nonsense"),
        (b"a1 NOOP\r\n", b"", b"a1 "),
        (b"a1 NOOP\r\n", b"OK NO is no tag", b"a1 OK NO is no tag"),
        (b"a1 NOOP\r\n", b"a1 NO come back", b"a1 NO come back"),
        (b"a1 NOOP\r\n", b"* 5 EXISTS", b"* 5 EXISTS"),
        (b"a1 NOOP\r\n", b"+ go on", b"+ go on"),
        (b"a1 NOOP\r\n", b"BYE now", b"* BYE now"),
        (b"", b"OK ready", b"* OK ready"),
    ],
)
def test_a_text_as_an_answer(request_line, text, said):
    """It has the tag of the request, unless it has one, is untagged, or is BYE."""
    assert IMAP.answering(request_line, text) == said


@pytest.mark.parametrize(
    ("line", "code"), [(b"a1 no [TRYCREATE] x\r\n", "NO"), (b"* BYE\r\n", "BYE"), (b"* 5 EXISTS\r\n", ""), (b"", "")]
)
def test_the_code_of_a_line(line, code):
    """It is the status word."""
    assert IMAP.code_of(line) == code
