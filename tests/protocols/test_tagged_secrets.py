"""Where the secrets are in a talk of IMAP, in whatever form they come."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.secrets import NOTHING, Secrets
from maillab.protocols.tagged_secrets import TaggedSecrets, secrets_of

PASSWORD = b"hunter2-canary"
TOKEN = base64.b64encode(b"\0bob\0" + PASSWORD)
LENGTH = b"%d" % len(PASSWORD)


def visible(*script):
    """What a reader sees of the client's lines: rows begin with `C: ` or `S: `."""
    talk, seen = TaggedSecrets(), []
    for row in script:
        line = row[3:] + b"\r\n"
        if row.startswith(b"S: "):
            talk.server(line)
            continue
        start, end = talk.client(line)
        seen.append(line[:start] + line[end:])
    return b"".join(seen)


@pytest.mark.parametrize(
    "script",
    [
        [b"C: a LOGIN bob " + PASSWORD],
        [b"C: a login  bob\t" + PASSWORD + b" "],
        [b'C: a LOGIN "bob" "' + PASSWORD + b'"'],
        [b'C: a LOGIN "bo\\"b" "x\\"' + PASSWORD + b'"'],
        [b'C: a LOGIN bob "' + PASSWORD],
        [b'C: a LOGIN "bob ' + PASSWORD],
        [b"C: a LOGIN " + PASSWORD],
        [b"C: LOGIN bob " + PASSWORD],
        [b"C: a LOGIN bob {" + LENGTH + b"}", b"S: + go", b"C: " + PASSWORD],
        [b"C: a LOGIN bob {" + LENGTH + b"+}", b"C: " + PASSWORD],
        [b"C: a LOGIN {3}", b"S: + go", b"C: bob {" + LENGTH + b"}", b"S: + go", b"C: " + PASSWORD],
        [b"C: a LOGIN {3+}", b"C: bob {" + LENGTH + b"+}", b"C: " + PASSWORD],
        [b"C: a LOGIN {3+}", b"C: bob " + PASSWORD],
        [b"C: a LOGIN {9+}", b"C: b NOOP", b"C: x " + PASSWORD],  # the first line is inside of the literal
        [b"C: a AUTHENTICATE PLAIN " + TOKEN],
        [b"C: a authenticate plain " + TOKEN],
        [b"C: a AUTHENTICATE " + TOKEN],
        [b"C: a AUTHENTICATE PLAIN", b"S: +", b"C: " + TOKEN],
        [b"C: a AUTHENTICATE PLAIN", b"S: + ", b"C: " + TOKEN],
        [b"C: a AUTHENTICATE LOGIN", b"S: + VXNlcm5hbWU6", b"C: Ym9i", b"S: + UGFzc3dvcmQ6", b"C: " + TOKEN],
        [b"C: a LOGN bob " + PASSWORD],
        [b"C: a LOGGIN bob " + PASSWORD],
        [b"C: a AUTHENTICAT PLAIN " + TOKEN],
        [b"C: a NOOP\rb LOGIN bob " + PASSWORD],
        [b"C: a LOGIN bob\x00" + PASSWORD],
        [b"C: a PASS " + PASSWORD],
        [b"C: PASS " + PASSWORD],
        [b"C: a AUTH PLAIN " + TOKEN],
        [b"C: USER bob " + PASSWORD],
        [b"C: a LOGIN bob x", b"S: a NO wrong", b"C: " + PASSWORD],
    ],
)
def test_no_carrier_of_a_password_is_visible(script):
    """Quoted, as a literal that waits or does not, as a response: it is pointed at (T307, T308)."""
    seen = visible(*script)
    assert PASSWORD not in seen
    assert TOKEN not in seen


def test_who_logs_in_is_seen():
    """The name is no secret, nor is the mechanism."""
    assert visible(b"C: a LOGIN bob x") == b"a LOGIN bob \r\n"
    assert visible(b'C: a LOGIN "b b" "x"') == b'a LOGIN "b b" \r\n'
    assert visible(b"C: a AUTHENTICATE PLAIN " + TOKEN) == b"a AUTHENTICATE PLAIN \r\n"
    assert visible(b"C: a AUTHENTICATE PLAIN =") == b"a AUTHENTICATE PLAIN =\r\n"


