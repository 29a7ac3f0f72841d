"""A saved session that plays: which of its entries have happened, at this moment of it.

Rules for this file: no Textual, no clock; time passes when somebody says so. Entries may still be coming in from the
file while the first of them play.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from maillab.events import Entry, Packet, Said, Side, Spoken
from maillab.recording.session import Header, Mark, Note, Told
from maillab.tui.playing.replay_line import ReplayPoint, points
from maillab.views.units import seconds_of

Pace = Literal["recorded", "reading"]
State = Literal["paused", "playing", "end"]

IDLE = 2.0  # seconds; longer pauses are passed over in so many
READING = 17.0  # characters a second, of what a narrator says
LINE = 0.25  # seconds for a line of a story
QUICK = 0.02  # seconds for one that is folded into another: nobody sees it come
SLOWER = 0.2  # seconds more for each, while somebody still reads what the narrator says
_STEP = re.compile(r"(?i)(?:step|bước) *([0-9]{1,4})\Z")
_NUMBER = re.compile(r"\A\w+ \d+\. ")  # "Step 1. "
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)


@dataclass(slots=True)
class Recording:
    """What was read of a session so far; `whole` when there is no more of it, `trouble` why something is missing.

    `name` is that of its file, "" for a story that was just told; `titles` are short ones, by what a narrator says.
    """

    header: Header
    entries: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    whole: bool = False
    trouble: str = ""
    name: str = ""
    titles: dict[Told, str] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Does somebody tell a story in it?"""
        return any(isinstance(note, Told) for note in self.notes[:50])


