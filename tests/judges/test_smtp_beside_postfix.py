"""Postfix and the lab are told the same by SMTP: by a list, and by chance. Both answer alike, and store the same octets.

What is compared is the class of each reply (RFC 5321 §4.2.1), and what lies in the mailbox of each below the header fields
that they add. What they may answer differently is the table OTHERWISE, each with the section that leaves it open.
"""

import random
import re
import socket

import pytest

from maillab.protocols.lines import stuff
from maillab.testing import RunningLab
from tests.support import holds_soon

pytestmark = pytest.mark.judge

SECONDS = 30
HEAD = "From: <alice@sender.test>\r\nDate: Tue, 1 Dec 2026 00:00:00 +0000\r\nMessage-ID: <{token}@sender.test>\r\n\r\n"
BODIES = [
    b"", b"hi\r\n", b"\r\n", b"..\r\n", b"...x\r\n..\r\n", b"a\r\n\r\n..b\r\n\r\n\r\n", b"last line without end", b"a" * 998 + b"\r\n",
    b"th\xc6\xb0\r\n", b"\xff\xfe\r\n", b"From here\r\n>From there\r\n", b"tab\there \r\n \t\r\n", b"\x1b[31m\x07\r\n", b"x" * 3000 + b"\r\n",
]  # fmt: skip
# one conversation a line, without EHLO where it has one of its own; DATA is followed by a message where it is asked for
WRITTEN = """
NOOP|RSET|VRFY bob|QUIT
-|MAIL FROM:<early@a.test>|QUIT
-|HELO x|MAIL FROM:<alice@sender.test>|RCPT TO:<bob@recipient.test>|DATA|NOOP|QUIT
-|EHLO x|EHLO y|MAIL FROM:<alice@sender.test>|EHLO z|RCPT TO:<bob@recipient.test>|DATA
-|HELO|EHLO|EHLO  |HELO x y|EHLO [127.0.0.1]|EHLO [IPv6:::1]|EHLO -|EHLO a_b
-|RCPT TO:<bob@recipient.test>|DATA|RSET|NOOP|VRFY|EXPN x|HELP|TURN|ETRN x
MAIL FROM:<alice@sender.test>|DATA|RCPT TO:<bob@recipient.test>|RCPT TO:<bob@recipient.test>|DATA|DATA|NOOP
MAIL FROM:<>|RCPT TO:<bob@recipient.test>|DATA|MAIL FROM:<>|MAIL FROM:<>|RSET|RSET|RCPT TO:<bob@recipient.test>
MAIL FROM:<alice@sender.test> SIZE=10|RCPT TO:<bob@recipient.test>|DATA
MAIL FROM:<alice@sender.test> BODY=8BITMIME|RCPT TO:<bob@recipient.test>|DATA
MAIL FROM:<alice@sender.test> SIZE=x|MAIL FROM:<alice@sender.test> BODY=x|MAIL FROM:<alice@sender.test> NONSENSE=1
MAIL FROM:<alice@sender.test> SIZE=99999999999|NOOP
MAIL FROM:alice@sender.test|RCPT TO:bob@recipient.test|DATA
MAIL FROM: <alice@sender.test>|RCPT TO: <bob@recipient.test>|DATA
MAIL FROM:<"a b"@sender.test>|RCPT TO:<bob@recipient.test>|DATA
MAIL FROM:<@relay.test:alice@sender.test>|RCPT TO:<@relay.test:bob@recipient.test>|DATA
MAIL FROM:<alice@sender.test|RSET|MAIL FROM:alice@sender.test>|RSET|MAIL FROM:<<alice@sender.test>>|RSET
MAIL FROM:<alice@sender..test>|RSET|MAIL FROM:<alice@>|RSET|MAIL FROM:<@sender.test>|RSET|MAIL FROM:<a@b@c>|RSET
MAIL FROM|RSET|MAIL|MAIL FROM:|MAIL TO:<a@a.test>|RCPT FROM:<a@a.test>|MAILFROM:<a@a.test>|RSET
MAIL FROM:<alice@sender.test>|RCPT TO:<>|RCPT TO:|RCPT|RCPT TO:<bob@recipient.test> X=1|RCPT TO:<bob@recipient.test>|DATA x|DATA
mail from:<alice@sender.test>|Rcpt To:<bob@recipient.test>|dAtA|qUiT
NOOP x|RSET x|DATA x|QUIT x|NOOP
XYZZY|HELO|NOOP|\x00|\xff|GIVE|MAIL FROM:<a@a.test>
"""
OTHERWISE = {  # commands that are answered otherwise, and why that is right
    "MAIL FROM:<early@a.test>": "RFC 5321 §4.1.4: EHLO or HELO comes first",
    "HELO": "RFC 5321 §4.1.1.1 asks for a name; in a classroom none is needed, and the rule is named (a strict lab says 501)",
    "EHLO": "the same",
    "EHLO  ": "the same",
    "EXPN x": "RFC 5321 §3.5.3: 252 says that it will not be told",
    "HELP": "RFC 5321 §4.1.1.8: it should be there",
    "ETRN x": "RFC 1985 is not offered",
    "MAIL FROM:alice@sender.test>": "RFC 5321 §4.1.2: that is no path",
    "MAIL FROM:<<alice@sender.test>>": "the same",
    "MAIL FROM:<@sender.test>": "the same: there is no local part",
    "MAIL FROM:<a@b@c>": "the same: two @",
    "MAILFROM:<a@a.test>": "Postfix hangs up on whoever says a field of a header; RFC 5321 §4.2.4 has 500 for what is no command",
}


