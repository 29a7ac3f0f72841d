"""The second line: one message's way from its writer to its reader, each station with what happened there."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from maillab.tui.actions import bindings
from maillab.tui.looks import sink
from maillab.tui.machines.way import hops_seen, result, way, way_ahead
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.views.journey import Hop, Trip
from maillab.views.safe import safe

ROOMY = 100  # cells from which on a letter to jump by has room before it, and a blank behind it
FOR_TICKS = 6  # cells at most that ticks need in ASCII, where each is "ok"
OLDER, NEWER, RESULT = "older", "newer", "result"  # what a click asks for, beside stations


class HopStrip(Bar, can_focus=True):
    """`trip` is the message, `number` which of how many. A station can be chosen: `hop`, `None` for all of them.

    The wheel goes to an older message, or a newer one.
    """

    CONTEXTS: ClassVar[tuple[str, ...]] = ("hops",)
    FOCUS_ON_CLICK = False  # the pane that is lit stays lit
    passed_by = True  # by Tab: ^O goes there
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

    class ResultChosen(Message):
        """Why did this become of it?"""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="hopstrip")
        self._texts = texts
        self._trip: Trip | None = None
        self._number = (0, 0)
        self._now = 0.0
        self._report: Trip | None = None  # about the message, where it came back
        self._session = ""
        self._written = "", ""

    def show(
        self,
        trip: Trip | None,
        number: tuple[int, int],
        now: float = 0.0,
        report: Trip | None = None,
        *,
        of: str = "",
        written: tuple[str, str] = ("", ""),
    ) -> None:
        """Another message, or another state of it at this moment; `of` a session that plays, by its name.

        While there is none, the way ahead of what is `written`, from whom and to whom.
        """
        self._trip, self._number, self._now, self._report = trip, number, now, report
        self._session, self._written = of, written
        self.changed()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """alice ━▶ submission ✓ ━▶ MX mx1 ✗ refused, mx2 ✓ ━▶ relay ✓ 0.2 s ━▶ bob's mailbox ✓."""
        margin = "  " if self.size.width >= ROOMY else " "
        if self._trip is None and self._session:  # where there is room for it the line of the replay has its name
            said = self._texts("way.none") if self.size.width >= ROOMY else safe(self._session)
            return [BarPiece("dim", margin + said)]
        room = cells - len(margin) - FOR_TICKS * self.app.has_class("-ascii")
        if self._trip is None:
            pieces = way_ahead(*self._written, self._texts, room)
        else:
            pieces = way(self._trip, self._texts, self._now, room, self.hop, self._report)
        return [BarPiece("plain", margin), *(BarPiece(piece.style, piece.text, piece.hop or "") for piece in pieces)]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """What became of it, the name of the message, and which of how many it is, where there is room for that."""
        number, count = self._number
        name = self._trip.message if self._trip is not None else ""
        if not count:
            return []
        became = result(self._trip, self._texts) if self._trip is not None else None
        gap = "  " if cells > 90 else " "
        badge = [BarPiece("plain", gap), BarPiece(became[0], f" {became[1]} ", RESULT)] if became is not None else []
        called = [BarPiece(*sink.piece("bold", f"{gap}{name}"), OLDER)] if name else []
        is_numbered = count > 1 and (cells > 70 or not name)
        which = [
            *_step("◀", OLDER, number > 1),
            BarPiece("dim", f"{number}/{count}"),
            *_step("▶", NEWER, number < count),
        ]
        return [*badge, *called, *(which if is_numbered else ()), BarPiece("plain", " ")]

    def watch_hop(self, hop: Hop | None) -> None:
        self.changed()
        self.post_message(self.Chosen(hop))

    def press(self, says: str) -> None:
        """Something was clicked; a second click lets a station go."""
        if says == RESULT:
            self.post_message(self.ResultChosen())
        elif says in (OLDER, NEWER):
            self.action_step_message(-1 if says == OLDER else 1)
        else:
            hop = Hop(says)
            self.hop = None if hop is self.hop else hop

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_step_message(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_step_message(1)

    def action_step(self, by: int) -> None:
        """The next station, or the one before; beyond the ends, none."""
        hops = hops_seen(self._trip) if self._trip is not None else ()
        place = hops.index(self.hop) + by if self.hop in hops else (0 if by > 0 else len(hops) - 1)
        self.hop = hops[place] if 0 <= place < len(hops) else None

    def action_all(self) -> None:
        """No station: all of them."""
        self.hop = None

    def action_step_message(self, step: int) -> None:
        self.post_message(self.Stepped(step))


def _step(arrow: str, says: str, is_there: bool) -> Iterator[BarPiece]:
    """An arrow to another message, or as many blanks."""
    yield BarPiece("key", f" {arrow} ", says) if is_there else BarPiece("plain", "   ")
