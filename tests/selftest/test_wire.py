"""A connection by hand says what is wrong with the other side, and waits for nobody for ever."""

import re
import socket
import ssl
import threading
import zlib

import pytest

from maillab.selftest import wire as of_wire
from maillab.selftest.claim import Lie
from maillab.selftest.wire import ProvingWire


@pytest.fixture
def pair():
    """A wire, and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as server, connected(server) as wire:
        other, _ = server.accept()
        with other:
            yield wire, other


def connected(server):
    return ProvingWire(*server.getsockname(), ssl.create_default_context(), tls_first=False)


def test_lines_and_octets(pair):
    """Lines come with their ends, up to one that matches; octets as many as are asked for."""
    wire, other = pair
    other.sendall(b"1\r\n2\r\n3\r\nabc")
    assert wire.line() == b"1\r\n"
    assert wire.until(re.compile(rb"3")) == b"2\r\n3\r\n"
    assert wire.octets(3) == b"abc"
    wire.say(b"hello")
    assert other.recv(5) == b"hello"


def test_nobody_there(pair):
    """A connection that is closed is a lie, not a wait."""
    wire, other = pair
    other.sendall(b"half a line")
    other.shutdown(socket.SHUT_WR)
    with pytest.raises(Lie, match="closed"):
        wire.line()


def test_silence(monkeypatch):
    """Whoever does not answer is waited for for so long, and no longer."""
    monkeypatch.setattr(of_wire, "PATIENCE", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        connected(server) as wire,
        pytest.raises(Lie, match="no answer: timed out"),
    ):
        wire.line()


def test_words_behind_starttls(pair):
    """What stands in clear behind the answer to STARTTLS could be anybody's (RFC 3207 §5)."""
    wire, other = pair
    other.sendall(b"220 go\r\n250 injected\r\n")
    wire.line()
    with pytest.raises(Lie, match="in clear"):
        wire.encrypt()


def test_no_tls(pair):
    """A server that says something else than TLS."""
    wire, other = pair
    threading.Thread(target=lambda: other.sendall(b"what?\r\n" * 10)).start()
    with pytest.raises(Lie, match="TLS does not begin"):
        wire.encrypt()


def test_deflated(pair):
    """Both directions; and a server that only says that it deflates."""
    wire, other = pair
    wire.deflate()
    out = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    other.sendall(out.compress(b"hello\r\n") + out.flush(zlib.Z_SYNC_FLUSH))
    assert wire.line() == b"hello\r\n"
    wire.say(b"yes")
    assert zlib.decompressobj(-zlib.MAX_WBITS).decompress(other.recv(100)) == b"yes"
    other.sendall(b"\xff\xff in clear\r\n")
    with pytest.raises(Lie, match="not deflated"):
        wire.line()
