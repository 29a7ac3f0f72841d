"""The driver under SMTP, on real sockets: octets, deadlines, content, the end of a connection."""

import asyncio
import contextlib
import socket
import struct

import pytest

from maillab.events import Closed, Said, Side, Stumbled, Warned
from maillab.rules.live import Rules
from maillab.wire.limits import Limits
from maillab.wire.recorded import Recorded
from tests.dialogues.reading import agree, files, given, name, read, said
from tests.support import longest_turn, settled, wait_for
from tests.wire.smtp_stage import Stage
from tests.wire.talking import Clerk, Everyone, Talker, door

ENVELOPE = ("MAIL FROM:<a@a.test>", "RCPT TO:<b@local.test>")
UNPLAYABLE = {"* drops", "* TLS", "Given: tls, people, secure", "Given: weak, patient"}


def codes(replies):
    return [reply[:3] for reply in replies]


PLAYABLE = [path for path in files("smtp") if not UNPLAYABLE & set(path.read_text("utf-8").split("\n"))]


@pytest.mark.parametrize("path", PLAYABLE, ids=name)
def test_conversations_over_a_socket(tmp_path, path):
    """Each conversation of tests/dialogues is answered as it is written, said all at once (T190)."""
    steps = read(path)

    async def play():
        stage = Stage(tmp_path, given(steps))
        rules = Rules(rules=[listed.rule for listed in stage.rules.listed])
        async with door(tmp_path, dialogue=stage.make, rules=rules) as (port, *_):
            talker = await Talker.to(port, greeting=False)
            talker.writer.write(said(steps))
            talker.writer.write_eof()
            heard = (await talker.rest()).encode()
            lines = heard.split(b"\n")[:-1]
            for step in steps:
                if step.mark in ("S:", "S~"):
                    line = lines.pop(0) + b"\n"
                    assert agree(step, line), f"{step.where}: {line!r}"
                while step.mark == "S*" and agree(step, lines[0] + b"\n"):
                    lines.pop(0)
            assert lines == []

    asyncio.run(play())


def test_pipelined_replies_leave_in_one_piece(tmp_path):
    """Five commands in one segment are answered in one segment, in order (RFC 2920 §3.2)."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            group = [*ENVELOPE, "RCPT TO:<x@evil.test>", "RCPT TO:<c@local.test>", "DATA"]
            talker.writer.write("".join(f"{line}\r\n" for line in group).encode())
            return (await talker.reader.read(65_536)).decode()

    assert codes(asyncio.run(story()).split("\r\n")[:-1]) == ["250", "250", "554", "250", "354"]


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
def test_cuts_do_not_matter(tmp_path, cut):
    """A dialogue that arrives a few octets at a time is the same dialogue."""

    async def story():
        async with door(tmp_path) as (port, clerk, *_):
            talker = await Talker.to(port)
            data = b"EHLO x\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@local.test>\r\nDATA\r\n..\r\n.\r\nBDAT 3\r\nQUIT\r\n"
            for at in range(0, len(data), cut):
                talker.writer.write(data[at : at + cut])
                await talker.writer.drain()
                await asyncio.sleep(0)
            replies = [await talker.hear() for _ in range(5)]
            return codes(replies), clerk.messages[0][1]

    assert asyncio.run(story()) == (["250", "250", "250", "354", "250"], b".\r\n")


def test_an_endless_line_is_thrown_away_and_the_third_ends_the_talk(tmp_path):
    """A line of 100 KB is 500 and forgotten; the third is the last (T100)."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            replies = [await talker.say(b"x" * 100_000 + b"\r\n") for _ in range(3)]
            return codes(replies), await talker.rest()

    assert asyncio.run(story()) == (["500", "500", "421"], "")


def test_too_many_connections_are_turned_away(tmp_path):
    """Who comes when the house is full hears 421, and room is made by leaving (T105)."""

    async def story():
        async with door(tmp_path, limits=Limits(per_address=1)) as (port, *_):
            first = await Talker.to(port)
            second = await Talker.to(port, greeting=False)
            turned = await second.hear()
            await first.say("QUIT")
            await first.rest()
            third = await Talker.to(port, greeting=False)
            return turned[:3], await second.rest(), (await third.hear())[:3]

    assert asyncio.run(story()) == ("421", "", "220")


