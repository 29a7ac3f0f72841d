"""The POP3 dialogue, played without a socket: the conversations of tests/dialogues and what they cannot say."""

import base64
import hashlib

import pytest
from hypothesis import given as fuzzed
from hypothesis import settings
from hypothesis import strategies as st
from scramp import ScramClient

from maillab.events import Authenticated, Read, Removed, Stumbled
from maillab.protocols.services import POP3
from maillab.recipient.login import QUIRKS
from maillab.recipient.pop3 import VERBS, Pop3, Pop3State
from maillab.wire.turns import Answer, Decided
from tests.dialogues import stage
from tests.dialogues.reading import files, given, name, read
from tests.recipient.shelf import Shelf, config

FILES = files("pop3")

OPTIONS = {
    "tls": {"tls": True},
    "no plaintext": {"plaintext": False},  # T188
    "impatient": {"errors": 3},
    "restless": {"junk": 3},
}


class Stage(stage.Stage):
    """A POP3 dialogue on the stage, in front of mailboxes that are lists."""

    def __init__(self, words=()):
        self.shelf = Shelf(() if "empty" in words else Shelf.__init__.__defaults__[0])
        self.shelf.stuck = "stuck" in words
        self.shelf.broken = "broken" in words
        if "in use" in words:
            self.shelf.open("bob@recipient.test")
        options = {key: value for word in words for key, value in OPTIONS.get(word, {}).items()}
        pop3 = Pop3(config(self.shelf, **options), "retrieve-1", secure="secure" in words)
        super().__init__(pop3, tries=99 if "patient" in words else 3)

    def words(self, event):
        match event:
            case Read(_, mailbox, uid):
                assert mailbox == "bob@recipient.test"
                return [f"reads {uid}"]
            case Removed(_, _, uids):
                return [f"removes {' '.join(map(str, uids))}"]
            case Authenticated() | Stumbled():
                return []
        return super().words(event)

    def left(self):
        """What lies in bob's mailbox."""
        return " ".join(map(str, self.shelf.boxes["bob@recipient.test"]))


def act(played, step, *, octet_by_octet):
    """One step of a script on the stage; gives a complaint or None."""
    if step.mark == "Left:":
        return None if played.left() == step.text else f"left is {played.left()!r}"
    if step.mark == "*" and step.text.startswith("loses "):
        del played.shelf.boxes["bob@recipient.test"][int(step.text.removeprefix("loses "))]
        return None
    return stage.act(played, step, octet_by_octet=octet_by_octet)


@pytest.mark.parametrize("octet_by_octet", [False, True], ids=["line by line", "octet by octet"])
@pytest.mark.parametrize("path", FILES, ids=name)
def test_dialogue(path, octet_by_octet):
    """Each conversation of tests/dialogues goes as it is written, to the last word."""
    steps = read(path)
    stage = Stage(given(steps))
    for step in steps:
        if complaint := act(stage, step, octet_by_octet=octet_by_octet):
            pytest.fail(f"{step.where}: expected {step.mark} {step.text!r}, but {complaint}", pytrace=False)

    assert stage.told == [], path.name
    if stage.over:
        stage.over = False
        stage.play(stage.dialogue.lost())
    assert stage.shelf.open_boxes - ({"bob@recipient.test"} if "in use" in given(steps) else set()) == set()


def logged_in(words=()):
    """A stage on which bob is in."""
    stage = Stage(words)
    stage.hear(b"USER bob\r\n")
    stage.hear(b"PASS bob\r\n")
    assert stage.dialogue.state is Pop3State.TRANSACTION
    return stage


SAID = {  # verb: how it is said so that nothing but the state can be wrong with it
    "USER": b"USER bob\r\n",
    "PASS": b"PASS bob\r\n",
    "AUTH": b"AUTH PLAIN AGJvYgBib2I=\r\n",
    **{verb: f"{verb} 1\r\n".encode() for verb in ("RETR", "DELE")},
    "TOP": b"TOP 1 1\r\n",
}


@pytest.mark.parametrize("state", [Pop3State.AUTHORIZATION, Pop3State.TRANSACTION])
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_is_obeyed(verb, state):
    """What the table has not in a state is refused there and changes nothing; the rest leads where it says."""
    stage, row = logged_in() if state is Pop3State.TRANSACTION else Stage(["tls"]), VERBS[verb]
    if verb == "PASS" and state is Pop3State.AUTHORIZATION:
        stage.hear(b"USER bob\r\n")
    line = SAID.get(verb, f"{verb}\r\n".encode())
    if verb == "APOP":
        stamp = stage.dialogue._login.stamp
        line = b"APOP bob " + hashlib.md5(f"{stamp}bob".encode()).hexdigest().encode() + b"\r\n"
    answer = next(line for line in stage.heard(line) if isinstance(line, bytes))

    assert answer.startswith(b"+OK") is (state in row.states)
    to = row.leads.get(state, state) if state in row.states else state
    assert stage.over is (to in (None, Pop3State.UPDATE))
    assert stage.dialogue.state is (to or state)


