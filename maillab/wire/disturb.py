"""The one point at which rules disturb what a server hears and says: it asks here, and what they decide is played here.

What a rule does is decided on paper (`maillab/rules/`); this file waits, cuts connections off, and writes.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn

from maillab.events import RulePlayed
from maillab.logbook import Logbook
from maillab.protocols.protocol import Protocol
from maillab.rules.language import written_effect
from maillab.rules.live import Rules
from maillab.rules.rule import Effect, Kind, Moment, Stage
from maillab.rules.shape import Step
from maillab.system import HERE

Pause = Callable[[float], Awaitable[None]]
Values = Callable[[str], Iterable[str]]


class Hung(Exception):  # noqa: N818 - named for what happened
    """A rule has ended the talk; carries why, for the logbook."""


@dataclass(slots=True)
class Point:
    """Where the server of one talk asks the rules; each that is played is told to the logbook.

    `site`: the domain whose server it is, or the name that is asked for. `values`: what is known of the talk, by the
    name of a condition.
    """

    rules: Rules
    logbook: Logbook
    talk: str
    protocol: Protocol
    service: str
    site: str
    values: Values = lambda _name: ()

    def ask(
        self, stage: Stage, verb: str = "", kinds: Collection[Kind] = frozenset(Kind), values: Values | None = None
    ) -> tuple[Effect, ...]:
        """What the rules do at this moment; `kinds`: only these effects of theirs; `values`: what is known now."""
        if not self.rules.concerns(stage):
            return ()
        moment = Moment(stage, self.protocol, self.service, self.site, verb, values or self.values)
        played = self.rules.ask(moment, kinds)
        for listed in played:
            self.logbook.append(RulePlayed(self.talk, listed.text, written_effect(listed.rule.effect)))
        return tuple(listed.rule.effect for listed in played)


async def act(
    effects: Iterable[Effect],
    pause: Pause,
    stall: Callable[[], Awaitable[NoReturn]],
    transport: asyncio.Transport | None = None,
) -> Effect | None:
    """Wait, hang up and stall as the effects say; gives the one that says what is answered, or that nothing is.

    Octets are left to a `Shape`. `stall` keeps the client waiting until the talk ends, and raises. `transport` is None
    where there is no connection. Raises `Hung`.
    """
    for effect in effects:
        match effect.kind:
            case Kind.DELAY:
                await pause(effect.amount / 1000)
            case Kind.DROP:
                raise Hung("dropped by a rule")
            case Kind.RESET:
                if transport is not None:
                    reset(transport)
                raise Hung("reset by a rule")
            case Kind.STALL:
                await stall()
            case Kind.ANSWER | Kind.SILENCE:
                return effect
            case _:
                pass
    return None


async def say(steps: Iterable[Step], write: Callable[[bytes], object], pause: Pause) -> None:
    """Say octets step by step."""
    for step in steps:
        if step.wait:
            await pause(step.wait)
        write(step.octets)


def reset(transport: asyncio.Transport) -> None:
    """Cut a TCP connection off: the client hears RST, and nothing that was still to be sent (RFC 9293 §3.5.2)."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        linger = struct.pack("ii" if HERE.is_posix else "hh", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
