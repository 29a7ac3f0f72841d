"""Any conversations by POP3 at one mailbox, in segments that are cut anywhere: each answer is what a model says, octet by octet.

The model is written from RFC 1939 and knows nothing of the server. Two clients talk, one session after the other, while
messages come and another program takes some away.
"""

import itertools
import re

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from maillab.events import Authenticated, Read, Removed
from maillab.recipient.pop3 import Pop3
from tests.chance import play_by_chance
from tests.dialogues import stage
from tests.recipient.shelf import Shelf, config

BOB = "bob@recipient.test"
CONTENTS = st.lists(
    st.sampled_from([b"Subject: a\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b".", b"..", b".\r\n", b"a", b"\0", b"\xc6\xb0"]), max_size=9
).map(b"".join)  # fmt: skip
NUMBERS = st.integers(0, 5)
WHO = st.integers(0, 1)
COMMANDS = st.lists(
    st.sampled_from(
        [(b"STAT",), (b"LIST",), (b"UIDL",), (b"RSET",), (b"NOOP",), (b"",), (b"XYZZY",), (b"LIST -1",), (b"STAT x",)]
    )
    | st.tuples(st.sampled_from([b"LIST", b"UIDL", b"RETR", b"RETR", b"DELE", b"DELE"]), st.integers(1, 5))
    | st.tuples(st.just(b"TOP"), st.integers(1, 5), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)
CUTS = st.lists(st.integers(1, 30), max_size=4)
MISSING = (b"-ERR", b"+OK")  # what is gone may have been read ahead


class Stage(stage.Stage):
    """What is decided while a client talks."""

    def words(self, event):
        match event:
            case Read() | Removed() | Authenticated():
                return []
        return super().words(event)


def travelled(content):
    """A message as its reader has it (RFC 1939 §3): lines that end with CRLF, the last one too."""
    if content[-1:] not in (b"", b"\n"):
        content += b"\n" if content[-1:] == b"\r" else b"\r\n"
    return re.sub(rb"(?<!\r)\n", b"\r\n", content)


def top(content, lines):
    """RFC 1939 §7: the header section, the empty line, and so many lines of the body."""
    header, empty, body = (
        content.partition(b"\r\n\r\n") if not content.startswith(b"\r\n") else (b"", b"\r\n", content[2:])
    )
    return header + empty + b"".join(re.findall(rb"(?s).*?\r\n", body)[:lines])


class Client:
    """One session: what the server says, and what the model says that it must say."""

    def __init__(self, shelf):
        self.stage = Stage(Pop3(config(shelf, errors=10**6, junk=10**6), "retrieve-1"), tries=10**6)
        self.told()
        self.unsaid = b""
        self.expected = []  # how the first line begins, and the octets that follow, None where none do
        self.seen = None  # the names and contents of the snapshot, after the login
        self.deleted = set()

    def told(self):
        """All octets that came since somebody looked."""
        octets = b"".join(line for line in self.stage.told if isinstance(line, bytes))
        assert {word for word in self.stage.told if isinstance(word, str)} <= {"closes quit", "waits"}
        self.stage.told = []
        return octets

    def say(self, line, first, rest=None):
        """A command, and what it must be answered."""
        self.unsaid += line + b"\r\n"
        self.expected.append((first, rest))

    @property
    def left(self):
        """The sizes of the messages that are not deleted, by their numbers."""
        return {n: len(travelled(octets)) for n, (_, octets) in enumerate(self.seen, 1) if n not in self.deleted}

    def arrive(self, cuts):
        """What was said arrives in segments; all of it is answered."""
        for cut in [*cuts, len(self.unsaid)]:
            segment, self.unsaid = self.unsaid[:cut], self.unsaid[cut:]
            self.stage.feed(segment)
        told = self.told()
        for first, rest in self.expected:
            line, told = told[: told.index(b"\r\n") + 2], told[told.index(b"\r\n") + 2 :]
            assert line.startswith(first), (line, first)
            if rest is not None and not line.startswith(b"-ERR"):
                told = self.read(told, rest)
        assert told == b""
        self.expected = []

    def read(self, told, rest):
        """Take what follows from what was told, up to a lone dot; gives what is behind it."""
        lines = []
        while (line := told[: told.index(b"\r\n") + 2]) != b".\r\n":
            told = told[len(line) :]
            lines.append(line.removeprefix(b"."))
        assert b"".join(lines) == rest
        return told[3:]


class Mailbox(RuleBasedStateMachine):
    """Bob's mailbox, and whoever talks to the server about it. All that was said has arrived after each rule."""

    @initialize(contents=st.lists(CONTENTS, min_size=3, max_size=5))
    def begin(self, contents):
        self.shelf = Shelf([])
        self.names = itertools.count(1)
        self.box = self.shelf.boxes[BOB]
        self.kept = {}
        for content in contents:
            self.deliver(content)
        self.clients = [Client(self.shelf), Client(self.shelf)]
        self.log_in(0, True)

    @property
    def reader(self):
        """Who holds the mailbox."""
        return next((client for client in self.clients if client.seen is not None), None)

    # ── what others do ──

    @rule(content=CONTENTS)
    def deliver(self, content):
        name = next(self.names)
        self.box[name] = self.kept[name] = content

    @precondition(lambda self: len(self.kept) > 3)
    @rule(number=NUMBERS)
    def take_away(self, number):
        """Another program removes a message."""
        name = [*self.kept][number % len(self.kept)]
        del self.box[name], self.kept[name]

    # ── what clients say ──

    @rule(who=WHO, right=st.sampled_from([True, True, False]), named=st.sampled_from([True, True, True, False]))
    def log_in(self, who, right, named=True):
        client, said = self.clients[who], b"PASS bob" if right else b"PASS wrong"
        if named:
            client.say(b"USER bob", b"+OK" if client.seen is None else b"-ERR")
        if client.seen is not None or not named:
            client.say(said, b"-ERR")
        elif not right:
            client.say(said, b"-ERR [AUTH]")  # RFC 3206 §5
        elif self.reader is not None:
            client.say(said, b"-ERR [IN-USE]")  # RFC 2449 §8.1.2
        else:
            client.seen = [*self.kept.items()]
            client.say(said, b"+OK")
        client.arrive([])

    @rule(commands=COMMANDS, cuts=CUTS)
    def work(self, commands, cuts):
        """Whoever holds the mailbox says several commands at once."""
        if self.reader is None:
            self.log_in(0, True)
        client = self.reader
        for said in commands:
            self.say(client, *said)
        client.arrive(cuts)

    @rule(commands=COMMANDS, cuts=CUTS)
    def come_too_early(self, commands, cuts):
        """So does somebody who has not logged in."""
        client = next(client for client in self.clients if client.seen is None)
        for said in commands:
            self.say(client, *said)
        client.arrive(cuts)

    def say(self, client, verb, *numbers):
        """One command."""
        said = b" ".join([verb, *(b"%d" % number for number in numbers)])
        if client.seen is None or not (expected := self.expected(client, verb, *numbers)):
            client.say(said, b"-ERR")
        else:
            client.say(said, *expected)

    def expected(self, client, verb, number=0, lines=0):
        """What is answered to whoever holds the mailbox; nothing where it is -ERR."""
        match verb:
            case b"NOOP":
                return (b"+OK",)
            case b"RSET":
                client.deleted.clear()
                return (b"+OK",)
            case b"STAT":
                return (b"+OK %d %d\r\n" % (len(client.left), sum(client.left.values())),)
            case b"LIST" | b"UIDL" if not number:
                rows = "".join(f"{n} {self.word(client, verb, n)}\r\n" for n in client.left)
                return b"+OK", rows.encode()
        if number not in client.left:
            return ()
        name, octets = client.seen[number - 1]
        match verb:
            case b"LIST" | b"UIDL":
                return (f"+OK {number} {self.word(client, verb, number)}\r\n".encode(),)
            case b"RETR" | b"TOP":
                whole = travelled(octets)
                return b"+OK" if name in self.kept else MISSING, whole if verb == b"RETR" else top(whole, lines)
            case b"DELE":
                client.deleted.add(number)
                return (b"+OK",)
        return ()

    def word(self, client, verb, number):
        """What LIST or UIDL says of a message."""
        return f"u{client.seen[number - 1][0]}" if verb == b"UIDL" else client.left[number]

    # ── how it ends ──

    @rule(who=WHO, cuts=CUTS)
    def leave(self, who, cuts):
        """QUIT: what is marked is removed, and nothing else (RFC 1939 §6)."""
        client = self.clients[who]
        client.say(b"QUIT", b"+OK")
        client.arrive(cuts)
        assert client.stage.over
        for number in client.deleted:
            self.kept.pop(client.seen[number - 1][0], None)
        self.clients[who] = Client(self.shelf)

    @rule(who=WHO)
    def vanish(self, who):
        """Without QUIT nothing is removed."""
        self.clients[who].stage.leave()
        self.clients[who] = Client(self.shelf)

    @invariant()
    def only_what_was_removed_is_gone(self):
        assert self.box == self.kept
        assert (self.reader is not None) == (BOB in self.shelf.open_boxes)

    def teardown(self):
        for who in range(len(getattr(self, "clients", ()))):
            self.vanish(who)
            self.only_what_was_removed_is_gone()


def test_by_chance():
    """Whatever is said in whatever order and however it is cut, the server and the model agree."""
    play_by_chance(Mailbox, 40, 50)
