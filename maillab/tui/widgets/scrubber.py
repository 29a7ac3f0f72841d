"""The line of a session that plays: does it, which it is, how far it is, and its named moments to click on."""

from collections.abc import Sequence

from maillab.tui.playing.playback import Playback
from maillab.tui.playing.replay_line import here, replay_line
from maillab.tui.playing.replay_words import name_of, state_of
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece
from maillab.views.safe import cells as width
from maillab.views.safe import clip, safe
from maillab.views.units import duration

ROOMY = 100  # cells, from which on its name stands there, too
SNUG = 70  # cells, from which on numbers are in words
NAME = 40  # cells of the name
MARK = 20  # cells of what a mark is called
LEAST_NAME = 8  # cells, below which it is left out
LINE = 24  # cells that the line keeps beside the name


class Scrubber(Bar):
    """`show` it a playback. A click on its line says how many events have happened there."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="scrubber")
        self._texts = texts
        self._playback: Playback | None = None

    def show(self, playback: Playback) -> None:
        """Another moment."""
        self._playback = playback
        self.changed()

    def left(self, cells: int) -> Sequence[BarPiece]:
        """‖ PAUSED  friday.maillab  ├──●1───●2──◆3──○4──┤."""
        playback = self._playback
        if playback is None:
            return ()
        state = f" {state_of(playback, self._texts)} "
        free = cells - width(state) - 2
        most = min(NAME, free - LINE - 2)
        name = f" {clip(safe(name_of(playback)), most)} " if self.size.width >= ROOMY and most >= LEAST_NAME else ""
        room = free - width(name)
        pieces = replay_line(playback.points, playback.position, len(playback.recording.entries), room)
        line = [BarPiece(style, text, str(position)) for style, text, position in pieces]
        return [BarPiece("accent", state), BarPiece("plain", f"{name} "), *line, BarPiece("plain", " ")]

    def right(self, cells: int) -> Sequence[BarPiece]:
        """Step 4 of 7 · line 59 of 126."""
        playback = self._playback
        if playback is None:
            return ()
        found, lines = playback.points, len(playback.recording.entries)
        step = point.number if (point := here(found, playback.position)) is not None else 0
        if cells < SNUG:
            return [BarPiece("dim", f" {f'{step}/{len(found)} · ' if step else ''}{playback.position}/{lines} ")]
        words = [self._texts(f"replay.point.{playback.kind_of_points}", step=step, steps=len(found))] if step else []
        words.append(self._texts("replay.line", line=playback.position, lines=lines))
        if cells >= ROOMY:
            words.append(duration(playback.moment))
        if point is not None and not playback.is_story and (name := playback.title(point)):
            # What a story says stands below. Last: terminals do not agree on the cells of what strangers write.
            words.append(f"◆ {clip(safe(name), MARK)}")
        return [BarPiece("dim", f" {' · '.join(words)} ")]
