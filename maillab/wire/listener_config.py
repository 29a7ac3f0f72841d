"""How one port is furnished: which protocol is spoken there, what is borne, where it is written down."""

import asyncio
import secrets
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillab.events import Leg
from maillab.logbook import Logbook
from maillab.protocols.services import protocol_of
from maillab.rules.live import Rules
from maillab.wire.disturb import Point, Values
from maillab.wire.gate import Gate
from maillab.wire.limits import Limits
from maillab.wire.tap import DoorEar
from maillab.wire.turns import Dialogue


@dataclass(slots=True)
class ListenerConfig:
    """What every connection at one port is given.

    `make` gives the dialogue of a new connection: (name of the talk, the client's IP address, is TLS on already).
    `starttls` is the certificate for a dialogue that asks for TLS later on. `leg_of` tells the leg by the client's
    socket address: the desk knows which of its machines is calling. `record` is the folder of the logbook's large
    bodies; `pause` waits for so many seconds. `rules` are those of the lab, which are asked about the domain `site`.
    """

    service: str
    hostname: str
    make: Callable[[str, str, bool], Dialogue]
    logbook: Logbook
    gate: Gate
    limits: Limits = field(default_factory=Limits)
    starttls: ssl.SSLContext | None = None
    record: Path | None = None
    rules: Rules = field(default_factory=Rules)
    site: str = ""
    leg_of: Callable[[tuple[Any, ...]], Leg] = lambda _address: Leg.RELAY
    reference: Callable[[], str] = lambda: secrets.token_hex(4)
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep

    def ear(self, address: tuple[Any, ...], *, secure: bool) -> DoorEar:
        """What hears a new talk with the client at this socket address."""
        leg = self.leg_of(address)
        return DoorEar(self.logbook, leg, self.service, self.hostname, secure=secure, record=self.record)

    def point(self, talk: str, values: Values = lambda _name: ()) -> Point:
        """Where the rules are asked about a talk."""
        protocol = protocol_of(self.service)
        return Point(self.rules, self.logbook, talk, protocol, self.service, self.site, values)
