"""The name server on real sockets: UDP and TCP on one port, and what of it stands in the logbook."""

import asyncio
import errno
import functools
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.asyncquery
import dns.message
import pytest

from maillab.events import Closed, Event, Leg, Opened, Packet, RulePlayed, Side, Stumbled, Transport
from maillab.logbook import Logbook
from maillab.nameserver import server as house
from maillab.nameserver.master import read_zone
from maillab.nameserver.message import QUERY_OCTETS
from maillab.nameserver.server import NameServer
from maillab.nameserver.zone import ZoneError, Zones
from maillab.protocols.dns.described import described
from tests.nameserver.wires import GOOD, MALFORMED, RESPONSES, SHORT, ask, header
from tests.support import run, wait_for

HERE = "127.0.0.1"
NAME = "ns.recipient.test"
ZONE = (
    "$TTL 3600\n@ SOA ns root 1 3600 600 604800 300\n@ NS ns\n@ MX 10 mx\nmx A 127.0.0.1\n"
    + "".join(f"many A 10.0.{number // 250}.{number % 250}\n" for number in range(4000))
)  # fmt: skip


@functools.cache
def read():
    """The zone, read once."""
    return read_zone("recipient.test", ZONE)


class Desk:
    """A name server that is open, its logbook, and hands to ask it with."""

    def __init__(self, server: NameServer, logbook: Logbook, port: int) -> None:
        self.server, self.logbook, self.port = server, logbook, port

    async def udp(self, wire: bytes, *more: bytes) -> bytes:
        """Send datagrams from one socket and give the first that comes back."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.setblocking(False)
            asker.bind((HERE, 0))
            for each in (wire, *more):
                await loop.sock_sendto(asker, each, (HERE, self.port))
            return await loop.sock_recv(asker, 65_535)

    @asynccontextmanager
    async def tcp(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """One connection."""
        reader, writer = await asyncio.open_connection(HERE, self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except OSError:
                pass  # it was reset, as some tests want

    async def closed(self, why: str) -> None:
        """Wait for the end of a talk."""
        await wait_for(self.logbook, lambda event: isinstance(event, Closed) and event.why.startswith(why))

    def said(self, talk: str = "") -> list[str]:
        """What was said, as C: and S: lines."""
        return [
            ("C: " if event.side is Side.CLIENT else "S: ") + line
            for event in self.events()
            if isinstance(event, Packet) and talk in ("", event.talk)
            for line in described(event.octets)
        ]

    def events(self) -> list[Event]:
        return [entry.event for entry in self.logbook.since(0)]

    def why(self) -> list[str]:
        return [event.why for event in self.events() if isinstance(event, Closed)]


@asynccontextmanager
async def open_desk(idle: float = 10.0) -> AsyncIterator[Desk]:
    logbook = Logbook(clock=lambda: 0.0)
    server = NameServer(Zones([read()]), logbook, NAME, idle=idle)
    port = await server.start(HERE, 0)
    try:
        yield Desk(server, logbook, port)
    finally:
        await server.close()


def framed(wire: bytes) -> bytes:
    return struct.pack("!H", len(wire)) + wire


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The next answer of a connection."""
    return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))


def test_a_datagram_is_a_talk_of_one_question() -> None:
    """The question and the answer stand in the logbook, octet for octet, between Opened and Closed."""

    async def story() -> None:
        async with open_desk() as desk:
            asked = ask("recipient.test", "MX", ident=7)
            reply = await desk.udp(asked)

            assert dns.message.from_wire(reply).id == 7
            assert desk.events() == [
                Opened("lookup-1", Leg.LOOKUP, "dns", NAME, transport=Transport.UDP),
                Packet("lookup-1", Side.CLIENT, asked),
                Packet("lookup-1", Side.SERVER, reply),
                Closed("lookup-1", "answered"),
            ]

    run(story())


