"""The driver: dialogues on real sockets, with their limits of time, length and number, heard by an ear."""

import asyncio
import base64
import contextlib
import errno
import os
import socket
import ssl
import struct
import threading

import pytest

from maillab.events import Authenticated, Carried, Closed, Leg, Opened, Said, Secured, Side, Stumbled
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.recipient.maildrop import NotRemoved
from maillab.recipient.pop3 import Pop3
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.turns import Answer, Body, Call, Close, Verbatim, ask, hang_bell, line_or_bell, read_on
from tests.dialogues.reading import agree, files, given, name, read, said
from tests.recipient.shelf import Shelf, config
from tests.recipient.test_pop3 import OPTIONS
from tests.support import longest_turn, run, settled, wait_for
from tests.wire.scripted import client_context, server_context

NOBODY_WAITS = {"auth_floor": 0.0}


class Hall:
    """A POP3 server on a free port, with everything in reach of the test."""

    def __init__(self, words=(), make=None, limits=None, implicit=False):
        self.shelf = Shelf()
        self.shelf.stuck, self.shelf.broken = "stuck" in words, "broken" in words
        if "in use" in words:
            self.shelf.open("bob@recipient.test")
        self.book = Logbook(clock=lambda: 0.0)
        patience = {"auth_failures": 99} if "patient" in words else {}
        self.limits = Limits(**{**NOBODY_WAITS, **patience, **(limits or {})})
        self.gate = Gate(self.limits, now=lambda: 0.0)
        self.pauses = []
        options = {key: value for word in words for key, value in OPTIONS.get(word, {}).items()}
        desk = config(self.shelf, **options)
        self.tls = server_context("mail.recipient.test") if implicit or "tls" in words else None
        self.implicit = implicit
        self.config = ListenerConfig(
            "pop3s" if implicit else "pop3",
            "mail.recipient.test",
            make or (lambda talk, peer, secure: Pop3(desk, talk, secure=secure)),
            self.book,
            self.gate,
            self.limits,
            starttls=self.tls,
            leg_of=lambda address: Leg.RETRIEVE,
            reference=lambda: "ref1",
            pause=self.pause,
        )

    async def pause(self, seconds):
        self.pauses.append(seconds)

    async def __aenter__(self):
        self.server = Listener(self.config)
        self.port = await self.server.start("127.0.0.1", 0, self.tls if self.implicit else None)
        return self

    async def __aexit__(self, *_):
        await self.server.close()

    async def call(self, **options):
        return await asyncio.open_connection("127.0.0.1", self.port, **options)

    async def talk(self, said, **options):
        """Say all of it at once; gives all that the server said until it hung up."""
        reader, writer = await self.call(**options)
        writer.write(said)
        try:
            return await reader.read()
        finally:
            writer.close()

    @property
    def events(self):
        return [entry.event for entry in self.book.since(0)]

    async def closed(self, count=1):
        """The last of `count` talks is over."""
        await wait_for(self.book, lambda _: sum(isinstance(event, Closed) for event in self.events) >= count)
        return next(event.why for event in reversed(self.events) if isinstance(event, Closed))


PLAYABLE = [path for path in files("pop3") if not {"* drops", "* loses 1", "* TLS"} & set(path.read_text().split("\n"))]


@pytest.mark.parametrize("how", ["at once", "octet by octet"])
@pytest.mark.parametrize("path", PLAYABLE, ids=name)
def test_conversations_over_a_socket(path, how):
    """Each conversation is answered alike when it is pipelined whole and when it drips in octet by octet."""  # T190
    steps = read(path)

    async def play():
        async with Hall(given(steps)) as hall:
            reader, writer = await hall.call()
            octets = said(steps)
            for piece in [octets] if how == "at once" else [octets[i : i + 1] for i in range(len(octets))]:
                writer.write(piece)
                await asyncio.sleep(0)
            for step in steps:
                if step.mark in ("S:", "S~"):
                    line = await reader.readline()
                    assert agree(step, line), f"{step.where}: {line!r}"
            assert await reader.read() == b""
            writer.close()
            await hall.closed()
            assert steps[-1].mark != "Left:" or steps[-1].text == " ".join(
                map(str, hall.shelf.boxes["bob@recipient.test"])
            )
            heard = b"".join(e.line for e in hall.events if isinstance(e, Said) and e.side is Side.CLIENT)
            assert octets.startswith(heard) if how != "at once" else heard == octets

    run(play())