class Party:
    """One of the two: what it answers, and what it has stored."""

    def __init__(self, port, stored):
        self._port, self._stored = port, stored
        self._wire = None

    def begin(self):
        self._wire = socket.create_connection(("127.0.0.1", self._port), SECONDS)
        self._heard = self._wire.makefile("rb")
        return self._reply()

    def say(self, octets):
        """Say this; gives the reply, b"" where it has hung up."""
        try:
            self._wire.sendall(octets)
        except OSError:
            return b""
        return self._reply()

    def end(self):
        self._heard.close()
        self._wire.close()

    def _reply(self):
        lines = []
        while not lines or lines[-1][3:4] == b"-":
            try:
                lines.append(self._heard.readline())
            except OSError:
                return b""
            if not lines[-1]:
                return b""
        return b"".join(lines)

    def stored(self, tokens):
        """Messages as they were stored below their HEAD, by their tokens, once all of these are there; lines end with LF."""
        holds_soon(lambda: tokens <= self._bodies().keys(), SECONDS)  # what has not come is in the report
        return self._bodies()

    def _bodies(self):
        messages = [
            re.search(rb"Message-ID: <(.*?)@.*?\n\n(.*)", octets.replace(b"\r\n", b"\n"), re.DOTALL)
            for octets in self._stored()
        ]
        return {message[1]: message[2] for message in messages}


@pytest.fixture(scope="module")
def parties(postfix):
    """The lab's receiving machine, and Postfix's."""
    with RunningLab() as lab:
        yield (
            Party(lab.endpoint("recipient.test", "smtp").port, lambda: [message.raw for message in lab.messages()]),
            Party(postfix.receive, lambda: [path.read_bytes() for path in postfix.maildir.glob("*")]),
        )


