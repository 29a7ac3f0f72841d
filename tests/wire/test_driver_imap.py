"""The driver with IMAP on a real socket: literals, what the logbook has of them, IDLE, and who is cut off."""

import asyncio
import errno
import itertools
import re
import socket
import zlib
from asyncio.trsock import TransportSocket

import pytest

from maillab.events import Carried, Leg, RulePlayed, Said, Side
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient.imap import fetch
from maillab.recipient.imap.dialogue import Imap
from maillab.rules.live import Rules
from maillab.wire import driver
from maillab.wire.driver import Driver
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.turns import Ending
from tests.dialogues.reading import agree, files, given, name, read, said
from tests.recipient.imap.shelves import HI, Shelves, View, config
from tests.recipient.imap.staging import OPTIONS
from tests.support import run, settled, wait_for
from tests.wire.scripted import server_context
from tests.wire.test_driver import Hall as OtherHall


class Hall(OtherHall):
    """An IMAP server on a free port, with everything in reach of the test."""

    def __init__(self, words=(), spool=None, rules=(), limits=None):
        self.shelves = Shelves(() if "empty" in words else Shelves.__init__.__defaults__[0])
        self.book = Logbook(clock=lambda: 0.0)
        patience = {"auth_failures": 99} if "patient" in words else {}
        room = {"per_user": 0} if "crowded" in words else {}
        self.limits = Limits(**{"auth_floor": 0.0, **patience, **room, **(limits or {})})
        self.pauses = []
        options = {key: value for word in words for key, value in OPTIONS.get(word, {}).items()}
        desk = config(self.shelves, spool, **options)
        self.tls, self.implicit = server_context("mail.recipient.test"), False
        tokens = itertools.count(1)
        self.config = ListenerConfig(
            "imap",
            "mail.recipient.test",
            lambda talk, peer, secure: Imap(desk, talk, secure=secure),
            self.book,
            Gate(self.limits, now=lambda: 0.0),
            self.limits,
            starttls=self.tls,
            rules=Rules(rules=[]),
            site="recipient.test",
            leg_of=lambda address: Leg.RETRIEVE,
            reference=lambda: f"ref{next(tokens)}",
            pause=self.pause,
        )
        for rule in rules:
            self.config.rules.add(rule)

    async def __aenter__(self):
        self.server = Listener(self.config)
        self.port = await self.server.start("127.0.0.1", 0, None)
        return self

    def heard(self, side=Side.CLIENT):
        """What was written down of a side: its lines with what is struck out of them, and how long contents were."""
        lines = []
        for event in self.events:
            if isinstance(event, Said) and event.side is side:
                start, end = event.secret
                lines.append(event.line[:start] + b"*" * (end - start) + event.line[end:])
            elif isinstance(event, Carried) and event.side is side:
                lines.append(len(event.content))
        return lines


NOT_OVER_A_SOCKET = ("* drops", "* else", "* TLS", "Given: rule", ", rule", "logged in", "selected")
PLAYABLE = [path for path in files("imap") if not any(word in path.read_text() for word in NOT_OVER_A_SOCKET)]


@pytest.mark.parametrize("how", ["at once", "octet by octet"])
@pytest.mark.parametrize("path", PLAYABLE, ids=name)
def test_conversations_over_a_socket(path, how, tmp_path):
    """Each conversation is answered alike when it is pipelined whole and when it drips in octet by octet."""
    steps = read(path)

    async def play():
        async with Hall(given(steps), tmp_path) as hall:
            reader, writer = await hall.call()
            octets = said(steps)
            for piece in [octets] if how == "at once" else [octets[i : i + 1] for i in range(len(octets))]:
                writer.write(piece)
                await asyncio.sleep(0)
            writer.write_eof()
            line = await reader.readline()
            for step in steps:
                if step.mark in ("S:", "S~"):
                    assert agree(step, line), f"{step.where}: {line!r}"
                    line = await reader.readline()
                while step.mark == "S*" and agree(step, line) and line != b"":
                    line = await reader.readline()
            writer.close()
            await hall.closed()

    run(play())


INSIDE = b"a LOGIN bob bob\r\nb SELECT INBOX\r\n"


