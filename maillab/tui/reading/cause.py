"""What decided over a message: the line that somebody has to read, before all that was said after it.

Rules for this file: no Textual; a message that waits has not failed.
"""

from itertools import islice

from maillab.events import Deferred, Delivered, Event, Failed, Queued
from maillab.tui.reading.model import Model
from maillab.views.journey import Hop, HopState, Trip
from maillab.views.verdict import Verdict

LOOKED_AT = 2_000  # entries, from the newest back
_HOPS = (Hop.STORE, Hop.RELAY, Hop.LOOKUP, Hop.SUBMIT)  # the last station first
_Decision = type[Failed] | type[Deferred] | type[Queued]


def cause_of(model: Model, trip: Trip) -> int:
    """The number of the answer that refused it, else of the decision to give it up; 0 where it has not failed."""
    if HopState.FAILED not in trip.hops.values():
        return 0
    talks = (model.talks.get(name) for hop in _HOPS for name in reversed(trip.talks[hop]))
    refused = next((talk.refused for talk in talks if talk is not None and talk.verdict is Verdict.ERROR), 0)
    return refused or _newest(model, trip, (Failed,))


def decided(model: Model, trip: Trip) -> int:
    """The number of the line that says what became of it: why it failed or waits, or that a mailbox has it; else 0."""
    if cause := cause_of(model, trip):
        return cause
    if HopState.WAITING in trip.hops.values() or trip.hops[Hop.STORE] is not HopState.DONE:
        return _newest(model, trip, (Deferred, Queued))
    entries = (entry for name in reversed(trip.talks[Hop.STORE]) for entry in reversed(model.of_talk(name)))
    return next((entry.seq for entry in entries if _puts(entry.event, trip)), 0)


def _newest(model: Model, trip: Trip, kinds: tuple[_Decision, ...]) -> int:
    """The newest decision of such a kind about the message."""
    entries = islice(reversed(model.entries), LOOKED_AT)
    return next((entry.seq for entry in entries if _about(entry.event, kinds, model) is trip), 0)


def _about(event: Event, kinds: tuple[_Decision, ...], model: Model) -> Trip | None:
    """The message that a decision of such a kind is about."""
    return model.journeys.of_job(event.job) if isinstance(event, kinds) else None


def _puts(event: Event, trip: Trip) -> bool:
    """Does this put it into a mailbox?"""
    return isinstance(event, Delivered) and (event.mailbox, event.uid) in trip.boxes
