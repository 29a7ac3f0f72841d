"""What the name of a service, or of a talk, tells: which protocol is spoken, on which leg of the journey."""

from maillab.events import Leg
from maillab.protocols.services import service_of

_LEGS = {leg.value: leg for leg in Leg}


def protocol_of(service: str, leg: Leg | None = None) -> str:
    """What is spoken at the service of this name, or where the name was not heard (""), on the leg; "" for unknown.

    >>> protocol_of("submissions"), protocol_of("", Leg.RETRIEVE), protocol_of("telex", Leg.RELAY)
    ('smtp', 'pop3', '')
    """
    row = service_of(service, leg)
    return row.protocol if row else ""


def leg_of(talk: str) -> Leg | None:
    """The leg that the name of a talk tells, for talks whose beginning was not seen.

    >>> leg_of("relay-2"), leg_of("somewhere")
    (<Leg.RELAY: 'relay'>, None)
    """
    return _LEGS.get(talk.partition("-")[0])
