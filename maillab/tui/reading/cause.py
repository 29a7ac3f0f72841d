"""Why a message did not arrive: the line that somebody has to read, before all that was said after it.

Rules for this file: no Textual; a message that waits has not failed.
"""

from itertools import islice

from maillab.events import Event, Failed
from maillab.tui.reading.model import Model
from maillab.views.journey import Hop, HopState, Trip
from maillab.views.verdict import Verdict

LOOKED_AT = 2_000  # entries, from the newest back
_HOPS = (Hop.STORE, Hop.RELAY, Hop.LOOKUP, Hop.SUBMIT)  # the last station first


def cause_of(model: Model, trip: Trip) -> int:
    """The number of the answer that refused it, else of the decision to give it up; 0 where it has not failed."""
    if HopState.FAILED not in trip.hops.values():
        return 0
    talks = (model.talks.get(name) for hop in _HOPS for name in reversed(trip.talks[hop]))
    refused = next((talk.refused for talk in talks if talk is not None and talk.verdict is Verdict.ERROR), 0)
    newest = islice(reversed(model.entries), LOOKED_AT)
    return refused or next((entry.seq for entry in newest if _gives_up(entry.event, model, trip)), 0)


def _gives_up(event: Event, model: Model, trip: Trip) -> bool:
    """Is this message the one that is given up?"""
    return isinstance(event, Failed) and model.journeys.of_job(event.job) is trip