LOGIN = b"USER bob\r\nPASS bob\r\n"


def test_everything_is_heard():
    """The ear writes down the talk from its opening to its end, with the password marked and the message as on the wire."""

    async def play():
        async with Hall() as hall:
            await hall.talk(LOGIN + b"RETR 1\r\nQUIT\r\n")
            await hall.closed()
        talk = "retrieve-1"
        assert hall.events[0] == Opened(talk, Leg.RETRIEVE, "pop3", "mail.recipient.test")
        assert Said(talk, Side.CLIENT, b"PASS bob\r\n", False, (5, 8)) in hall.events
        assert Carried(talk, Side.SERVER, Content(b"Subject: hi\r\n\r\n..dot\r\n")) in hall.events
        assert hall.events[-1] == Closed(talk, "quit")
        assert Authenticated(talk, "bob@recipient.test", "USER") in hall.events
        carried = next(n for n, e in enumerate(hall.events) if isinstance(e, Carried))
        assert [e.line for e in hall.events[carried - 1 : carried + 2 : 2]] == [b"+OK 21 octets\r\n", b".\r\n"]

    run(play())


def test_one_write_for_many_commands():
    """Commands that come in one segment are answered in one, once the input is drained."""  # T190

    async def play():
        async with Hall() as hall:
            reader, writer = await hall.call()
            await reader.readline()
            writer.write(LOGIN + b"LIST 1\r\n" * 500)
            said = await reader.read(65_536)
            writer.close()
        assert said.count(b"\r\n") == 502

    run(play())


@pytest.mark.parametrize(
    "block", [b"NOOP\r\n" * 10_900, LOGIN + b"LIST 1\r\n" * 7_500, LOGIN + b"NOOP\r\n" * 10_900, b"\n" * 65_000, b"CAPA\r\n" * 10_900]
)  # fmt: skip
def test_no_block_of_commands_holds_up_the_loop(block):
    """The kind: work per block without a pause. Whatever a client sends in one block, others wait at most 100 ms."""

    async def play():
        async with Hall() as hall:
            reader, writer = await hall.call()
            writer.write(block)
            writer.write_eof()
            longest = await longest_turn(reader.read())
            writer.close()
            return longest

    assert run(play()) < 0.1


def test_fifteen_hundred_commands():
    """1,500 pipelined commands are answered in order."""  # T190

    async def play():
        async with Hall() as hall:
            said = await hall.talk(LOGIN + b"".join(b"LIST %d\r\n" % (n % 2 + 1) for n in range(1500)) + b"QUIT\r\n")
        lines = said.split(b"\r\n")[3:1503]
        assert lines == [b"+OK 1 21", b"+OK 2 56"] * 750

    run(play())


@pytest.mark.parametrize(
    "said", [b"x" * 100_000, b"USER " + b"x" * 100_000 + b"\r\nQUIT\r\n", b"AUTH PLAIN\r\n" + b"A" * 12_289 + b"\r\n"]
)
def test_endless_lines(said):
    """A line of 100 KB, with or without end, is refused and its speaker cut off."""  # T177

    async def play():
        async with Hall() as hall:
            answer = await hall.talk(said)
            assert answer.endswith(b"-ERR line too long\r\n")
            assert await hall.closed() == "refused"

    run(play())


def test_long_responses():
    """A response within AUTH may have 12,288 octets with its ending."""  # T119

    async def play():
        async with Hall() as hall:
            response = base64.b64encode(b"\0bob\0" + b"x" * 9207)[:12_284]
            assert len(response) == 12_284
            answer = await hall.talk(b"AUTH PLAIN\r\n" + response + b"\r\nQUIT\r\n")
        assert b"-ERR [AUTH] wrong name or password\r\n+OK goodbye" in answer

    run(play())


