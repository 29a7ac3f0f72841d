"""What is said in JSON to the routes under /maillab/v1/. Quiet."""

from msgspec import Struct


class TurnedClock(Struct, frozen=True):
    """How far the clock is turned: 10s, 5min, 5d."""

    advance: str


class WrittenRule(Struct, frozen=True):
    """A rule as it is written, and whether it is switched on; `None` leaves that as it is."""

    rule: str | None = None
    on: bool | None = None
