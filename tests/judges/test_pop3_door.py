"""The POP3 door alone, on a real Maildir: clients that nobody here wrote read it, in clear and inside TLS."""

import asyncio
import hashlib
import itertools
import poplib
import ssl
from contextlib import asynccontextmanager

import pytest

from maillab.events import Closed, Leg, Read, Removed
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.recipient.login import Pop3Config
from maillab.recipient.mailbox import Mailboxes
from maillab.recipient.pop3 import Pop3
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from tests.judges.test_smtp_clients import run as judged
from tests.recipient.shelf import People
from tests.support import need, run
from tests.wire.scripted import CA

BOB = "bob@recipient.test"
MESSAGES = [
    b"Subject: one\r\nFrom: alice@sender.test\r\nMessage-ID: <1@sender.test>\r\n\r\n.\r\n..\r\n.x\r\nlast\r\n",
    b"Subject: two\r\nFrom: alice@sender.test\r\nMessage-ID: <2@sender.test>\r\n\r\n"
    + b"seventy-six octets in a line \r\n" * 40_000,
]


@asynccontextmanager
async def door(folder, *, implicit=False, **options):
    """A mailbox with two messages behind a POP3 port; gives the port, the logbook and the store."""
    names = itertools.count(1)
    folder.mkdir()
    boxes = Mailboxes(
        {BOB: folder / "mail" / "bob"},
        folder / "index.db",
        names=lambda: f"1700000000.M{next(names)}.mx",
        now=lambda: 1_700_000_000.0,
    )
    await boxes.start()
    for message in MESSAGES:
        await boxes.deliver(BOB, Content(message))
    tokens, book, limits = itertools.count(1), Logbook(clock=lambda: 0.0), Limits(auth_floor=0.0)
    pop3 = Pop3Config("localhost", People(), boxes, nonce=lambda: f"token{next(tokens)}", tls=True, **options)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("localhost", common_name="localhost").configure_cert(context)  # fetchmail insists on a common name
    config = ListenerConfig(
        "pop3",
        "localhost",
        lambda talk, peer, secure: Pop3(pop3, talk, secure=secure),
        book,
        Gate(limits, now=lambda: 0.0),
        limits,
        starttls=context,
        leg_of=lambda address: Leg.RETRIEVE,
        reference=lambda: "ref",
    )
    server = Listener(config)
    port = await server.start("127.0.0.1", 0, context if implicit else None)
    try:
        yield port, book, boxes
    finally:
        await server.close()
        await boxes.close()


def visit(folder, client, **options):
    """Let a client that blocks visit the door; gives the events and what is left in the mailbox."""

    async def play():
        async with door(folder / "door", **options) as (port, book, boxes):
            await asyncio.to_thread(client, port)
            while not any(isinstance(entry.event, Closed) for entry in book.since(0)):  # noqa: ASYNC110
                await asyncio.sleep(0)
            drop = boxes.open(BOB)
            drop.close()
            return [entry.event for entry in book.since(0)], [message.uid for message in drop.messages]

    return run(play(), seconds=60)


def joined(lines):
    return b"".join(line + b"\r\n" for line in lines)


