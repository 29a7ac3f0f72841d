"""What the screens show, made of entries one by one: the same for a living lab and for a saved session.

Rules for this file: no Textual, no clock, no thread; entries come in their order, and nothing here changes one.
"""

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from maillab.events import (
    Adjusted,
    Authenticated,
    Carried,
    Closed,
    Delivered,
    Entry,
    Leg,
    Opened,
    Packet,
    Read,
    Removed,
    Said,
    Secured,
    Submitted,
)
from maillab.mail.content import Content
from maillab.protocols.protocol import AnswerForm, AnswerLine, ContentForm, Named, Request
from maillab.views.context import Context
from maillab.views.journey import Hop, Journeys, Trip
from maillab.views.legs import leg_of
from maillab.views.queues import Queues
from maillab.views.safe import safe
from maillab.views.verdict import DUE, Verdict, of_answer

LOOKUPS = 8  # talks with the name server that are remembered
AT_ONCE = 500  # entries that are learned when they come
SLICE = 200  # entries between two looks at the clock
_WORSE = {Verdict.OK: 0, Verdict.WARN: 1, Verdict.ERROR: 2}


class LinePart(IntEnum):
    """What an entry is of a larger thing: the first line of a long answer, another line of one, an end that was due.

    Beside that, it may be one of a `RUN` of requests of one kind and of their answers, or `BEGIN` one: not the first of
    these requests, since that is read, and nobody knows whether others will follow.
    """

    WHOLE = 0
    HEAD = 1
    MORE = 2
    END = 3
    RUN = 4
    BEGIN = 8


@dataclass(slots=True)
class TalkSummary:
    """One talk. Moments in seconds since 1970; `closed` is `None` while it goes on. `seqs`: numbers of its entries."""

    name: str
    leg: Leg | None
    service: str
    server: str
    opened: float
    closed: float | None = None
    why: str = ""
    client: str = ""  # as it called itself
    refusal: str = ""  # what the worst answer said
    refused: int = 0  # the number of the entry in which it did
    carried: int = 0  # the number of the entry that carried the last message, or its first piece
    user: str = ""
    secure: bool = False
    verdict: Verdict = Verdict.OK
    taken: int = 0  # messages that its server took
    lines: int = 0
    asked: str = ""  # a request that may be one of a run, as long as nothing else was said
    in_run: bool = False  # has a run of it begun?
    seqs: "array[int]" = field(default_factory=lambda: array("Q"))

    def end_run(self, asked: str = "") -> None:
        """Something else was said; or `asked`, of which a run may come."""
        self.asked, self.in_run = asked, False


@dataclass(slots=True)
class Box:
    """What happened to a mailbox: messages stored, removed; the numbers of those that nobody has fetched yet.

    `newest` is the number of the entry that put the last message there; `earlier` are messages that lay there before
    the first entry and were fetched since.
    """

    stored: int = 0
    removed: int = 0
    unread: set[int] = field(default_factory=set)
    newest: int = 0
    earlier: set[int] = field(default_factory=set)
    _first: int = 0  # the number of the first message that came

    def put(self, uid: int, seq: int) -> None:
        """A message came, as this entry tells."""
        self.stored, self.newest, self._first = self.stored + 1, seq, self._first or uid
        self.unread.add(uid)

    def read(self, uid: int) -> None:
        """Somebody fetched this message."""
        self.unread.discard(uid)
        if not self._first or uid < self._first:  # numbers only grow: RFC 9051 §2.3.1.1
            self.earlier.add(uid)


@dataclass(frozen=True, slots=True)
class Held:
    """A message that somebody has at home: fetched, or `sent`. `seqs`: the entries in which it was carried."""

    account: str
    seqs: tuple[int, ...]
    sent: bool