def test_a_connection_is_one_talk_of_many_questions() -> None:
    """Questions are answered in order, also when they come in one segment; the talk ends with the connection."""

    async def story() -> None:
        async with open_desk() as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(b"".join(framed(ask("mx.recipient.test", "A", ident=ident)) for ident in range(1, 40)))
                assert [(await answer(reader))[1] for _ in range(1, 40)] == list(range(1, 40))
                writer.write(framed(ask("nobody.recipient.test", "MX")))
                assert described(await answer(reader))[0].startswith("NXDOMAIN nobody.recipient.test.")
            await desk.closed("answered")

            assert len(desk.said("lookup-1")) == 80
            assert [type(event) for event in desk.events() if not isinstance(event, Packet)] == [Opened, Closed]

    run(story())


def test_a_question_may_come_octet_by_octet() -> None:
    """However the stream is cut, the answer is the same."""

    async def story() -> None:
        async with open_desk() as desk, desk.tcp() as (reader, writer):
            whole = framed(ask("recipient.test", "MX")) + framed(ask("mx.recipient.test", "A"))
            for at in range(len(whole)):
                writer.write(whole[at : at + 1])
                await writer.drain()
                await asyncio.sleep(0)
            assert described(await answer(reader)) == ["NOERROR aa recipient.test. 3600 IN MX 10 mx.recipient.test."]
            assert described(await answer(reader)) == ["NOERROR aa mx.recipient.test. 3600 IN A 127.0.0.1"]

    run(story())


def test_strangers_are_served() -> None:
    """dnspython's resolver asks over UDP, is told that the answer was cut, and gets it over TCP."""

    async def story() -> None:
        async with open_desk() as desk:
            query = dns.message.make_query("many.recipient.test", "A", use_edns=0, payload=65_535)
            reply, by_tcp = await dns.asyncquery.udp_with_fallback(query, HERE, port=desk.port, timeout=5)

            assert (by_tcp, len(reply.answer[0])) == (True, 4000)
            assert "C: many.recipient.test. IN A ?" in desk.said()
            assert desk.said()[-1] == "S: ... and 3960 more"
            [first, second] = [event for event in desk.events() if isinstance(event, Opened)]
            assert (first.transport, second.transport) == (Transport.UDP, Transport.TCP)
            assert desk.said(first.talk)[1].startswith("S: NOERROR aa tc many.recipient.test. IN A (too long for UDP")
            assert not desk.said(second.talk)[1].startswith("S: NOERROR aa tc")

    run(story())


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_question_is_answered_and_told(what: str) -> None:
    """FORMERR over UDP, and a line in the logbook that says what came; the next question is served."""  # T215

    async def story() -> None:
        async with open_desk() as desk:
            assert (await desk.udp(MALFORMED[what]))[:4] == header(0, flags=0x8001)[:4]
            assert described(await desk.udp(GOOD))[0].startswith("NOERROR aa")
            assert "S: FORMERR" in desk.said()
            assert all(line.isprintable() and len(line) < 1010 for line in desk.said())

    run(story())


def test_silence_is_told_in_the_logbook() -> None:
    """A response and a fragment get no reply; the talk says why."""  # T216

    async def story() -> None:
        async with open_desk() as desk:
            reply = await desk.udp(RESPONSES[0], b"\x00\x01hello", b"", ask("mx.recipient.test"))

            assert reply[2] & 0x80
            assert desk.why() == [
                "ignored: a response, not a question",
                "ignored: shorter than a header",
                "ignored: shorter than a header",
                "answered",
            ]
            assert desk.said() == [
                "C: NOERROR recipient.test. IN MX",
                "C: unreadable, 7 octets: 00 01 68 65 6c 6c 6f",
                "C: unreadable, 0 octets: ",
                "C: mx.recipient.test. IN A ?",
                "S: NOERROR aa mx.recipient.test. 3600 IN A 127.0.0.1",
            ]

    run(story())


def test_a_flood_without_answers_fills_no_logbook() -> None:
    """Of five thousand in a row the first twenty are told, and every thousandth; a question resets the count."""

    async def story() -> None:
        async with open_desk() as desk:
            replies: list[bytes] = []
            for number in range(5000):
                desk.server.hear_datagram(SHORT[number % 12], "127.0.0.1", replies.append)
            assert replies == []
            assert len(desk.why()) == house.UNANSWERED + 5
            desk.server.hear_datagram(GOOD, "127.0.0.1", replies.append)
            desk.server.hear_datagram(b"", "127.0.0.1", replies.append)
            assert len(replies) == 1
            assert desk.why()[-2:] == ["answered", "ignored: shorter than a header"]

    run(story())


