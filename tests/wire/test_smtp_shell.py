"""aiosmtpd's shell: STARTTLS under a running connection, and what its constructor would have set."""

import ast
import asyncio
import contextlib
import inspect
import smtplib
import socket
import ssl
import struct
import textwrap

import pytest
from aiosmtpd.smtp import SMTP

from maillab.events import Closed
from maillab.wire.driver import Driver
from maillab.wire.limits import Limits
from maillab.wire.smtp_shell import SmtpShell
from maillab.wire.tls import Authority
from tests.support import settled, wait_for
from tests.wire.talking import Everyone, Talker, door


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def test_starttls_forgets_and_encrypts(tmp_path, authority):
    """After STARTTLS the talk begins anew: no greeting, no envelope, no second STARTTLS, and AUTH appears (T113, T114)."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), people=Everyone()) as (port, *_):
            talker = await Talker.to(port)
            plain = await talker.say("EHLO x")
            await talker.say("MAIL FROM:<a@a.test>")
            await talker.starttls()
            forgotten = await talker.say("RCPT TO:<b@local.test>")
            secure = await talker.say("EHLO x")
            return plain, forgotten[:3], secure, (await talker.say("STARTTLS"))[:3]

    plain, forgotten, secure, again = asyncio.run(story())
    assert "STARTTLS" in plain
    assert "AUTH" not in plain  # T116
    assert "AUTH SCRAM-SHA-256" in secure
    assert "STARTTLS" not in secure
    assert (forgotten, again) == ("503", "503")


def test_what_is_sent_behind_starttls_is_never_obeyed(tmp_path, authority):
    """Commands injected behind STARTTLS in clear end the talk (T112)."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"])) as (port, *_):
            talker = await Talker.to(port)
            await talker.say("EHLO x")
            talker.writer.write(b"STARTTLS\r\nNOOP\r\n")
            return await talker.rest()

    said = asyncio.run(story())
    assert said.startswith("503")
    assert said.count("\r\n") == 1


@pytest.mark.parametrize("hello", [b"EHLO plain\r\n", b"\x16\x03\x01\x00\x05hello", b""])
def test_a_failed_handshake_ends_the_talk_in_time(tmp_path, authority, hello):
    """Rubbish, plain text or silence instead of a handshake: the talk ends within the limit, without noise (T115)."""

    async def story():
        limits = Limits(handshake=0.2)
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), limits=limits) as (port, _, book, _server):
            talker = await Talker.to(port)
            await talker.say("STARTTLS")
            talker.writer.write(hello)
            await asyncio.wait_for(talker.reader.read(), 5)
            await wait_for(book, lambda event: isinstance(event, Closed))

    asyncio.run(story())


@pytest.mark.parametrize("end", ["rubbish", "half-close", "reset", "stall", "distrust", "switched off"])
def test_every_end_of_a_handshake_is_counted_once(tmp_path, authority, end):
    """The kind: a connection that ends in any way makes room for the next. Here STARTTLS that comes to nothing."""

    async def story():
        limits = Limits(handshake=0.2 if end == "stall" else 10, per_address=1, connections=1)
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), limits=limits) as (port, _, book, server):
            for _ in range(2):
                talker = await Talker.to(port)
                assert (await talker.say("STARTTLS")).startswith("220")
                if end == "distrust":
                    with contextlib.suppress(ssl.SSLError, ConnectionError):
                        await talker.writer.start_tls(ssl.create_default_context(), server_hostname="mx.local.test")
                elif end == "half-close":
                    talker.writer.write_eof()
                elif end == "reset":
                    linger = struct.pack("ii", 1, 0)
                    talker.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    talker.writer.transport.abort()
                elif end == "switched off":
                    for connection in tuple(server._drivers):
                        connection.dismiss()
                elif end == "rubbish":
                    talker.writer.write(b"EHLO plain\r\n")
                await settled(lambda: not server._drivers)
            await Talker.to(port)  # is greeted
            return [entry.event.why for entry in book.since(0) if isinstance(entry.event, Closed)]

    assert len(asyncio.run(story())) == 2


def test_implicit_tls_speaks_tls_first(tmp_path, authority):
    """Port 465: TLS before the greeting, then no STARTTLS on offer (RFC 8314)."""

    async def story():
        context = authority.server(["mx.local.test"])
        options = {"tls": context, "implicit": context, "people": Everyone()}
        async with door(tmp_path, **options) as (port, _, book, _server):

            def client():
                with smtplib.SMTP_SSL("localhost", port, "client.test", context=authority.client()) as smtp:
                    smtp.login("alice", "secret")
                    return smtp.has_extn("starttls"), smtp.has_extn("auth")

            seen = await asyncio.to_thread(client)
            return seen, book.since(0)[0].event.secure

    assert asyncio.run(story()) == ((False, True), True)


def test_stdlib_client_sends_through_starttls(tmp_path, authority):
    """The stdlib's smtplib, a stranger, verifies the lab's certificate, logs in and sends."""

    async def story():
        async with door(tmp_path, tls=authority.server(["mx.local.test"]), people=Everyone()) as (port, clerk, *_):

            def client():
                with smtplib.SMTP("localhost", port, "client.test") as smtp:
                    smtp.starttls(context=authority.client())
                    smtp.login("alice@local.test", "secret")
                    return smtp.sendmail("a@a.test", ["b@local.test", "c@local.test"], b"Subject: x\r\n\r\n.\r\nhi\r\n")

            refused_ones = await asyncio.to_thread(client)
            return refused_ones, clerk.messages[0][1]

    assert asyncio.run(story()) == ({}, b"Subject: x\r\n\r\n.\r\nhi\r\n")


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
            return {name for name in read if not hasattr(SmtpShell(Driver(server.config, print, print)), name)}

    assert asyncio.run(story()) <= {"_reader", "_writer"}  # these come with the connection