class Model:
    """Everything that is known. `generation` changes when it begins anew.

    The place of an entry counts from the first of all; `gone` of them are kept no longer.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.reset()

    def reset(self) -> None:
        """Nothing is known."""
        self.generation += 1
        self.entries: list[Entry] = []
        self._learned = 0  # of these, as many as were looked into
        self.parts = bytearray()  # a `LinePart` for each of the entries
        self.gone = 0
        self.talks: dict[str, TalkSummary] = {}
        self.boxes: dict[str, Box] = {}
        self.held: list[Held] = []
        self.contents: dict[str, int] = {}  # message, as a queue calls it: number of the entry that carried it
        self.chunks: set[int] = set()  # entries that carried octets after BDAT: no dots were added to them
        self._carried: dict[str, list[int]] = {}  # talk: contents of which nobody knows yet whose they are
        self.context = Context()
        self.journeys = Journeys()
        self.queues = Queues()
        self.on_hold: set[str] = set()  # sites whose queue somebody holds, as far as it was written down
        self.lookups: deque[str] = deque(maxlen=LOOKUPS)  # the newest talks with the name server
        self.lookups_so_far = 0
        self.turned = 0.0  # seconds by which the lab's clock was turned forward
        self.start = 0.0
        self.chosen: Trip | None = None  # the message that a person looks at; None: the newest

    def take(self, entries: Sequence[Entry]) -> None:
        """More has happened. A little of it is learned at once, the rest of it when there is time (`learn`)."""
        if entries and not self.entries:
            self.start = entries[0].at
        self.entries += entries
        self.parts += bytes(len(entries))
        self._learn(min(len(self.entries), self._learned + AT_ONCE))

    def learn(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Look into what happened until it is `enough`; True while there is more."""
        while self._learned < len(self.entries):
            self._learn(min(len(self.entries), self._learned + SLICE))
            if enough():
                break
        return self._learned < len(self.entries)

    def _learn(self, stop: int) -> None:
        for entry in self.entries[self._learned : stop]:
            self._take(entry)
            self._learned += 1

    def forget(self, before: int) -> None:
        """Entries with a lower number than this are kept no longer."""
        count = self.index(before)
        if count:
            self._learn(len(self.entries))  # a talk that goes on is not forgotten
            self._learned -= count
            del self.entries[:count], self.parts[:count]
            self.gone += count
            self.talks = {name: talk for name, talk in self.talks.items() if talk.seqs[-1] >= before}
            self.held = [held for held in self.held if held.seqs[0] >= before]
            self.contents = {name: seq for name, seq in self.contents.items() if seq >= before}
            self.chunks = {seq for seq in self.chunks if seq >= before}

    @property
    def trip(self) -> Trip | None:
        """The message that the screens are about."""
        return self.chosen or self.journeys.newest

    @property
    def trip_number(self) -> int:
        """Which of the messages that is, counting from 1; 0 where there is none."""
        trips, trip = self.journeys.trips, self.trip
        return next((number for number in range(len(trips), 0, -1) if trips[number - 1] is trip), 0)

    def step_trip(self, by: int) -> None:
        """The screens are about an older message, or a newer one."""
        trips = self.journeys.trips
        if trips:
            trip = trips[max(1, min(len(trips), (self.trip_number or len(trips)) + by)) - 1]
            self.chosen = trip if trip is not self.journeys.newest else None

    @property
    def now(self) -> float:
        """The moment of the last entry."""
        return self.entries[-1].at if self.entries else self.start

    def index(self, seq: int) -> int:
        """Where the entry of this number is, or the first after it."""
        entries = self.entries
        if not entries:
            return 0
        guess = seq - entries[0].seq
        if 0 <= guess < len(entries) and entries[guess].seq == seq:
            return guess
        return bisect_left(entries, seq, key=lambda entry: entry.seq)

    @property
    def learned(self) -> int:
        """The place up to which it has looked into what happened."""
        return self.gone + self._learned

    def place(self, seq: int) -> int:
        """The place of the entry of this number, or of the first after it."""
        return self.gone + self.index(seq)

    def at(self, place: int) -> Entry:
        """The entry at a place; one that is kept no longer is not asked for."""
        return self.entries[place - self.gone]

    def part(self, place: int) -> int:
        """What the entry at a place is of something larger, a `LinePart`."""
        return self.parts[place - self.gone]

    def entry(self, seq: int) -> Entry | None:
        """The entry of this number; `None` when it is kept no longer."""
        place = self.index(seq)
        return self.entries[place] if place < len(self.entries) and self.entries[place].seq == seq else None

    def content_of(self, trip: Trip) -> Content | None:
        """A message as it was handed over, or as it was carried first; None where nobody has heard it."""
        seqs = [self.contents.get(trip.message, 0)]
        talks = (self.talks.get(name) for hop in Hop for name in trip.talks[hop])
        seqs += [talk.carried for talk in talks if talk is not None and talk.carried and not trip.message]
        entry = next((entry for seq in seqs if seq and (entry := self.entry(seq)) is not None), None)
        return entry.event.content if entry is not None and isinstance(entry.event, Carried) else None

    def of_talk(self, name: str) -> list[Entry]:
        """The entries of a talk that are kept, in their order."""
        talk = self.talks.get(name)
        seqs = talk.seqs if talk is not None else ()
        return [entry for seq in seqs if (entry := self.entry(seq)) is not None]

    # ── one entry ──

    def _take(self, entry: Entry) -> None:
        self.context.hear(entry)
        self.journeys.hear(entry, self.context)
        event = entry.event
        name: str = getattr(event, "talk", "")
        if name:
            self._talk(entry, name)
        match event:
            case Said() | Packet():
                pass  # most of them: nothing below concerns it
            case Carried():
                self._carry(entry.seq, event)
            case Submitted(_, message, sender, _, _):
                self.contents[message] = self.talks[name].carried
                self.talks[name].taken += 1
                self._hold(name, sender, sent=True)
            case Delivered(_, mailbox, uid, _):
                self._box(mailbox).put(uid, entry.seq)
                self.talks[name].taken += 1
            case Read(_, mailbox, uid):
                self._box(mailbox).read(uid)
                self._hold(name, mailbox, sent=False)
            case Removed(_, mailbox, uids):
                self._box(mailbox).removed += len(uids)
                self._box(mailbox).unread.difference_update(uids)
            case Adjusted(site, "held"):
                self.on_hold.add(site)
            case Adjusted(site, "resumed"):
                self.on_hold.discard(site)
            case Adjusted(_, "clock", seconds):
                self.turned += float(seconds) if seconds.isdigit() else 0.0
            case _:
                self.queues.hear(entry)

    def _carry(self, seq: int, event: Carried) -> None:
        request = self.context.talks[event.talk].request
        chunk = request is not None and request.row.content is ContentForm.COUNTED
        if chunk:
            self.chunks.add(seq)
        kept = self._carried.get(event.talk, []) if chunk else []
        if not kept:
            self.talks[event.talk].carried = seq
        self._carried[event.talk] = [*kept, seq]

    def _hold(self, talk: str, account: str, *, sent: bool) -> None:
        """Somebody has this message now: what the talk has just carried."""
        seqs = self._carried.pop(talk, [])
        if seqs and account:
            self.held.append(Held(account, tuple(seqs), sent))

    def _talk(self, entry: Entry, name: str) -> None:
        event = entry.event
        talk = self.talks.get(name)
        if talk is None:
            talk = self.talks[name] = _talk_of(entry, name)
            if talk.leg is Leg.LOOKUP:
                self.lookups.append(name)
                self.lookups_so_far += 1
        talk.seqs.append(entry.seq)
        if talk.asked and not isinstance(event, Said):
            talk.end_run()
        match event:
            case Said() | Packet():
                talk.lines += 1
                heard = self.context.talks[name].heard
                if isinstance(heard, AnswerLine):
                    self._answered(talk, heard, entry.seq, event.line if isinstance(event, Said) else b"")
                elif heard is not None:
                    self._asked(talk, heard)
            case Secured():
                talk.secure = True
            case Authenticated(_, user):
                talk.user = user
            case Closed(_, why):
                talk.closed, talk.why = entry.at, why
                self._carried.pop(name, None)
                if why in DUE:
                    self.parts[self._learned] = LinePart.END

    def _asked(self, talk: TalkSummary, heard: Request) -> None:
        """A request: the client may say what it is called, or go on with a run."""
        if heard.row.names is Named.CLIENT:
            talk.client = safe(heard.argument[:80]).strip()
        if heard.row.runs and talk.asked == heard.verb:
            self.parts[self._learned] |= LinePart.RUN if talk.in_run else LinePart.BEGIN
            talk.in_run = True
        else:
            talk.end_run(heard.verb if heard.row.runs else "")

    def _answered(self, talk: TalkSummary, heard: AnswerLine, seq: int, line: bytes) -> None:
        if not heard.first:
            self.parts[self._learned] = LinePart.MORE if not _is_message(heard.request) else LinePart.WHOLE
        elif not heard.last and not _is_message(heard.request):
            self.parts[self._learned] = LinePart.HEAD
        verdict = of_answer(heard.kind)
        if talk.asked:
            self._answered_in_run(talk, heard, verdict)
        if talk.verdict is not Verdict.OK and line.startswith(b"503"):
            return  # the client has gone on after the refusal of all recipients: the cause is that one
        if _WORSE[verdict] > _WORSE[talk.verdict]:
            talk.verdict, talk.refusal, talk.refused = verdict, safe(line[:200]).strip(), seq

    def _answered_in_run(self, talk: TalkSummary, heard: AnswerLine, verdict: Verdict) -> None:
        """An answer that says what it should is one of the run. A refusal, and news that nobody asked for, are seen."""
        if heard.request is None or verdict is not Verdict.OK:
            talk.end_run()
        elif talk.in_run:
            self.parts[self._learned] |= LinePart.RUN

    def _box(self, mailbox: str) -> Box:
        return self.boxes.setdefault(mailbox, Box())


def _is_message(request: Request | None) -> bool:
    """Does the answer to this carry a message, which is no list of lines?"""
    return request is not None and request.row.answer is AnswerForm.MESSAGE


def _talk_of(entry: Entry, name: str) -> TalkSummary:
    """A talk at its first entry; of one whose beginning was not heard, what its name tells."""
    event = entry.event
    if isinstance(event, Opened):
        return TalkSummary(name, event.leg, event.service, event.server, entry.at, secure=event.secure)
    return TalkSummary(name, leg_of(name), "", "", entry.at)
