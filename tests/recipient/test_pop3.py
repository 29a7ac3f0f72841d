"""The POP3 dialogue, played without a socket: the conversations of tests/dialogues and what they cannot say."""

import base64

import pytest
from hypothesis import given as fuzzed
from hypothesis import settings
from hypothesis import strategies as st
from scramp import ScramClient

from maillab.events import Authenticated, FaultPlayed, Read, Removed, Tolerated
from maillab.protocols.pop3 import END, Stuffing
from maillab.protocols.services import POP3
from maillab.recipient.login import QUIRKS
from maillab.recipient.pop3 import VERBS, Pop3, State
from maillab.wire.turns import Answer, Body, Call, Close, Decided, StartTls, WrongPassword
from tests.recipient.dialogues import FILES, agree, given, read
from tests.recipient.shelf import Shelf, counter

OPTIONS = {
    "tls": {"tls": True},
    "no plaintext": {"plaintext": False},  # T188
    "patient": {"tries": 99},
    "impatient": {"errors": 3},
    "restless": {"junk": 3},
}


class Stage:
    """A dialogue on a stage: whoever holds the socket is played by this class, in one thread."""

    def __init__(self, words=()):
        self.shelf = Shelf(() if "empty" in words else Shelf.__init__.__defaults__[0])
        self.shelf.stuck = "stuck" in words
        self.shelf.broken = "broken" in words
        if "in use" in words:
            self.shelf.open("bob@recipient.test")
        options = {key: value for word in words for key, value in OPTIONS.get(word, {}).items()}
        self.pop3 = Pop3(counter(self.shelf, **options), "retrieve-1", secure="secure" in words)
        self.told = []  # lines of the server as bytes, events, and "closes why"
        self.over = False
        self.play(self.pop3.greet())

    def play(self, turns):
        """Do what the dialogue yields."""
        result, failure = None, None
        while not self.over:
            try:
                turn = turns.throw(failure) if failure else turns.send(result)
            except StopIteration:
                return
            result, failure = None, None
            match turn:
                case Answer(octets):
                    self.say(octets)
                case Body(status, content):
                    stuffing = Stuffing()
                    body = stuffing.feed(content.whole()) + stuffing.end()
                    self.say(status + body + END)
                case Call(function):
                    try:
                        result = function()
                    except Exception as error:
                        failure = error
                case WrongPassword():
                    self.told.append("waits")
                case StartTls():
                    self.told.append("TLS")
                case Decided(Read(_, mailbox, uid)):
                    assert mailbox == "bob@recipient.test"
                    self.told.append(f"reads {uid}")
                case Decided(Removed(_, _, uids)):
                    self.told.append(f"removes {' '.join(map(str, uids))}")
                case Decided(FaultPlayed(_, what)):
                    self.told.append(what)
                case Decided(Tolerated()):
                    self.told.append("tolerates")
                case Decided(Authenticated()):
                    pass
                case Close(why):
                    self.told.append(f"closes {why}")
                    self.over = True
        turns.close()

    def say(self, octets):
        self.told += [line + b"\n" for line in octets.split(b"\n")[:-1]]

    def hear(self, line):
        """The client's line; a fault is told as the driver tells it."""
        try:
            self.play(self.pop3.hear(line))
        except (RuntimeError, OSError):
            self.play(self.pop3.stumbled("ref1"))

    def heard(self, line):
        """What is told after this line."""
        self.told = []
        self.hear(line)
        return list(self.told)

    def left(self):
        """What lies in bob's mailbox."""
        return " ".join(map(str, self.shelf.boxes["bob@recipient.test"]))


def act(stage, step):
    """One step of a script on the stage; gives a complaint or None."""
    if step.mark in ("C:", "C|") or (step.mark == "*" and step.text.split()[0] in ("drops", "loses")):
        if stage.told:
            return f"the server went on: {stage.told[0]!r}"
        if step.mark != "*":
            stage.hear(step.octets)
        elif step.text == "drops":
            stage.play(stage.pop3.lost())
        else:
            del stage.shelf.boxes["bob@recipient.test"][int(step.text.split()[1])]
    elif step.mark == "Left:":
        return None if stage.left() == step.text else f"left is {stage.left()!r}"
    elif step.mark in ("S:", "S~", "*"):
        told = stage.told.pop(0) if stage.told else "nothing"
        if not (told == step.text if isinstance(told, str) else agree(step, told)):
            return f"told was {told!r}"
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".pop3.txt"))
def test_dialogue(path):
    """Each conversation of tests/dialogues goes as it is written, to the last word."""
    steps = read(path)
    stage = Stage(given(steps))
    for step in steps:
        if complaint := act(stage, step):
            pytest.fail(f"{step.where}: expected {step.mark} {step.text!r}, but {complaint}", pytrace=False)

    assert stage.told == [], path.name
    if stage.over:
        stage.over = False
        stage.play(stage.pop3.lost())
    assert stage.shelf.open_boxes - ({"bob@recipient.test"} if "in use" in given(steps) else set()) == set()


