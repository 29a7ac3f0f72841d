"""The second line: one letter's way from its writer to its reader, each station with its state."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from maillab.tui import actions, sink
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, Part
from maillab.views.journey import Hop, State, Trip

HOPS = tuple(Hop)
SIGNS = {
    State.AHEAD: ("dim", "·"), State.NOW: ("accent", "●"), State.DONE: ("good", "✓"), State.WAITING: ("warn", "…"),
    State.FAILED: ("bad", "✗"), State.SKIPPED: ("dim", "–"),
}  # fmt: skip


class HopStrip(Bar, can_focus=True):
    """`trip` is the letter, `number` which of how many. A station can be chosen: `hop`, `None` for all of them."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("hops",)
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("hops")

    hop: reactive[Hop | None] = reactive(None, repaint=False)

    class Chosen(Message):
        """A station was chosen, or (None) none."""

        def __init__(self, hop: Hop | None) -> None:
            super().__init__()
            self.hop = hop

    class Stepped(Message):
        """An older (-1) or a newer (1) letter is wanted."""

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
        """Another letter, or another state of it; of a session that plays, if it was `recorded`."""
        self._trip, self._number = trip, number
        self._nothing = "hops.recorded" if recorded else "hops.none"
        self.changed()

    def left(self, cells: int) -> Sequence[Part]:
        """alice ━▶ submit ✓ ━▶ dns ● ─▷ ... ─▷ bob."""
        trip = self._trip
        if trip is None:
            return [Part("dim", f" {self._texts(self._nothing)}")]
        roomy = cells >= 96
        parts = [Part("bold", f" {_short(trip.sender, roomy) or '<>'} ")]
        for hop in HOPS:
            state = trip.hops[hop]
            style, sign = SIGNS[state]
            reached = state not in (State.AHEAD, State.SKIPPED)
            arrow = ("━━▶" if roomy else "━▶") if reached else ("──▷" if roomy else "─▷")
            name = self._texts(f"hop.{hop}" if roomy else f"hop.{hop}.short")
            chosen = "on" if hop is self.hop else "plain" if reached else "dim"
            parts += [
                Part(style if reached else "dim", arrow),
                Part(chosen, f" {name} ", hop),
                Part(style, f"{sign} ", hop),
            ]
        read = any(trip.boxes.values())
        parts += [Part("good" if read else "dim", "━▶ " if read else "─▷ ")]
        whom = ", ".join(_short(one, roomy) for one in trip.recipients[:2]) or "?"
        more = f" +{len(trip.recipients) - 2}" if len(trip.recipients) > 2 else ""
        return [*parts, Part("bold", whom + more)]

    def right(self, cells: int) -> Sequence[Part]:
        """Which letter of how many."""
        number, count = self._number
        return [Part("dim", f" {number}/{count} ")] if count else []

    def watch_hop(self, hop: Hop | None) -> None:
        """Tell it."""
        self.changed()
        self.post_message(self.Chosen(hop))

    def on_focus(self) -> None:
        """Where it stands is seen better."""
        self.refresh()

    def on_blur(self) -> None:
        """And now less."""
        self.refresh()

    def press(self, says: str) -> None:
        """A station was clicked; a second click lets it go."""
        hop = Hop(says)
        self.hop = None if hop is self.hop else hop

    def action_left(self) -> None:
        """The station before; before the first, none."""
        self._step(-1)

    def action_right(self) -> None:
        """The station after."""
        self._step(1)

    def _step(self, by: int) -> None:
        place = HOPS.index(self.hop) + by if self.hop is not None else (0 if by > 0 else len(HOPS) - 1)
        self.hop = HOPS[place] if 0 <= place < len(HOPS) else None

    def action_all(self) -> None:
        """No station: all of them."""
        self.hop = None

    def action_older(self) -> None:
        """The letter before."""
        self.post_message(self.Stepped(-1))

    def action_newer(self) -> None:
        """The letter after."""
        self.post_message(self.Stepped(1))


def _short(address: str, roomy: bool) -> str:
    """The name before the @; what is long is cut."""
    name = sink.piece("", address.partition("@")[0] or address)[1]
    most = 14 if roomy else 8
    return name if len(name) <= most else name[: most - 1] + "…"
