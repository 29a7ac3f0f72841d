"""Every effect at every stage of every protocol, over real sockets: it is played, or it is no rule.

A scene is one server and one client that asks one thing; what must be heard depends on the effect alone.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from functools import cache

import pytest

from maillab.events import Closed, Event, Leg, RulePlayed
from maillab.logbook import Logbook
from maillab.nameserver.master import read_zone
from maillab.nameserver.server import NameServer
from maillab.nameserver.zone import Zones
from maillab.protocols.dns import DNS
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import Protocol
from maillab.protocols.smtp import SMTP
from maillab.recipient.pop3 import Pop3
from maillab.rules.language import RuleError, parse, written_effect
from maillab.rules.language import written as printed
from maillab.rules.live import Rules
from maillab.rules.possible import stages, why_not
from maillab.rules.rule import Effect, Kind, Rule, Stage
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.listener import Listener
from maillab.wire.listener_config import ListenerConfig
from tests.nameserver.wires import ask
from tests.recipient.shelf import Shelf, config
from tests.support import run, wait_for
from tests.wire.scripted import server_context
from tests.wire.talking import door

PROTOCOLS = (SMTP, POP3, DNS)
EFFECTS = {
    Kind.ANSWER: "",  # by protocol
    Kind.DROP: "drop",
    Kind.RESET: "reset",
    Kind.STALL: "stall",
    Kind.SILENCE: "silence",
    Kind.DELAY: "delay 3s",
    Kind.THROTTLE: "throttle 10/s",
    Kind.FRAGMENT: "fragment 2",
    Kind.COALESCE: "coalesce 200ms",
    Kind.GARBLE: "garble 100%",
    Kind.TRUNCATE: "truncate 9",
    Kind.REPLACE: 'replace "421 xyz"',
}
ANSWERS = {SMTP: "answer 451", POP3: "answer -ERR", DNS: "answer SERVFAIL"}
WHERE = {
    (SMTP, Stage.COMMAND): "noop",
    (POP3, Stage.COMMAND): "utf8",
    (SMTP, Stage.ANSWER): "answer to noop",
    (POP3, Stage.ANSWER): "answer to utf8",
    (DNS, Stage.ANSWER): "answer to mx",
    (DNS, Stage.QUERY): "query mx",
}
QUERY = ask("recipient.test", "MX", ident=7)


@cache
def certificate():
    """One for all: nobody looks at it."""
    return server_context("mx.local.test")


class Scene:
    """A server with one rule, and a client of it. `pauses` are those that the rule asks for."""

    def __init__(self, rule: str) -> None:
        self.rules = Rules(random.Random(1), [parse(rule)])
        self.pauses: list[float] = []
        self.book = Logbook(clock=lambda: 0.0)
        self.stored = 0

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    @contextlib.asynccontextmanager
    async def connected(
        self, port: int, *, greeted: bool = True
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            if greeted:
                await reader.readline()
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def events(self) -> list[Event]:
        return [entry.event for entry in self.book.since(0)]


@contextlib.asynccontextmanager
async def serving(scene: Scene, protocol: Protocol, tmp_path, idle: float) -> AsyncIterator[int]:
    """The server of the scene; gives its port."""
    if protocol is SMTP:
        async with door(tmp_path, rules=scene.rules, pause=scene.pause, tls=certificate()) as (port, clerk, book, _):
            scene.book = book
            yield port
            scene.stored = len(clerk.messages)
    elif protocol is POP3:
        desk = config(Shelf(), greeting="+OK ready", tls=True)
        listening = ListenerConfig(
            "pop3",
            "mail.recipient.test",
            lambda talk, peer, secure: Pop3(desk, talk, secure=secure),
            scene.book,
            Gate(Limits(), lambda: 0.0),
            leg_of=lambda address: Leg.RETRIEVE,
            pause=scene.pause,
            rules=scene.rules,
            site="recipient.test",
            starttls=certificate(),
        )
        server = Listener(listening)
        yield await server.start("127.0.0.1", 0)
        await server.close()
    else:
        zone = read_zone(
            "recipient.test", "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\n@ MX 10 mx\nmx A 127.0.0.1\n"
        )
        names = NameServer(Zones([zone]), scene.book, "ns.test", rules=scene.rules, pause=scene.pause, idle=idle)
        yield await names.start()
        await names.close()


async def heard(scene: Scene, protocol: Protocol, stage: Stage, kind: Kind, port: int) -> bytes | None:
    """What the client hears of the answer in question; `None` for a connection that is reset."""
    greeted = stage is not Stage.ACCEPT and protocol is not DNS
    async with scene.connected(port, greeted=greeted) as (reader, writer):
        try:
            for line in before(protocol, stage):
                writer.write(line)
                await reader.readline()
            writer.write(asked(protocol, stage))
            if stage is Stage.TLS:
                await reader.readline()  # begin TLS
            return await answer(scene, protocol, stage, kind, reader, writer)
        except ConnectionResetError:
            return None


def before(protocol: Protocol, stage: Stage) -> list[bytes]:
    """What is said, each with an answer, before the moment in question."""
    if stage is not Stage.CONTENT:
        return []
    return [b"HELO x\r\n", b"MAIL FROM:<a@a.test>\r\n", b"RCPT TO:<b@local.test>\r\n", b"DATA\r\n"]


def asked(protocol: Protocol, stage: Stage) -> bytes:
    """What is said at the moment in question."""
    if protocol is DNS:
        return len(QUERY).to_bytes(2, "big") + QUERY
    match stage:
        case Stage.ACCEPT:
            return b""
        case Stage.TLS:
            return b"STARTTLS\r\n" if protocol is SMTP else b"STLS\r\n"
        case Stage.CONTENT:
            return b"hello\r\n.\r\n"
        case _:
            return b"NOOP\r\n" if protocol is SMTP else b"UTF8\r\n"


async def answer(scene: Scene, protocol: Protocol, stage: Stage, kind: Kind, reader, writer) -> bytes:
    """Read as far as it goes."""
    if stage is Stage.TLS and kind is Kind.DELAY:
        await wait_for(scene.book, lambda event: isinstance(event, RulePlayed))
        return b""
    if kind is Kind.STALL and protocol is not DNS:  # the server of DNS is given little time
        await wait_for(scene.book, lambda event: isinstance(event, RulePlayed))
        writer.write_eof()
    if kind is Kind.SILENCE:
        await wait_for(scene.book, lambda event: isinstance(event, RulePlayed))
        if protocol is DNS:
            return b""
        writer.write(b"QUIT\r\n")
    if kind in (Kind.STALL, Kind.SILENCE, Kind.DROP, Kind.RESET, Kind.TRUNCATE):
        return await reader.read()
    if protocol is DNS:
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
    return await reader.readline()


CELLS = [(protocol, stage, kind) for protocol in PROTOCOLS for stage in Stage for kind in Kind]


def written(protocol: Protocol, stage: Stage, kind: Kind) -> str:
    """The rule of a cell."""
    service = protocol.name
    where = WHERE.get((protocol, stage), stage.value)
    return f"at {service} {where} {ANSWERS[protocol] if kind is Kind.ANSWER else EFFECTS[kind]}"


def is_possible(protocol: Protocol, stage: Stage, kind: Kind) -> bool:
    """Is there such a rule?"""
    code = ANSWERS[protocol].split()[1] if kind is Kind.ANSWER else ""
    return stage in stages(protocol) and not why_not(Rule(stage, Effect(kind, code=code)), protocol)


def called(cell: tuple[Protocol, Stage, Kind]) -> str:
    """The name of a cell."""
    protocol, stage, kind = cell
    return f"{protocol.name}-{stage}-{kind}"


@pytest.mark.parametrize("cell", [cell for cell in CELLS if not is_possible(*cell)], ids=called)
def test_what_is_not_possible_is_no_rule(cell: tuple[Protocol, Stage, Kind]) -> None:
    """It is refused when it is written, with a sentence why."""
    with pytest.raises(RuleError):
        parse(written(*cell))


@pytest.mark.parametrize("cell", [cell for cell in CELLS if is_possible(*cell)], ids=called)
def test_an_effect_is_played(tmp_path, cell: tuple[Protocol, Stage, Kind]) -> None:
    """The client hears what the rule says; the logbook names rule and effect; nothing is answered 250 and not stored."""
    protocol, stage, kind = cell
    rule = written(protocol, stage, kind)
    scene = Scene(rule)

    async def story() -> tuple[bytes | None, bytes]:
        async with serving(scene, protocol, tmp_path, 0.05 if kind is Kind.STALL else 10.0) as port:
            said = await heard(scene, protocol, stage, kind, port)
            if kind is not Kind.STALL or protocol is not DNS:
                await wait_for(scene.book, lambda event: isinstance(event, RulePlayed))
            for listed in scene.rules.listed:
                scene.rules.switch(listed.number, on=False)
            return said, await undisturbed(protocol, stage, scene, port)

    said, usual = run(story())
    events = scene.events()
    [played] = [event for event in events if isinstance(event, RulePlayed)]
    assert (played.rule, played.effect) == (printed(parse(rule)), written_effect(parse(rule).effect))
    check(protocol, stage, kind, said, usual, scene)


async def undisturbed(protocol: Protocol, stage: Stage, scene: Scene, port: int) -> bytes:
    """What is heard without the rule; of TLS nothing."""
    if stage is Stage.TLS:
        return b""
    pauses, scene.pauses = scene.pauses, []
    said = await heard(scene, protocol, stage, Kind.DELAY, port)
    assert said is not None
    assert scene.pauses == []
    scene.pauses = pauses
    return said


def check(protocol: Protocol, stage: Stage, kind: Kind, said: bytes | None, usual: bytes, scene: Scene) -> None:
    """Is this what the effect promises?"""
    kept, framed = (2, 2) if protocol is DNS else (4, 0)
    stored = {Kind.DELAY, Kind.THROTTLE} if stage is Stage.CONTENT else set()
    assert scene.stored == (0 if stage is not Stage.CONTENT else 1 + (kind in stored))  # the second is undisturbed
    if stage is Stage.CONTENT and kind is Kind.TRUNCATE:
        assert said == b""
        return
    match kind:
        case Kind.ANSWER:
            code = ANSWERS[protocol].split()[1]
            assert said is not None
            assert said[3] & 15 == 2 if protocol is DNS else said.startswith(code.encode() + b" ")
        case Kind.DROP | Kind.STALL | Kind.SILENCE:
            unread = (
                protocol is DNS and stage is Stage.ACCEPT
            )  # the kernel resets a connection whose query nobody reads
            assert said in (b"", *([None] if unread else []))
        case Kind.RESET:
            assert said is None
        case Kind.DELAY:
            assert said == usual
            assert scene.pauses == [3.0]
        case Kind.THROTTLE:
            assert said == usual
            octets = len(b"hello\r\n.\r\n") if stage is Stage.CONTENT else framed + len(usual)
            assert sum(scene.pauses) == pytest.approx(octets / 10)
        case Kind.FRAGMENT:
            assert said == usual
            assert len(scene.pauses) == (framed + len(usual) + 1) // 2 - 1
        case Kind.COALESCE:
            assert said == usual
            assert scene.pauses == [0.2]
        case Kind.GARBLE:
            assert said is not None
            assert (len(said), said[:kept]) == (len(usual), usual[:kept])
            assert said != usual
        case Kind.TRUNCATE:
            assert said is not None
            assert said[framed:] == usual[: 9 - framed]
        case Kind.REPLACE:
            assert said == (b"421 xyz" if protocol is DNS else b"421 xyz\r\n")


@pytest.mark.parametrize(
    "text", ["drop", "silence", "answer SERVFAIL", "delay 3s", "truncate 20", "garble", "throttle 10/s"]
)
@pytest.mark.parametrize("stage", ["query mx", "answer to mx"])
def test_a_datagram_is_disturbed_as_a_whole(stage: str, text: str) -> None:
    """Of what UDP cannot do, as much is done as it can."""
    scene = Scene(f"at dns {stage} over:udp {text}")

    async def story() -> list[bytes]:
        zone = read_zone(
            "recipient.test", "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\n@ MX 10 mx\nmx A 127.0.0.1\n"
        )
        names = NameServer(Zones([zone]), scene.book, "ns.test", rules=scene.rules, pause=scene.pause)
        await names.start()
        replies: list[bytes] = []
        names.hear_datagram(QUERY, "127.0.0.1", replies.append)
        await wait_for(scene.book, lambda event: isinstance(event, Closed))
        await names.close()
        return replies

    replies = run(story())
    kind = Kind(text.split()[0])
    assert len(replies) == (0 if kind in (Kind.DROP, Kind.SILENCE) else 1)
    if replies:
        assert replies[0][:2] == QUERY[:2]
    assert (len(replies[0]) == 20) is True if kind is Kind.TRUNCATE else True
    assert bool(scene.pauses and sum(scene.pauses)) is (kind in (Kind.DELAY, Kind.THROTTLE))
