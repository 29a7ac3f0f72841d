"""A recorded server on a real socket."""

import asyncio
import poplib
import smtplib
import socket
import ssl

import pytest

from maillab.events import Carried, Closed, Said, Secured, Side
from maillab.logbook import Logbook
from maillab.recording.compare import compare_talks
from maillab.recording.reenact import Means, reenact
from maillab.recording.replay_server import ReplayPlan, ReplayServer
from maillab.recording.talks import talks
from maillab.wire.tls import unverified
from tests.recording.told import talk_from, talk_of
from tests.support import run, wait_for
from tests.wire.scripted import CA, server_context

MESSAGE = b"Subject: hi\r\n\r\n.dot\r\nHello\r\n"


def playing(cast, client):
    """What a client gives that talks to a stand-in, and what was heard."""

    async def both():
        logbook = Logbook(lambda: 1.0)
        house = ReplayServer(cast, logbook)
        port = await house.start()
        try:
            result = await client(port)
            await wait_for(logbook, lambda event: isinstance(event, Closed))
        finally:
            await house.close()
        return result, logbook.since(0), house.unknown

    return run(both())


def thread(function):
    """A client that blocks."""

    async def client(port):
        return await asyncio.to_thread(function, port)

    return client


def test_smtplib_through_tls():
    """Python's smtplib upgrades, logs in with any password and hands over a message, as alice's program did then."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    CA.configure_trust(context)

    def client(port):
        with smtplib.SMTP("127.0.0.1", port, "laptop.sender.test", timeout=10) as wire:
            wire._host = "mx.recipient.test"
            wire.starttls(context=context)
            wire.login("alice@sender.test", "anything")
            return wire.sendmail("alice@sender.test", ["bob@recipient.test"], MESSAGE)

    talk = talk_of("seven-steps", "submit-1")
    refused, entries, unknown = playing(ReplayPlan([talk], tls=server_context()), thread(client))
    assert (refused, unknown) == ({}, 0)
    assert any(isinstance(entry.event, Secured) for entry in entries)
    [content] = [entry.event.content.whole() for entry in entries if isinstance(entry.event, Carried)]
    assert content == MESSAGE.replace(b"\r\n.dot", b"\r\n..dot")
    assert [e.event.why for e in entries if isinstance(e.event, Closed)] == ["quit"]


def test_poplib():
    """Python's poplib reads the recorded message."""

    def client(port):
        wire = poplib.POP3("127.0.0.1", port, timeout=10)
        wire.user("bob@recipient.test")
        wire.pass_("anything")
        lines = wire.retr(1)[1]
        wire.quit()
        return lines

    lines, entries, unknown = playing(ReplayPlan([talk_of("seven-steps", "retrieve-1")]), thread(client))
    assert b"Subject: Hello from the laboratory" in lines
    assert unknown == 0
    assert any(isinstance(e.event, Carried) and e.event.side is Side.SERVER for e in entries)


@pytest.mark.parametrize("name", ["submit-1", "relay-1", "retrieve-1"])
def test_a_record_against_itself(name):
    """A talk said again to its own stand-in does not differ, but for SCRAM that a stand-in cannot prove."""
    talk = talk_of("seven-steps", name)

    async def client(port):
        means = Means("127.0.0.1", port, context=unverified(), ask=lambda user: (user, "anything"), patience=5)
        return await reenact(talk, means, lambda: 1.0)

    outcome, _, unknown = playing(ReplayPlan([talk], tls=server_context()), client)
    assert (outcome.failed, unknown) == ("", 0)
    rows = [row.text for row in compare_talks(talk, talks(outcome.entries)[0]) if row.mark in "+-"]
    assert all("AUTH" in text or text == "S: 235 2.7.0" for text in rows)


def test_the_451_after_data():
    """A server that answered 451 after the message does so again."""

    def client(port):
        with (
            smtplib.SMTP("127.0.0.1", port, "a.test", timeout=10) as wire,
            pytest.raises(smtplib.SMTPDataError) as error,
        ):
            wire.sendmail("a@a.test", ["b@b.test"], MESSAGE)
        return error.value.smtp_code

    talk = talk_from(
        "S: 220 mx\nC: EHLO a.test\nS: 250 mx\nC: MAIL FROM:<a@a.test>\nS: 250 ok\nC: RCPT TO:<b@b.test>\nS: 250 ok\n"
        "C: DATA\nS: 354 go\nMESSAGE x\nC: .\nS: 451 4.3.0 later\nC: QUIT\nS: 221 bye"
    )
    assert playing(ReplayPlan([talk]), thread(client))[0] == 451


