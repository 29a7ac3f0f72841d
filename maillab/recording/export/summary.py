"""What a session comes to: who wrote to whom, about what, what became of it; how many talks, lines, seconds.

Rules for this file: it reads what was decided, and of a message its subject alone; every text that it gives is safe.
"""

from dataclasses import dataclass
from typing import Literal

from maillab.events import Carried, Opened
from maillab.recording.session import Session
from maillab.views.context import Context
from maillab.views.journey import Hop, HopState, Journeys, Trip
from maillab.views.safe import safe
from maillab.views.subject import subject_of

MessageOutcome = Literal["read", "stored", "waiting", "failed", "partly", "removed", "open"]


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """One message. `reason` is why it waits or failed; `is_report`: a server wrote it, about another."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    outcome: MessageOutcome
    reason: str
    is_report: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole session. `lines` are its entries, as the window counts them."""

    messages: tuple[MessageSummary, ...]
    talks: int
    lines: int
    seconds: float


def summary(session: Session) -> Summary:
    """Read a session once."""
    context, journeys = Context(), Journeys()
    subjects: dict[str, str] = {}  # by the talk that carried a message, the first one of it
    talks = 0
    for entry in session.entries:
        context.hear(entry)
        journeys.hear(entry, context)
        talks += isinstance(entry.event, Opened)
        if isinstance(entry.event, Carried):
            subjects.setdefault(entry.event.talk, subject_of(entry.event.content))
    entries = session.entries
    seconds = max(0.0, entries[-1].at - entries[0].at) if entries else 0.0
    return Summary(tuple(_message(trip, subjects) for trip in journeys.trips), talks, len(entries), seconds)


def _message(trip: Trip, subjects: dict[str, str]) -> MessageSummary:
    carried = (talk for hop in (Hop.SUBMIT, Hop.RELAY, Hop.STORE) for talk in trip.talks[hop])
    subject = next((subjects[talk] for talk in carried if subjects.get(talk)), "")
    who = safe(trip.sender), tuple(map(safe, trip.recipients))
    return MessageSummary(*who, subject, _outcome(trip), safe(trip.reason), bool(trip.report_of))


def _outcome(trip: Trip) -> MessageOutcome:
    states = trip.hops.values()
    if trip.partly_delivered:
        return "partly"
    if HopState.FAILED in states:
        return "removed" if trip.thrown_away else "failed"
    if trip.hops[Hop.STORE] is HopState.DONE:
        return "read" if any(trip.boxes.values()) else "stored"
    return "waiting" if HopState.WAITING in states else "open"