def test_wrong_passwords_wait():
    """Each wrong password waits as long as the gate says, at least the floor; the right one clears the account."""  # T179

    async def play():
        async with Hall(limits={"auth_floor": 0.1}) as hall:
            wrong = b"USER bob\r\nPASS no\r\n"
            assert (await hall.talk(wrong * 3 + b"QUIT\r\n")).count(b"[AUTH]") == 3
            assert hall.pauses == [0.1, 2.0, 4.0]
            await hall.talk(wrong + LOGIN + b"QUIT\r\n")
            await hall.talk(wrong + b"QUIT\r\n")
            assert hall.pauses == [0.1, 2.0, 4.0, 8.0, 0.1]

    run(play())


def test_the_gate():
    """One connection too many hears [SYS/TEMP]; when one leaves, there is room again."""

    async def play():
        async with Hall(limits={"per_address": 1}) as hall:
            reader, writer = await hall.call()
            await reader.readline()
            assert await hall.talk(b"") == b"-ERR [SYS/TEMP] too many connections, come back later\r\n"
            writer.close()
            await hall.closed(2)
            assert (await hall.talk(b"QUIT\r\n")).startswith(b"+OK")

    run(play())


def test_idle():
    """A client that says nothing is hung up on, nothing is deleted, and the mailbox is free."""  # T191, T181

    async def play():
        async with Hall(limits={"command": 0.02}) as hall:
            await hall.talk(LOGIN + b"DELE 1\r\n")
            assert await hall.closed() == "timeout"
            assert list(hall.shelf.boxes["bob@recipient.test"]) == [1, 2]
            assert hall.shelf.open_boxes == set()

    run(play())


def test_session_limit():
    """A talk that goes on for ever ends."""

    async def play():
        async with Hall(limits={"session": 0.02}) as hall:
            with contextlib.suppress(ConnectionError):  # of what has not been read by then
                await hall.talk(LOGIN)
            assert await hall.closed() == "timeout"

    run(play())


def test_a_client_that_reads_nothing():
    """A client that asks and never reads is hung up on after the idle time; the server holds little for it meanwhile."""

    async def play():
        async with Hall(limits={"command": 0.1}) as hall:
            hall.shelf.boxes["bob@recipient.test"][1] = b"x" * 998 + b"\r\n" + (b"y" * 78 + b"\r\n") * 10_000
            _, writer = await hall.call(limit=1)
            writer.write(LOGIN + b"RETR 1\r\n" * 20)
            assert await hall.closed() == "timeout"
            writer.transport.abort()

    run(play())


@pytest.mark.parametrize("abrupt", [True, False])
def test_disconnects(abrupt):
    """A client that is gone has deleted nothing and locks nothing."""  # T181, T182

    async def play():
        async with Hall() as hall:
            reader, writer = await hall.call()
            writer.write(LOGIN + b"DELE 1\r\nSTAT\r\n")
            await reader.readuntil(b"+OK 1 56\r\n")
            if abrupt:
                writer.transport.abort()
            else:
                writer.write(b"QUI")
                writer.write_eof()
            assert await hall.closed() == "lost"
            assert list(hall.shelf.boxes["bob@recipient.test"]) == [1, 2]
            assert hall.shelf.open_boxes == set()
            if not abrupt:
                assert any(isinstance(e, Said) and e.line == b"QUI" for e in hall.events)
            writer.close()

    run(play())


def test_half_closed():
    """A client that has said all and closed its side still hears every answer."""  # T019

    async def play():
        async with Hall() as hall:
            reader, writer = await hall.call()
            writer.write(LOGIN + b"RETR 1\r\nDELE 1\r\nQUIT\r\n")
            writer.write_eof()
            said = await reader.read()
            assert said.endswith(b"+OK goodbye, 1 deleted\r\n")
            assert list(hall.shelf.boxes["bob@recipient.test"]) == [2]
            writer.close()

    run(play())


# ── TLS ──