def logged_in(words=()):
    """A stage on which bob is in."""
    stage = Stage(words)
    stage.hear(b"USER bob\r\n")
    stage.hear(b"PASS bob\r\n")
    assert stage.pop3.state is State.TRANSACTION
    return stage


def test_the_login_is_an_event():
    """Whoever proves who they are is written down, in canonical form, before they are told."""
    stage = Stage()
    turns = list(stage.pop3.hear(b"AUTH PLAIN AGJvYgBib2I=\r\n").send(None) for _ in "x")

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
    stage.pop3 = Pop3(counter(shelf, tls=True, without=frozenset({name})), "retrieve-1")
    announced = {line.decode().split()[0] for line in stage.heard(b"CAPA\r\n")[1:-1]}

    assert announced == set(POP3.extensions) - {name}
    if name in verbs:
        assert stage.heard(f"{verbs[name]}\r\n".encode()) == [b"-ERR unknown command\r\n"]


def test_quirks():
    """Bugs of another program are reproduced where that is asked for, and each time it is told."""
    stage = Stage()
    stage.pop3 = Pop3(counter(stage.shelf, quirks=frozenset(QUIRKS)), "retrieve-1")
    for line in (b"USER bob\r\n", b"PASS bob\r\n"):
        stage.hear(line)

    assert stage.heard(b"LIST 2\r\n")[1:] == [b"+OK\r\n", b"2 56\r\n", b".\r\n"]
    assert stage.heard(b"UIDL\r\n") == [b"+OK 2 messages (77 octets)\r\n", b"1 u1\r\n", b"2 u2\r\n", b".\r\n"]
    stage.hear(b"DELE 1\r\n")
    assert stage.heard(b"UIDL\r\n") == [
        "quirk deleted-in-uidl",
        b"+OK 1 messages (56 octets)\r\n",
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
    answers = [turn.octets for turn in stage.pop3.hear(b"LIST\r\n")]

    assert [answer.count(b"\n") for answer in answers] == [1, 1000, 1000, 500, 1]
    assert b"".join(answers).splitlines()[2500] == b"2500 3"


def test_a_body_that_cannot_be_read():
    """When the driver cannot read the message, the client hears -ERR, and nothing was read."""  # T192
    stage = logged_in()
    turns = stage.pop3.hear(b"RETR 1\r\n")
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
    stage.play(stage.pop3.turn_away())

    assert stage.told == [b"-ERR [SYS/TEMP] too many connections, come back later\r\n", "closes refused"]


def test_overlong():
    """A line that never ends is refused, and its speaker with it."""  # T177
    stage = Stage()
    stage.told = []
    stage.play(stage.pop3.overlong())

    assert stage.told == [b"-ERR line too long\r\n", "closes refused"]


def test_a_fault_at_quit_ends_the_talk():
    """A fault of ours within QUIT is told, and the talk is over, since the mailbox is closed."""
    stage = logged_in()
    turns = stage.pop3.hear(b"QUIT\r\n")
    turns.send(None)
    with pytest.raises(RuntimeError):
        turns.throw(RuntimeError("disk on fire"))
    stage.told = []
    stage.play(stage.pop3.stumbled("ref1"))

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
        told = stage.heard(line + b"\r\n")
        if not stage.over:
            expected = model.expects(line) if b"\n" not in line and b"\r" not in line else None
            assert stage.pop3.state is State.TRANSACTION
            assert isinstance(told[0], bytes)
            assert expected is None or told[0].startswith(b"+OK") is expected
            assert stage.left() == "1 2"
    if not stage.over:
        stage.play(stage.pop3.lost())
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