@pytest.mark.parametrize("wire", [RESPONSES[0], b"\x00\x01hello", b""])
def test_a_connection_that_says_what_gets_silence_is_closed(wire: bytes) -> None:
    """Over TCP there is somebody to hang up on, and it is done."""

    async def story() -> None:
        async with open_desk() as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(framed(wire) + framed(GOOD))
                assert await reader.read() == b""
            await desk.closed("ignored: ")
            assert len(desk.said()) == 1

    run(story())


def test_a_question_over_4_kib_is_refused() -> None:
    """At the limit it is heard, one octet above the connection is closed before it has come."""  # T217

    async def story() -> None:
        async with open_desk() as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(framed(GOOD + bytes(QUERY_OCTETS - len(GOOD))))
                assert described(await answer(reader)) == ["FORMERR"]
                writer.write(struct.pack("!H", QUERY_OCTETS + 1))
                assert await reader.read() == b""
            await desk.closed("refused: a question of 4097 octets; the limit is 4096")

    run(story())


@pytest.mark.parametrize("sent", [b"", b"\x00", b"\x00\x20\x00\x01"])
def test_who_says_nothing_whole_is_closed_in_time(sent: bytes) -> None:
    """A question must come whole within the time given; what comes of it in pieces wins no more time."""  # T229

    async def story() -> None:
        async with open_desk(idle=0.05) as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(sent)
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                    await reader.readexactly(1)
            await desk.closed("timeout")

    run(story())


def test_an_octet_now_and_then_wins_no_time() -> None:
    """The clock of a connection starts with the last whole question, not with the last octet."""  # T229

    async def story() -> None:
        async with open_desk(idle=0.2) as desk, desk.tcp() as (_, writer):
            over = asyncio.Event()
            leave = desk.logbook.subscribe(lambda entry: over.set() if isinstance(entry.event, Closed) else None)
            writer.write(b"\x0f\xff")
            octets = 0
            while not over.is_set():
                octets += 1
                writer.write(b"\x00")
                try:
                    await asyncio.wait_for(over.wait(), 0.02)
                except TimeoutError:
                    continue
            leave()

            assert desk.why() == ["timeout"]
            assert octets < 100

    run(story())


def test_each_answer_gives_time_again() -> None:
    """A connection that asks at less than the time given stays open longer than it."""

    async def story() -> None:
        async with open_desk(idle=0.5) as desk, desk.tcp() as (reader, writer):
            loop = asyncio.get_running_loop()
            start = loop.time()
            while loop.time() - start < 0.8:
                writer.write(framed(GOOD))
                await answer(reader)
            assert desk.why() == []

    run(story())


def test_two_hundred_connections_and_not_one_more() -> None:
    """Two hundred idle clients are held; the next is closed at once; UDP is served; one that leaves makes room."""  # T229

    async def story() -> None:
        async with open_desk() as desk:
            clients = [await asyncio.open_connection(HERE, desk.port) for _ in range(house.CONNECTIONS)]
            async with desk.tcp() as (reader, _):
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                    await reader.readexactly(1)
            await desk.closed("refused: 200 connections are open")
            assert described(await desk.udp(GOOD))[0].startswith("NOERROR")
            clients[0][1].close()
            await clients[0][1].wait_closed()
            await desk.closed("quit")
            async with desk.tcp() as (reader, writer):
                writer.write(framed(GOOD))
                assert described(await answer(reader))[0].startswith("NOERROR")
            for _, writer in clients[1:]:
                writer.close()
                await writer.wait_closed()

    run(story())