def test_implicit_tls():
    """At an implicit-TLS port everything is secret from the first octet."""

    async def play():
        async with Hall(["no plaintext"], implicit=True) as hall:
            said = await hall.talk(
                LOGIN + b"STLS\r\nQUIT\r\n", ssl=client_context(), server_hostname="mail.recipient.test"
            )
            assert b"+OK maildrop" in said
            await hall.closed()
        assert hall.events[0] == Opened("retrieve-1", Leg.RETRIEVE, "pop3s", "mail.recipient.test", True)
        assert all(event.secure for event in hall.events if isinstance(event, Said))

    run(play())


def test_stls():
    """After STLS the talk goes on inside TLS, a message too; the ear tells clear from secure."""

    async def play():
        async with Hall(["tls", "no plaintext"]) as hall:
            reader, writer = await hall.call()
            await reader.readline()
            writer.write(b"STLS\r\n")
            assert await reader.readline() == b"+OK begin TLS\r\n"
            await writer.start_tls(client_context(), server_hostname="mail.recipient.test")
            writer.write(LOGIN + b"RETR 1\r\nQUIT\r\n")
            assert (await reader.read()).endswith(b"..dot\r\n.\r\n+OK goodbye, 0 deleted\r\n")
            writer.close()
            await hall.closed()
        secured = next(n for n, e in enumerate(hall.events) if isinstance(e, Secured))
        assert hall.events[secured].version.startswith("TLSv1.")
        assert not any(e.secure for e in hall.events[:secured] if isinstance(e, Said))
        assert all(e.secure for e in hall.events[secured:] if isinstance(e, Said | Carried))

    run(play())


@pytest.mark.parametrize("behind", [b"NOOP\r\n", b"NO", b"\r\n", b"\x16\x03\x01"])
def test_octets_behind_stls(behind):
    """Whoever sends anything behind STLS in one segment is cut off, and it is not obeyed."""  # T187

    async def play():
        async with Hall(["tls"]) as hall:
            said = await hall.talk(b"STLS\r\n" + behind)
            assert said.endswith(b"-ERR nothing may be sent behind STLS before its answer\r\n")
            assert said.count(b"\r\n") == 2
            assert await hall.closed() == "refused"

    run(play())


def test_octets_that_slip_in_before_the_handshake():
    """Octets that arrive in a segment of their own, while STLS is being answered, are not heard as if inside TLS."""  # T187

    async def play():
        release = threading.Event()

        class Slow(Pop3):
            def hear(self, line):
                if line == b"STLS\r\n":
                    yield from ask(release.wait)
                yield from super().hear(line)

        async with Hall(["tls"]) as hall:
            desk = config(hall.shelf, tls=True)
            hall.config.make = lambda talk, peer, secure: Slow(desk, talk, secure=secure)
            reader, writer = await hall.call()
            await reader.readline()
            writer.write(b"STLS\r\n")
            await wait_for(hall.book, lambda event: isinstance(event, Said) and event.line == b"STLS\r\n")
            writer.write(b"USER mallory\r\n")
            driver = next(iter(hall.server._drivers))
            while not driver._in._came:  # noqa: ASYNC110 - the kernel rings no bell
                await asyncio.sleep(0)
            release.set()
            assert await hall.closed() == "refused"
            writer.close()

    run(play())


@pytest.mark.parametrize(
    ("nonsense", "ends"),
    [
        (b"USER bob\r\n", {"no TLS"}),
        (b"\x16\x03\x01\x00\x02\xff\xff", {"lost", "timeout"}),
        (b"", {"lost", "timeout"}),
    ],
)
def test_broken_handshakes(nonsense, ends):
    """Plain words, rubbish or silence where TLS should begin end the talk, and make room for the next."""  # T115

    async def play():
        async with Hall(["tls"], limits={"handshake": 0.1, "per_address": 1}) as hall:
            for count in (1, 2):
                reader, writer = await hall.call()
                assert (await reader.readline()).startswith(b"+OK")
                writer.write(b"STLS\r\n")
                await reader.readline()
                writer.write(nonsense)
                assert b"+OK" not in await reader.read()
                assert await hall.closed(count) in ends
                writer.close()

    run(play())


# ── calls, faults, the end ──


