"""The second line: one message's way from its writer to its reader, each station with its state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from maillab.tui import sink
from maillab.tui.actions import bindings
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.views.journey import Hop, HopState, Trip

HOPS = tuple(Hop)
SIGNS = {
    HopState.AHEAD: ("dim", "·"),
    HopState.NOW: ("accent", "●"),
    HopState.DONE: ("good", "✓"),
    HopState.WAITING: ("warn", "…"),
    HopState.FAILED: ("bad", "✗"),
    HopState.SKIPPED: ("dim", "–"),
}


@dataclass(frozen=True, slots=True)
class Density:
    """How a way is drawn: its arrows, the room around a name, which names, and how long people's may be."""

    arrow: str
    faint: str
    gap: str
    names: str
    name: int
    readers: int


DENSITIES = (
    Density("━━▶", "──▷", " ", "", 14, 2),
    Density("━▶", "─▷", " ", ".short", 10, 2),
    Density("▶", "▷", "", ".short", 7, 1),
)


class HopStrip(Bar, can_focus=True):
    """`trip` is the message, `number` which of how many. A station can be chosen: `hop`, `None` for all of them."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("hops",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("hops")

    hop: reactive[Hop | None] = reactive(None, repaint=False)

    class Chosen(Message):
        """A station was chosen, or (None) none."""

        def __init__(self, hop: Hop | None) -> None:
            super().__init__()
            self.hop = hop

    class Stepped(Message):
        """An older (-1) or a newer (1) message is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="hopstrip")
        self._texts = texts
        self._trip: Trip | None = None
        self._number = (0, 0)
        self._nothing = "hops.none"

    def show(self, trip: Trip | None, number: tuple[int, int], *, recorded: bool = False) -> None:
        """Another message, or another state of it; of a session that plays, if it was `recorded`."""
        self._trip, self._number = trip, number
        self._nothing = "hops.recorded" if recorded else "hops.none"
        self.changed()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """alice ━▶ submit ✓ ━▶ dns ● ─▷ ... ─▷ bob."""
        trip = self._trip
        if trip is None:
            return [BarPiece("dim", f" {self._texts(self._nothing)}")]
        parts: list[BarPiece] = []
        for density in DENSITIES:
            parts = list(self._way(trip, density))
            if sum(cell_len(part.text) for part in parts) <= cells:
                break
        return parts

    def _way(self, trip: Trip, density: Density) -> Iterator[BarPiece]:
        gap = density.gap
        yield BarPiece("bold", f" {_short(trip.sender, density.name) or '<>'} ")
        for hop in HOPS:
            state = trip.hops[hop]
            style, sign = SIGNS[state]
            reached = state not in (HopState.AHEAD, HopState.SKIPPED)
            name = self._texts(f"hop.{hop}{density.names}")
            yield BarPiece(style if reached else "dim", density.arrow if reached else density.faint)
            yield BarPiece("on" if hop is self.hop else "plain" if reached else "dim", f"{gap}{name}{gap}", hop)
            yield BarPiece(style, f"{sign} ", hop)
        read = any(trip.boxes.values())
        yield BarPiece("good" if read else "dim", f"{density.arrow} " if read else f"{density.faint} ")
        shown = trip.recipients[: density.readers]
        whom = ", ".join(_short(address, density.name) for address in shown) or "?"
        more = f" +{len(trip.recipients) - len(shown)}" if len(trip.recipients) > len(shown) else ""
        yield BarPiece("bold", whom + more)

    def right(self, cells: int) -> Sequence[BarPiece]:
        """Which message of how many."""
        number, count = self._number
        return [BarPiece("dim", f" {number}/{count} ")] if count else []

    def watch_hop(self, hop: Hop | None) -> None:
        self.changed()
        self.post_message(self.Chosen(hop))

    def press(self, says: str) -> None:
        """A station was clicked; a second click lets it go."""
        hop = Hop(says)
        self.hop = None if hop is self.hop else hop

    def action_step(self, by: int) -> None:
        """The next station, or the one before; beyond the ends, none."""
        place = HOPS.index(self.hop) + by if self.hop is not None else (0 if by > 0 else len(HOPS) - 1)
        self.hop = HOPS[place] if 0 <= place < len(HOPS) else None

    def action_all(self) -> None:
        """No station: all of them."""
        self.hop = None

    def action_step_message(self, step: int) -> None:
        self.post_message(self.Stepped(step))


def _short(address: str, most: int) -> str:
    """The name before the @; what is longer than so many cells is cut."""
    name = sink.piece("", address.partition("@")[0] or address)[1]
    return name if cell_len(name) <= most else sink.fit(name, most)