def test_refused_connections_fill_no_logbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those above the limit are told like datagrams without an answer: the first twenty of a row."""
    monkeypatch.setattr(house, "CONNECTIONS", 0)

    async def story() -> None:
        async with open_desk() as desk:
            for _ in range(30):
                async with desk.tcp() as (reader, _):
                    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                        await reader.readexactly(1)
            assert desk.why() == ["refused: 0 connections are open"] * house.UNANSWERED

    run(story())


@pytest.mark.parametrize(
    ("sent", "why", "lines"), [(b"", "quit", 0), (framed(GOOD)[:9], "lost", 0), (framed(GOOD), "answered", 2)]
)
def test_an_asker_may_stop_talking_and_still_hear(sent: bytes, why: str, lines: int) -> None:
    """After the end of its side the asker gets what is due, and the talk ends as it should."""

    async def story() -> None:
        async with open_desk() as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(sent)
                writer.write_eof()
                assert (await reader.read() != b"") == (why == "answered")
            await desk.closed(why)
            assert len(desk.said()) == lines

    run(story())


def test_a_connection_that_breaks_is_lost() -> None:
    """A reset is told as such."""

    async def story() -> None:
        async with open_desk() as desk:
            async with desk.tcp() as (reader, writer):
                writer.write(framed(GOOD))
                await answer(reader)
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            await desk.closed("lost")

    run(story())


def test_who_takes_no_answers_is_asked_no_further_and_closed() -> None:
    """Answers wait in the operating system and no further; the asker has the time of a question to take them."""

    async def story() -> None:
        async with open_desk(idle=0.5) as desk, desk.tcp() as (_, writer):
            writer.transport.pause_reading()
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            writer.write(framed(ask("many.recipient.test")) * 2000)
            await desk.closed("timeout")

            asked = [line for line in desk.said() if line.startswith("C:")]
            assert 1 <= len(asked) < 2000

    run(story())


def test_who_takes_answers_late_gets_all_of_them() -> None:
    """While they are not taken no further question is answered; when there is room again the next one is."""

    async def story() -> None:
        async with open_desk() as desk, desk.tcp() as (reader, writer):
            writer.transport.pause_reading()
            writer.write(framed(ask("many.recipient.test")) * 150)
            await wait_for(desk.logbook, lambda event: isinstance(event, Packet))
            while not any(line._full for line in desk.server._connections):
                await desk.udp(GOOD)  # a turn of the loop
            told = len(desk.events())
            await desk.udp(GOOD)  # the loop has turned, and nothing more was asked of the full line
            assert len(desk.events()) == told + 4
            writer.transport.resume_reading()
            for _ in range(150):
                assert len(await answer(reader)) > 60_000

    run(story(), 60)


def test_a_fault_of_ours_is_servfail_and_costs_nobody_else() -> None:
    """An exception in a decision is told in the logbook, not on the wire; the server goes on."""

    class Broken(Zones):
        def answer(self, wire: bytes, *, tcp: bool) -> bytes | None:
            if wire[1] == 9:
                raise RuntimeError("oops")
            return super().answer(wire, tcp=tcp)

    async def story() -> None:
        async with open_desk() as desk:
            desk.server.zones = Broken([])
            assert described(await desk.udp(ask("recipient.test", ident=9))) == ["SERVFAIL"]
            assert described(await desk.udp(ask("recipient.test", ident=8))) == ["REFUSED recipient.test. IN A"]
            assert desk.server.answer("lookup-9", b"\x00\x09", tcp=False) is None
            assert [event for event in desk.events() if isinstance(event, Stumbled)] == [
                Stumbled("nameserver", "lookup-1", "RuntimeError('oops')"),
                Stumbled("nameserver", "lookup-9", "RuntimeError('oops')"),
            ]

    run(story())


def test_other_zones_are_served_at_once_and_wrong_ones_are_not() -> None:
    """A running server is given other zones, and no answer that was kept ready outlives them; text that is refused
    leaves those before in service."""  # T222

    async def story() -> None:
        async with open_desk() as desk:
            await desk.udp(GOOD)
            with pytest.raises(ZoneError, match="a number is expected here"):
                desk.server.zones = Zones.read([("recipient.test", ZONE.replace("MX 10 mx", "MX five new"))])
            assert described(await desk.udp(GOOD))[0].endswith(" MX 10 mx.recipient.test.")
            desk.server.zones = Zones.read([("recipient.test", ZONE.replace("MX 10 mx", "MX 5 new"))])
            assert described(await desk.udp(GOOD)) == ["NOERROR aa recipient.test. 3600 IN MX 5 new.recipient.test."]

    run(story())


def test_closing_ends_every_talk_and_frees_the_port() -> None:
    """Open connections are ended and told; afterwards the port can be taken again, and the server be started again."""

    async def story() -> None:
        async with open_desk() as desk:
            clients = [await asyncio.open_connection(HERE, desk.port) for _ in range(3)]
            for reader, writer in clients:
                writer.write(framed(GOOD))
                await answer(reader)
            await desk.server.close()
            assert desk.why() == ["the name server was stopped"] * 3
            assert await desk.server.start(HERE, desk.port) == desk.port
            assert described(await desk.udp(GOOD))[0].startswith("NOERROR")
            await desk.server.close()
            await desk.server.close()
            for _, writer in clients:
                writer.close()
                try:
                    await writer.wait_closed()
                except OSError:
                    pass  # the server hung up first

    run(story())


@pytest.mark.parametrize("rule", ["at dns accept stall", "at query stall", "at query delay 1h"])
def test_closing_does_not_wait_for_a_rule(rule: str) -> None:
    """Whoever is kept waiting by a rule is sent away like everybody else."""

    async def story() -> None:
        async with open_desk() as desk:
            desk.server.rules.add(rule)
            async with desk.tcp() as (_, writer):
                writer.write(framed(GOOD))
                await wait_for(desk.logbook, lambda event: isinstance(event, RulePlayed))
                await asyncio.sleep(0)  # until it is played
                await desk.server.close()
                assert desk.why() == ["the name server was stopped"]

    run(story())


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_busy_port_is_an_error_and_leaves_nothing_open(kind: socket.SocketKind) -> None:
    """Whichever of the two is taken, `start` raises EADDRINUSE."""

    async def story() -> None:
        server = NameServer(Zones.read([]), Logbook(clock=lambda: 0.0), NAME)
        with socket.socket(socket.AF_INET, kind) as taken:
            taken.bind((HERE, 0))
            if kind == socket.SOCK_STREAM:
                taken.listen()
            with pytest.raises(OSError) as caught:  # noqa: PT011 - the number is checked
                await server.start(HERE, taken.getsockname()[1])
            assert caught.value.errno == errno.EADDRINUSE

    run(story())


def test_a_port_is_free_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port 0 goes on looking while the port that TCP got is taken for UDP, and gives up after fifty."""
    real, tries = socket.socket.bind, []

    def bind(self: socket.socket, address: tuple[str, int]) -> None:
        if self.type == socket.SOCK_DGRAM:
            tries.append(address[1])
            if len(tries) not in (4, 0):
                raise OSError(errno.EADDRINUSE, "taken")
        real(self, address)

    monkeypatch.setattr(socket.socket, "bind", bind)

    async def story() -> None:
        server = NameServer(Zones.read([]), Logbook(clock=lambda: 0.0), NAME)
        assert await server.start(HERE, 0) == tries[3]
        await server.close()
        with pytest.raises(OSError, match="taken"):
            await server.start(HERE, 0)
        assert len(tries) == 4 + house.PORTS

    run(story())


def test_a_door_that_cannot_be_opened_closes_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """When UDP fails after TCP was opened, nothing stays open."""

    async def story() -> None:
        loop = asyncio.get_running_loop()
        failing: Callable[..., object] = lambda *_, **__: (_ for _ in ()).throw(OSError("no UDP here"))  # noqa: E731
        monkeypatch.setattr(loop, "create_datagram_endpoint", failing)
        server = NameServer(Zones.read([]), Logbook(clock=lambda: 0.0), NAME)
        with pytest.raises(OSError, match="no UDP here"):
            await server.start(HERE, 0)

    run(story())


def test_ipv6_is_served_where_there_is_any() -> None:
    """The address with colons gets sockets of its own family."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6 loopback")

    async def story() -> None:
        server = NameServer(Zones.read([("recipient.test", ZONE)]), Logbook(clock=lambda: 0.0), NAME)
        port = await server.start("::1", 0)
        query = dns.message.make_query("recipient.test", "MX")
        assert len((await dns.asyncquery.udp(query, "::1", port=port, timeout=5)).answer[0]) == 1
        assert len((await dns.asyncquery.tcp(query, "::1", port=port, timeout=5)).answer[0]) == 1
        await server.close()

    run(story())
