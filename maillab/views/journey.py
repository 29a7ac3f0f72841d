"""Where every message stands: its hops from the writer to the reader, each ahead, under way, done, waiting or failed.

Rules for this file: it is told entries in their order and what the context knows of talks and jobs; it decides nothing,
and forgets the oldest.
"""

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
from maillab.protocols.protocol import Named, Request
from maillab.views.context import Context
from maillab.views.jobs import trim


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


@dataclass(slots=True)
class Trip:
    """One message. `message` is its name in the queue, "" while it has none; `seq` the number of its first entry."""

    message: str
    sender: str
    recipients: tuple[str, ...]
    seq: int
    octets: int = 0
    reason: str = ""  # why it waits or failed
    report_of: str = ""  # the message that it is a report about
    hops: dict[Hop, HopState] = field(default_factory=lambda: dict.fromkeys(Hop, HopState.AHEAD))
    talks: dict[Hop, list[str]] = field(default_factory=lambda: {hop: [] for hop in Hop})
    boxes: dict[tuple[str, int], bool] = field(default_factory=dict)  # mailbox and number there: was it read?

    @property
    def settled(self) -> bool:
        """Nothing more will happen by itself."""
        return self.hops[Hop.STORE] is HopState.DONE or HopState.FAILED in self.hops.values()

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
        self._boxes: dict[tuple[str, int], Trip] = {}
        self._legs: dict[str, Leg] = {}  # of open talks
        self._of: dict[str, Trip] = {}  # talk: the message that it is about now

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

    # ── what was said ──

    def _said(self, entry: Entry, said: Said, context: Context) -> None:
        leg, talk = self._legs.get(said.talk), context.talks[said.talk]
        named = talk.heard.row.names if isinstance(talk.heard, Request) else Named.NOBODY
        if leg is Leg.SUBMIT:
            if named is Named.SENDER:
                trip = self._new(Trip("", talk.sender.strip("<>"), (), entry.seq))
                trip.at(Hop.SUBMIT, said.talk, HopState.NOW)
                self._link(said.talk, trip)
        elif leg is Leg.RELAY and named is Named.RECIPIENT:
            self._carried(said.talk, context, certain=False)
        elif leg in (Leg.LOOKUP, Leg.RELAY):  # old sessions have look-ups in words
            self._serves(said.talk, Hop.LOOKUP if leg is Leg.LOOKUP else Hop.RELAY, context)

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
        if trip is not None and leg is Leg.SUBMIT and not trip.message and trip.hops[Hop.SUBMIT] is HopState.NOW:
            trip.hops[Hop.SUBMIT] = HopState.FAILED  # it was begun and never taken

    # ── what was decided ──

    def _decided(self, entry: Entry, event: Event, context: Context) -> None:
        match event:
            case Submitted():
                self._submitted(entry, event)
            case Queued(job, message, _, _):
                if (trip := self._messages.get(message)) is not None:
                    self._jobs[job] = trip
                    trim(self._jobs)
            case Routed(job, hosts):
                self._at_job(job, Hop.LOOKUP, HopState.DONE if hosts else HopState.FAILED)
            case Attempted(job, _, code):
                self._at_job(job, Hop.RELAY, HopState.DONE if 200 <= code < 300 else HopState.WAITING)
            case Deferred(job, _, reason, _):
                self._at_job(job, Hop.RELAY, HopState.WAITING, reason)
            case Failed(job, _, reason):
                self._at_job(job, Hop.RELAY, HopState.FAILED, reason)
            case Bounced(job, to, _, message):
                about = self._jobs.get(job)
                report = Trip(message, "", (to,), entry.seq, report_of=about.message if about else job)
                report.hops[Hop.SUBMIT] = HopState.SKIPPED
                self._messages[message] = self._new(report)
            case Delivered():
                self._delivered(entry, event, context)
            case Read(talk, mailbox, uid) if (trip := self._boxes.get((mailbox, uid))) is not None:
                trip.boxes[mailbox, uid] = True
                trip.at(Hop.FETCH, talk, HopState.DONE)

    def _submitted(self, entry: Entry, event: Submitted) -> None:
        trip = self._of.get(event.talk)
        if trip is None or trip.message:
            trip = self._new(Trip(event.message, event.sender, event.recipients, entry.seq))
            self._link(event.talk, trip)
        trip.message, trip.sender, trip.recipients, trip.octets = (
            event.message, event.sender, event.recipients, event.octets
        )  # fmt: skip
        trip.at(Hop.SUBMIT, event.talk, HopState.DONE)
        self._messages[event.message] = trip
        trim(self._messages)

    def _delivered(self, entry: Entry, event: Delivered, context: Context) -> None:
        trip = self._of.get(event.talk)
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
        trip.boxes[event.mailbox, event.uid] = False
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
