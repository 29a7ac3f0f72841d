"""The SMTP dialogue, played without a socket: the conversations of tests/dialogues and what they cannot say."""

import base64
import re

import pytest
from hypothesis import given as fuzzed
from hypothesis import settings
from hypothesis import strategies as st
from scramp import ScramClient

from maillab.mail.reply import Reply
from maillab.protocols import smtp
from maillab.wire.smtp_server import VERBS, SmtpState
from maillab.wire.turns import Ending
from tests.dialogues.reading import files, given, name, read
from tests.wire.smtp_stage import Stage, act

ENVELOPE = (b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n")
TO = {  # state: what leads there from the greeting
    SmtpState.GREETED: (),
    SmtpState.HELLO: (b"EHLO x\r\n",),
    SmtpState.MAIL: (b"EHLO x\r\n", ENVELOPE[0]),
    SmtpState.RCPT: (b"EHLO x\r\n", *ENVELOPE),
    SmtpState.BDAT: (b"EHLO x\r\n", *ENVELOPE, b"BDAT 3\r\nx\r\n"),
}
SAID = {  # verb: how it is said so that nothing but the state can be wrong with it
    "HELO": b"HELO x\r\n",
    "EHLO": b"EHLO x\r\n",
    "MAIL": ENVELOPE[0],
    "RCPT": ENVELOPE[1],
    "DATA": b"DATA\r\nx\r\n.\r\n",
    "BDAT": b"BDAT 3\r\nx\r\n",
    "VRFY": b"VRFY x\r\n",
    "EXPN": b"EXPN x\r\n",
    "AUTH": b"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
}


@pytest.mark.parametrize("octet_by_octet", [False, True], ids=["line by line", "octet by octet"])
@pytest.mark.parametrize("path", files("smtp"), ids=name)
def test_dialogue(tmp_path, path, octet_by_octet):
    """Each conversation of tests/dialogues goes as it is written, to the last word, and leaves nothing on disk."""
    steps = read(path)
    stage = Stage(tmp_path, given(steps))
    for step in steps:
        if complaint := act(stage, step, octet_by_octet=octet_by_octet):
            pytest.fail(f"{step.where}: expected {step.mark} {step.text!r}, but {complaint}", pytrace=False)

    assert stage.told == [], path.name
    assert stage.next_kept() == "nothing", f"{path.name} does not say what was kept"
    stage.over = False
    stage.play(stage.dialogue.lost())
    assert list(tmp_path.iterdir()) == []


def test_there_are_enough_conversations():
    """Every verb is said in the conversations, and every kind of reply is heard."""
    texts = "\n".join(path.read_text("utf-8") for path in files("smtp"))
    assert len(files("smtp")) >= 60
    assert {verb for verb in VERBS if not re.search(rf"^C[:&|] ?{verb}\b", texts, re.MULTILINE)} == set()


def at(tmp_path, state, words=("weak", "tls")):
    """A stage on which the client has come to this state."""
    stage = Stage(tmp_path, words)
    for line in TO[state]:
        stage.feed(line)
    assert stage.dialogue.state is state
    stage.told = []
    return stage


@pytest.mark.parametrize("state", SmtpState)
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_is_obeyed(tmp_path, verb, state):
    """What the table refuses is 503 in its words and changes nothing; the rest leads where it says (T095)."""
    stage, row = at(tmp_path, state), VERBS[verb]
    told = [line for line in stage.heard(SAID.get(verb, f"{verb}\r\n".encode())) if isinstance(line, bytes)]

    if state in row.refused:
        assert told[0] == Reply(503, "5.5.1", (row.refused[state],)).wire()
        assert stage.dialogue.state is state
    else:
        assert told[-1][:3] in (b"250", b"252", b"220", b"221", b"214", b"235")
        assert stage.dialogue.state is (row.leads.get(state) or state)


def test_the_last_chunk_ends_the_transaction(tmp_path):
    """BDAT LAST leads back to where the next message may begin, from its first chunk or a later one."""
    for state in (SmtpState.RCPT, SmtpState.BDAT):
        stage = at(tmp_path, state)
        assert stage.heard(b"BDAT 3 LAST\r\nx\r\n")[-1].startswith(b"250")
        assert stage.dialogue.state is SmtpState.HELLO


def test_line_limits_hold_at_the_octet(tmp_path):
    """512 octets with CRLF is a command, 513 is none; MAIL with its extensions may be longer (RFC 5321 §4.5.3.1.4, T100)."""
    stage = at(tmp_path, SmtpState.HELLO)
    assert stage.heard(b"NOOP " + b"x" * (512 - 7) + b"\r\n")[0].startswith(b"250")
    assert stage.heard(b"NOOP " + b"x" * (513 - 7) + b"\r\n")[0].startswith(b"500 5.5.2")
    long = b"MAIL FROM:<a@a.test> ENVID=" + b"x" * 100
    assert stage.heard(long + b" " * (smtp.MAIL_OCTETS - len(long) - 1) + b"\r\n")[0].startswith(b"500")
    assert stage.heard(long + b" " * (smtp.MAIL_OCTETS - len(long) - 2) + b"\r\n")[0].startswith(b"250")
    long = b"RCPT TO:<b@local.test> ORCPT=rfc822;" + b"x" * 400
    assert stage.heard(long + b" " * (smtp.RCPT_OCTETS - len(long) - 1) + b"\r\n")[0].startswith(b"500")
    assert stage.heard(long + b" " * (smtp.RCPT_OCTETS - len(long) - 2) + b"\r\n")[0].startswith(b"250")


def test_responses_may_be_as_long_as_rfc_4954_says(tmp_path):
    """12,288 octets with CRLF are read, one more is 500, and what follows is a command again (T119, T122)."""
    stage = at(tmp_path, SmtpState.HELLO)
    stage.feed(b"AUTH PLAIN\r\n")
    assert stage.heard(b"A" * 12_286 + b"\r\n")[0].startswith(b"501 5.5.2")  # read, and no base64
    stage.feed(b"AUTH PLAIN\r\n")
    assert stage.heard(b"A" * 12_284 + b"\r\n")[-1].startswith(b"535")
    stage.feed(b"AUTH PLAIN\r\n")
    assert stage.heard(b"A" * 12_287 + b"\r\n")[0].startswith(b"500")
    assert stage.heard(b"NOOP\r\n")[0].startswith(b"250")


def test_the_third_line_that_is_too_long_is_the_last(tmp_path):
    """Lines that nobody reads are borne twice (T100)."""
    stage = at(tmp_path, SmtpState.HELLO)
    for _ in range(2):
        assert stage.heard(b"x" * 20_000 + b"\r\n") == [b"500 5.5.2 Line longer than 12288 octets\r\n"]
    assert stage.heard(b"x" * 20_000 + b"\r\n")[0].startswith(b"421 4.7.0")
    assert stage.over


@pytest.mark.parametrize("line", [b"BDAT 6" + b" " * 600 + b"\r\n", b"BDAT 6" + b" " * 20_000 + b"\r\n"])
def test_a_chunk_whose_line_is_too_long_ends_the_talk(tmp_path, line):
    """The kind: the next command is never read from content (T096)."""
    stage = at(tmp_path, SmtpState.RCPT)
    told = stage.heard(line + b"QUIT\r\n")
    assert told[0].startswith(b"500")
    assert told[1:] == ["closes refused"]


def test_a_line_without_end_ends_the_talk(tmp_path):
    """What never becomes a line is answered once (T100)."""
    stage = at(tmp_path, SmtpState.HELLO)
    stage.told = []
    stage.play(stage.dialogue.overlong(b"x" * 20_000))
    assert stage.told == [b"500 5.5.2 Line longer than 12288 octets, and no end of it\r\n", "closes refused"]


@pytest.mark.parametrize("initial", [True, False])
def test_scram(tmp_path, initial):
    """AUTH SCRAM-SHA-256 proves both sides, with and without an initial response."""
    stage = at(tmp_path, SmtpState.HELLO)
    client = ScramClient(["SCRAM-SHA-256"], "alice", "secret")
    first = base64.b64encode(client.get_client_first().encode())
    if initial:
        told = stage.heard(b"AUTH SCRAM-SHA-256 " + first + b"\r\n")
    else:
        assert stage.heard(b"AUTH scram-sha-256\r\n") == [b"334 \r\n"]
        told = stage.heard(first + b"\r\n")
    client.set_server_first(base64.b64decode(told[0][4:]).decode())
    told = stage.heard(base64.b64encode(client.get_client_final().encode()) + b"\r\n")
    client.set_server_final(base64.b64decode(told[0][4:]).decode())

    assert stage.heard(b"\r\n") == [
        "logs in alice@local.test SCRAM-SHA-256",
        b"235 2.7.0 Welcome, alice@local.test\r\n",
    ]


@pytest.mark.parametrize("words", [["rule at content answer 451"], ["refuses 452 4.3.1 Disk full"], ["breaks"]])
def test_a_message_that_is_not_taken_keeps_nothing_on_disk(tmp_path, words):
    """What was spooled of a message is gone when it is refused, or when a rule is played at its end."""
    stage = Stage(tmp_path, words)
    for line in (b"EHLO x\r\n", *ENVELOPE, b"DATA\r\n", b"y\r\n" * 100_000):
        stage.feed(line)
    assert list(tmp_path.iterdir()) != []
    stage.feed(b".\r\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("begun", [b"DATA\r\n", b"BDAT 400000\r\n"])
def test_a_client_that_leaves_in_the_middle_keeps_nothing_on_disk(tmp_path, begun):
    """The driver closes the turns of a client that has left, and what was spooled is gone."""
    stage = Stage(tmp_path)
    for line in (b"EHLO x\r\n", *ENVELOPE, begun, b"y\r\n" * 100_000):
        stage.feed(line)
    stage.leave()
    assert list(tmp_path.iterdir()) == []


def test_no_room(tmp_path):
    """Who comes when the house is full hears 421 and is sent away (T105)."""
    stage = Stage(tmp_path)
    stage.told = []
    stage.play(stage.dialogue.turn_away())
    assert stage.told == [b"421 4.7.0 mx.local.test Too many connections; come back later\r\n", "closes refused"]


@pytest.mark.parametrize("ending", Ending)
def test_every_farewell_is_421(tmp_path, ending):
    """Whoever is shown out hears why (RFC 5321 §3.8, T021, T106, T109)."""
    assert Stage(tmp_path).dialogue.farewell(ending).startswith(b"421 4.")


WORDS = st.sampled_from(
    [*VERBS, "FROM:<a@a.test>", "TO:<b@local.test>", "x", "5", "LAST", "PLAIN", "LOGIN", "=", "*", ".", "", "<", "é"]
)
LINES = st.lists(
    st.lists(WORDS, max_size=4).map(lambda words: " ".join(words).encode() + b"\r\n") | st.binary(max_size=40),
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@fuzzed(LINES)
def test_any_conversation(tmp_path_factory, lines):
    """Whatever is said, every answer is a reply, the state agrees with the transaction, and nothing is stored unasked."""  # T323
    stage = Stage(tmp_path_factory.getbasetemp(), ["weak", "tls", "patient"])
    for line in lines:
        for told in stage.heard(line):
            assert isinstance(told, str) or re.match(rb"[2-5]\d\d[ -]", told)
            assert not isinstance(told, str) or not told.startswith("stumbles")
    dialogue = stage.dialogue
    assert (dialogue._mail is not None) is (dialogue.state in (SmtpState.MAIL, SmtpState.RCPT, SmtpState.BDAT))
    assert all(envelope.recipients for envelope, _ in stage.clerk.messages)
    stage.leave()
