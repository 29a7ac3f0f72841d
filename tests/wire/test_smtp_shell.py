"""The chassis of an SMTP connection: octets, deadlines, the end of a talk."""

import ast
import asyncio
import inspect
import socket
import struct
import textwrap

import pytest
from aiosmtpd.smtp import SMTP

from maillab.events import Closed, Said, Side
from maillab.wire.driver import Driver
from maillab.wire.limits import Limits
from maillab.wire.smtp_shell import SmtpShell
from tests.support import wait_for
from tests.wire.talking import Talker, door

ENVELOPE = ("MAIL FROM:<a@a.test>", "RCPT TO:<b@local.test>")


def codes(replies):
    return [reply[:3] for reply in replies]


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


def test_a_slow_honest_message_is_not_cut(tmp_path):
    """The time for content is by block, not for the whole (T108); a block that never comes is 421."""

    async def story():
        async with door(tmp_path, limits=Limits(command=5, block=0.2)) as (port, clerk, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            for _ in range(8):
                talker.writer.write(b"line\r\n")
                await asyncio.sleep(0.05)
            taken = await talker.say(b".\r\n")
            for line in (*ENVELOPE, "DATA"):
                await talker.say(line)
            talker.writer.write(b"line\r\n")
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


def test_the_shell_is_furnished_as_its_own_constructor_does(tmp_path):
    """What aiosmtpd's constructor sets and its remaining code reads is set here too (aiosmtpd 1.4.6)."""
    kept = [
        "connection_made",
        "smtp_STARTTLS",
        "_call_handler_hook",
        "_set_rset_state",
        "_set_post_data_state",
        "_create_session",
        "_create_envelope",
    ]
    read = {
        node.attr
        for name in kept
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(getattr(SMTP, name)))))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }

    async def story():
        async with door(tmp_path) as (_, _, _, server):
            return {name for name in read if not hasattr(SmtpShell(Driver(server.config, server)), name)}

    assert asyncio.run(story()) <= {"_reader", "_writer"}  # these come with the connection
