"""The second line while a session plays: where in it we are, how fast, and its named moments."""

from collections.abc import Sequence

from maillab.tui.playback import Playback
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.views.units import clock


class Scrubber(Bar):
    """`show` it a playback. A click on the line of time goes there; `says` is a part of it in thousandths."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="scrubber")
        self._texts = texts
        self._playback: Playback | None = None

    def show(self, playback: Playback) -> None:
        """Another moment."""
        self._playback = playback
        self.changed()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """▶ 00:12.340 ├────●──·───┤ 01:05.002."""
        playback = self._playback
        if playback is None:
            return ()
        sign = "▶" if playback.playing else "‖"
        now, end = clock(playback.moment), clock(playback.length)
        parts = [BarPiece("accent", f" {sign} "), BarPiece("plain", f"{now} ")]
        room = max(10, cells - len(now) - len(end) - 8)
        return [*parts, *self._time(playback, room), BarPiece("dim", f" {end} ")]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """How far, and how fast."""
        playback = self._playback
        if playback is None or cells < 70:
            return ()
        return [BarPiece("dim", f" {playback.position}/{len(playback.recording.entries)} ×{playback.speed:g} ")]

    def _time(self, playback: Playback, cells: int) -> list[BarPiece]:
        """The line of time, cell by cell where something stands, in runs where nothing does."""
        length = playback.length or 1.0
        here = min(cells - 1, int(playback.moment / length * (cells - 1)))
        entries = playback.recording.entries
        begin = entries[0].at if entries else 0.0
        marks = {min(cells - 1, max(0, int((mark.at - begin) / length * (cells - 1)))) for mark in playback.marks}
        parts = []
        for cell in range(cells):
            says = str(round(1000 * cell / max(1, cells - 1)))
            if cell == here:
                parts.append(BarPiece("accent", "●", says))
            elif cell in marks:
                parts.append(BarPiece("key", "◆", says))
            else:
                parts.append(BarPiece("good" if cell < here else "dim", "━" if cell < here else "─", says))
        return parts
