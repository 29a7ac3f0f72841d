"""What a lab and the process of one of its sites say to each other.

The lab orders, and the process answers each order, in turn; only `NewsWaits` is said unasked.
"""

from dataclasses import dataclass
from pathlib import Path

from maillab.config import Config
from maillab.endpoints import Endpoint
from maillab.events import Event

Noted = tuple[float, Event]  # when something happened, in seconds since 1970, and what

# ── orders ──


@dataclass(frozen=True, slots=True)
class OpenDoors:
    """Open the doors of the site at place `index`; answered by `Doors` or `CannotOpen`. `offset` is the lab's time less
    that of the computer's steady clock, which is one for all processes. `callers` is the descriptor of the file in
    which all of them mark from where they call.
    """

    config: Config
    index: int
    folder: Path
    offset: float
    auto_ports: bool
    callers: int


@dataclass(frozen=True, slots=True)
class SendMail:
    """Begin to send; answered by `Obeyed`. `hosts`: the port that stands for port 25 of a host."""

    names_port: int
    hosts: dict[str, int]


@dataclass(frozen=True, slots=True)
class TellNews:
    """Tell what was written down since the last time; answered by `SiteNews`."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Begin nothing new to send; answered by `Obeyed`."""


@dataclass(frozen=True, slots=True)
class CloseDoors:
    """Close everything; answered by `Obeyed`. Afterwards news are told until the lab hangs up."""


Order = OpenDoors | SendMail | TellNews | Rest | CloseDoors

# ── answers ──


@dataclass(frozen=True, slots=True)
class Doors:
    """They are open. `guests`: who has a mailbox without being in the configuration."""

    endpoints: tuple[Endpoint, ...]
    guests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CannotOpen:
    """They are not, and the process ends: `number` and `text` are those of the error; `service` and `port` where it was
    at a port, else "".
    """

    number: int
    text: str
    service: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class SiteNews:
    """All that happened up to the moment `until` and was not told before; `lost`: so much was forgotten before it could
    be told.
    """

    noted: list[Noted]
    until: float
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Obeyed:
    """It is done."""


SiteAnswer = Doors | CannotOpen | SiteNews | Obeyed


@dataclass(frozen=True, slots=True)
class NewsWaits:
    """There is something to tell."""