def test_passwords_in_literals_are_struck_out(tmp_path):
    """Whatever way a password comes, nothing of it is written down; what announces it stays readable."""  # T307
    waysd = [
        (b"a LOGIN bob hunter2\r\n", [b"a LOGIN bob *******\r\n"]),
        (b"a LOGIN bob {7+}\r\nhunter2\r\n", [b"a LOGIN bob {7+}\r\n", b"*******\r\n"]),
        (b"a LOGIN {3+}\r\nbob {7+}\r\nhunter2\r\n", [b"a LOGIN {3+}\r\n", b"****{7+}\r\n", b"*******\r\n"]),
        (b"a LOGIN bob {9+}\r\nhun\r\nter2\r\n", [b"a LOGIN bob {9+}\r\n", b"***\r\n", b"****\r\n"]),
        (b"a AUTHENTICATE PLAIN AGJvYgBodW50ZXIy\r\n", [b"a AUTHENTICATE PLAIN ****************\r\n"]),
        (b"a AUTHENTICATE PLAIN\r\nAGJvYgBodW50ZXIy\r\n", [b"a AUTHENTICATE PLAIN\r\n", b"****************\r\n"]),
    ]

    async def play(octets):
        async with Hall(["patient"], tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(octets)
            writer.write_eof()
            assert b"a NO [AUTHENTICATIONFAILED]" in await reader.read()
            writer.close()
            await hall.closed()
            return hall.heard()

    for octets, written in waysd:
        assert run(play(octets)) == written


def test_what_the_logbook_has_of_messages(tmp_path):
    """A message that is appended, and octets that are fetched, are contents between lines; other literals are lines."""

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(
                INSIDE + b"c APPEND {4+}\r\nSent (\\Seen) {%d+}\r\n%s\r\n" % (len(HI), HI)
                + b"d FETCH 1 (BODY.PEEK[] UID)\r\ne SEARCH SUBJECT {2+}\r\nhi\r\nf LOGOUT\r\n"
            )  # fmt: skip
            await reader.read()
            writer.close()
            await hall.closed()
            assert hall.heard()[2:] == [
                b"c APPEND {4+}\r\n",
                b"Sent (\\Seen) {97+}\r\n",
                97,
                b"\r\n",
                b"d FETCH 1 (BODY.PEEK[] UID)\r\n",
                b"e SEARCH SUBJECT {2+}\r\n",
                b"hi\r\n",
                b"f LOGOUT\r\n",
            ]
            told = hall.heard(Side.SERVER)
            at = told.index(b"* 1 FETCH (BODY[] {97}\r\n")
            assert told[at + 1 : at + 3] == [97, b" UID 1)\r\n"]

    run(play())


def test_a_large_message_on_its_way_in_and_out(tmp_path):
    """Nearly a megabyte comes in by way of a file, and goes out as it was."""
    octets = b"Subject: large\r\n\r\n" + b"seventy-six octets in a line \r\n" * 30_000

    async def play():
        async with Hall(["empty"], tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(INSIDE + b"c APPEND INBOX {%d}\r\n" % len(octets))
            await reader.readuntil(b"+ OK\r\n")
            writer.write(octets + b"\r\nd FETCH 1 BODY[]\r\n")
            head = await reader.readuntil(b"(BODY[] {%d}\r\n" % len(octets))
            assert b"c OK [APPENDUID 1 1]" in head
            assert await reader.readexactly(len(octets)) == octets
            writer.close()
            await hall.closed()
        assert [*tmp_path.iterdir()] == []

    run(play())


def test_idle_hears_of_a_message_in_another_thread(tmp_path):
    """Whoever waits in IDLE is told when the store rings, from whatever thread, and DONE ends it."""  # T210

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(INSIDE + b"c IDLE\r\n")
            await reader.readuntil(b"+ Waiting for DONE\r\n")
            folder = hall.shelves.bob.all[INBOX]
            for count in (4, 5):
                folder.put(HI)
                await asyncio.to_thread(folder.ring)
                assert await reader.readuntil(b" RECENT\r\n") == b"* %d EXISTS\r\n* 0 RECENT\r\n" % count
            writer.write(b"DONE\r\nd LOGOUT\r\n")
            assert (await reader.read()).startswith(b"c OK")
            writer.close()
            await hall.closed()
            assert hall.shelves.open_views == []

    run(play())


def test_a_server_that_closes_says_goodbye_to_whoever_waits(tmp_path):
    """IDLE ends with BYE when the server is closed, and the folder is looked at no longer."""

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(INSIDE + b"c IDLE\r\n")
            await reader.readuntil(b"+ Waiting for DONE\r\n")
            await hall.server.close(5.0)
            assert await reader.read() == b"* BYE [UNAVAILABLE] This server is being stopped\r\n"
            assert await hall.closed() == "closing"
            assert hall.shelves.open_views == []
            writer.close()

    run(play())


def test_a_client_that_dies_within_its_message(tmp_path):
    """A client that is gone in the middle of a literal leaves no message, no file, and no folder that is looked at."""  # T205

    async def play():
        async with Hall((), tmp_path) as hall:
            _, writer = await hall.call()
            writer.write(INSIDE + b"c APPEND INBOX {400000+}\r\n" + b"x" * 300_000)
            await settled(lambda: any(tmp_path.iterdir()))
            writer.transport.abort()
            await hall.closed()
            assert len(hall.shelves.bob.all[INBOX].rows) == 3
            assert hall.shelves.open_views == []
            assert [*tmp_path.iterdir()] == []

    run(play())


def test_starttls_in_one_piece_with_a_command(tmp_path):
    """What was said behind STARTTLS in clear is heard by nobody, and the client is cut off."""  # T201

    async def play():
        async with Hall(["tls"], tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(b"a STARTTLS\r\nb NOOP\r\n")
            told = (await reader.read()).split(b"\r\n")[1:]
            assert told == [b"a BAD Nothing may be sent behind STARTTLS before its answer", b""]
            writer.close()
            assert await hall.closed() == "refused"

    run(play())


@pytest.mark.parametrize(
    "octets", [b"x" * 200_000, b"a " + b"x" * 100_000 + b"\r\n", b"a LOGIN {2000000000+}\r\n" + b"x" * 3_000_000]
)
def test_endless_words(octets, tmp_path):
    """A line without end, or a literal that nobody takes, ends the talk with BYE."""  # T195, T196

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(octets)
            writer.write_eof()
            told = b""
            try:
                told = await reader.read()
            except ConnectionError:
                told = b"* BYE"  # the kernel took our word back
            assert b"* BYE" in told
            writer.close()
            assert await hall.closed() in ("refused", "lost")

    run(play())


def test_rules_in_a_talk(tmp_path):
    """Rules answer a command under its tag, replace an answer, and cut a literal in two."""
    rules = [
        'at noop answer NO "later" times 1',
        'at answer to list answer BAD "never" times 1',
        "at content truncate 10 times 1",
    ]

    async def play():
        async with Hall((), tmp_path, rules) as hall:
            reader, writer = await hall.call()
            writer.write(
                INSIDE + b'c NOOP\r\nd NOOP\r\ne LIST "" *\r\nf LIST "" INBOX\r\ng APPEND INBOX {20+}\r\n' + b"x" * 20
            )
            told = await reader.read()
            lines = told[told.index(b"c NO") :].split(b"\r\n")
            assert lines == [
                b"c NO later",
                b"d OK Done",
                b"e BAD never",
                b'* LIST (\\HasNoChildren) "/" INBOX',
                b"f OK Done",
                b"",
            ]
            writer.close()
            await hall.closed()
            assert len(hall.shelves.bob.all[INBOX].rows) == 3

    run(play())


STEPS = (b"a LOGIN bob bob", b"b SELECT INBOX", b"c FETCH 2 BODY.PEEK[TEXT]", b"d APPEND INBOX {4}\r\na: b", b"e IDLE", b"DONE",
         b"f LOGOUT")  # fmt: skip


async def said_step(reader, writer, step):
    """Say one step, its literal after the go-ahead; gives the last line of the answer."""
    line, tag = b"", b"e" if step == b"DONE" else step[:1]
    for piece in step.split(b"\r\n"):
        writer.write(piece + b"\r\n")
        while (line := await reader.readline()) and not line.startswith((tag + b" ", b"+ ", b"* BYE")):
            pass
        if not line.startswith(b"+ "):
            break
    if step.endswith(b"LOGOUT") and line.startswith(b"* BYE"):
        line = await reader.readline() or line
    return line


async def stepwise(hall):
    """A talk in which each step waits for the answer to the one before; what is refused is said again.

    Gives the last line of the first answer to each step.
    """
    reader, writer = await hall.call()
    ends = [await reader.readline()]
    for step in STEPS:
        if step == b"DONE" and not ends[-1].startswith(b"+ "):
            continue  # nobody waits
        if not ends[-1] or ends[-1].startswith(b"* BYE"):
            break
        ends.append(await said_step(reader, writer, step))
        if ends[-1][2:5] in (b"NO ", b"BAD") and step != b"e IDLE":
            await said_step(reader, writer, step)
    writer.close()
    await hall.closed()
    return ends


PLAIN = ["* OK", "a OK", "b OK", "c OK", "d OK", "+", "e OK", "f OK"]


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ('at accept answer NO "x"', {0: "* BYE x"}),
        ('at accept answer BYE "x"', {0: "* BYE x"}),
        ("at accept delay 5ms", {}),
        ("at accept fragment 3", {}),
        ('at accept replace "OK hello"', {0: "* OK hello"}),
        ('at accept replace "* PREAUTH hello"', {0: "* PREAUTH hello"}),
        *((f'at {verb} answer {word} "x"', {at: f"{tag} {word} x"})
          for at, (verb, tag) in enumerate([("login", "a"), ("select", "b"), ("fetch", "c"), ("append", "d")], 1)
          for word in ("NO", "BAD")),
        *((f'at {verb} answer BYE "x"', {at: "* BYE x"})
          for at, verb in enumerate(["login", "select", "fetch", "append", "idle"], 1)),
        *((f'at {stage}{verb} replace "NO x"', {at: f"{tag} NO x"})
          for at, (verb, tag) in enumerate([("login", "a"), ("select", "b"), ("fetch", "c")], 1)
          for stage in ("", "answer to ")),
        ('at fetch replace "c BAD x"', {3: "c BAD x"}),
        ('at answer to fetch answer NO "x"', {3: "c NO x"}),
        ('at content answer NO "x"', {4: "d NO x"}),
        ('at answer to content delay 5ms', {}),
        ('at idle answer NO "x"', {5: "e NO x", 6: None}),
        ("at idle delay 5ms", {}),
        ("at idle throttle 100/s", {}),
        ("at answer to idle truncate 1", {6: ""}),
        ('at logout answer NO "x"', {7: "f NO x"}),
        ('at logout replace "OK x"', {7: "f OK x"}),
        ("at logout delay 5ms", {}),
        ("at fetch truncate 34", {3: ""}),  # inside of the literal
        ("at fetch fragment 5", {}),
        ("at fetch throttle 10k/s", {}),
        ("at append drop", {4: ""}),
        ("at content truncate 2", {4: ""}),
        ("at answer to login code:OK delay 5ms", {}),
        ('at answer to login code:NO answer BAD "never"', {}),
        ('at fetch argument:2* answer NO "x"', {3: "c NO x"}),
        ("at select garble 100%", {}),
    ],
)  # fmt: skip
def test_every_effect_at_every_stage(rule, changed, tmp_path):
    """What a rule changes is one answer, under its tag; the talk goes on as before, or is over."""
    ends = [end.decode("latin-1") for end in run(_under(f"{rule} times 1", tmp_path))]
    expected = [changed.get(at, end) for at, end in enumerate(PLAIN)]
    expected = [end for end in expected if end is not None]
    over = [at for at, end in enumerate(expected) if not end or end.startswith("* BYE")]
    expected = expected[: over[0] + 1] if over else expected
    assert len(ends) == len(expected), ends
    assert [end[: len(want)] if want else end for end, want in zip(ends, expected, strict=True)] == expected


async def _under(rule, folder):
    async with Hall((), folder, [rule]) as hall:
        ends = await stepwise(hall)
        assert any(isinstance(event, RulePlayed) for event in hall.events) is ("code:NO" not in rule)
        return ends


def test_a_go_ahead_is_no_answer(tmp_path):
    """What a rule puts in the place of an answer comes when the command is whole; its literal is taken."""

    async def play():
        async with Hall(
            (), tmp_path, ['at select replace "NO x" once', 'at answer to list answer BAD "y" once']
        ) as hall:
            reader, writer = await hall.call()
            writer.write(b"a LOGIN bob bob\r\nb SELECT {5}\r\nINBOX\r\nc LIST {0}\r\n *\r\nd LOGOUT\r\n")
            told = (await reader.read()).split(b"\r\n")[2:]
            writer.close()
            return told

    assert run(play()) == [b"+ OK", b"b NO x", b"+ OK", b"c BAD y", b"* BYE Goodbye", b"d OK Done", b""]


def test_a_message_that_begins_like_a_go_ahead(tmp_path):
    """Of an answer that is replaced nothing is said, whatever stands in it."""
    lines = b"APPEND INBOX {8+}\r\n+1 good\n\r\nc FETCH 1 BODY[]\r\nd LOGOUT\r\n"

    async def play():
        async with Hall(["empty"], tmp_path, ['at fetch replace "NO x" once']) as hall:
            reader, writer = await hall.call()
            writer.write(INSIDE + b"b " + lines)
            told = await reader.read()
            writer.close()
            return told

    assert run(play()).endswith(b"Appended\r\nc NO x\r\n* BYE Goodbye\r\nd OK Done\r\n")


LOGGED_IN, ONE_TOO_MANY = b"a OK [CAPABILITY ", b"a NO [LIMIT] You have too many connections already\r\n"


def test_ten_of_one_person(tmp_path):
    """So many connections may be one person's; one more hears why, may be somebody else's, and gets in when one ends."""  # T203

    async def play():
        async with Hall((), tmp_path) as hall:

            async def login(name, talk=None):
                reader, writer = talk or await hall.call()
                line = b"" if talk else await reader.readline()
                writer.write(b"a LOGIN %b %b\r\n" % (name, b"bob" if name == b"bob" else b'"two  words "'))
                return (reader, writer), await reader.readline(), line

            talks = []
            for _ in range(hall.limits.per_user):
                talk, told, _ = await login(b"bob")
                assert told.startswith(LOGGED_IN)
                talks.append(talk)
            one_more, told, _ = await login(b"bob")
            assert told == ONE_TOO_MANY
            assert (await login(b"carol", one_more))[1].startswith(LOGGED_IN)
            talks[0][1].close()
            await hall.closed()
            talk, told, _ = await login(b"bob")
            assert told.startswith(LOGGED_IN)
            for _, writer in (*talks[1:], talk, one_more):
                writer.close()
            await hall.closed(hall.limits.per_user + 2)
            assert hall.config.gate.admit("127.0.0.1", "bob@recipient.test")

    run(play())


def test_whoever_has_no_mailbox_takes_no_room(tmp_path, monkeypatch):
    """A login whose mailbox cannot be opened counts once, however often it is tried, and not when it is over."""

    async def play():
        async with Hall((), tmp_path) as hall:

            def failing(user):
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr(hall.shelves, "account", failing)
            reader, writer = await hall.call()
            writer.write(b"a LOGIN bob bob\r\n" * (hall.limits.per_user + 1) + b"b LOGOUT\r\n")
            told = (await reader.read()).splitlines(keepends=True)
            assert all(line.startswith(b"a NO [OVERQUOTA] There is no room for it; reference ") for line in told[1:-2])
            writer.close()
            await hall.closed()
            people = [hall.config.gate.admit("127.0.0.1", "bob@recipient.test") for _ in range(hall.limits.per_user)]
            assert all(people)

    run(play())


def test_everybody_is_told_once(tmp_path):
    """Of fifty who wait in IDLE each hears of a message once."""  # T210

    async def play():
        async with Hall((), tmp_path, limits={"per_address": 60, "per_user": 50}) as hall:
            talks = [await hall.call() for _ in range(50)]
            for _, writer in talks:
                writer.write(INSIDE + b"c IDLE\r\n")
            for reader, _ in talks:
                await reader.readuntil(b"+ Waiting for DONE\r\n")
            folder = hall.shelves.bob.all[INBOX]
            folder.put(HI)
            folder.ring()
            for _, writer in talks:
                writer.write(b"DONE\r\nd LOGOUT\r\n")
            for reader, writer in talks:
                told = await reader.read()
                assert re.findall(rb"[0-9]+ EXISTS", told) == [b"4 EXISTS"]
                writer.close()
            await hall.closed(50)

    run(play())


def test_three_errors_too_many(tmp_path):
    """The first entry of a talk is its opening, the last its end, whoever ends it."""

    async def play():
        async with Hall(["impatient"], tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(b"a X\r\nb X\r\nc X\r\nd NOOP\r\n")
            assert (await reader.read()).endswith(b"* BYE Too many errors\r\n")
            writer.close()
            await wait_for(hall.book, lambda event: type(event).__name__ == "Closed")

    run(play())


def test_octets_are_acknowledged_at_once(tmp_path, monkeypatch):
    """A client that waits for our kernel's word before it sends the rest of a command need not wait for long."""
    asked = []
    monkeypatch.setattr(driver, "_QUICK", 12)
    monkeypatch.setattr(TransportSocket, "setsockopt", lambda _, *option: asked.append(option))

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            writer.write(INSIDE + b"c APPEND INBOX {4}\r\n")
            await reader.readuntil(b"+ OK\r\n")
            asked.clear()
            writer.write(b"a: b")
            await settled(lambda: bool(asked))
            writer.write(b"\r\nd LOGOUT\r\n")
            assert b"c OK [APPENDUID 1 4]" in await reader.read()
            writer.close()
            await hall.closed()
        assert asked == [(socket.IPPROTO_TCP, 12, 1)]

    run(play())


def test_nothing_is_written_down_that_is_not_said(tmp_path, monkeypatch):
    """A machine that is switched off in the middle of a huge answer says no more of it, and the logbook knows of none."""
    relieve = Driver._relieve

    async def switched_off(driver):
        await relieve(driver)
        driver._show_out(Ending.CLOSING)

    async def play():
        async with Hall(["empty"], tmp_path) as hall:
            for _ in range(6):
                hall.shelves.bob.all["INBOX"].put(b"Subject: x\r\n\r\n" + b"y" * 40_000)
            reader, writer = await hall.call()
            monkeypatch.setattr(Driver, "_relieve", switched_off)
            writer.write(INSIDE + b"c FETCH 1:* BODY.PEEK[]\r\n")
            told = await reader.read()
            writer.close()
            assert await hall.closed() == "closing"
            said = hall.heard(Side.SERVER)
            assert told.count(b"Subject: x") == len([one for one in said if isinstance(one, int)]) == 2
            assert isinstance(said[-1], int)
            assert b"* BYE" not in told

    run(play())


def test_no_last_word_in_a_message(tmp_path, monkeypatch):
    """Whoever is switched off while a large message is said says nothing into it: it would be read as the message."""
    (file := tmp_path / "large").write_bytes(b"y" * 300_000)
    monkeypatch.setattr(View, "content", lambda view, uid: Content(b"", file, 0, 300_000))
    relieve = Driver._relieve

    async def switched_off(driver):
        await relieve(driver)
        driver._show_out(Ending.CLOSING)

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            monkeypatch.setattr(Driver, "_relieve", switched_off)
            writer.write(INSIDE + b"c FETCH 1 BODY.PEEK[]\r\nd NOOP\r\n")
            told = await reader.read()
            writer.close()
            assert await hall.closed() == "closing"
            _, announced, octets = told.partition(b"(BODY[] {300000}\r\n")
            assert announced
            assert octets.strip(b"y") == b""
            assert hall.heard(Side.SERVER)[-1] == len(octets)

    run(play())


def test_no_last_word_between_a_literal_and_what_ends_its_answer(tmp_path, monkeypatch):
    """Whoever is switched off while the next messages are looked up hears no BYE behind the octets of the last one:
    there the answer to it goes on, and it would be read as its rest."""
    drivers, asked, in_thread, worked_out = [], [], Driver._in_thread, fetch._worked_out
    monkeypatch.setattr(fetch, "AT_ONCE", 1)

    async def remembered(driver, function):
        drivers.append(driver)
        return await in_thread(driver, function)

    def switched_off(*given):
        asked.append(given)
        if len(asked) == 2:
            loop = drivers[-1]._loop
            loop.call_soon_threadsafe(drivers[-1]._show_out, Ending.CLOSING)
        return worked_out(*given)

    async def play():
        async with Hall((), tmp_path) as hall:
            reader, writer = await hall.call()
            monkeypatch.setattr(Driver, "_in_thread", remembered)
            monkeypatch.setattr(fetch, "_worked_out", switched_off)
            writer.write(INSIDE + b"c FETCH 1:3 BODY.PEEK[]\r\n")
            told = await reader.read()
            writer.close()
            assert await hall.closed() == "closing"
            assert told.endswith(b"(BODY[] {%d}\r\n%b" % (len(HI), HI))

    run(play())


def test_no_last_word_amid_a_line(tmp_path, monkeypatch):
    """Where rules let a line out piece by piece there is no place for a last word in it."""

    async def play():
        async with Hall((), tmp_path, ["at accept fragment 3"]) as hall:
            reader, writer = await hall.call()
            assert (await reader.readline()).startswith(b"* OK")
            rest = Driver._rest

            async def switched_off(driver, seconds):
                if driver._in_answer:
                    driver._show_out(Ending.CLOSING)
                await rest(driver, 0.0)

            monkeypatch.setattr(Driver, "_rest", switched_off)
            writer.write(b"a NOOP\r\n")
            assert await reader.read() == b"a O"
            writer.close()
            assert await hall.closed() == "closing"

    run(play())


async def deflated(hall):
    """A client that has logged in and agreed to deflate; gives what reads and says octets as they are."""
    reader, writer = await hall.call()
    writer.write(INSIDE + b"c COMPRESS DEFLATE\r\n")
    await reader.readuntil(b"c OK Deflated from here on\r\n")
    squeeze, unfold = zlib.compressobj(wbits=-15), zlib.decompressobj(-15)

    def say(octets):
        writer.write(squeeze.compress(octets) + squeeze.flush(zlib.Z_SYNC_FLUSH))

    async def hear():
        return unfold.decompress(await reader.read())

    return say, hear, writer


def test_a_talk_that_is_deflated(tmp_path):
    """After COMPRESS both sides deflate what they say, literals too; the logbook has it as it was said."""
    octets = b"Subject: large\r\n\r\n" + b"seventy-six octets in a line \r\n" * 20_000

    async def play():
        async with Hall(["empty"], tmp_path) as hall:
            say, hear, writer = await deflated(hall)
            say(b"d APPEND INBOX {%d+}\r\n%s\r\n" % (len(octets), octets))
            say(b"e FETCH 1 BODY[]\r\nf LOGOUT\r\n")
            told = await hear()
            assert b"(BODY[] {%d}\r\n%s FLAGS (\\Seen))\r\ne OK Done\r\n" % (len(octets), octets) in told
            writer.close()
            assert await hall.closed() == "quit"
            assert b"f LOGOUT\r\n" in hall.heard()
            assert len(octets) in hall.heard()

    run(play())


ENDED = zlib.compress(b"d NOOP\r\n")[2:-4] + b"e NOOP\r\n"  # a whole stream, and something behind it


@pytest.mark.parametrize("octets", [b"d NOOP\r\n\xff\xff\xff\xff", zlib.compress(b"d NOOP\r\n"), ENDED])
def test_whoever_agreed_to_deflate_and_does_not(octets, tmp_path):
    """Octets that are not deflated end the talk."""

    async def play():
        async with Hall((), tmp_path) as hall:
            _, hear, writer = await deflated(hall)
            writer.write(octets)
            await hear()
            writer.close()
            assert await hall.closed() == "not deflated"

    run(play())


def test_a_line_that_unfolds_without_end(tmp_path):
    """A hundred megabytes in a hundred kilobytes are a line that is too long, and cost no more than one."""  # T195

    async def play():
        async with Hall((), tmp_path) as hall:
            say, hear, writer = await deflated(hall)
            say(b"d " + b"x" * 100_000_000)
            assert (await hear()).startswith(b"* BYE [TOOBIG]")
            writer.close()
            await hall.closed()

    run(play())


@pytest.mark.parametrize(
    "command", [b"AUTHENTICATE PLAIN", b"AUTHENTICATE CRAM-MD5", b"AUTHENTICATE PLAIN AGJvYgBib2I="]
)
def test_a_rule_answers_instead_of_a_challenge(tmp_path, command):
    """Whoever is refused by a rule is in no login: the next line is a command, and later logins are as usual."""

    async def play():
        async with Hall((), tmp_path, ['at authenticate answer NO "busy" once']) as hall:
            reader, writer = await hall.call()
            writer.write(b"a " + command + b"\r\nb NOOP\r\nc AUTHENTICATE PLAIN AGJvYgBib2I=\r\nd LOGOUT\r\n")
            told = (await reader.read()).split(b"\r\n")[1:]
            writer.close()
            assert [told[0], told[1]] == [b"a NO busy", b"b OK Done"]
            assert told[2].startswith(b"c OK ")

    run(play())