def test_idle_clients_hear_421(tmp_path):
    """Who says nothing for too long is told so before the door closes (T106)."""

    async def story():
        async with door(tmp_path, limits=Limits(command=0.05)) as (port, _, book, _server):
            talker = await Talker.to(port)
            said = await talker.rest()
            return said, [entry.event.why for entry in book.since(0) if isinstance(entry.event, Closed)]

    said, why = asyncio.run(story())
    assert said.startswith("421 4.4.2")
    assert why == ["timeout"]


def test_a_slow_honest_message_is_not_cut(tmp_path, monkeypatch):
    """The time for content is by block, not for the whole (T108); a block that never comes is 421."""
    blocks, hold = [], Recorded.hold
    monkeypatch.setattr(Recorded, "hold", lambda body, octets: blocks.append(octets) or hold(body, octets))

    async def story():
        loop, passed = asyncio.get_running_loop(), 0
        now = loop.time
        loop.time = lambda: now() + passed  # turned by hand, while the server waits for the next block

        async def block():
            came = b"".join(blocks).count(b"line")
            talker.writer.write(b"line\r\n")
            await settled(lambda: b"".join(blocks).count(b"line") > came)

        async with door(tmp_path, limits=Limits(block=60)) as (port, clerk, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            for _ in range(8):
                await block()
                passed += 40
            taken = await talker.say(b".\r\n")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            await block()
            passed += 61
            return taken[:3], (await talker.hear())[:9], len(clerk.messages)

    assert asyncio.run(story()) == ("250", "421 4.4.2", 1)


def test_one_connection_lasts_only_so_long(tmp_path):
    """A connection as a whole has an end (T109)."""

    async def story():
        async with door(tmp_path, limits=Limits(session=0.05)) as (port, *_):
            return await (await Talker.to(port)).rest()

    assert asyncio.run(story()).startswith("421 4.4.2")


def test_a_half_closed_client_still_gets_its_250(tmp_path):
    """Who closes its own side after the dot is answered all the same, pipelined QUIT included (T018, T019)."""

    async def story():
        async with door(tmp_path) as (port, clerk, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            clerk.hold = asyncio.Event()
            talker.writer.write(b"MAIL FROM:<a@a.test>\r\nRCPT TO:<b@local.test>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n")
            talker.writer.write_eof()
            replies = [await talker.hear() for _ in range(3)]
            clerk.hold.set()
            replies += [await talker.hear(), await talker.hear()]
            return codes(replies), len(clerk.messages), await talker.rest()

    assert asyncio.run(story()) == (["250", "250", "354", "250", "221"], 1, "")


def test_a_message_outlives_its_connection(tmp_path):
    """A client that is gone before the 250 does not break off the storing (T017)."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, server):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            clerk.hold = asyncio.Event()
            talker.writer.write(b"x\r\n.\r\n")
            await clerk.holding.wait()
            talker.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            talker.writer.transport.abort()  # RST
            await wait_for(book, lambda event: isinstance(event, Closed))
            clerk.hold.set()
            await server.close()
            return len(clerk.messages)

    assert asyncio.run(story()) == 1


def test_closing_the_lab_says_421(tmp_path):
    """Who is connected when the lab closes hears 421 before the end (T021)."""

    async def story():
        async with door(tmp_path) as (port, _, book, server):
            talker = await Talker.to(port)
            await server.close()
            return await talker.rest(), book.since(0)[-1].event

    said, last = asyncio.run(story())
    assert said.startswith("421 4.3.2")
    assert last == Closed("relay-1", "closing")


@pytest.mark.parametrize("patience", [10.0, 0.01])
def test_closing_the_lab_waits_for_the_answer_to_a_message(tmp_path, patience):
    """The kind: what has begun is finished. The 250 of a message that is being stored is said before the 421, unless it
    takes longer than anybody waits.
    """

    async def story():
        async with door(tmp_path) as (port, clerk, _, server):
            talker, idle = await Talker.to(port), await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            clerk.hold = asyncio.Event()
            talker.writer.write(b"x\r\n.\r\nNOOP\r\n")
            await clerk.holding.wait()
            closing = asyncio.get_running_loop().create_task(server.close(patience))
            turned = await idle.rest()
            if patience > 1:
                clerk.hold.set()
            await closing
            clerk.hold.set()
            return codes([turned, *(await talker.rest()).splitlines()])

    assert asyncio.run(story()) == (["421", "250", "421"] if patience > 1 else ["421", "421"])


def test_every_line_is_in_the_logbook_in_order(tmp_path):
    """The record of a talk holds what was said, by both sides, up to the last goodbye."""

    async def story():
        async with door(tmp_path) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("QUIT")
            await talker.rest()
            return [entry.event for entry in book.since(1)]

    assert asyncio.run(story()) == [
        Said("relay-1", Side.SERVER, b"220 mx.local.test ESMTP maillab\r\n"),
        Said("relay-1", Side.CLIENT, b"QUIT\r\n"),
        Said("relay-1", Side.SERVER, b"221 2.0.0 mx.local.test Goodbye\r\n"),
        Closed("relay-1", "quit"),
    ]


def test_the_last_word_is_heard_by_who_is_still_sending(tmp_path):
    """After 100 pipelined NOOPs the 421 arrives, because the door lingers over what was sent behind them."""

    async def story():
        async with door(tmp_path) as (port, *_):
            talker = await Talker.to(port)
            for _ in range(20):
                talker.writer.write(b"NOOP\r\n" * 10_000)
            with contextlib.suppress(ConnectionError):
                return (await talker.rest()).split("\r\n")[-2:]

    said = asyncio.run(story())
    assert said is not None
    assert said[0].startswith("421 4.7.0")


def test_no_block_of_commands_holds_up_the_loop(tmp_path):
    """The kind: work per block without a pause. Whatever a client sends in one block, others wait at most 100 ms."""
    blocks = [
        b"NOOP\r\n" * 10_900,
        b"\r\n" * 32_000,
        b"\n" * 65_000,
        b"".join([b"EHLO x\r\n", b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n" * 2_500]),
        b"EHLO x\r\n" + b"MAIL FROM:<a@a.test>\r\nRSET\r\n" * 2_000,
        b"QUIT\r\n" + b"AUTH PLAIN x\r\n" * 4_000,
        b"".join([b"EHLO x\r\n", b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n", b"BDAT 1\r\nx" * 6_000]),
    ]

    async def say(port, block):
        talker = await Talker.to(port)
        talker.writer.write(block)
        talker.writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await talker.rest()

    async def story():
        async with door(tmp_path) as (port, *_):
            return [await longest_turn(say(port, block)) for block in blocks]

    assert max(asyncio.run(story())) < 0.1


def test_a_refused_message_leaves_little_in_the_record(tmp_path):
    """A message beyond the limit is recorded only as far as memory holds it, however long it goes on."""

    async def story():
        async with door(tmp_path, limits=Limits(message=1_000_000)) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            for _ in range(60):
                talker.writer.write(b"0123456789abcd\r\n" * 8192)
                await talker.writer.drain()
            said = await talker.say(b".\r\n")
            warned = [entry.event.text for entry in book.since(0) if isinstance(entry.event, Warned)]
            return said[:3], warned, sum(path.stat().st_size for path in tmp_path.iterdir())

    said, warned, octets = asyncio.run(story())
    assert said == "552"
    assert "only the first 262144 octets" in warned[0]
    assert octets == 262_144


def test_a_line_without_end_ends_the_talk(tmp_path):
    """Octets that never become a line are not listened to, and not written down, for ever (T100)."""

    async def story():
        async with door(tmp_path) as (port, _clerk, book, _server):
            talker = await Talker.to(port)
            with contextlib.suppress(ConnectionError):
                for _ in range(40):
                    talker.writer.write(b"x" * 65_536)
                    await talker.writer.drain()
            with contextlib.suppress(ConnectionError):
                await talker.rest()
            return sum(len(entry.event.line) for entry in book.since(0) if isinstance(entry.event, Said))

    assert asyncio.run(story()) < 2_000_000


def test_an_unfinished_message_leaves_nothing_in_the_spool(tmp_path):
    """A client that goes away in the middle of a large message takes its spool file with it."""
    spool = tmp_path / "spool"
    spool.mkdir()

    async def story():
        async with door(tmp_path, spool=spool) as (port, _clerk, book, server):
            talker = await Talker.to(port)
            await talker.say("EHLO x", *ENVELOPE, "DATA")
            talker.writer.write((b"y" * 70 + b"\r\n") * 10_000 + b"\n.\n")
            await wait_for(book, lambda event: isinstance(event, Warned))  # of the lonely dot: all has been read
            assert list(spool.iterdir())
            talker.writer.transport.abort()
            async with asyncio.timeout(10):
                await server._empty.wait()
            await asyncio.sleep(0)
            return list(spool.iterdir())

    assert asyncio.run(story()) == []


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space", "/secret/path"), ValueError("x\r\n250 OK"), TimeoutError(), RecursionError()]
)
def test_our_own_faults_are_451_with_a_reference(tmp_path, fault):
    """No fault of ours shows its text on the wire: the client gets 451 and a reference, the logbook the truth (T101)."""
    clerk = Clerk()
    clerk.fault = fault

    async def story():
        async with door(tmp_path, reception=clerk) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            replies = [await talker.say(line) for line in (*ENVELOPE, "DATA", b"x\r\n.\r\n", "NOOP")]
            return replies, [entry.event for entry in book.since(0) if isinstance(entry.event, Stumbled)]

    replies, stumbles = asyncio.run(story())
    assert replies[3] == "451 4.3.0 Something failed here, not with you; reference ref1"
    assert replies[4][:3] == "250"
    assert stumbles[0].reference == "ref1"
    assert type(fault).__name__ in stumbles[0].what


def test_lonely_dots_are_explained_in_the_logbook(tmp_path):
    """A program that ends its message with LF.LF hears nothing, and the logbook says why."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, _):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            talker.writer.write(b"hi\n.\n")
            await wait_for(book, lambda event: isinstance(event, Warned))
            return (await talker.say(b"\r\n.\r\n"))[:3], clerk.messages[0][1]

    assert asyncio.run(story()) == ("250", b"hi\r\n.\r\n\r\n")  # as RFC 5321 §2.3.8 reads it, with CR LF everywhere


@pytest.mark.parametrize("error", [TimeoutError("disk"), ConnectionResetError("disk"), PermissionError("disk")])
@pytest.mark.parametrize("verb", ["mail", "rcpt", "message"])
def test_the_disk_is_not_the_socket(tmp_path, verb, error):
    """The kind: an error of our disk taken for the socket's. It is 451 and an entry, and the talk goes on."""

    async def story():
        async with door(tmp_path) as (port, clerk, book, _):

            def fail(*_):
                raise error

            setattr(clerk, verb, fail)
            talker = await Talker.to(port)
            said = [await talker.say(line) for line in ("EHLO x", *ENVELOPE, "DATA")]
            said += [await talker.say("Subject: x\r\n\r\nhi\r\n.")] if verb == "message" else []
            return (
                said,
                await talker.say("NOOP"),
                [e.event.what for e in book.since(0) if isinstance(e.event, Stumbled)],
            )

    said, noop, what = asyncio.run(story())
    assert [line[:3] for line in said].count("451") == 1
    assert (noop[:3], what) == ("250", [f"{type(error).__name__}: disk"])


def test_three_wrong_passwords_end_the_talk(tmp_path):
    """The third wrong password is 421 and the end; each answer took longer than the one before (T117, T118)."""
    waits = []

    async def pause(seconds):
        waits.append(seconds)

    async def story():
        async with door(tmp_path, pause=pause, people=Everyone(), plaintext_auth=True) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            replies = [await talker.say("AUTH PLAIN AGFsaWNlAHdyb25n") for _ in range(3)]
            return codes(replies), await talker.rest()

    assert asyncio.run(story()) == (["535", "535", "421"], "")
    assert waits == [Limits().auth_floor, 2.0, 4.0]