def test_the_login_is_an_event():
    """Whoever proves who they are is written down, in canonical form, before they are told."""
    stage = Stage()
    turns = list(stage.dialogue.hear(b"AUTH PLAIN AGJvYgBib2I=\r\n").send(None) for _ in "x")

    assert turns == [Decided(Authenticated("retrieve-1", "bob@recipient.test", "PLAIN"))]


@pytest.mark.parametrize("initial", [True, False])
def test_scram(initial):
    """AUTH SCRAM-SHA-256 works with and without an initial response; the server's proof comes as a last challenge."""
    stage = Stage()
    client = ScramClient(["SCRAM-SHA-256"], "bob", "bob")
    first = base64.b64encode(client.get_client_first().encode())
    if initial:
        stage.hear(b"AUTH SCRAM-SHA-256 " + first + b"\r\n")
    else:
        assert stage.heard(b"AUTH scram-sha-256\r\n") == [b"+ \r\n"]
        stage.hear(first + b"\r\n")
    client.set_server_first(base64.b64decode(stage.told[-1][2:]).decode())
    (proof,) = stage.heard(base64.b64encode(client.get_client_final().encode()) + b"\r\n")
    client.set_server_final(base64.b64decode(proof[2:]).decode())

    assert stage.heard(b"\r\n") == [b"+OK maildrop has 2 messages (77 octets)\r\n"]


def test_every_capability_is_a_verb_or_a_promise():
    """What CAPA names exists: each capability of a verb is in the table, the others are tested elsewhere."""
    stage = Stage(["tls"])
    lines = [line.decode().rstrip("\r\n") for line in stage.heard(b"CAPA\r\n")[1:-1]]
    promises = ["PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER", "IMPLEMENTATION maillab-0.1.0"]

    assert lines == [verb.capability for verb in VERBS.values() if verb.capability] + promises


@pytest.mark.parametrize("name", POP3.extensions)
def test_a_capability_that_is_switched_off(name):
    """What stands under `without` is neither announced nor obeyed; all others are still announced."""
    verbs = {"SASL": "AUTH PLAIN", "STLS": "STLS", "USER": "USER bob", "UTF8": "UTF8", "LANG": "LANG", "TOP": "TOP 1 1"}
    shelf = Shelf()
    stage = Stage()
    stage.dialogue = Pop3(config(shelf, tls=True, without=frozenset({name})), "retrieve-1")
    announced = {line.decode().split()[0] for line in stage.heard(b"CAPA\r\n")[1:-1]}

    assert announced == set(POP3.extensions) - {name}
    if name in verbs:
        assert stage.heard(f"{verbs[name]}\r\n".encode()) == [b"-ERR unknown command\r\n"]


def test_quirks():
    """Bugs of another program are reproduced where that is asked for, and each time it is told."""
    stage = Stage()
    stage.dialogue = Pop3(config(stage.shelf, quirks=frozenset(QUIRKS)), "retrieve-1")
    for line in (b"USER bob\r\n", b"PASS bob\r\n"):
        stage.hear(line)

    assert stage.heard(b"LIST 2\r\n")[1:] == [b"+OK\r\n", b"2 56\r\n", b".\r\n"]
    assert stage.heard(b"UIDL\r\n") == [b"+OK 2 messages (77 octets)\r\n", b"1 u1\r\n", b"2 u2\r\n", b".\r\n"]
    stage.hear(b"DELE 1\r\n")
    assert stage.heard(b"UIDL\r\n") == [
        "plays quirk deleted-in-uidl",
        b"+OK 1 message (56 octets)\r\n",
        b"1 u1\r\n",
        b"2 u2\r\n",
        b".\r\n",
    ]
    assert stage.heard(b"LIST\r\n")[1:] == [b"2 56\r\n", b".\r\n"]


def test_a_huge_mailbox_is_listed_in_parts():
    """LIST of 2,500 messages is said in several answers, so that others can be served in between."""  # T192
    stage = Stage()
    stage.shelf.boxes["bob@recipient.test"] = dict.fromkeys(range(1, 2501), b"x\r\n")
    stage.hear(b"USER bob\r\n")
    stage.hear(b"PASS bob\r\n")
    answers = [turn.octets for turn in stage.dialogue.hear(b"LIST\r\n")]

    assert [answer.count(b"\n") for answer in answers] == [1, 1000, 1000, 500, 1]
    assert b"".join(answers).splitlines()[2500] == b"2500 3"


def test_a_body_that_cannot_be_read():
    """When the driver cannot read the message, the client hears -ERR, and nothing was read."""  # T192
    stage = logged_in()
    turns = stage.dialogue.hear(b"RETR 1\r\n")
    call = turns.send(None)
    body = turns.send(call.function())

    assert body.status == b"+OK 21 octets\r\n"
    assert turns.throw(FileNotFoundError("gone")) == Answer(b"-ERR message 1 is no longer there\r\n")
    assert list(turns) == []