class Slow:
    """A dialogue whose every command takes until it is released."""

    line_octets = 512
    thrown_octets = 0
    answering = False

    def __init__(self, begun, release, told):
        self.begun, self.release, self.told = begun, release, told

    def greet(self):
        yield Answer(b"hello\r\n")

    def hear(self, line):
        def work():
            self.begun.set()
            self.release.wait(10)
            return "done"

        self.told.append((yield from ask(work)))
        yield Answer(b"done\r\n")

    def farewell(self, ending):
        return b""

    def lost(self):
        yield Call(lambda: self.told.append("unlocked"))


@pytest.mark.parametrize("patience", [5.0, 0.01])
def test_closing_waits_for_a_call(patience):
    """A call that has begun is waited for, its result arrives, and then the mailbox is unlocked."""  # T021

    async def play():
        begun, release, told = threading.Event(), threading.Event(), []
        async with Hall(make=lambda talk, peer, secure: Slow(begun, release, told)) as hall:
            reader, writer = await hall.call()
            writer.write(b"go\r\n")
            await asyncio.to_thread(begun.wait)
            closing = asyncio.gather(hall.server.close(patience), asyncio.to_thread(wait_and_set, release, patience))
            await closing
            await hall.closed()
            assert told == ["done", "unlocked"]
            assert await reader.read() == b"hello\r\ndone\r\n"
            writer.close()

    def wait_and_set(release, patience):
        threading.Event().wait(0.05 if patience < 1 else 0)
        release.set()

    run(play())


def test_what_came_before_the_connection_was_lost_is_obeyed():
    """A client that hangs up while its first command is worked on has said the second all the same."""

    async def play():
        begun, release, told = threading.Event(), threading.Event(), []
        async with Hall(make=lambda talk, peer, secure: Slow(begun, release, told)) as hall:
            _, writer = await hall.call()
            writer.write(b"go\r\nand again\r\n")
            await asyncio.to_thread(begun.wait)
            driver = next(iter(hall.server._drivers))
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
            await settled(lambda: driver._lost)
            release.set()
            assert await hall.closed() == "lost"
            assert told == ["done", "done", "unlocked"]

    run(play())


def test_closing_does_not_wait_for_the_idle():
    """Talks that wait for their client end at once when the server does, and unlock."""

    async def play():
        async with Hall() as hall:
            reader, writer = await hall.call()
            writer.write(LOGIN)
            await reader.readuntil(b"maildrop has")
            await hall.server.close(5.0)
            assert await hall.closed() == "closing"
            assert hall.shelf.open_boxes == set()
            with pytest.raises(ConnectionRefusedError):
                await hall.call()
            writer.close()

    run(play())


def test_faults_of_ours():
    """An exception within a command is told as a reference, and the logbook has the truth."""  # T101

    async def play():
        async with Hall(["broken"]) as hall:
            said = await hall.talk(LOGIN + b"QUIT\r\n")
            assert b"-ERR [SYS/TEMP] something failed here, not with you; reference ref1\r\n" in said
            assert b"shelf" not in said
        assert Stumbled("retrieve-1", "ref1", "RuntimeError: the shelf fell off the wall") in hall.events

    run(play())


class Reader:
    """A dialogue that says one message."""

    line_octets = 512
    thrown_octets = 0
    answering = False

    def __init__(self, content):
        self.content = content

    def greet(self):
        try:
            yield Body(b"here\r\n", self.content)
        except OSError:
            yield Answer(b"gone\r\n")
        yield Close("quit")

    def farewell(self, ending):
        return b""

    def lost(self):
        yield from ()


def test_a_large_message_from_a_file(tmp_path):
    """A message of 10 MB goes out block by block and is only pointed at by the logbook."""
    message = b"line of the message\r\n" * 500_000
    path = tmp_path / "message"
    path.write_bytes(message)

    async def play():
        async with Hall(make=lambda talk, peer, secure: Reader(Content(b"", path, 0, len(message)))) as hall:
            assert await hall.talk(b"") == b"here\r\n" + message + b".\r\n"
            await hall.closed()
        assert [e.content for e in hall.events if isinstance(e, Carried)] == [Content(b"", path, 0, len(message))]

    run(play())


