"""What somebody on the way says in clear is never obeyed as if it had been said inside TLS (RFC 3207 §5, RFC 2595 §2.1).

At every door that begins TLS by a word, of a whole lab, on sockets. The client's side: tests/wire/test_smtp_client.py,
tests/client/test_pop3.py and test_imap.py (T161).
"""

import socket
from contextlib import suppress

import pytest

from maillab.events import Said, Secured, Side
from maillab.testing import RunningLab

DOORS = {  # service: what one says first, the word that begins TLS, what follows it, how a good answer begins
    "smtp": (b"EHLO x\r\n", b"STARTTLS\r\n", b"MAIL FROM:<mallory@sender.test>\r\n", (b"220", b"250")),
    "submission": (b"EHLO x\r\n", b"STARTTLS\r\n", b"AUTH PLAIN AGFsaWNlAGFsaWNl\r\n", (b"220", b"235")),
    "pop3": (b"CAPA\r\n", b"STLS\r\n", b"USER bob\r\nPASS bob\r\n", (b"+OK",)),
    "imap": (b"a CAPABILITY\r\n", b"b STARTTLS\r\n", b"c LOGIN bob bob\r\n", (b"b OK", b"c OK")),
}
BEHIND = {"a command": b"", "half a command": b"NO", "an empty line": b"\r\n", "TLS": b"\x16\x03\x01\x02\x00\x01\x00"}


@pytest.fixture(scope="module")
def lab():
    with RunningLab() as lab:
        yield lab


def connected(lab, service):
    """A connection on which the first thing has been said, and answered."""
    door = lab.endpoint("recipient.test", service)
    wire = socket.create_connection((door.host, door.port), 10)
    heard = wire.makefile("rb")
    heard.readline()
    wire.sendall(DOORS[service][0])
    last = {"smtp": b"250 ", "submission": b"250 ", "pop3": b".\r\n", "imap": b"a OK"}[service]
    while not (line := heard.readline()).startswith(last):
        assert line, "hung up"
    return wire, heard


def rest_of(wire, heard):
    """What is still told, up to the end of the connection."""
    with wire, heard, suppress(ConnectionResetError):
        return heard.read()
    return b""


def obeyed(lab, since):
    """What was heard of the client inside TLS since then; and did TLS begin?"""
    events = [entry.event for entry in lab.entries() if entry.seq > since]
    secure = [event.line for event in events if isinstance(event, Said) and event.side is Side.CLIENT and event.secure]
    return secure, any(isinstance(event, Secured) for event in events)


@pytest.mark.parametrize("service", DOORS)
@pytest.mark.parametrize("behind", BEHIND)
def test_in_one_segment(lab, service, behind):
    """With the word that begins TLS: the connection is closed, nothing behind it is answered, and no TLS begins."""
    since = lab.entries_so_far
    _, word, command, good = DOORS[service]
    wire, heard = connected(lab, service)
    wire.sendall(word + (BEHIND[behind] or command))
    assert not any(line.startswith(good) for line in rest_of(wire, heard).split(b"\n"))
    assert obeyed(lab, since) == ([], False)


@pytest.mark.parametrize("service", DOORS)
@pytest.mark.parametrize("behind", BEHIND)
def test_in_the_place_of_the_handshake(lab, service, behind):
    """Once TLS is awaited: what is no handshake ends the connection, without an answer in clear."""
    since = lab.entries_so_far
    _, word, command, good = DOORS[service]
    wire, heard = connected(lab, service)
    wire.sendall(word)
    assert heard.readline().startswith(good)
    wire.sendall((BEHIND[behind] or command) + b"\r\n" * 200)
    wire.shutdown(socket.SHUT_WR)
    assert not any(line.startswith(good) for line in rest_of(wire, heard).split(b"\n"))
    assert obeyed(lab, since) == ([], False)