@pytest.mark.parametrize("message", [b".\r\n", b"..\r\n.x", b"a\nb\n.\n", b"a\0b", b"", b"\r\n.\r\n.\r\n"])
def test_octets_are_those_that_are_announced(message):
    """What RETR sends, with dots removed, has as many octets as LIST announced, and one end mark."""  # T185
    stage = logged_in()
    stage.shelf.boxes["bob@recipient.test"] = {1: message}
    stage = Stage()
    stage.shelf.boxes["bob@recipient.test"] = {1: message}
    stage.hear(b"USER bob\r\n")
    stage.hear(b"PASS bob\r\n")
    announced = int(stage.heard(b"LIST 1\r\n")[0].split()[2])
    status, *lines, end, _ = stage.heard(b"RETR 1\r\n")

    assert status == b"+OK %d octets\r\n" % announced
    assert end == b".\r\n"
    assert b".\r\n" not in lines
    assert sum(len(line.removeprefix(b".")) for line in lines) == announced


def test_no_room():
    """A client for whom there is no room hears [SYS/TEMP] and is sent away."""
    stage = Stage()
    stage.told = []
    stage.play(stage.dialogue.turn_away())

    assert stage.told == [b"-ERR [SYS/TEMP] too many connections, come back later\r\n", "closes refused"]


def test_overlong():
    """A line that never ends is refused, and its speaker with it."""  # T177
    stage = Stage()
    stage.told = []
    stage.play(stage.dialogue.overlong(b"x" * 12_289))

    assert stage.told == [b"-ERR line too long\r\n", "closes refused"]


def test_a_fault_at_quit_ends_the_talk():
    """A fault of ours within QUIT is told, and the talk is over, since the mailbox is closed."""
    stage = logged_in()
    turns = stage.dialogue.hear(b"QUIT\r\n")
    turns.send(None)
    with pytest.raises(RuntimeError):
        turns.throw(RuntimeError("disk on fire"))
    stage.told = []
    stage.play(stage.dialogue.stumbled("ref1"))

    assert stage.told[-1] == "closes quit"


def test_users_are_not_told_apart():
    """USER is answered alike for everybody, and a failed PASS too."""
    stage = Stage()

    assert stage.heard(b"USER bob\r\n") == stage.heard(b"USER mallory\r\n")
    unknown = stage.heard(b"PASS x\r\n")
    stage.hear(b"USER bob\r\n")
    assert stage.heard(b"PASS x\r\n") == unknown


WORDS = st.sampled_from(
    [*VERBS, "XXXX", "", "1", "2", "3", "-1", "bob", "PLAIN", "SCRAM-SHA-256", "=", "AGJvYgBib2I=", "*", "vi"]
)
LINES = st.lists(
    st.lists(WORDS, max_size=3).map(lambda words: " ".join(words).encode()) | st.binary(max_size=40), max_size=25
)


class Model:
    """RFC 1939 in thirty lines: what is deleted, and whether a plain command must succeed."""

    def __init__(self):
        self.deleted = set()

    def expects(self, line):
        """True, False or None (no opinion) for a line said in TRANSACTION."""
        verb, *args = line.decode("latin-1").upper().split(" ")
        if verb in ("STAT", "NOOP", "RSET") and not args:
            if verb == "RSET":
                self.deleted.clear()
            return True
        if verb in ("RETR", "DELE", "LIST", "UIDL") and len(args) == 1 and args[0]:
            there = args[0] in ("1", "2") and args[0] not in self.deleted
            if verb == "DELE" and there:
                self.deleted.add(args[0])
            return there
        return None


@settings(max_examples=200, deadline=None)
@fuzzed(LINES)
def test_any_conversation(lines):
    """Whatever is said after the login, the server agrees with the model, never raises, and QUIT alone deletes."""  # T323, T324
    stage, model = logged_in(), Model()
    for line in lines:
        if stage.over:
            break
        told = [answer for answer in stage.heard(line + b"\r\n") if isinstance(answer, bytes)]
        if not stage.over:
            expected = model.expects(line) if b"\n" not in line and b"\r" not in line else None
            assert stage.dialogue.state is Pop3State.TRANSACTION
            assert told
            assert expected is None or told[0].startswith(b"+OK") is expected
            assert stage.left() == "1 2"
    if not stage.over:
        stage.play(stage.dialogue.lost())
        assert stage.left() == "1 2"
    assert stage.shelf.open_boxes == set() or stage.over


@settings(max_examples=200, deadline=None)
@fuzzed(LINES)
def test_any_conversation_before_the_login(lines):
    """Whatever a stranger says, the server answers or hangs up."""  # T323
    stage = Stage(["patient"])
    for line in lines:
        if not stage.over:
            assert stage.heard(line + b"\r\n")
