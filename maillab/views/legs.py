"""The leg of the journey: of a talk by its name, and of what is decided about a job."""

from maillab.events import JobEvent, Leg, Routed

_LEGS = {leg.value: leg for leg in Leg}


def leg_of(talk: str) -> Leg | None:
    """The leg that the name of a talk tells, for talks whose beginning was not seen.

    >>> leg_of("relay-2"), leg_of("somewhere")
    (<Leg.RELAY: 'relay'>, None)
    """
    return _LEGS.get(talk.partition("-")[0])


def leg_of_job(event: JobEvent) -> Leg:
    """The leg on which a job stands when this is decided."""
    return Leg.LOOKUP if isinstance(event, Routed) else Leg.RELAY