@pytest.mark.parametrize("tls", ["no", "stls", "implicit"])
def test_poplib(tmp_path, tls):
    """Python's poplib reads, lists and deletes; the octets are those that were announced."""

    def client(port):
        context = ssl.create_default_context(cadata=CA.cert_pem.bytes().decode())
        if tls == "implicit":
            box = poplib.POP3_SSL("localhost", port, timeout=10, context=context)
        else:
            box = poplib.POP3("127.0.0.1", port, timeout=10)
        if tls == "stls":
            box.host = "localhost"
            box.stls(context)
        assert {"TOP", "UIDL", "UTF8", "SASL"} <= set(box.capa())
        box.utf8()
        box.user("bob")
        box.pass_("bob")
        assert box.stat() == (2, sum(map(len, MESSAGES)))
        assert [line.split()[1] for line in box.uidl()[1]] == [b"1700000000.M1.mx", b"1700000000.M2.mx"]
        for number, message in enumerate(MESSAGES, 1):
            _, lines, octets = box.retr(number)
            assert hashlib.sha256(joined(lines)).digest() == hashlib.sha256(message).digest()
            assert octets == len(message) == int(box.list(number).split()[2])
        assert joined(box.top(2, 1)[1]).endswith(b"\r\n\r\nseventy-six octets in a line \r\n")
        with pytest.raises(poplib.error_proto, match="no such message"):
            box.retr(3)
        box.dele(1)
        box.quit()

    events, left = visit(tmp_path, client, implicit=tls == "implicit", plaintext=tls == "no")

    assert left == [2]
    assert [event.uid for event in events if isinstance(event, Read)] == [1, 2]
    assert [event.uids for event in events if isinstance(event, Removed)] == [(1,)]


def test_poplib_apop(tmp_path):
    """Python's poplib logs in by APOP."""

    def client(port):
        box = poplib.POP3("127.0.0.1", port, timeout=10)
        box.apop("bob", "bob")
        assert box.stat()[0] == 2
        box.quit()

    visit(tmp_path, client)


@pytest.mark.judge
@pytest.mark.parametrize("login", ["", "AUTH=PLAIN", "AUTH=+APOP"])
def test_curl(tmp_path, login):
    """Curl logs in each way that it knows and fetches a message byte for byte."""
    ca, got = tmp_path / "ca.pem", tmp_path / "got"
    CA.cert_pem.write_to_path(str(ca))

    def client(port):
        options = ["--login-options", login] if login else []
        judged(
            [
                need("curl"),
                "-sS",
                "--ssl-reqd",
                "--cacert",
                ca,
                "--user",
                "bob:bob",
                *options,
                f"pop3://localhost:{port}/2",
                "-o",
                got,
            ]
        )

    visit(tmp_path, client)
    assert got.read_bytes() == MESSAGES[1]


@pytest.mark.judge
@pytest.mark.parametrize("auth", ["user", "plain", "scram-sha-256", "apop"])
def test_mpop(tmp_path, auth):
    """Mpop logs in each way that it knows, fetches everything, and deletes it."""
    ca, got = tmp_path / "ca.pem", tmp_path / "got"
    CA.cert_pem.write_to_path(str(ca))

    def client(port):
        command = [
            need("mpop"),
            "--host=localhost",
            f"--port={port}",
            "--tls=on",
            "--tls-starttls=on",
            f"--tls-trust-file={ca}",
        ]
        command += ["--user=bob", "--passwordeval=echo bob", f"--auth={auth}", "--keep=off", "--received-header=off"]
        judged([*command, f"--uidls-file={got}.uidls", f"--delivery=mda,cat >>{got}", "--pipelining=on"])

    _, left = visit(tmp_path, client)
    assert left == []
    assert got.read_bytes() == b"".join(MESSAGES).replace(b"\r\n", b"\n")


@pytest.mark.judge
def test_fetchmail(tmp_path):
    """Fetchmail fetches everything and deletes it."""
    got, rc, ca = tmp_path / "got", tmp_path / "rc", tmp_path / "ca.pem"
    CA.cert_pem.write_to_path(str(ca))

    def client(port):
        rc.write_text(
            f'poll localhost service {port} protocol pop3 user "bob" password "bob"\n'
            f'sslproto tls1.2+ sslcertck sslcertfile "{ca}" no rewrite no dropdelivered fetchall mda "cat >>{got}"\nset invisible\n'
        )
        rc.chmod(0o600)
        judged([need("fetchmail"), "-f", rc, "--pidfile", f"{rc}.pid", "-i", f"{rc}.ids", "--nosyslog"])

    _, left = visit(tmp_path, client)
    assert left == []
    assert got.read_bytes().count(b"seventy-six octets in a line \n") == 40_000