def test_one_talk_for_each_client():
    """The first client gets the first talk, all after the last get the last (greylisting plays itself)."""
    no, yes = talk_from("S: 450 no"), talk_from("S: 220 yes")

    def client(port):
        heard = []
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
                heard.append(wire.recv(3))
        return heard

    assert playing(ReplayPlan([no, yes]), thread(client))[0] == [b"450", b"220", b"220"]


def test_live_extra_takes_a_message():
    """With `live` a client gets on where the record ends, chunks included; and it is counted."""

    def client(port):
        heard = []
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wire, wire.makefile("rwb") as file:
            file.readline()
            for line in (b"EHLO a", b"MAIL FROM:<a@a.test>", b"RCPT TO:<b@b.test>", b"BDAT 4 LAST\r\na\r\n", b"QUIT"):
                file.write(line + b"\r\n" * (not line.startswith(b"BDAT")) + b"\n" * line.startswith(b"BDAT"))
                file.flush()
                heard.append(file.readline()[:3])
        return heard

    heard, entries, unknown = playing(ReplayPlan([talk_from("S: 220 mx")], extra="live"), thread(client))
    assert heard == [b"250", b"250", b"250", b"250", b"221"]
    assert unknown == 5
    assert [e.event.content.whole() for e in entries if isinstance(e.event, Carried)] == [b"a\r\n\n"]


def test_a_person_at_a_keyboard():
    """Of the kind: two readers of one stream. Lines that end in LF alone are read to LF.LF, as the lab's doors do it,
    and the ear hears the same message; from the first CR on, only CRLF.CRLF ends one."""

    def client(port):
        heard = []
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wire, wire.makefile("rwb") as file:
            file.readline()
            said = [
                b"EHLO a\n",
                b"MAIL FROM:<a@a.test>\n",
                b"RCPT TO:<b@b.test>\n",
                b"DATA\n",
                b"A: b\n\n..x\n.\n",
                b"NOOP\n",
            ]
            said += [b"MAIL FROM:<a@a.test>\n", b"RCPT TO:<b@b.test>\n", b"DATA\n", b"A: \r\n.\nx\r\n.\r\n", b"QUIT\n"]
            for octets in said:
                file.write(octets)
                file.flush()
                heard.append(file.readline()[:3])
        return heard

    heard, entries, _ = playing(ReplayPlan([talk_from("S: 220 mx")], extra="live"), thread(client))
    assert heard == [b"250"] * 3 + [b"354"] + [b"250"] * 4 + [b"354", b"250", b"221"]
    messages = [e.event.content.whole() for e in entries if isinstance(e.event, Carried)]
    assert messages == [b"A: b\n\n..x\n", b"A: \r\n.\nx\r\n"]
    assert [e.event.line for e in entries if isinstance(e.event, Said) and e.event.line.startswith(b".")] == [
        b".\n",
        b".\r\n",
    ]


def test_a_server_of_implicit_tls():
    """A talk that began with TLS begins with TLS again, or not at all."""
    talk = talk_from("S: 220 mx\nC: QUIT\nS: 221 bye", service="submissions")

    async def client(port):
        return await reenact(talk, Means("127.0.0.1", port, tls_first=True, context=unverified()), lambda: 1.0)

    outcome, entries, _ = playing(ReplayPlan([talk], tls=server_context()), client)
    assert outcome.failed == ""
    assert all(entry.event.secure for entry in entries if isinstance(entry.event, Said))
    with pytest.raises(ValueError, match="no certificate"):
        run(ReplayServer(ReplayPlan([talk]), Logbook(lambda: 1.0)).start())


def test_closing_ends_every_talk():
    """When the server ends, nobody is left talking."""

    async def scene():
        logbook = Logbook(lambda: 1.0)
        house = ReplayServer(ReplayPlan([talk_from("S: 220 mx")]), logbook)
        reader, writer = await asyncio.open_connection("127.0.0.1", await house.start())
        await reader.readline()
        await house.close()
        rest = await reader.read()
        writer.close()
        return rest, logbook.since(0)[-1].event

    rest, last = run(scene())
    assert rest == b""
    assert isinstance(last, Closed)
    assert last.why == "closing"