def test_what_announces_a_literal_is_seen():
    """Else nobody could follow the talk."""
    seen = visible(b"C: a LOGIN {3}", b"S: +", b"C: bob {1}", b"S: +", b"C: x")
    assert seen == b"a LOGIN {3}\r\n{1}\r\n\r\n"
    assert visible(b"C: a LOGIN bob {1}") == b"a LOGIN bob {1}\r\n"


@pytest.mark.parametrize("answer", [b"S: a NO wrong", b"S: a BAD too large", b"S: a OK in"])
def test_everything_else_is_seen(answer):
    """Commands before, during and after a login stay readable, whatever came of it."""
    script = [b"C: a CAPABILITY", b"C: a LOGIN bob {1}", answer, b"C: b UID FETCH 1:* (FLAGS)", b"C: DONE", b"C: "]
    seen = b"a CAPABILITY\r\na LOGIN bob {1}\r\nb UID FETCH 1:* (FLAGS)\r\nDONE\r\n\r\n"
    assert visible(*script) == seen


def test_slips_of_the_pen_stay_readable():
    """After a login that went well, and where no password can be."""
    script = [
        b"C: a LOGIN bob x",
        b"S: a OK in",
        b"C: b SELEKT INBOX",
        b"C: c FOO bar",
        b"C: d SEARCH TEXT {5}",
        b"C: hello",
    ]
    assert visible(*script).endswith(b"b SELEKT INBOX\r\nc FOO bar\r\nd SEARCH TEXT {5}\r\nhello\r\n")


def test_a_literal_of_several_lines():
    """Each of its lines is secret, to its last octet."""
    talk = TaggedSecrets()
    assert talk.client(b"a LOGIN bob {12}\r\n") == NOTHING
    assert talk.answer(b"one\r\n") == (0, 3)
    assert talk.answer(b"two\r\n") == (0, 3)
    assert talk.answer(b"3 \r\n") == (0, 2)
    assert talk.client(b"b NOOP\r\n") == NOTHING


def test_a_message_may_end_anywhere():
    """The rest of APPEND behind its message is no secret."""
    talk = TaggedSecrets()
    talk.torn()
    assert talk.client(b" (\\Seen) {5}\r\n") == NOTHING


def test_what_a_server_proves():
    """Of SCRAM's last word a weak password could be guessed."""
    talk = TaggedSecrets()
    talk.client(b"a AUTHENTICATE SCRAM-SHA-256 biws\r\n")
    proof = b"+ " + base64.b64encode(b"v=" + b"x" * 40) + b"\r\n"
    start, end = talk.server(proof)
    assert proof[start:end] == base64.b64encode(b"v=" + b"x" * 40)


def test_pieces_of_an_overlong_line():
    """They share its secret."""
    talk = TaggedSecrets()
    talk.client(b"a LOGIN bob xxxxx")
    assert talk.more(b"xxx\r\n") == (0, 3)
    talk.client(b"a NOOP x")
    assert talk.more(b"xxx\r\n") == NOTHING


def test_which_talks_have_tags():
    """The protocol tells."""
    assert type(secrets_of(IMAP)) is TaggedSecrets
    assert type(secrets_of(POP3)) is Secrets


LINES = st.sampled_from([
    b"a LOGIN bob {3+}\r\n", b"a LOGIN x\r\n", b"a AUTHENTICATE PLAIN\r\n", b"+ \r\n", b"a OK\r\n", b"a NO\r\n", b"b NOOP\r\n", b"\r\n",
])  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["client", "server", "answer", "more"]), LINES | st.binary(max_size=12))))
def test_whatever_is_said(said):
    """The slice lies in the line, and nothing is raised."""
    talk = TaggedSecrets()
    for what, line in said:
        start, end = getattr(talk, what)(line)
        assert 0 <= start <= end <= len(line)


def test_a_long_line():
    """Whatever stands in it, it is read once."""  # T196
    for line in (
        b"a LOGIN " + b'"' * 100_000,
        b"a LOGIN " + b"{" * 100_000,
        b" " * 100_000,
        b"a LOGIN " + b"\\" * 100_000,
    ):
        TaggedSecrets().client(line)
