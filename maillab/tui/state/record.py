"""The record of the living lab: there is none, one begins or ends, or one grows; and which were saved in this run.

Rules for this file: no Textual. A record is written by the host; here it is known.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from maillab.events import Entry
from maillab.views.units import since


class NoRecord(Struct, frozen=True):
    """Nothing is recorded."""


class TurningRecord(Struct, frozen=True):
    """A record begins, or ends."""


class OnRecord(Struct, frozen=True):
    """Everything is written into this file: the first of it happened at `since`, in the lab's time. `ours`: nobody gave
    it its name.
    """

    path: Path
    since: float
    ours: bool = False

    def of(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of the lab's entries that are in it."""
        return entries[bisect_left(entries, self.since, key=lambda entry: entry.at) :]

    def length(self, now: float) -> str:
        """How much of the lab's time is in it, as it will be said of the session.

        >>> OnRecord(Path("a.maillab"), 100.0).length(225.5), OnRecord(Path("a.maillab"), 0.0).length(432399)
        ('02:05', '5d 00:06:39')
        """
        seconds = max(0, int(now - self.since))
        return f"{seconds // 60:02}:{seconds % 60:02}" if seconds < 3600 else since(seconds)


@dataclass(slots=True)
class RecordKeeping:
    """`state` is how it stands; `saved` are the files that this run has finished, the last one last."""

    state: NoRecord | TurningRecord | OnRecord = field(default_factory=NoRecord)
    saved: list[Path] = field(default_factory=list)
    rescued: list[Path] = field(default_factory=list)  # what is named when the window has closed
    begun_once: bool = False  # the one that was asked for at the start was begun
    version: int = 0  # grows when files have come, gone or got another name

    def finished(self, path: Path) -> None:
        """A file is whole."""
        self.saved.append(path)
        self.version += 1

    @property
    def is_nothing_kept(self) -> bool:
        """Is no record made, and was none in this run?"""
        return isinstance(self.state, NoRecord) and not self.kept

    def renamed(self, path: Path, name: Path) -> None:
        """A file has another name."""
        self.saved = [name if saved == path else saved for saved in self.saved]

    def changed(self) -> None:
        """Files were renamed, or thrown away."""
        self.version += 1

    @property
    def kept(self) -> list[Path]:
        """Those of this run that are still there."""
        return [path for path in self.saved if path.exists()]
