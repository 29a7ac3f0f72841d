"""Where every message stands: its hops from the writer to the reader, each ahead, under way, done, waiting or failed;
and the facts of each: where it was handed in, which hosts were tried, how long it took, when it is tried again.

Rules for this file: it is told entries in their order and what the context knows of talks and jobs; it decides nothing,
and forgets the oldest.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from maillab.events import (
    Attempted,
    Bounced,
    Carried,
    Closed,
    Deferred,
    Delivered,
    Entry,
    Event,
    Failed,
    Leg,
    Opened,
    Packet,
    Queued,
    Read,
    Routed,
    Said,
    Submitted,
)
from maillab.protocols.protocol import AnswerKind, AnswerLine, Named, Request
from maillab.views.context import RECIPIENTS, Context, TalkContext
from maillab.views.jobs import trim

REASON = 1_000  # octets of a refusal that are remembered
_REFUSALS = (AnswerKind.TEMPORARY, AnswerKind.PERMANENT)


class Hop(StrEnum):
    """The stations of a message, in their order."""

    SUBMIT = "submit"
    LOOKUP = "lookup"
    RELAY = "relay"
    STORE = "store"
    FETCH = "fetch"


class HopState(StrEnum):
    """How far a message is at a station. `skipped`: it did not come this way."""

    AHEAD = "ahead"
    NOW = "now"
    DONE = "done"
    WAITING = "waiting"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class HostTry:
    """A host that was tried for a message: the code of its last word; `why` where it never spoke, or was not asked."""

    host: str
    code: int
    why: str = ""

    @property
    def took(self) -> bool:
        """Did it take the message?"""
        return 200 <= self.code < 300


@dataclass(slots=True)
class Trip:
    """One message. `message` is its name in the queue, "" while it has none; `seq` the number of its first entry.

    `service` is where it was handed in. `hosts` are those that answer for its domain, `tries` those of the last round
    and their number so far; moments in seconds since 1970, 0 for none: `accepted`, `stored` (in the last mailbox so
    far), `retry`. `failed` are recipients that were given up, `removed` those of them whose job a person
    threw away: their sender hears nothing of it. `rests`: it was not tried itself, because its host was
    down when an older message was. `held`: its queue is, by somebody. `asked`: for whom it was handed in, while nobody
    has taken it.
    """

    message: str
    sender: str
    recipients: tuple[str, ...]
    seq: int
    octets: int = 0
    service: str = ""
    hosts: tuple[str, ...] = ()
    tries: list[HostTry] = field(default_factory=list)
    rounds: int = 0
    accepted: float = 0.0
    stored: float = 0.0
    retry: float = 0.0
    rests: bool = False
    held: bool = False
    failed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    asked: tuple[str, ...] = ()
    reason: str = ""  # why it waits or failed
    report_of: str = ""  # the message that it is a report about
    hops: dict[Hop, HopState] = field(default_factory=lambda: dict.fromkeys(Hop, HopState.AHEAD))
    talks: dict[Hop, list[str]] = field(default_factory=lambda: {hop: [] for hop in Hop})
    boxes: dict[tuple[str, int], bool] = field(default_factory=dict)  # mailbox and number there: was it read?

    @property
    def settled(self) -> bool:
        """Nothing more will happen by itself."""
        return self.hops[Hop.STORE] is HopState.DONE or HopState.FAILED in self.hops.values()

    @property
    def took(self) -> float | None:
        """The seconds from the queue that took it to the mailbox; `None` where it is in none, or had no queue."""
        return max(0.0, self.stored - self.accepted) if self.stored and self.accepted else None

    @property
    def partly_delivered(self) -> bool:
        """Do some have it, while others were given up, and nobody waits?"""
        return bool(self.failed and self.boxes) and HopState.WAITING not in self.hops.values()

    @property
    def thrown_away(self) -> bool:
        """Did a person remove all of it that nobody has?"""
        return bool(self.removed) and self.removed == self.failed

    def leave(self, hop: Hop, talk: str) -> None:
        """This talk was taken for one of the station, and is of another message."""
        if talk in self.talks[hop]:
            self.talks[hop].remove(talk)
        if self.hops[hop] is HopState.NOW and not self.talks[hop]:
            self.hops[hop] = HopState.AHEAD

    def at(self, hop: Hop, talk: str, state: HopState | None = None) -> None:
        """This talk belongs to the station."""
        if talk and talk not in self.talks[hop]:
            self.talks[hop].append(talk)
        if state is not None:
            self.hops[hop] = state


class Journeys:
    """All messages, the oldest first."""

    def __init__(self) -> None:
        self.trips: list[Trip] = []
        self._messages: dict[str, Trip] = {}
        self._jobs: dict[str, Trip] = {}
        self._reports: dict[str, Trip] = {}  # by the message that they are about
        self._boxes: dict[tuple[str, int], Trip] = {}
        self._legs: dict[str, Leg] = {}  # of open talks
        self._of: dict[str, Trip] = {}  # talk: the message that it is about now
        self.accepted: Counter[str] = Counter()  # messages that a queue took, by the first letter of its names
        self.stored: Counter[str] = Counter()  # messages but for reports that were put into mailboxes, by their domain

    @property
    def newest(self) -> Trip | None:
        """The message that came last; reports do not count while there is another."""
        last = self.trips[-1] if self.trips else None
        return next((trip for trip in reversed(self.trips) if not trip.report_of), last)

    def hear(self, entry: Entry, context: Context) -> None:
        """Take note of an entry, which the context has heard already."""
        event = entry.event
        if isinstance(event, Said):
            self._said(entry, event, context)
        elif isinstance(event, Packet):
            self._serves(event.talk, Hop.LOOKUP, context)
        elif isinstance(event, Opened):
            self._legs[event.talk] = event.leg
            trim(self._legs)
        elif isinstance(event, Closed):
            self._closed(event.talk)
        elif isinstance(event, Carried):
            self._carried(event.talk, context, certain=True)
        else:
            self._decided(entry, event, context)

    def of_job(self, job: str) -> Trip | None:
        """The message of a job."""
        return self._jobs.get(job)

    def of_message(self, message: str) -> Trip | None:
        """The message of this name."""
        return self._messages.get(message)

    def report_about(self, trip: Trip) -> Trip | None:
        """The last report that was written about a message."""
        return self._reports.get(trip.message)

    # ── what was said ──

    def _said(self, entry: Entry, said: Said, context: Context) -> None:
        leg, talk = self._legs.get(said.talk), context.talks[said.talk]
        named = talk.heard.row.names if isinstance(talk.heard, Request) else Named.NOBODY
        if leg is Leg.SUBMIT:
            if isinstance(talk.heard, AnswerLine) and talk.heard.request is not None:
                self._answered(entry, said, talk, talk.heard)
        elif leg is Leg.RELAY and named is Named.RECIPIENT:
            self._carried(said.talk, context, certain=False)
        elif leg in (Leg.LOOKUP, Leg.RELAY):  # old sessions have look-ups in words
            self._serves(said.talk, Hop.LOOKUP if leg is Leg.LOOKUP else Hop.RELAY, context)

    def _answered(self, entry: Entry, said: Said, talk: TalkContext, heard: AnswerLine) -> None:
        """A server's answer where a message is handed in: one whose sender it refuses is no message."""
        assert heard.request is not None
        trip, named = self._of.get(said.talk), heard.request.row.names
        names_sender = named is Named.SENDER
        if named is Named.RECIPIENT and trip is not None and heard.first and len(trip.asked) < RECIPIENTS:
            path = talk.protocol.path(heard.request.argument) or b""
            trip.asked = (*trip.asked, path.decode("utf-8", "replace"))
        if heard.kind in _REFUSALS:
            if trip is not None and not trip.message and not names_sender and heard.first:
                trip.reason = said.line[:REASON].decode("utf-8", "replace").strip()
        elif names_sender and heard.last:
            self._broken_off(trip)
            mark = heard.request.mark or entry.seq
            trip = self._new(Trip("", talk.sender.strip("<>"), (), mark, service=talk.service))
            trip.at(Hop.SUBMIT, said.talk, HopState.NOW)
            self._link(said.talk, trip)

    def _broken_off(self, trip: Trip | None) -> None:
        """Whoever handed this message in has begun another, or has left: if it was not taken, it never will be."""
        if trip is not None and not trip.message and trip.hops[Hop.SUBMIT] is HopState.NOW:
            trip.hops[Hop.SUBMIT] = HopState.FAILED

    def _serves(self, talk: str, hop: Hop, context: Context) -> None:
        """Something was said in a talk that nobody was known to need: by now its jobs may be known."""
        for job in context.jobs.of.get(talk, ()) if talk not in self._of else ():
            if (trip := self._jobs.get(job)) is not None:
                self._link(talk, trip)
                trip.at(hop, talk, None if trip.hops[hop] is HopState.DONE else HopState.NOW)

    def _carried(self, talk: str, context: Context, *, certain: bool) -> None:
        """A relay carries a message: one after the other in one talk, or the one for which it was taken wrongly."""
        trip, before = self._jobs.get(context.jobs.carrying.get(talk, "")), self._of.get(talk)
        if trip is None or trip is before:
            return
        trips = (self._jobs.get(job) for job in context.jobs.of.get(talk, ()))
        if certain and before is not None and not any(served is before for served in trips):
            before.leave(Hop.RELAY, talk)
        self._link(talk, trip)
        trip.at(Hop.RELAY, talk, None if trip.hops[Hop.RELAY] is HopState.DONE else HopState.NOW)

    def _closed(self, talk: str) -> None:
        trip, leg = self._of.pop(talk, None), self._legs.pop(talk, None)
        if leg is Leg.SUBMIT:
            self._broken_off(trip)

    # ── what was decided ──

    def _decided(self, entry: Entry, event: Event, context: Context) -> None:
        match event:
            case Submitted():
                self._submitted(entry, event, context)
            case Queued(job, message, _, _):
                if (trip := self._messages.get(message)) is not None:
                    self._jobs[job] = trip
                    trim(self._jobs)
            case Routed(job, hosts):
                self._at_job(job, Hop.LOOKUP, HopState.DONE if hosts else HopState.FAILED)
                self._begin_round(job, hosts)
            case Attempted(job, host, code, why):
                self._at_job(job, Hop.RELAY, HopState.DONE if 200 <= code < 300 else HopState.WAITING)
                self._tried(job, HostTry(host, code, why))
            case Deferred(job, _, reason, seconds):
                self._at_job(job, Hop.RELAY, HopState.WAITING, reason)
                self._put_off(job, entry.at + seconds)
            case Failed(job, recipients, reason):
                self._at_job(job, Hop.RELAY, HopState.FAILED, reason)
                self._give_up(job, recipients, removed=event.removed)
                self._put_off(job, 0.0)
            case Bounced(job, to, _, message):
                about = self._jobs.get(job)
                name = about.message if about is not None else job
                report = Trip(message, "", (to,), entry.seq, report_of=name, accepted=entry.at)
                report.hops[Hop.SUBMIT] = HopState.SKIPPED
                self._messages[message] = self._reports[name] = self._new(report)
                trim(self._reports)
            case Delivered():
                self._delivered(entry, event, context)
            case Read(talk, mailbox, uid) if (trip := self._boxes.get((mailbox, uid))) is not None:
                trip.boxes[mailbox, uid] = True
                trip.at(Hop.FETCH, talk, HopState.DONE)

    def _begin_round(self, job: str, hosts: tuple[str, ...]) -> None:
        """The hosts of its domain are known, and tried one after the other."""
        if (trip := self._jobs.get(job)) is not None:
            trip.hosts, trip.tries, trip.rounds, trip.retry, trip.rests = hosts, [], trip.rounds + 1, 0.0, False

    def _tried(self, job: str, host: HostTry) -> None:
        """A host was tried."""
        if (trip := self._jobs.get(job)) is not None:
            trip.tries = [*(tried for tried in trip.tries if tried.host != host.host), host]

    def _put_off(self, job: str, retry: float) -> None:
        """It waits until this moment, or (0) no longer."""
        if (trip := self._jobs.get(job)) is not None:
            trip.rests = bool(retry) and (bool(trip.retry) or not trip.rounds)
            trip.retry = retry

    def _give_up(self, job: str, recipients: tuple[str, ...], *, removed: bool) -> None:
        """These do not get it."""
        if (trip := self._jobs.get(job)) is not None:
            trip.failed |= set(recipients)
            trip.removed |= set(recipients) if removed else set()

    def _submitted(self, entry: Entry, event: Submitted, context: Context) -> None:
        self.accepted[event.message[:1]] += 1
        trip = self._of.get(event.talk)
        if trip is None or trip.message:
            self._broken_off(trip)
            trip = self._new(Trip(event.message, event.sender, event.recipients, entry.seq))
            self._link(event.talk, trip)
        trip.service, trip.accepted, trip.asked = context.talks[event.talk].service, entry.at, ()
        trip.message, trip.sender, trip.recipients, trip.octets = (
            event.message, event.sender, event.recipients, event.octets
        )  # fmt: skip
        trip.at(Hop.SUBMIT, event.talk, HopState.DONE)
        self._messages[event.message] = trip
        trim(self._messages)

    def _delivered(self, entry: Entry, event: Delivered, context: Context) -> None:
        trip = self._of.get(event.talk)
        if trip is None or not trip.report_of:
            self.stored[event.mailbox.rpartition("@")[2]] += 1
        if trip is None:  # handed to the receiving machine directly: no queue knows of it
            talk = context.talks[event.talk]
            trip = self._new(Trip("", talk.sender.strip("<>"), (event.mailbox,), entry.seq, event.octets))
            trip.hops |= dict.fromkeys((Hop.SUBMIT, Hop.LOOKUP), HopState.SKIPPED)
            self._link(event.talk, trip)
            trip.at(Hop.RELAY, event.talk, HopState.DONE)
        elif not trip.message:
            trip.recipients = (*trip.recipients, event.mailbox)
            trip.hops |= {Hop.SUBMIT: HopState.DONE, Hop.LOOKUP: HopState.SKIPPED, Hop.RELAY: HopState.SKIPPED}
        trip.at(Hop.STORE, event.talk, HopState.DONE)
        trip.boxes[event.mailbox, event.uid], trip.stored = False, entry.at
        self._boxes[event.mailbox, event.uid] = trip
        trim(self._boxes)

    def _at_job(self, job: str, hop: Hop, state: HopState, reason: str = "") -> None:
        if (trip := self._jobs.get(job)) is None:
            return
        if hop is Hop.RELAY and trip.hops[Hop.LOOKUP] is HopState.NOW:
            hop = Hop.LOOKUP  # it got no further
        if state is not HopState.DONE or trip.hops[hop] is not HopState.FAILED:  # one of several recipients failed
            trip.hops[hop] = state
        trip.reason = reason or trip.reason

    def _new(self, trip: Trip) -> Trip:
        self.trips.append(trip)
        if len(self.trips) > 10_000:
            del self.trips[:1_000]
        return trip

    def _link(self, talk: str, trip: Trip) -> None:
        self._of[talk] = trip
        trim(self._of)