class Conversations:
    """What is said to both, and how each answers."""

    def __init__(self, parties, name):
        self.parties, self._name = parties, name
        self.rows = []  # what was said, and both answers
        self.taken = {}  # token: the body as it was sent

    def hold(self, commands, bodies):
        """One conversation, until one of them hangs up."""
        first = [party.begin() for party in self.parties]
        self.rows.append(("(greeting)", *first))
        for command in commands:
            octets = command.encode("latin-1") + b"\r\n"
            replies = [party.say(octets) for party in self.parties]
            self.rows.append((command, *replies))
            if command.upper().startswith("DATA") and all(reply.startswith(b"354") for reply in replies):
                self._hand_over(next(bodies))
            if b"" in replies or any(reply.startswith((b"221", b"421")) for reply in replies):
                break  # one of them has hung up
        for party in self.parties:
            party.end()

    def _hand_over(self, body):
        token = f"{self._name}-{len(self.taken)}"
        wire = (
            HEAD.format(token=token).encode()
            + body
            + (b"" if body.endswith(b"\r\n") or not body else b"\r\n")
            + b".\r\n"
        )
        replies = [party.say(wire) for party in self.parties]
        self.rows.append((f"(message {body[:60]!r})", *replies))
        if all(reply.startswith(b"2") for reply in replies):
            self.taken[token.encode()] = body

    def report(self):
        """Fail with all that was answered differently, and all that was stored differently."""
        wrong = [
            f"{said}\n  lab     {one!r}\n  Postfix {other!r}"
            for said, one, other in self.rows
            if (one[:1] == other[:1]) == (said in OTHERWISE)
        ]
        one, other = (party.stored(self.taken.keys()) for party in self.parties)
        wrong += [
            f"{token}: {self.taken[token][:60]!r}\n  lab     {one.get(token)!r}\n  Postfix {other.get(token)!r}"
            for token in self.taken
            if one.get(token) != other.get(token)
        ]
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)


def bodies_in_turn():
    while True:
        yield from BODIES


def test_the_written_list(parties):
    """Both answer alike; and what is answered otherwise is still so."""
    both, bodies = Conversations(parties, "list"), bodies_in_turn()
    for line in WRITTEN.strip().split("\n"):
        commands = line.encode("latin-1").decode("unicode_escape").split("|")
        both.hold(commands[1:] if commands[0] == "-" else ["EHLO client.test", *commands], bodies)
    both.report()


WHOLE = ("MAIL FROM:<alice@sender.test>", "RCPT TO:<bob@recipient.test>", "DATA")
SENDERS = [
    "alice@sender.test",
    "",
    "a.b+c@x.test",
    "o'neil@x.test",
    '"q q"@x.test',
    "x@[127.0.0.1]",
    "a b@x.test",
    "postmaster",
]
RECIPIENTS = [
    "",
    "bob@recipient.test",
    "BOB@RECIPIENT.TEST",
    "carol@recipient.test",
    "bob+x@recipient.test",
    "a b@recipient.test",
    "@x.test:bob@recipient.test",
]
PARAMETERS = ["", "", "", " SIZE=100", " BODY=8BITMIME", " BODY=7BIT", " SIZE=100 BODY=8BITMIME", " X=Y", " SIZE"]


def by_chance(dice, count):
    """So many commands, in any order, and now and then those of a whole message."""
    yield dice.choice(["EHLO client.test", "EHLO client.test", "HELO client.test"])
    for _ in range(count):
        match dice.randrange(10):
            case 0 | 1 | 2:
                yield from WHOLE
            case 3:
                yield f"MAIL FROM:<{dice.choice(SENDERS)}>{dice.choice(PARAMETERS)}"
            case 4:
                yield f"RCPT TO:<{dice.choice(RECIPIENTS)}>"
            case 5 | 6 | 7:
                yield dice.choice(WHOLE)
            case _:
                yield dice.choice(["RSET", "NOOP", "VRFY bob", "EHLO client.test", "HELO client.test", "QUIT"])


def bodies_by_chance(dice):
    """What may be in a message, dots and odd octets where they could do harm."""
    pieces = [b"\r\n", b"\r\n", b".", b"..", b"a", b" ", b"\t", b"\xff", b"From ", b"\r\n.", b"\x7f", b"x" * 1100]
    while True:
        yield stuff(b"".join(dice.choices(pieces, k=dice.randint(0, 14))))


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 23))])
def test_by_chance(parties, seed):
    """Conversations by chance: both answer alike, to the end, and store the same octets."""
    dice = random.Random(seed)
    both, bodies = Conversations(parties, f"seed{seed}"), bodies_by_chance(dice)
    for _ in range(20 if seed < 3 else 100):
        both.hold(by_chance(dice, 14), bodies)
    both.report()
    assert len(both.taken) > 20
