"""What is shown: the living lab, or a session that plays.

Rules for this file: no Textual. Who wants to know matches on the union; there is no flag beside it.
"""

from pathlib import Path

from msgspec import Struct

from maillab.tui.playing.playback import Playback
from maillab.tui.reading.model import Model

TAKEN = 20_000  # entries that are taken into the model at once when somebody moves far


class Live(Struct, frozen=True):
    """The lab that runs, or will."""

    model: Model


class Replay(Struct, frozen=True):
    """A session: `path` is its file, `None` for a story that was told just now."""

    model: Model
    playback: Playback
    path: Path | None = None

    def follow(self, now: float) -> bool:
        """Let time pass, and take into the model what has happened; is there more to take?"""
        playback, model = self.playback, self.model
        playback.pass_time(now)
        entries, have = playback.recording.entries, len(model.entries)
        if playback.position < have:
            model.reset()
            have = 0
        stop = min(playback.position, have + TAKEN)
        if stop > have:
            model.take(entries[have:stop])
        return stop < playback.position


Shown = Live | Replay
