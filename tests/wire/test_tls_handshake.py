"""TLS from the first octet: few handshakes at a time, and nothing kept of those that fail."""

import asyncio
import asyncio.sslproto
import contextlib
import gc
import socket
import ssl
import weakref

import pytest

from maillab.events import Closed
from maillab.wire import tls_handshake
from maillab.wire.limits import Limits
from maillab.wire.tls import unverified
from tests.support import settled
from tests.wire.scripted import server_context
from tests.wire.talking import Talker, door


@pytest.fixture(name="alive")
def _alive(monkeypatch):
    """The TLS layers that exist; no collector comes by meanwhile."""
    layers = weakref.WeakSet()
    make = asyncio.sslproto.SSLProtocol.__init__

    def counted(layer, *args, **options):
        make(layer, *args, **options)
        layers.add(layer)

    monkeypatch.setattr(asyncio.sslproto.SSLProtocol, "__init__", counted)
    gc.collect()
    gc.disable()
    yield layers
    gc.enable()


@pytest.mark.parametrize("word", [b"\x16", b"EHLO x\r\n", b""])
def test_failed_handshakes_give_everything_back_at_once(tmp_path, alive, word):
    """The kind: memory before login. A connection that drops in its handshake leaves no buffers behind."""

    async def story():
        async with door(tmp_path, implicit=server_context("mx.local.test")) as (port, *_):
            for _ in range(20):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(word)
                writer.close()
                await writer.wait_closed()
            await settled(lambda: not alive)

    asyncio.run(story())


@pytest.mark.parametrize("word", [b"\x16", b"EHLO x\r\n"])
def test_a_failed_starttls_gives_everything_back_at_once(tmp_path, alive, word):
    """The same after STARTTLS, where aiosmtpd keeps the layer."""

    async def story():
        async with door(tmp_path, tls=server_context("mx.local.test")) as (port, *_):
            for _ in range(20):
                talker = await Talker.to(port)
                await talker.say("STARTTLS")
                talker.writer.write(word)
                talker.writer.write_eof()
                await talker.rest()
            await settled(lambda: not alive)

    asyncio.run(story())


@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "implicit"])
def test_a_client_that_does_not_accept_the_certificate(tmp_path, at_once):
    """The talk ends with that word: the commonest of all faults of TLS is no connection that was lost."""
    stranger = ssl.create_default_context()

    def refuse(port):
        with socket.create_connection(("127.0.0.1", port), 10) as wire:
            if not at_once:
                wire.recv(1000)
                wire.sendall(b"STARTTLS\r\n")
                wire.recv(1000)
            with pytest.raises(ssl.SSLCertVerificationError):
                stranger.wrap_socket(wire, server_hostname="mx.local.test")

    async def story():
        context = server_context("mx.local.test")
        async with door(tmp_path, **{"implicit" if at_once else "tls": context}) as (port, _, book, _server):
            await asyncio.to_thread(refuse, port)
            await settled(lambda: any(isinstance(entry.event, Closed) for entry in book.since(0)))
            return [type(entry.event).__name__ for entry in book.since(0)], book.since(0)[-1].event.why

    kinds, why = asyncio.run(story())
    assert why == "untrusted"
    assert kinds.count("Opened") == kinds.count("Closed") == 1
    assert "Secured" not in kinds


def test_only_so_many_shake_hands_at_a_time(tmp_path, monkeypatch, alive):
    """Who comes while all are busy waits, loses nothing of what it said meanwhile, and is served then."""
    monkeypatch.setattr(tls_handshake, "AT_ONCE", 1)

    async def story():
        async with door(tmp_path, implicit=server_context("mx.local.test")) as (port, *_):
            _, silent = await asyncio.open_connection("127.0.0.1", port)
            await settled(lambda: len(alive) == 1)
            waiting = asyncio.get_running_loop().create_task(Talker.to(port, tls=unverified()))
            await settled(lambda: len(alive) == 2)  # the client's own layer: it has said hello
            await asyncio.sleep(0.02)
            assert not waiting.done()
            silent.close()
            talker = await waiting
            return await talker.say("NOOP")

    assert asyncio.run(story()).startswith("250")


def test_who_waits_too_long_or_too_many_are_cut_off(tmp_path, monkeypatch):
    """Waiting counts as handshake, and the line has an end."""
    monkeypatch.setattr(tls_handshake, "AT_ONCE", 1)
    monkeypatch.setattr(tls_handshake, "WAITING", 2)

    async def story():
        limits = Limits(handshake=0.1)
        async with door(tmp_path, implicit=server_context("mx.local.test"), limits=limits) as (port, *_, server):
            ends = []
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                ends.append((reader, writer))
            said = []
            for reader, writer in ends:
                with contextlib.suppress(ConnectionError):
                    said.append(await asyncio.wait_for(reader.read(), 5))
                writer.close()
            server._entrance._seconds = 10.0  # whoever is honest has time, also on a busy computer
            talker = await Talker.to(port, tls=unverified())
            return b"".join(said), await talker.say("NOOP")

    said, after = asyncio.run(story())
    assert said == b""
    assert after.startswith("250")


def test_closing_the_door_ends_the_waiting(tmp_path):
    """A door that closes keeps nobody in its entrance."""

    async def story():
        async with door(tmp_path, implicit=server_context("mx.local.test")) as (port, _, _book, server):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0.01)
            await server.close()
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 1) == b""
            writer.close()

    asyncio.run(story())