@pytest.mark.parametrize(
    ("octets", "said", "why"),
    [(None, b"gone\r\n", "quit"), (700_000, b"here\r\n", "the message was cut short on disk")],
)
def test_messages_that_are_not_there(octets, said, why, tmp_path):
    """A message that cannot be opened is refused; one that ends early ends the talk, and no end mark pretends otherwise."""  # T192
    path = tmp_path / "message"
    if octets:
        path.write_bytes(b"x" * octets)

    async def play():
        async with Hall(make=lambda talk, peer, secure: Reader(Content(b"", path, 0, 900_000))) as hall:
            answer = await hall.talk(b"")
            assert answer.startswith(said)
            assert not answer.endswith(b".\r\n")
            assert await hall.closed() == why

    run(play())


def test_many_come_and_go():
    """After 200 connections, some cut off, nothing is left of them."""  # T321

    async def play():
        async with Hall() as hall:
            for number in range(200):
                reader, writer = await hall.call()
                if number % 2:
                    writer.transport.abort()
                else:
                    writer.write(b"QUIT\r\n")
                    await reader.read()
                    writer.close()
            await hall.closed(200)
            while hall.server._drivers:  # noqa: ASYNC110 - nobody rings when the last has left
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            assert hall.gate._total == 0

    run(play())


def test_a_busy_port():
    """A port that is taken is an OSError at start."""

    async def play():
        async with Hall() as hall:
            with pytest.raises(OSError, match="in use"):
                await Listener(hall.config).start("127.0.0.1", hall.port)

    run(play())


def test_contexts_are_ours():
    """The test's client verifies the server's certificate."""
    assert client_context().verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE])
@pytest.mark.parametrize("when", ["open", "content", "close"])
def test_the_disk_is_not_the_socket(when, code):
    """The kind: an error of our disk taken for the socket's. At PASS, RETR and QUIT it is answered, and written down."""

    what = f"[Errno {code}] {os.strerror(code)}"

    def refuse(*_, **__):
        raise OSError(code, os.strerror(code)) if when != "close" else NotRemoved((), f"OSError: {what}")

    async def play():
        async with Hall() as hall:
            opened = hall.shelf.open

            def open_box(user):
                drop = opened(user)
                setattr(drop, when, refuse)
                return drop

            hall.shelf.open = refuse if when == "open" else open_box
            said = await hall.talk(LOGIN + b"RETR 1\r\nDELE 2\r\nQUIT\r\n")
            return said.split(b"\r\n"), hall.events

    said, events = run(play())
    told = b"-ERR [SYS/TEMP] something failed here, not with you; reference ref1"
    at_quit = b"-ERR [SYS/TEMP] 0 of 1 deleted messages were removed; reference ref1"

    assert (at_quit if when == "close" else told) in said
    assert [event.what.endswith(what) for event in events if isinstance(event, Stumbled)] == [True]
    assert Closed("retrieve-1", "quit") in events


class Watcher:
    """A dialogue that reads literals, waits for its bell, and says octets as they are."""

    line_octets = 64
    thrown_octets = 0
    answering = False

    def __init__(self, hung=lambda bell: None):
        self.hung = hung

    def greet(self):
        self.bell = yield from hang_bell()
        self.hung(self.bell)
        yield Answer(b"hello\r\n")

    def hear(self, line):
        if line.startswith(b"take "):
            octets = yield from read_on(int(line[5:]), secret=len(line) > 8)
            yield Answer(b"took %r\r\n" % octets)
        elif line == b"say\r\n":
            yield Verbatim((b"{6}\r\n", Content(b".\na\0b\r")))
            yield Answer(b")\r\n")
        else:
            said = yield from line_or_bell()
            while said is None:
                self.bell.hush()
                yield Answer(b"rang\r\n")
                said = yield from line_or_bell()
            yield Answer(b"done " + said)

    def overlong(self, line):
        yield Answer(b"too long\r\n")
        yield Close("refused")

    def farewell(self, ending):
        return b"bye\r\n"

    def lost(self):
        yield from ()


def heard(hall):
    """The client's lines as they were written down."""
    return [
        (event.line, event.secret) for event in hall.events if isinstance(event, Said) and event.side is Side.CLIENT
    ]