class Playback:
    """`position` entries have happened. `speed` 2 is twice as fast."""

    def __init__(self, recording: Recording, pace: Pace | None = None, lang: str = "en") -> None:
        """Without a pace it is that of reading where a story is told, else the recorded one."""
        self.recording = recording
        self._pace = pace
        self.position = 0
        self.moves = 0  # how often somebody went to another moment
        self.playing = False
        self.opening = False  # its first line happens as soon as it has been read, and it stands still there
        self.ending = False  # all that has been read has happened, until all of it is read or somebody moves
        self.speed = 1.0
        self.lang = lang
        self._elapsed = 0.0  # playing time, at speed 1, up to now
        self._now: float | None = None  # when time passed last, while it plays
        self._due = array("d")  # the playing time at which each entry happens
        self._notes = 0  # that were looked at
        self._owed = 0.0  # seconds that it still takes to read what the narrator said last
        self._all_words: tuple[str, ...] = ()
        self._heard = 0  # notes among which they were looked for
        self._points: tuple[ReplayPoint, ...] = ()
        self._pointed = (0, 0)  # entries and notes that were known when they were placed
        self._told_at: dict[int, Told] = {}  # by position, what a narrator says there last

    @property
    def pace(self) -> Pace:
        """How its moments follow one another."""
        return self._pace or ("reading" if self.recording.told else "recorded")

    # ── time ──

    def pass_time(self, now: float) -> bool:
        """It is so late now, in seconds on any clock; did something happen since it was told that last?"""
        whole = self.recording.whole  # before the entries are counted: the last of them come before this
        self._schedule()
        if self.ending:
            self.ending = not whole
            return self._happen(len(self._due))
        if self.opening and self._due and not self.recording.told:
            self.opening = False
            return self._happen(1)
        if not self.playing:
            self._now = None
            return False
        passed, self._now = now - (self._now if self._now is not None else now), now
        self._elapsed += passed * self.speed
        before = self.position
        self.position = max(before, bisect_right(self._due, self._elapsed))
        if self.position == len(self._due) and whole:
            self.playing = False
        return self.position != before

    @property
    def wait(self) -> float | None:
        """Seconds until the next entry happens, at this speed; `None` when nothing plays or nothing comes."""
        self._schedule()
        if not self.playing or self.position >= len(self._due):
            return None if self.recording.whole or not self.playing else 0.1
        return max(0.0, (self._due[self.position] - self._elapsed) / self.speed)

    @property
    def moment(self) -> float:
        """Seconds since the first entry, as they were recorded."""
        entries = self.recording.entries
        return entries[self.position - 1].at - entries[0].at if self.position else 0.0

    @property
    def at_end(self) -> bool:
        """Has everything happened?"""
        return self.recording.whole and self.position >= len(self.recording.entries)

    @property
    def state(self) -> State:
        """Does it play, does it stand still, or has everything happened?"""
        return "playing" if self.playing else "end" if self.at_end and self.position else "paused"

    @property
    def moves_now(self) -> frozenset[str]:
        """Which keys lead somewhere: at its end nothing goes on, before its first line nothing goes back."""
        place, points = self.position, self.points
        can = {
            "end line_on pair_on": not self.at_end,
            "begin line_back pair_back": place > 0,
            "mark_on": any(point.position > place for point in points),
            "mark_back": any(point.position < place for point in points),
            "slower": self.speed > SPEEDS[0],
            "faster": self.speed < SPEEDS[-1],
            "play seek leave": True,
        }
        return frozenset(name for names, now in can.items() if now for name in names.split())

    # ── moving ──

    def play(self) -> None:
        """Go on, from the beginning where everything has happened."""
        if self.at_end:
            self.to(0)
        self.playing, self.opening, self.ending = True, False, False

    def pause(self) -> None:
        """Stand still."""
        self.playing = False

    def faster(self, step: int) -> None:
        """The next speed up (1) or down (-1)."""
        place = SPEEDS.index(self.speed) + step
        self.speed = SPEEDS[max(0, min(place, len(SPEEDS) - 1))]

    def to(self, position: int) -> None:
        """So many entries have happened, no more, no fewer."""
        self._schedule()
        self.moves += 1
        self.opening = self.ending = False
        self._happen(max(0, min(position, len(self._due))))

    def to_end(self) -> None:
        """Everything has happened, also what is still to be read."""
        whole = self.recording.whole  # as where time passes
        self.to(len(self.recording.entries))
        self.ending = not whole

    def _happen(self, position: int) -> bool:
        """So many entries have happened now; is that another moment?"""
        before, self.position = self.position, position
        self._elapsed = self._due[position - 1] if position else 0.0
        return position != before

    def place(self, text: str) -> int:
        """The position that is meant by 59 (a line), 1.5s, 2:30 (times), step 2, or the name of a mark.

        Raises `ValueError`.
        """
        text, entries = text.strip(), self.recording.entries
        named = next((point for point in self.points if text in point.names), None)
        if named is not None:
            return named.position
        if step := _STEP.match(text):
            return self._step(int(step[1]))
        if text.isdecimal() and len(text) < 10:
            return min(int(text), len(entries))
        begin = entries[0].at if entries else 0.0
        return bisect_right(entries, begin + seconds_of(text), key=lambda entry: entry.at)

    def _step(self, number: int) -> int:
        point = next((point for point in self.points if point.number == number), None)
        if point is None:
            raise ValueError(f"the last step is step {len(self.points)}" if self.points else "there are no steps here")
        return point.position

    def pair(self, step: int) -> None:
        """On (1) to the end of the next reply, or back (-1) to the end of the one before."""
        entries, place = self.recording.entries, self.position
        while 0 < place + step <= len(entries):
            place += step
            if _ends_a_pair(entries, place):
                break
        else:
            place = len(entries) if step > 0 else 0
        self.to(place)

    def step(self, by: int) -> ReplayPoint | None:
        """On (1) to the next named moment or step of a story, or back (-1); `None` where there is none."""
        if by > 0:
            target = next((point for point in self.points if point.position > self.position), None)
        else:
            target = next((point for point in reversed(self.points) if point.position < self.position), None)
        if target is not None:
            self.to(target.position)
        return target

    # ── notes ──

    @property
    def marks(self) -> list[Mark]:
        """The named moments."""
        return [note for note in self.recording.notes if isinstance(note, Mark)]

    @property
    def points(self) -> tuple[ReplayPoint, ...]:
        """The named moments in their places; of a story without names, the moments at which somebody speaks."""
        entries, notes = self.recording.entries, self.recording.notes
        if self._pointed != (len(entries), len(notes)):
            self._pointed = (len(entries), len(notes))
            told = self._steps
            self._told_at = {self._place(note): note for note in told}
            marks = self.marks or [Mark("", note.after, note.at) for note in told]
            self._points = points(marks, [self._place(mark) for mark in marks])
        return self._points

    @property
    def kind_of_points(self) -> Literal["step", "mark"]:
        """What they are called: steps of a story, or marks that somebody has set."""
        return "step" if self.recording.told else "mark"

    def title(self, point: ReplayPoint) -> str:
        """What a step is called: by its title, else by the first sentence that is said there, else by its names."""
        told = self._told_at.get(point.position)
        if told is None:
            return ", ".join(filter(None, point.names))
        return self.recording.titles.get(told) or _NUMBER.sub("", told.said(self.lang)).partition(". ")[0].rstrip(".")

    @property
    def is_story(self) -> bool:
        """Does somebody tell more than what it is called?"""
        return len(self.all_words) > 1

    def _place(self, note: Mark | Told) -> int:
        """Where it is: in a story on the first line that is spoken of, not behind the line before."""
        entries = self.recording.entries
        place = bisect_right(entries, note.after, key=lambda entry: entry.seq)
        return min(place + 1, len(entries)) if self.recording.told and place else place

    @property
    def _steps(self) -> list[Told]:
        """What the narrator says, without the title of the story."""
        told = [note for note in self.recording.notes if isinstance(note, Told)]
        return told[1:] if len(told) > 1 and told[0].en == self.recording.header.title else told

    @property
    def words(self) -> str:
        """What the narrator said last, or the mark that was passed last; "" for nothing yet."""
        seq, words = self._seq, ""
        if not self.recording.told:
            return next((_caption(mark) for mark in reversed(self.marks) if mark.after <= seq), "")
        for note in self._steps:
            if note.after > seq or (note.after == seq and self.position and not self.at_end):
                break  # it is about what comes next
            words = note.said(self.lang)
        return _NUMBER.sub("", words)  # the line of the replay says which step it is

    @property
    def all_words(self) -> tuple[str, ...]:
        """Everything that the narrator says, as far as it has been read."""
        notes = self.recording.notes
        if self._heard != len(notes):
            self._heard = len(notes)
            self._all_words = tuple(note.said(self.lang) for note in notes if isinstance(note, Told))
        return self._all_words

    @property
    def captions(self) -> tuple[str, ...]:
        """Everything that `words` can be, as far as it has been read."""
        return tuple(_NUMBER.sub("", words) for words in self.all_words) or tuple(map(_caption, self.marks))

    @property
    def _seq(self) -> int:
        return self.recording.entries[self.position - 1].seq if self.position else 0

    # ── when what happens ──

    def _schedule(self) -> None:
        """Give each entry that has come in its playing time."""
        entries = self.recording.entries
        for place in range(len(self._due), len(entries)):
            before = self._due[-1] if self._due else 0.0
            pause = entries[place].at - entries[place - 1].at if place else 0.0
            if self.pace == "recorded":
                self._due.append(before + min(max(0.0, pause), IDLE))
                continue
            if said := self._said_before(entries[place].seq):
                before, self._owed = before + self._owed, len(said) / READING  # what was said earlier is read by now
            reading = 0.0 if _goes_on(entries[place]) else min(self._owed, SLOWER)
            self._owed -= reading
            self._due.append(before + reading + (QUICK if _goes_on(entries[place]) else LINE))

    def _said_before(self, seq: int) -> str:
        """What the narrator says before this entry: of several sentences at one moment the last is seen."""
        notes, said = self.recording.notes, ""
        while self._notes < len(notes) and notes[self._notes].after < seq:
            note = notes[self._notes]
            if isinstance(note, Told):
                said = note.said(self.lang)
            self._notes += 1
        return said


def _caption(mark: Mark) -> str:
    return f"◆ {mark.name}"


def _goes_on(entry: Entry) -> bool:
    """Is this a line of a longer reply, and not its last?"""
    event = entry.event
    return isinstance(event, Said) and event.side is Side.SERVER and event.line[3:4] == b"-"  # RFC 5321 section 4.2.1


def _ends_a_pair(entries: Sequence[Entry], position: int) -> bool:
    """Is the last of these entries the end of a reply, with another thing after it?"""
    event = entries[position - 1].event
    if not isinstance(event, Said | Packet) or event.side is Side.CLIENT:
        return False
    following = entries[position].event if position < len(entries) else None
    if isinstance(following, Spoken) and following.talk == event.talk:
        return following.side is Side.CLIENT
    return True
