"""What the desk hands to every machine: the logbook, the time, folders, names that nobody has, the way to a host."""

import itertools
import os
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillab.endpoints import HOST
from maillab.events import Leg
from maillab.lab.callers import Callers
from maillab.logbook import Logbook
from maillab.recipient.maildir import base_name
from maillab.rules.live import Rules
from maillab.sender.route import RouteStop
from maillab.wire.clock import Clock
from maillab.wire.tls import Authority


@dataclass(slots=True)
class LabContext:
    """`auto_ports`: take whatever port is free. `ports_by_host`: host name to the port that stands for its port 25."""

    folder: Path
    clock: Clock
    logbook: Logbook
    authority: Authority
    dice: random.Random
    auto_ports: bool
    rules: Rules = field(default_factory=Rules)
    ports_by_host: dict[str, int] = field(default_factory=dict)
    calling: Callers = field(default_factory=Callers)  # our own sending machines
    received: Iterator[int] = field(default_factory=lambda: itertools.count(1))  # numbers of messages that come in
    _chance: str = field(default_factory=lambda: secrets.token_hex(4))  # no other run of a lab has it
    _filed: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_word(self) -> str:
        """A new word that nobody can guess."""
        return secrets.token_hex(8)

    def new_ident(self) -> str:
        """The next name that a receiving machine gives to a message: R1, R2..."""
        return f"R{next(self.received)}"

    def new_file_name(self) -> str:
        """The base name of the next file in a Maildir."""
        return base_name(self.clock.now(), os.getpid(), next(self._filed), self._chance)

    def address_of(self, stop: RouteStop) -> tuple[str, int]:
        """MX has no port: the lab's stand-in for "port 25 of that host". Raises `LookupError`."""
        try:
            return HOST, self.ports_by_host[stop.host.rstrip(".").lower()]
        except KeyError:
            raise LookupError(f"no machine of the lab is called {stop.host}") from None

    def leg_of(self, usual: Leg, address: tuple[Any, ...]) -> Leg:
        """A talk is a relay when one of our own sending machines is calling."""
        return Leg.RELAY if self.calling.take(address) else usual
