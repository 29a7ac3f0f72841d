"""The point at which rules are asked, and what is played there."""

import asyncio
import socket
from typing import NoReturn

import pytest

from maillab.events import RulePlayed
from maillab.logbook import Logbook
from maillab.protocols.smtp import SMTP
from maillab.rules.language import parse
from maillab.rules.live import Rules
from maillab.rules.rule import Effect, Kind, Stage
from maillab.rules.shape import Step
from maillab.wire.disturb import Hung, Point, act, reset, say
from tests.support import run


class Pauses:
    """Waits for nothing, and remembers for how long."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


async def read_on(client: socket.socket) -> None:
    """Until the other side has said all."""
    while await asyncio.get_running_loop().sock_recv(client, 100):
        pass


async def stall() -> NoReturn:
    raise Hung("stalled")


def test_each_rule_that_is_played_is_told() -> None:
    """Rule and effect stand in the logbook, before anything happens."""
    book = Logbook(clock=lambda: 0.0)
    rules = Rules(rules=map(parse, ["at rcpt to:bob* delay 2s", "at rcpt garble", "at data drop"]))
    known = {"to": "bob@b.test"}
    point = Point(rules, book, "relay-1", SMTP, "smtp", "b.test", lambda name: (known.get(name, ""),))
    assert [effect.kind for effect in point.ask(Stage.COMMAND, "RCPT")] == [Kind.DELAY, Kind.GARBLE]
    assert point.ask(Stage.COMMAND, "RCPT", {Kind.GARBLE}) == (Effect(Kind.GARBLE, 10),)
    assert point.ask(Stage.COMMAND, "MAIL") == point.ask(Stage.ANSWER, "RCPT") == ()
    assert [entry.event for entry in book.since(0)] == [
        RulePlayed("relay-1", "at rcpt to:bob* delay 2s", "delay 2s"),
        RulePlayed("relay-1", "at rcpt garble 10%", "garble 10%"),
        RulePlayed("relay-1", "at rcpt garble 10%", "garble 10%"),
    ]


@pytest.mark.parametrize(
    ("kinds", "ends"),
    [
        ([], None),
        ([Kind.GARBLE, Kind.REPLACE], None),
        ([Kind.DELAY, Kind.ANSWER], Kind.ANSWER),
        ([Kind.SILENCE], Kind.SILENCE),
        ([Kind.DROP], "dropped by a rule"),
        ([Kind.RESET], "reset by a rule"),
        ([Kind.STALL], "stalled"),
    ],
)
def test_effects_are_played_in_their_order(kinds: list[Kind], ends: Kind | str | None) -> None:
    """Delays are waited for; what hangs up raises; an answer or a silence is given back."""
    pauses = Pauses()

    async def story() -> Kind | str | None:
        try:
            effect = await act([Effect(kind, 1500) for kind in kinds], pauses, stall)
        except Hung as hung:
            return str(hung)
        return effect.kind if effect is not None else None

    assert run(story()) == ends
    assert pauses.waited == [1.5] * (Kind.DELAY in kinds)


def test_octets_are_said_step_by_step() -> None:
    """A pause before each that has one."""
    pauses, written = Pauses(), []
    run(say([Step(0.0, b"a"), Step(0.5, b"b")], written.append, pauses))
    assert (written, pauses.waited) == ([b"a", b"b"], [0.5])


def test_a_reset_is_one() -> None:
    """The client does not hear an end in good order, but that the connection was reset; what was to be sent is gone."""

    async def story() -> None:
        def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hello\r\n")
            transport = writer.transport
            assert isinstance(transport, asyncio.Transport)
            reset(transport)

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            with socket.create_connection(server.sockets[0].getsockname()) as client:
                client.setblocking(False)
                with pytest.raises(ConnectionResetError):
                    await read_on(client)

    run(story())
