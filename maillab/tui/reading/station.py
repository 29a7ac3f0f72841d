"""What was said at a station of a message, and how that is called.

Rules for this file: no Textual; a message whose hosts were known already has no question of its own.
"""

from maillab.tui.machines.way import hop_name
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.journey import Hop, HopState, Trip


def talks_at(model: Model, trip: Trip, hop: Hop) -> list[str]:
    """The names of its talks; where nobody asked for its hosts, of those whose answer the cache still had."""
    if trip.talks[hop] or hop is not Hop.LOOKUP or trip.hops[hop] is not HopState.DONE:
        return trip.talks[hop]
    earlier = (one for one in reversed(model.journeys.trips) if one.seq < trip.seq and one.talks[hop])
    return next((one.talks[hop] for one in earlier if _domains(one) & _domains(trip)), [])


def station_name(model: Model, trip: Trip | None, hop: Hop, texts: Texts) -> str:
    """How it is called, and that its answer came from a cache."""
    name = hop_name(hop, trip, texts)
    is_cached = trip is not None and not trip.talks[hop] and bool(talks_at(model, trip, hop))
    return texts("wire.cached", hop=name) if is_cached else name


def _domains(trip: Trip) -> set[str]:
    return {address.rpartition("@")[2].lower() for address in trip.recipients}
