"""What the name of a talk tells: the leg of the journey that it belongs to."""

from maillab.events import Leg

_LEGS = {leg.value: leg for leg in Leg}


def leg_of(talk: str) -> Leg | None:
    """The leg that the name of a talk tells, for talks whose beginning was not seen.

    >>> leg_of("relay-2"), leg_of("somewhere")
    (<Leg.RELAY: 'relay'>, None)
    """
    return _LEGS.get(talk.partition("-")[0])