@pytest.mark.parametrize("dripping", [False, True])
def test_octets_within_a_command(dripping):
    """So many octets are read as they are, whatever lines are in them, with the rest of the line behind them."""

    async def play():
        async with Hall(make=lambda *_: Watcher()) as hall:
            reader, writer = await hall.call()
            said = b"take 6\r\na\r\nb\n\0 rest\r\ntake 2\r\nsay\r\nsay\r\n"
            for at in range(len(said)) if dripping else [0]:
                writer.write(said[at : at + 1] if dripping else said)
                await asyncio.sleep(0)
            answers = [await reader.readline() for _ in range(5)]
            assert answers[1:3] == [b"took b'a\\r\\nb\\n\\x00 rest\\r\\n'\r\n", b"took b'say\\r\\n'\r\n"]
            writer.close()
            await hall.closed()
            lines = [line for line, _ in heard(hall)]
            assert b"".join(lines) == said
            assert lines[:4] == [b"take 6\r\n", b"a\r\n", b"b\n", b"\0 rest\r\n"]

    run(play())


def test_octets_with_a_secret_in_them():
    """What is known to be secret is struck out of every line of it."""  # T307

    async def play():
        async with Hall(make=lambda *_: Watcher()) as hall:
            reader, writer = await hall.call()
            writer.write(b"take 0006\r\npass\r\nwrd\r\n")
            writer.write_eof()
            assert b"took" in await reader.read()
            writer.close()
            await hall.closed()
            assert heard(hall)[1:] == [(b"pass\r\n", (0, 4)), (b"wrd\r\n", (0, 3))]

    run(play())


def test_an_endless_line_behind_octets():
    """A line that is too long behind octets of a command ends the talk as any other does."""  # T196

    async def play():
        async with Hall(make=lambda *_: Watcher()) as hall:
            assert (await hall.talk(b"take 2\r\nab" + b"x" * 100_000)).endswith(b"too long\r\n")
            assert await hall.closed() == "refused"

    run(play())


def test_octets_as_they_are():
    """A literal goes out octet for octet; the logbook has it as one content between two lines."""

    async def play():
        async with Hall(make=lambda *_: Watcher()) as hall:
            reader, writer = await hall.call()
            writer.write(b"say\r\n")
            assert await reader.readexactly(21) == b"hello\r\n{6}\r\n.\na\0b\r)\r\n"[:21]
            writer.close()
            await hall.closed()
            said = [event for event in hall.events if isinstance(event, Said | Carried) and event.side is Side.SERVER]
            assert [getattr(event, "line", None) or event.content.whole() for event in said[1:]] == [
                b"{6}\r\n",
                b".\na\0b\r",
                b")\r\n",
            ]

    run(play())


def test_the_bell():
    """Whoever waits for a line or the bell hears a bell that is rung in another thread, each time, and then the line."""

    async def play():
        bells = []
        async with Hall(make=lambda *_: Watcher(bells.append)) as hall:
            reader, writer = await hall.call()
            assert await reader.readline() == b"hello\r\n"
            bells[0].ring()  # before anybody waits: it is not forgotten
            writer.write(b"wait\r\n")
            assert await reader.readline() == b"rang\r\n"
            for _ in range(3):
                await asyncio.to_thread(bells[0].ring)
                assert await reader.readline() == b"rang\r\n"
            writer.write(b"go")
            await asyncio.to_thread(bells[0].ring)
            assert await reader.readline() == b"rang\r\n"
            writer.write(b" on\r\n")
            assert await reader.readline() == b"done go on\r\n"
            writer.close()
            await hall.closed()
        bells[0].hush()
        bells[0].ring()  # nobody is there any more

    run(play())


def test_whoever_waits_for_the_bell_hears_goodbye():
    """When the server is closed, who waits for the bell hears the last word at once."""

    async def play():
        async with Hall(make=lambda *_: Watcher()) as hall:
            reader, writer = await hall.call()
            writer.write(b"wait\r\n")
            await reader.readline()
            await hall.server.close(5.0)
            assert await reader.read() == b"bye\r\n"
            assert await hall.closed() == "closing"
            writer.close()

    run(play())
